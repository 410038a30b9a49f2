/** Products want their accumulator and their operands in fragments as the instruction reads them. */

import { TileGemmOp } from '../../../dialects/generated/tile.js';
import { isFragment } from '../../support/tiles.js';
import { wantedFragment, type PlannedProduct } from '../gemm-demands.js';
import type { Demand, LayoutRule } from './rule.js';
import type { Item, Settled } from './state.js';

/** What products settle before anything else, the most frequent first: accumulators, then operands. */
export function* strictLayouts(products: readonly PlannedProduct[]): Generator<[Item, Settled]> {
  for (const { gemm, accumulator } of products)
    yield [gemm.c, { layout: accumulator, origin: gemm.op }];
  for (const product of products) {
    for (const operand of ['A', 'B'] as const) {
      const tile = operand === 'A' ? product.gemm.a : product.gemm.b;
      const layout = isFragment(tile.type) ? wantedFragment(product, operand) : undefined;
      if (layout !== undefined) yield [tile, { layout, origin: product.gemm.op }];
    }
  }
}

export const gemmRule: LayoutRule = {
  operation: TileGemmOp.opName,

  demands(op, state, facts): Demand[] {
    const product = facts.products.get(op)!;
    const { gemm, accumulator } = product;
    const demands: Demand[] = [];
    for (const [operand, tile, number] of [
      ['A', gemm.a, 0],
      ['B', gemm.b, 1],
    ] as const) {
      if (!isFragment(tile.type) || !state.has(tile)) continue;
      demands.push({
        op,
        tile,
        wanted: wantedFragment(product, operand) ?? 'shared',
        uses: [{ op, operand: number }],
        isRead: true,
        isWritten: false,
        isExact: true,
        operand,
      });
    }
    if (state.has(gemm.c)) {
      demands.push({
        op,
        tile: gemm.c,
        wanted: accumulator,
        uses: [{ op, operand: 2 }],
        isRead: true,
        isWritten: true,
        isExact: true,
      });
    }
    return demands;
  },
};
