/** Delta debugging over programs: keeps every change after which the program is smaller and still interesting. */

import { createHash } from 'node:crypto';
import {
  cloneOperation,
  printOperation,
  verifyOperation,
  type Context,
  type Operation,
  type PrintOptions,
} from '../ir/index.js';
import { parseModule } from '../syntax/index.js';
import { SourceFile } from '../support/index.js';
import {
  dropUnreachableBlocks,
  keepFirstSuccessor,
  keepLastSuccessor,
  mergeBlocks,
} from './blocks.js';
import {
  decrementConstants,
  dropAttributes,
  dropDimensions,
  halveConstants,
  halveShapes,
  oneConstants,
  simplifyScalars,
  unitShapes,
  zeroConstants,
} from './constants.js';
import { costOf } from './cost.js';
import { emptyBlocks, emptyRegions, eraseOperations, hoistRegions } from './operations.js';
import type { Reduction, ReductionEnvironment, SiteRange } from './reduction.js';
import {
  dropBlockArguments,
  dropFunctionArguments,
  dropFunctionResults,
  dropOperands,
  dropResults,
  simplifyOperands,
  unifyOperands,
} from './signatures.js';

/** All reductions, those that remove most first. */
export const REDUCTIONS: readonly Reduction[] = [
  eraseOperations,
  emptyRegions,
  emptyBlocks,
  hoistRegions,
  keepFirstSuccessor,
  keepLastSuccessor,
  dropUnreachableBlocks,
  mergeBlocks,
  dropFunctionResults,
  dropFunctionArguments,
  dropResults,
  dropBlockArguments,
  simplifyOperands,
  unifyOperands,
  dropOperands,
  dropAttributes,
  dropDimensions,
  unitShapes,
  halveShapes,
  simplifyScalars,
  zeroConstants,
  oneConstants,
  halveConstants,
  decrementConstants,
];

/** Whether a text still shows what is looked for. */
export type InterestingTest = (text: string) => boolean | Promise<boolean>;

export interface Progress {
  /** The reduction in hand. */
  readonly reduction: string;
  readonly operations: number;
  /** Operations at the start. */
  readonly initialOperations: number;
  readonly tests: number;
  readonly accepted: number;
}

export interface ReduceOptions {
  readonly isInteresting: InterestingTest;
  /** How candidates are printed. */
  readonly print?: PrintOptions;
  /** Only candidates that verify are tested. Default: whether the input verifies. */
  readonly requireValid?: boolean;
  /** No more tests than this. */
  readonly maxTests?: number;
  /** Told after every test. */
  readonly onProgress?: (progress: Progress) => void;
  /** Told of each program that is smaller than all before. */
  readonly onImprovement?: (text: string) => void;
  /** Asked before each test; true ends the search. */
  readonly shouldStop?: () => boolean;
}

export interface ReduceResult {
  readonly program: Operation;
  readonly text: string;
  readonly tests: number;
  readonly accepted: number;
  readonly initialOperations: number;
  readonly operations: number;
  /** How often each reduction was kept, by name. */
  readonly counts: ReadonlyMap<string, number>;
  /** False where the search was stopped before nothing more could be removed. */
  readonly isComplete: boolean;
}

/** Prints a candidate: in generic form where its custom forms cannot be trusted. */
export function printCandidate(root: Operation, options: PrintOptions, isValid: boolean): string {
  return `${printOperation(root, { ...options, verified: isValid }).trimEnd()}\n`;
}

/** Makes a program smaller as long as it stays interesting. The input must be. Deterministic if the test is. */
export async function reduceProgram(
  input: Operation,
  context: Context,
  options: ReduceOptions,
): Promise<ReduceResult> {
  const search = new Search(input, context, options);
  try {
    return await search.run();
  } finally {
    search.dispose();
  }
}

class Search {
  private current: Operation;
  private cost: number;
  private readonly requireValid: boolean;
  private readonly environment: ReductionEnvironment;
  private readonly seen = new Set<string>();
  private readonly counts = new Map<string, number>();
  private readonly initialOperations: number;
  private readonly removeHandler: () => void;
  private tests = 0;
  private accepted = 0;
  private isStopped = false;

  constructor(
    input: Operation,
    context: Context,
    private readonly options: ReduceOptions,
  ) {
    // Candidates are often wrong; nobody wants to read why.
    this.removeHandler = context.addDiagnosticHandler(() => undefined);
    this.current = cloneOperation(input);
    this.cost = costOf(this.current);
    this.requireValid = options.requireValid ?? verifyOperation(this.current);
    this.initialOperations = countOperations(this.current);
    let allowsUnregistered = !this.requireValid;
    this.current.walk((op) => {
      if (!op.name.isRegistered) allowsUnregistered = true;
    });
    this.environment = {
      context,
      allowsUnregistered,
      parse: (text) =>
        parseModule(new SourceFile('<candidate>', text), context, { implicitModule: false }),
    };
    this.seen.add(digest(this.print(this.current)));
  }

  dispose(): void {
    this.removeHandler();
  }

  async run(): Promise<ReduceResult> {
    for (let before = -1; before !== this.accepted && !this.isStopped;) {
      before = this.accepted;
      for (const reduction of REDUCTIONS) {
        if (this.isStopped) break;
        await this.exhaust(reduction);
      }
    }
    return {
      program: this.current,
      text: this.print(this.current),
      tests: this.tests,
      accepted: this.accepted,
      initialOperations: this.initialOperations,
      operations: countOperations(this.current),
      counts: this.counts,
      isComplete: !this.isStopped,
    };
  }

  /** Tries a reduction on all of its places, then on halves of them, down to single ones. */
  private async exhaust(reduction: Reduction): Promise<void> {
    for (let size = reduction.countSites(this.current); size >= 1; size = Math.floor(size / 2)) {
      for (let from = 0; from < reduction.countSites(this.current);) {
        if (this.isStopped) return;
        const isKept = await this.attempt(reduction, from, from + size);
        if (!isKept) from += size;
      }
    }
  }

  private async attempt(reduction: Reduction, from: number, to: number): Promise<boolean> {
    const made = this.makeCandidate(reduction, { from, to });
    if (made === undefined) return false;
    const { candidate, cost, text } = made;
    const key = digest(text);
    if (this.seen.has(key)) return false;
    this.seen.add(key);
    if (this.options.shouldStop?.() || this.tests >= (this.options.maxTests ?? Infinity)) {
      this.isStopped = true;
      return false;
    }
    this.tests++;
    const isInteresting = await this.options.isInteresting(text);
    if (isInteresting && !this.options.shouldStop?.()) {
      this.current = candidate;
      this.cost = cost;
      this.accepted++;
      this.counts.set(reduction.name, (this.counts.get(reduction.name) ?? 0) + 1);
      this.options.onImprovement?.(text);
    }
    this.options.onProgress?.({
      reduction: reduction.name,
      operations: countOperations(this.current),
      initialOperations: this.initialOperations,
      tests: this.tests,
      accepted: this.accepted,
    });
    return isInteresting;
  }

  /** The changed program; undefined where it is not smaller, not valid, or cannot be made. */
  private makeCandidate(
    reduction: Reduction,
    range: SiteRange,
  ): { readonly candidate: Operation; readonly cost: number; readonly text: string } | undefined {
    try {
      const copy = cloneOperation(this.current);
      const candidate = reduction.apply(copy, range, this.environment);
      if (candidate === undefined) return undefined;
      const cost = costOf(candidate);
      if (cost >= this.cost) return undefined;
      if (this.requireValid && !verifyOperation(candidate)) return undefined;
      return { candidate, cost, text: this.print(candidate) };
    } catch {
      // A verifier or printer that breaks on a candidate must not end the search for what breaks the user's tool.
      return undefined;
    }
  }

  private print(root: Operation): string {
    const isValid = this.requireValid || verifyOperation(root);
    return printCandidate(root, this.options.print ?? {}, isValid);
  }
}

function digest(text: string): string {
  return createHash('sha1').update(text).digest('base64');
}

function countOperations(root: Operation): number {
  let count = 0;
  root.walk(() => void count++);
  return count;
}
