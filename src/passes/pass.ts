/** Passes: a name, options and statistics as data, and a function that changes an operation. */

import type { Analysis } from '../analysis/index.js';
import type { Context, Operation } from '../ir/index.js';
import type { Diagnostic } from '../support/index.js';
import type { OptionDefinitions, OptionValues } from './pass-options.js';

/** What the code of a pass is given besides the operation. */
export interface PassContext<
  Options extends OptionDefinitions = OptionDefinitions,
  Statistic extends string = string,
> {
  readonly context: Context;
  readonly options: OptionValues<Options>;
  /** Counters, zero at the start of a run; the pass adds to them. */
  readonly statistics: Record<Statistic, number>;
  /** Facts about the operation that the pass runs on, kept from an earlier pass where nothing made them untrue. */
  getAnalysis<Result>(analysis: Analysis<Result>): Result;
  /** The same where they are known already; nothing is computed. */
  getCachedAnalysis<Result>(analysis: Analysis<Result>): Result | undefined;
  /** Facts about an operation nested in the one in hand. */
  getChildAnalysis<Result>(analysis: Analysis<Result>, op: Operation): Result;
  /** What is known already of an operation around the one in hand. */
  getCachedParentAnalysis<Result>(
    analysis: Analysis<Result>,
    parentOp: Operation,
  ): Result | undefined;
  /** The pass changed nothing: whatever was known still holds. */
  markAllAnalysesPreserved(): void;
  /** What the pass changed does not concern these analyses. All others are forgotten after it. */
  markAnalysesPreserved(...analyses: readonly Analysis<unknown>[]): void;
  /** Runs a textual pipeline, such as `canonicalize,cse`, on an operation below the one in hand. */
  runPipeline(pipeline: string, op: Operation): boolean;
  /** Writes text for people, as the dumps of passes are: to standard error in the tools. */
  write(text: string): void;
  /**
   * The text of a file that an option names, relative to where the tool runs.
   * @throws DiagnosticError where it cannot be read. Absent: the pass reads files by itself.
   */
  readonly readFile?: (path: string) => string;
  /** Writes a file that an option names. @throws DiagnosticError where that cannot be done. */
  writeFile(path: string, text: string): void;
  /** Reports a remark of a category (`layout`, `vectorize`); it is shown only when the user asked for it. */
  remark(op: Operation, category: string, message: string, notes?: readonly Diagnostic[]): void;
}

/** A pass as the pass manager and the tools see it. */
export interface PassDefinition<
  Options extends OptionDefinitions = OptionDefinitions,
  Statistic extends string = string,
> {
  /** Kebab-case argument: `--canonicalize`, `builtin.module(canonicalize)`. */
  readonly name: string;
  /** For people, in dumps and timing: `Canonicalizer`. Default: made from the name. */
  readonly title?: string;
  /** One line without a full stop. */
  readonly summary: string;
  /** Markdown, for the reference. */
  readonly description?: string;
  readonly options?: Options;
  /** The option that a flag's value is meant for when it names none: `--apply-schedule=file.yaml`. */
  readonly mainOption?: string;
  /** Statistic -> what it counts. */
  readonly statistics?: Readonly<Record<Statistic, string>>;
  /** Loads code that the pass needs and tools without it should not pay for; awaited before a pipeline with it runs. */
  readonly load?: () => Promise<void>;
  /** The operation that the pass runs on; any that is isolated from above where absent. */
  readonly anchor?: string;
  /** Dialects whose operations the pass builds: they must be loaded. */
  readonly requires?: readonly string[];
  /** The only dialects whose operations the input may hold; checked before the pass. Absent: any. */
  readonly accepts?: readonly string[];
  /** The only dialects whose operations may be left; checked after the pass. Absent: any. */
  readonly leaves?: readonly string[];
  /** Returns false where it failed, having reported why. */
  readonly run: (op: Operation, pass: PassContext<Options, Statistic>) => boolean | void;
}

/** Declares a pass; the types of its options and statistics follow from their declarations. */
export function definePass<
  // eslint-disable-next-line @typescript-eslint/no-empty-object-type -- no options at all
  const Options extends OptionDefinitions = {},
  Statistic extends string = never,
>(definition: PassDefinition<Options, Statistic>): PassDefinition {
  return definition as unknown as PassDefinition;
}

/** `loop-invariant-code-motion` -> `LoopInvariantCodeMotion`. */
export function passTitle(pass: PassDefinition): string {
  if (pass.title !== undefined) return pass.title;
  return pass.name
    .split('-')
    .map((word) => word[0].toUpperCase() + word.slice(1))
    .join('');
}
