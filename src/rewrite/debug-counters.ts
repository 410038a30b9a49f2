/** Debug counters: leave out the first rewrites of a kind, or all after so many, to find the one that does harm. */

import type { Context } from '../ir/index.js';

/** What may be counted: the name of a pattern, or `fold`, or `erase-dead`. */
export interface DebugCounter {
  readonly name: string;
  /** So many are left out first. */
  readonly skip: number;
  /** Then so many happen; -1 for all. */
  readonly count: number;
  /** How often the question was asked. */
  seen: number;
}

/** The counters of a context. */
export class DebugCounters {
  private readonly counters = new Map<string, DebugCounter>();

  /** Sets what is skipped and counted for a name. */
  set(name: string, values: { readonly skip?: number; readonly count?: number }): void {
    const known = this.counters.get(name);
    this.counters.set(name, {
      name,
      skip: values.skip ?? known?.skip ?? 0,
      count: values.count ?? known?.count ?? -1,
      seen: 0,
    });
  }

  /** Whether the next action of that name may happen. */
  mayExecute(name: string): boolean {
    const counter = this.counters.get(name);
    if (counter === undefined) return true;
    const position = counter.seen++;
    if (position < counter.skip) return false;
    return counter.count < 0 || position < counter.skip + counter.count;
  }

  get all(): readonly DebugCounter[] {
    return [...this.counters.values()];
  }
}

const countersOf = new WeakMap<Context, DebugCounters>();

/** Makes the drivers of a context ask these counters. */
export function installDebugCounters(context: Context, counters: DebugCounters): void {
  countersOf.set(context, counters);
}

/** The counters of a context; undefined where there are none, which is the rule. */
export function debugCounters(context: Context): DebugCounters | undefined {
  return countersOf.get(context);
}
