/** Reductions want each dimension of their source told apart, and their result where the source's rows lie. */

import { TileReduceOp, type TileFragmentType } from '../../../dialects/generated/tile.js';
import { copyFragment, type Fragment } from '../../../layout/index.js';
import { planReduction } from '../../support/reduction-plan.js';
import { projectFragment } from '../projection.js';
import type { Demand, KernelFacts, LayoutRule } from './rule.js';

/** Where a reduction leaves its result; undefined where it cannot combine that distribution. */
function resultLayout(layout: Fragment, dim: number, facts: KernelFacts): Fragment | undefined {
  if (typeof planReduction(layout, dim, facts.target.warp_size) === 'string') return undefined;
  const kept = layout.shape.map((_, dimension) => dimension).filter((d) => d !== dim);
  return projectFragment(layout, kept.length === 0 ? [-1] : kept);
}

/** A distribution that any reduction can combine. */
export function reducibleLayout(shape: readonly number[], threads: number): Fragment {
  return copyFragment(shape, threads, 1, { surplus: 'replicate', isSeparable: true });
}

export const reduceRule: LayoutRule = {
  operation: TileReduceOp.opName,

  *follow(op, state, facts) {
    const reduce = new TileReduceOp(op);
    const known = state.get(reduce.source);
    if (known === undefined || state.has(reduce.destination)) return;
    const layout = resultLayout(known, Number(reduce.dim.value), facts);
    if (layout !== undefined) yield [reduce.destination, layout];
  },

  demands(op, state, facts): Demand[] {
    const reduce = new TileReduceOp(op);
    const dim = Number(reduce.dim.value);
    const known = state.get(reduce.source);
    if (known === undefined) return [];
    const own = resultLayout(known, dim, facts);
    const { shape } = reduce.source.type as TileFragmentType;
    const source = own === undefined ? reducibleLayout(shape, facts.threads) : known;
    const result = own ?? resultLayout(source, dim, facts);
    const demands: Demand[] = [
      {
        op,
        tile: reduce.source,
        wanted: source,
        uses: [{ op, operand: 0 }],
        isRead: true,
        isWritten: false,
      },
    ];
    if (result !== undefined && state.has(reduce.destination)) {
      demands.push({
        op,
        tile: reduce.destination,
        wanted: result,
        uses: [{ op, operand: 1 }],
        isRead: !reduce.clear,
        isWritten: true,
      });
    }
    return demands;
  },
};
