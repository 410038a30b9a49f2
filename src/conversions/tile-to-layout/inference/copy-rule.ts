/** Copies between fragments want both to lie alike; a copy with a layout of its own wants its fragment to lie so. */

import { TileCopyOp } from '../../../dialects/generated/tile.js';
import type { Operation, Value } from '../../../ir/index.js';
import type { Fragment } from '../../../layout/index.js';
import { elementBits, isFragment, layoutAttribute } from '../../support/tiles.js';
import type { Demand, LayoutRule } from './rule.js';

/** Number of the destination among the operands of a copy. */
function destinationOperand({ sourceIndices }: TileCopyOp): number {
  return 1 + sourceIndices.length;
}

function demand(op: Operation, tile: Value, wanted: Fragment, isSource: boolean): Demand {
  const operand = isSource ? 0 : destinationOperand(new TileCopyOp(op));
  return {
    op,
    tile,
    wanted,
    uses: [{ op, operand }],
    isRead: isSource,
    isWritten: !isSource,
  };
}

export const copyRule: LayoutRule = {
  operation: TileCopyOp.opName,

  *follow(op, state) {
    const { source, destination } = new TileCopyOp(op);
    const own = layoutAttribute(op);
    for (const [tile, other] of [
      [source, destination],
      [destination, source],
    ]) {
      if (!isFragment(tile.type) || state.has(tile)) continue;
      const layout = own ?? (isFragment(other.type) ? state.get(other) : undefined);
      if (layout !== undefined) yield [tile, layout];
    }
  },

  demands(op, state) {
    const { source, destination } = new TileCopyOp(op);
    const own = layoutAttribute(op);
    const [from, to] = [source, destination].map((tile) =>
      isFragment(tile.type) ? state.get(tile) : undefined,
    );
    if (own !== undefined) {
      return [
        ...(from === undefined ? [] : [demand(op, source, own, true)]),
        ...(to === undefined ? [] : [demand(op, destination, own, false)]),
      ];
    }
    if (from === undefined || to === undefined) return [];
    // The elements of the narrower type travel.
    const isSourceNarrower =
      elementBits(source.type as never) <= elementBits(destination.type as never);
    return [isSourceNarrower ? demand(op, source, to, true) : demand(op, destination, from, false)];
  },
};
