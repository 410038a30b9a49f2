/** Transpositions between fragments want both to hold the same elements in the same registers. */

import { TileTransposeOp } from '../../../dialects/generated/tile.js';
import type { Operation, ShapedType } from '../../../ir/index.js';
import { permuteFragment } from '../../../layout/index.js';
import { elementBits, isFragment } from '../../support/tiles.js';
import type { LayoutRule } from './rule.js';

/** The source's dimension for each of the destination's. */
export function permutationOf(op: Operation): readonly number[] {
  const { source, permutation } = new TileTransposeOp(op);
  const { length } = (source.type as ShapedType).shape;
  return permutation ?? Array.from({ length }, (_, i) => length - 1 - i);
}

export function inverseOf(permutation: readonly number[]): number[] {
  return permutation.map((_, dimension) => permutation.indexOf(dimension));
}

export const transposeRule: LayoutRule = {
  operation: TileTransposeOp.opName,

  *follow(op, state) {
    const { source, destination } = new TileTransposeOp(op);
    if (!isFragment(source.type) || !isFragment(destination.type)) return;
    const permutation = permutationOf(op);
    const [from, to] = [state.get(source), state.get(destination)];
    if (from !== undefined && to === undefined) {
      const layout = permuteFragment(from, permutation);
      if (layout !== undefined) yield [destination, layout];
    } else if (to !== undefined && from === undefined) {
      const layout = permuteFragment(to, inverseOf(permutation));
      if (layout !== undefined) yield [source, layout];
    }
  },

  demands(op, state) {
    const { source, destination } = new TileTransposeOp(op);
    if (!isFragment(source.type) || !isFragment(destination.type)) return [];
    const permutation = permutationOf(op);
    const [from, to] = [state.get(source), state.get(destination)];
    if (from === undefined || to === undefined) return [];
    // The elements of the narrower type travel, if their distribution can be said in the other order.
    const forSource = permuteFragment(to, inverseOf(permutation));
    const forDestination = permuteFragment(from, permutation);
    const isSourceNarrower = elementBits(source.type) <= elementBits(destination.type);
    if (forSource !== undefined && (isSourceNarrower || forDestination === undefined)) {
      const uses = [{ op, operand: 0 }];
      return [{ op, tile: source, wanted: forSource, uses, isRead: true, isWritten: false }];
    }
    const uses = [{ op, operand: 1 }];
    if (forDestination !== undefined) {
      return [
        { op, tile: destination, wanted: forDestination, uses, isRead: false, isWritten: true },
      ];
    }
    const reason = 'neither distribution keeps the dimensions apart that are exchanged';
    const tile = destination;
    return [{ op, tile, wanted: 'shared', reason, uses, isRead: false, isWritten: true }];
  },
};
