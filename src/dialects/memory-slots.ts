/** Interfaces of memory that may become values: what mem2reg and sroa ask of allocations and of what uses them. */

import { InterfaceKey, type Builder, type Operation, type Type, type Value } from '../ir/index.js';
import type { Location } from '../ir/location.js';

/** Memory that holds one value at a time. */
export interface MemorySlot {
  readonly pointer: Value;
  readonly elementType: Type;
}

/** An operation that allocates memory that nobody else has. */
export interface PromotableAllocation {
  /** Slots that may become values, as far as the allocation is concerned. */
  readonly slots: (op: Operation) => readonly MemorySlot[];
  /** What is read before anything was written, built at the builder's insertion point. */
  readonly defaultValue: (slot: MemorySlot, builder: Builder, location: Location) => Value;
}

/** An operation that reads or writes a slot as a whole. */
export interface PromotableMemory {
  /** Whether all that it does with the slot is to read it; its only result is then the value. */
  readonly loads: (op: Operation, slot: MemorySlot) => boolean;
  /** The value that it writes to the slot, where that is all that it does with it. */
  readonly storedValue: (op: Operation, slot: MemorySlot) => Value | undefined;
}

/** An operation that allocates memory of several elements that may live apart. */
export interface DestructurableAllocation {
  /** Number of elements, each named by a text; undefined where they must stay together. */
  readonly elementCount: (op: Operation) => number | undefined;
  /** Allocates an element on its own, at the builder's insertion point. */
  readonly allocateElement: (op: Operation, builder: Builder) => MemorySlot;
}

/** An operation that accesses an element of memory. */
export interface DestructurableAccess {
  /** Which element it accesses; undefined where that is not known, or where it does more with the memory. */
  readonly element: (op: Operation, memory: Value) => string | undefined;
  /** Makes it access the element's own memory. */
  readonly rewire: (op: Operation, memory: Value, slot: MemorySlot) => void;
}

export const PromotableAllocationInterface = new InterfaceKey<PromotableAllocation>(
  'PromotableAllocationOpInterface',
);
export const PromotableMemoryInterface = new InterfaceKey<PromotableMemory>(
  'PromotableMemOpInterface',
);
export const DestructurableAllocationInterface = new InterfaceKey<DestructurableAllocation>(
  'DestructurableAllocationOpInterface',
);
export const DestructurableAccessInterface = new InterfaceKey<DestructurableAccess>(
  'DestructurableAccessorOpInterface',
);
