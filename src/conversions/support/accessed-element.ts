/** Operations that load, store or update one element. */

import type { Operation, Value } from '../../ir/index.js';

/** The tensor or tile of which an operation accesses one element; undefined where it does something else. */
export function accessedTile(op: Operation): Value | undefined {
  switch (op.name.text) {
    case 'tile.load':
      return op.operand(0);
    case 'tile.store':
    case 'tile.atomic':
      return op.operand(1);
    default:
      return undefined;
  }
}

/** Which element {@link accessedTile} is about. */
export function accessIndices(op: Operation): Value[] {
  return op.operands.slice(op.name.text === 'tile.load' ? 1 : 2);
}
