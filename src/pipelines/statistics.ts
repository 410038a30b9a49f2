/** The report of `--mlir-pass-statistics`. */

import { passTitle, type PassDefinition } from '../passes/pass.js';
import type { PassManager } from './pass-manager.js';
import type { PassElement, PipelineElement } from './pipeline.js';

export type StatisticsDisplay = 'list' | 'pipeline';

/** Counters of all passes: per place in the pipeline, or summed up per pass. */
export function formatStatistics(
  manager: PassManager,
  display: StatisticsDisplay,
  format: 'text' | 'json' = 'text',
): string {
  if (format === 'json') return `${JSON.stringify(statisticsJson(manager), null, 2)}\n`;
  const rule = `===${'-'.repeat(73)}===\n`;
  const lines =
    display === 'pipeline'
      ? pipelineLines(manager, manager.pipeline.elements, 0)
      : listLines(manager);
  return `${rule}                         ... Pass statistics report ...\n${rule}${lines.join('')}\n`;
}

/** One entry for each place in the pipeline: `{ pass, path, statistics }`, the path naming the anchors around it. */
function statisticsJson(manager: PassManager): unknown {
  const rows: unknown[] = [];
  const visit = (elements: readonly PipelineElement[], path: readonly string[]): void => {
    for (const element of elements) {
      if (element.kind === 'nested') visit(element.elements, [...path, element.anchor]);
      else
        rows.push({
          pass: element.pass.name,
          path,
          statistics: { ...manager.statisticsOf(element) },
        });
    }
  };
  visit(manager.pipeline.elements, [manager.pipeline.anchor]);
  return { passes: rows };
}

function pipelineLines(
  manager: PassManager,
  elements: readonly PipelineElement[],
  depth: number,
): string[] {
  const indent = '  '.repeat(depth);
  return elements.flatMap((element) => {
    if (element.kind === 'nested') {
      const nested = pipelineLines(manager, element.elements, depth + 1);
      return [`${indent}'${element.anchor}' Pipeline\n`, ...nested];
    }
    return [
      `${indent}${passTitle(element.pass)}\n`,
      ...counterLines(element.pass, manager.statisticsOf(element), `${indent}  `),
    ];
  });
}

function listLines(manager: PassManager): string[] {
  const sums = new Map<PassDefinition, Record<string, number>>();
  for (const element of passElements(manager.pipeline.elements)) {
    const sum = sums.get(element.pass) ?? {};
    for (const [name, count] of Object.entries(manager.statisticsOf(element)))
      sum[name] = (sum[name] ?? 0) + count;
    sums.set(element.pass, sum);
  }
  return [...sums]
    .sort(([a], [b]) => (passTitle(a) < passTitle(b) ? -1 : 1))
    .filter(([pass]) => Object.keys(pass.statistics ?? {}).length > 0)
    .flatMap(([pass, sum]) => [`${passTitle(pass)}\n`, ...counterLines(pass, sum, '  ')]);
}

function* passElements(elements: readonly PipelineElement[]): Iterable<PassElement> {
  for (const element of elements) {
    if (element.kind === 'pass') yield element;
    else yield* passElements(element.elements);
  }
}

function counterLines(
  pass: PassDefinition,
  counters: Readonly<Record<string, number>>,
  indent: string,
): string[] {
  const descriptions: Readonly<Record<string, string>> = pass.statistics ?? {};
  const names = Object.keys(descriptions);
  const width = Math.max(0, ...names.map((name) => name.length));
  const digits = Math.max(0, ...names.map((name) => String(counters[name] ?? 0).length));
  return names.map(
    (name) =>
      `${indent}(S) ${String(counters[name] ?? 0).padStart(digits)} ${name.padEnd(width)} - ${descriptions[name]}\n`,
  );
}
