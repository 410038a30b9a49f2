/** Finds out that rewriting does not end, and which patterns are to blame. */

import type { Operation } from '../ir/index.js';
import { fingerprint } from './fingerprint.js';

/** Why rewriting was stopped. */
export interface RewriteCycle {
  /** Names of the patterns that undo each other, in the order they apply; one where a pattern never stops growing. */
  readonly patterns: readonly string[];
  /** `repeats`: the IR came back to a state it had before. `grows`: it was still changing at the limit. */
  readonly kind: 'repeats' | 'grows';
  /** Name of the operation where the last rewrite started. */
  readonly opName: string;
  readonly rewrites: number;
}

/** Rewrites per operation that a terminating set of patterns may need before states are compared. */
const REWRITES_PER_OPERATION = 16;
const FIRST_CHECK = 512;
/** Operations looked at while comparing states in one window; its length follows from the size of the program. */
const WINDOW_WORK = 1_000_000;
const MIN_WINDOW = 8;
const MAX_WINDOW = 2048;
/** Rewrites after which patterns that only ever grow the IR are stopped. */
const GROWTH_LIMIT = 250_000;

/**
 * Counts rewrites. Past a number that suffices for patterns which end, it compares states of the IR in windows, each
 * after twice as many rewrites as the last, so that terminating rewrites pay a counter and endless ones are proven to repeat.
 */
export class CycleDetector {
  private count = 0;
  private nextWindow: number;
  private windowLength = 0;
  private window: { readonly state: string; readonly pattern: string }[] | undefined;
  private readonly applied = new Map<string, number>();
  private readonly limit: number;

  constructor(
    private readonly root: Operation,
    operationCount: number,
  ) {
    this.nextWindow = FIRST_CHECK + REWRITES_PER_OPERATION * operationCount;
    this.limit = GROWTH_LIMIT + 64 * operationCount;
  }

  /** Called after each rewrite by a pattern, or by a fold where it has no name; the answer tells to stop. */
  rewritten(pattern: string | undefined, opName: string): RewriteCycle | undefined {
    this.count++;
    if (this.count < this.nextWindow) return undefined;
    const patternName = pattern ?? `fold of ${opName}`;
    this.applied.set(patternName, (this.applied.get(patternName) ?? 0) + 1);
    if (this.count > this.limit) return this.growth(opName);
    if (this.window === undefined) {
      this.window = [];
      const length = Math.floor(WINDOW_WORK / countOperations(this.root));
      this.windowLength = Math.min(MAX_WINDOW, Math.max(MIN_WINDOW, length));
    }
    const state = fingerprint(this.root);
    const before = this.window.findIndex((entry) => entry.state === state);
    if (before !== -1) {
      const names = [...this.window.slice(before + 1).map((entry) => entry.pattern), patternName];
      return { kind: 'repeats', patterns: [...new Set(names)], opName, rewrites: this.count };
    }
    this.window.push({ state, pattern: patternName });
    if (this.window.length >= this.windowLength) {
      this.window = undefined;
      this.nextWindow = this.count * 2;
    }
    return undefined;
  }

  private growth(opName: string): RewriteCycle {
    const [name] = [...this.applied].sort(([, a], [, b]) => b - a)[0];
    return { kind: 'grows', patterns: [name], opName, rewrites: this.count };
  }
}

function countOperations(root: Operation): number {
  let count = 0;
  root.walk(() => void count++);
  return count;
}

/** The cycle in words, for a diagnostic. */
export function describeCycle(cycle: RewriteCycle): string {
  const names = cycle.patterns.map((name) => `'${name}'`);
  if (cycle.kind === 'grows') {
    return `rewriting did not end after ${cycle.rewrites} rewrites; the pattern applied most is ${names[0]}, last at '${cycle.opName}'`;
  }
  if (names.length === 1) {
    return `pattern ${names[0]} applies again and again without progress at '${cycle.opName}'`;
  }
  const list = `${names.slice(0, -1).join(', ')} and ${names[names.length - 1]}`;
  return `patterns ${list} undo each other at '${cycle.opName}'`;
}
