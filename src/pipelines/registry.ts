/** The passes and named pipelines that exist, by name. */

import type { OptionDefinitions, OptionValues, PassDefinition } from '../passes/index.js';

/** One line of a named pipeline: what runs, with which options, and why it runs here. */
export interface PipelineStep {
  /** A pass, or a nested pipeline such as `func.func(cse)`. */
  readonly pass: string;
  readonly options?: Readonly<Record<string, string | number | boolean | readonly string[]>>;
  /** Why the step is needed at this place. */
  readonly reason: string;
}

/** A pipeline with a name and options of its own: `--tile-to-cuda="arch=sm_80"`. */
export interface PipelineDefinition<Options extends OptionDefinitions = OptionDefinitions> {
  readonly name: string;
  readonly summary: string;
  readonly options?: Options;
  /** The steps as data; throws a `DiagnosticError` where the options do not make sense. */
  readonly build: (options: OptionValues<Options>) => readonly PipelineStep[];
}

const passes = new Map<string, PassDefinition>();
const pipelines = new Map<string, PipelineDefinition>();

/** Makes a pass known; a later one of the same name replaces it. */
export function registerPass(...definitions: readonly PassDefinition[]): void {
  for (const definition of definitions) passes.set(definition.name, definition);
}

/** Makes a named pipeline known and returns it. */
export function registerPipeline<
  // eslint-disable-next-line @typescript-eslint/no-empty-object-type -- no options at all
  const Options extends OptionDefinitions = {},
>(definition: PipelineDefinition<Options>): PipelineDefinition {
  const known = definition as unknown as PipelineDefinition;
  pipelines.set(definition.name, known);
  return known;
}

export function getPass(name: string): PassDefinition | undefined {
  return passes.get(name);
}

export function getPipeline(name: string): PipelineDefinition | undefined {
  return pipelines.get(name);
}

/** Sorted by name. */
export function allPasses(): readonly PassDefinition[] {
  return [...passes.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Sorted by name. */
export function allPipelines(): readonly PipelineDefinition[] {
  return [...pipelines.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}
