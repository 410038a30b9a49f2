/** Removes chains of unrealized casts that come back to the types they started from. */

import type { Operation, Value } from '../ir/index.js';
import { CAST_NAME, Rewriter } from '../rewrite/index.js';
import { definePass } from './pass.js';

export const reconcileUnrealizedCastsPass = definePass({
  name: 'reconcile-unrealized-casts',
  summary: 'Simplify and eliminate unrealized conversion casts',
  run(root, { context }) {
    const rewriter = new Rewriter(context);
    const casts: Operation[] = [];
    root.walk((op) => {
      if (op.name.text === CAST_NAME) casts.push(op);
    }, 'pre');
    for (const cast of casts) {
      const sources = originOf(cast);
      if (sources === undefined) continue;
      cast.results.forEach((result, index) => rewriter.replaceAllUsesWith(result, sources[index]));
    }
    for (let hasErased = true; hasErased;) {
      hasErased = false;
      for (const cast of casts) {
        if (cast.parentBlock === null || cast.hasUses) continue;
        rewriter.erase(cast);
        hasErased = true;
      }
    }
  },
});

/** The values at the start of the chain that ends in `cast`, when they have its result types. */
function originOf(cast: Operation): readonly Value[] | undefined {
  const isSame = (values: readonly Value[]): boolean =>
    values.length === cast.results.length &&
    values.every((value, index) => value.type === cast.results[index].type);
  const seen = new Set<Operation>();
  let values: readonly Value[] = cast.operands;
  for (;;) {
    if (isSame(values)) return values;
    const source: Operation | undefined = values[0]?.definingOp;
    if (source === undefined || source.name.text !== CAST_NAME || seen.has(source))
      return undefined;
    const isWhole =
      values.length === source.results.length &&
      values.every((value, index) => value === source.results[index]);
    if (!isWhole) return undefined;
    seen.add(source);
    values = source.operands;
  }
}
