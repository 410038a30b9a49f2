/** The rules of all operations that layout inference knows, by name of the operation. */

import type { Operation } from '../../../ir/index.js';
import { copyRule } from './copy-rule.js';
import { elementRules } from './element-rule.js';
import { gemmRule } from './gemm-rule.js';
import { parallelRule } from './parallel-rule.js';
import { reduceRule } from './reduce-rule.js';
import type { Demand, KernelFacts, LayoutRule } from './rule.js';
import { transposeRule } from './transpose-rule.js';
import type { Item, LayoutState, Settled } from './state.js';

/** In the order in which they are asked: reductions settle rows before loops look at them. */
const RULES: readonly LayoutRule[] = [
  reduceRule,
  copyRule,
  transposeRule,
  parallelRule,
  gemmRule,
  ...elementRules,
];

/** The operations of a kernel that have a rule, rule by rule. */
export class RuledOperations {
  private readonly found: readonly { readonly op: Operation; readonly rule: LayoutRule }[];

  constructor(private readonly facts: KernelFacts) {
    const byRule = RULES.map((rule) => ({ rule, ops: [] as Operation[] }));
    facts.kernel.walk((op) => {
      byRule.find(({ rule }) => rule.operation === op.name.text)?.ops.push(op);
    }, 'pre');
    this.found = byRule.flatMap(({ rule, ops }) => ops.map((op) => ({ op, rule })));
  }

  /** Everything that follows from a state, until nothing more does. */
  propagate(state: LayoutState): LayoutState {
    for (let [current, next] = [undefined as LayoutState | undefined, state]; ;) {
      current = next;
      for (const { op, rule } of this.found) {
        if (rule.follow === undefined) continue;
        const followed: [Item, Settled][] = [...rule.follow(op, next, this.facts)].map(
          ([item, layout]) => [item, { layout, origin: op }],
        );
        next = next.with(followed);
      }
      if (next === current) return next;
    }
  }

  demands(state: LayoutState): Demand[] {
    return this.found.flatMap(({ op, rule }) => rule.demands(op, state, this.facts));
  }
}
