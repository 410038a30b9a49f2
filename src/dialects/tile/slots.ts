/** Arrays of each thread as memory that may become values. */

import type { Operation } from '../../ir/index.js';
import { TileLocalType } from '../generated/tile.js';
import { implement, type InterfaceEntry } from '../hook-types.js';
import {
  DestructurableAllocationInterface,
  PromotableAllocationInterface,
  PromotableMemoryInterface,
} from '../memory-slots.js';
import { destructuredCount, isSlot, loadOfSlot, storeToSlot, zeroSlot } from '../memref/slots.js';

/** The type of the array that an operation allocates; shared tiles and fragments are no memory of one thread. */
function localOf(op: Operation): TileLocalType | undefined {
  const { type } = op.result;
  return type instanceof TileLocalType ? type : undefined;
}

const localSlots: readonly InterfaceEntry[] = [
  implement(PromotableAllocationInterface, {
    slots: (op) => {
      const type = localOf(op);
      if (type === undefined || !isSlot(type)) return [];
      return [{ pointer: op.result, elementType: type.elementType }];
    },
    defaultValue: ({ elementType }, builder, location) => zeroSlot(elementType, builder, location),
  }),
  implement(DestructurableAllocationInterface, {
    elementCount: (op) => {
      const type = localOf(op);
      return type && destructuredCount(type);
    },
    allocateElement: (op, builder) => {
      const { elementType } = localOf(op)!;
      const pointer = builder.create('tile.alloc', {
        resultTypes: [TileLocalType.get([], elementType)],
        location: op.location,
      }).result;
      return { pointer, elementType };
    },
  }),
];

const fillOfSlot: readonly InterfaceEntry[] = [
  implement(PromotableMemoryInterface, {
    loads: () => false,
    storedValue: (op, { pointer, elementType }) => {
      const [tile, value] = op.operands;
      return tile === pointer && value.type === elementType ? value : undefined;
    },
  }),
];

/** Interfaces of the operations that allocate, read and write arrays of each thread. */
export const slotInterfaces: Readonly<Record<string, readonly InterfaceEntry[]>> = {
  alloc: localSlots,
  load: loadOfSlot,
  store: storeToSlot,
  fill: fillOfSlot,
};
