/** What `tile-lit` lists besides results: features, suites, tests, the slowest. */

import { readFileSync } from 'node:fs';
import type { ToolIO } from '../support/index.js';
import { featureNames } from './boolean-expression.js';
import { fullName, type LitTest } from './discovery.js';
import type { ProbedFeatures } from './features.js';
import type { TestResult } from './result.js';
import { parseTestScript } from './test-script.js';

/** The lists that were asked for. */
interface ListFlags {
  readonly showSuites?: boolean;
  readonly showTests?: boolean;
  readonly showUsedFeatures?: boolean;
}

export function showFeatures(
  probed: ProbedFeatures,
  features: readonly string[],
  io: ToolIO,
): void {
  io.writeStdout('-- Features --\n');
  for (const feature of [...features].sort()) io.writeStdout(`  ${feature}\n`);
  io.writeStdout('-- Absent --\n');
  for (const [feature, reason] of probed.missing) io.writeStdout(`  ${feature}: ${reason}\n`);
}

export function showLists(tests: readonly LitTest[], flags: ListFlags, io: ToolIO): void {
  if (flags.showSuites) {
    const counts = new Map<string, LitTest[]>();
    for (const test of tests) {
      const key = test.config.sourceRoot;
      if (!counts.has(key)) counts.set(key, []);
      counts.get(key)!.push(test);
    }
    io.writeStdout('-- Test Suites --\n');
    for (const [root, members] of counts) {
      const { config } = members[0];
      io.writeStdout(
        `  ${config.name} - ${members.length} tests\n    Source Root: ${root}\n    Exec Root  : ${config.execRoot}\n`,
      );
    }
  }
  if (flags.showTests) {
    io.writeStdout('-- Available Tests --\n');
    for (const name of tests.map(fullName).sort()) io.writeStdout(`  ${name}\n`);
  }
  if (flags.showUsedFeatures) {
    const used = new Set<string>();
    for (const { path } of tests) {
      try {
        const script = parseTestScript(readFileSync(path, 'utf8'));
        for (const expression of [...script.requires, ...script.unsupported, ...script.xfail]) {
          featureNames(expression).forEach((name) => used.add(name));
        }
      } catch {
        // A run reports what is wrong with it.
      }
    }
    io.writeStdout(`${[...used].sort().join(' ')}\n`);
  }
}

export function showSlowest(results: ReadonlyMap<LitTest, TestResult>, io: ToolIO): void {
  const slowest = [...results].sort(([, a], [, b]) => b.elapsed - a.elapsed).slice(0, 20);
  io.writeStdout('Slowest Tests:\n' + '-'.repeat(74) + '\n');
  for (const [test, { elapsed }] of slowest) {
    io.writeStdout(`${elapsed.toFixed(2)}s: ${fullName(test)}\n`);
  }
}
