/** Pipelines: trees of passes with their options, built from text or from the steps of named pipelines. */

import {
  defaultOptions,
  formatOptions,
  parseOptions,
  type OptionDefinitions,
} from '../passes/pass-options.js';
import type { PassDefinition } from '../passes/pass.js';
import { createDiagnostic, DiagnosticError, didYouMean } from '../support/index.js';
import {
  parsePipelineSyntax,
  pipelineError,
  pipelineSpan,
  type PipelineNode,
} from './pipeline-syntax.js';
import {
  allPasses,
  allPipelines,
  getPass,
  getPipeline,
  type PipelineDefinition,
  type PipelineStep,
} from './registry.js';

/** One pass of a pipeline with the values of its options. */
export interface PassElement {
  readonly kind: 'pass';
  readonly pass: PassDefinition;
  readonly options: Readonly<Record<string, unknown>>;
  /** Why it runs, where a named pipeline says so. */
  readonly reason?: string;
}

/** A pipeline that runs on the operations of one name (`any`: every isolated one) directly inside. */
export interface NestedElement {
  readonly kind: 'nested';
  readonly anchor: string;
  readonly elements: readonly PipelineElement[];
}

export type PipelineElement = PassElement | NestedElement;

/** A whole pipeline: the operation it runs on and what runs. */
export interface Pipeline {
  readonly anchor: string;
  readonly elements: readonly PipelineElement[];
}

export const ANY_ANCHOR = 'any';

/** Parses `builtin.module(...)`; throws a `DiagnosticError` that points into the text. */
export function parsePipeline(text: string): Pipeline {
  const nodes = parsePipelineSyntax(text);
  const [root] = nodes;
  if (nodes.length !== 1 || root.kind !== 'nested') {
    throw new DiagnosticError(
      createDiagnostic(
        'error',
        pipelineSpan(text, 0, text.length),
        "expected pass pipeline to be wrapped with the anchor operation type, e.g. 'builtin.module(...)'",
      ),
    );
  }
  return { anchor: root.name, elements: resolveNodes(root.elements, text, root.name) };
}

/** Parses a list of elements that run on an operation of name `anchor`, without the anchor around them. */
export function parsePipelineElements(text: string, anchor: string): readonly PipelineElement[] {
  return resolveNodes(parsePipelineSyntax(text), text, anchor);
}

function resolveNodes(
  nodes: readonly PipelineNode[],
  text: string,
  anchor: string,
): readonly PipelineElement[] {
  return nodes.flatMap((node) => resolveNode(node, text, anchor));
}

function resolveNode(node: PipelineNode, text: string, anchor: string): readonly PipelineElement[] {
  if (node.kind === 'nested') {
    const elements = resolveNodes(node.elements, text, node.name);
    return [{ kind: 'nested', anchor: node.name, elements }];
  }
  const pass = getPass(node.name);
  const pipeline = pass === undefined ? getPipeline(node.name) : undefined;
  if (pass === undefined && pipeline === undefined) {
    const names = [...allPasses(), ...allPipelines()].map((one) => one.name);
    throw pipelineError(
      text,
      node.offset,
      node.name.length,
      `'${node.name}' does not refer to a registered pass or pass pipeline${didYouMean(node.name, names)}`,
    );
  }
  const options = readOptions(node, text, (pass ?? pipeline)!);
  if (pass === undefined) return expandPipeline(pipeline!, options, anchor);
  if (pass.anchor !== undefined && anchor !== ANY_ANCHOR && pass.anchor !== anchor) {
    throw pipelineError(
      text,
      node.offset,
      node.name.length,
      `can't add pass '${pass.name}' restricted to '${pass.anchor}' on a pass manager intended to run on '${anchor}', did you intend to nest?`,
    );
  }
  return [{ kind: 'pass', pass, options }];
}

function readOptions(
  node: Extract<PipelineNode, { kind: 'pass' }>,
  text: string,
  owner: PassDefinition | PipelineDefinition,
): Readonly<Record<string, unknown>> {
  const definitions: OptionDefinitions = owner.options ?? {};
  const parsed = parseOptions(definitions, node.options?.text ?? '');
  if ('values' in parsed) return parsed.values;
  const offset = node.options!.offset + parsed.offset;
  const wanted = /^no such option (.*)$/.exec(parsed.message)?.[1];
  const hint = wanted === undefined ? '' : didYouMean(wanted, Object.keys(definitions));
  throw pipelineError(text, offset, parsed.length, `${parsed.message}${hint}`, [
    createDiagnostic(
      'note',
      pipelineSpan(text, node.offset, node.name.length),
      `failed to add \`${node.name}\` with options \`${node.options!.text}\``,
    ),
  ]);
}

/** The elements that the steps of a named pipeline stand for. */
export function expandPipeline(
  pipeline: PipelineDefinition,
  options: Readonly<Record<string, unknown>>,
  anchor: string,
): readonly PipelineElement[] {
  return pipeline
    .build(options as never)
    .flatMap((step) =>
      parsePipelineElements(stepText(step), anchor).map((element) =>
        element.kind === 'pass' ? { ...element, reason: element.reason ?? step.reason } : element,
      ),
    );
}

/** A step in the syntax of textual pipelines. */
function stepText(step: PipelineStep): string {
  const entries = Object.entries(step.options ?? {}).map(([name, value]) => {
    const text = Array.isArray(value) ? value.join(',') : String(value);
    return `${name}=${/[ ={}]/.test(text) ? `{${text}}` : text}`;
  });
  return entries.length === 0 ? step.pass : `${step.pass}{${entries.join(' ')}}`;
}

/** An element for a pass with its options given as values; those not given keep their defaults. */
export function passElement(
  pass: PassDefinition,
  options: Readonly<Record<string, unknown>> = {},
): PassElement {
  return { kind: 'pass', pass, options: { ...defaultOptions(pass.options ?? {}), ...options } };
}

/** Loads what the passes of a pipeline want loaded before they run. */
export async function loadPasses({ elements }: Pick<Pipeline, 'elements'>): Promise<void> {
  for (const element of elements) {
    if (element.kind === 'nested') await loadPasses(element);
    else await element.pass.load?.();
  }
}

/** The pipeline as text, all options spelled out; `parsePipeline` reads it back. */
export function formatPipeline(pipeline: Pipeline): string {
  return `${pipeline.anchor}(${formatElements(pipeline.elements)})`;
}

export function formatElements(elements: readonly PipelineElement[]): string {
  return elements.map(formatElement).join(',');
}

function formatElement(element: PipelineElement): string {
  if (element.kind === 'nested') return `${element.anchor}(${formatElements(element.elements)})`;
  return `${element.pass.name}${formatOptions(element.pass.options ?? {}, element.options)}`;
}
