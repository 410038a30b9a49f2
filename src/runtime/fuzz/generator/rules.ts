/** All statement families with their weights, and the choice among them. */

import type { Statement } from '../program.js';
import { atomicRules } from './atomics.js';
import { controlFlowRules } from './control-flow.js';
import { copyRules } from './copies.js';
import { elementwiseRules } from './elementwise.js';
import type { KernelBuilder, StatementRule } from './kernel-builder.js';
import { productRules } from './products.js';
import { reductionRules } from './reductions.js';
import { viewRules } from './views.js';

/** Loops and branches around a statement at most. */
const DEEPEST = 2;

function allRules(): Readonly<Record<string, StatementRule>> {
  return {
    ...copyRules,
    ...productRules,
    ...elementwiseRules,
    ...reductionRules,
    ...viewRules,
    ...atomicRules,
    ...controlFlowRules,
  };
}

/** Adds one statement, or what belongs together, at a place of the given kind. */
export function generateOne(
  kernel: KernelBuilder,
  body: Statement[],
  place: 'weight' | 'inLoop' | 'inBranch',
): void {
  const isDeep = kernel.loops.length >= DEEPEST;
  const rules = Object.entries(allRules()).filter(
    ([name]) => !(isDeep && (name === 'loop' || name === 'gemm')),
  );
  const weights = Object.fromEntries(rules.map(([name, rule]) => [name, rule[place]]));
  allRules()[kernel.choices.weighted(weights)].generate(kernel, body);
}
