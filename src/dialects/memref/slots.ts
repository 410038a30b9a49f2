/** Stack buffers as memory that may become values. */

import {
  DYNAMIC,
  IntegerAttr,
  MemRefType,
  type Builder,
  type Location,
  type Operation,
  type ShapedType,
  type Type,
  type Value,
} from '../../ir/index.js';
import { zeroOf } from '../arith/constants.js';
import { implement, type InterfaceEntry } from '../hook-types.js';
import {
  DestructurableAccessInterface,
  DestructurableAllocationInterface,
  PromotableAllocationInterface,
  PromotableMemoryInterface,
} from '../memory-slots.js';

/** Larger buffers stay in one piece. */
const MOST_ELEMENTS = 16;

function staticSize({ shape }: ShapedType): number | undefined {
  return shape.includes(DYNAMIC) ? undefined : shape.reduce((a, b) => a * b, 1);
}

/** Whether memory of a type holds one value. */
export const isSlot = (type: ShapedType): boolean => staticSize(type) === 1;

/** Number of elements that may live apart, if they may. */
export function destructuredCount(type: ShapedType): number | undefined {
  const size = staticSize(type);
  return size === undefined || size <= 1 || size > MOST_ELEMENTS ? undefined : size;
}

/** What a slot of numbers holds before anything is written. */
export function zeroSlot(type: Type, builder: Builder, location: Location): Value {
  return builder.create('arith.constant', {
    attributes: { value: zeroOf(type) },
    resultTypes: [type],
    location,
  }).result;
}

export const stackSlots: readonly InterfaceEntry[] = [
  implement(PromotableAllocationInterface, {
    slots: (op) => {
      const type = op.result.type as MemRefType;
      if (!isSlot(type)) return [];
      return [{ pointer: op.result, elementType: type.elementType }];
    },
    defaultValue: ({ elementType: type }, builder, location) => {
      if (type instanceof MemRefType)
        return builder.create('memref.alloca', {
          resultTypes: [type],
          location,
        }).result;
      return zeroSlot(type, builder, location);
    },
  }),
  implement(DestructurableAllocationInterface, {
    elementCount: (op) => destructuredCount(op.result.type as MemRefType),
    allocateElement: (op, builder) => {
      const { elementType, memorySpace } = op.result.type as MemRefType;
      const type = MemRefType.get([], elementType, undefined, memorySpace);
      const pointer = builder.create('memref.alloca', {
        resultTypes: [type],
        attributes: Object.fromEntries(op.properties.entries()),
        location: op.location,
      }).result;
      return { pointer, elementType };
    },
  }),
];

/** The element that constant indices within bounds name: `0,1`. */
function elementOf(memory: Value, indices: readonly Value[]): string | undefined {
  const { shape } = memory.type as ShapedType;
  const found: number[] = [];
  for (let dim = 0; dim < shape.length; dim++) {
    const source = indices[dim].definingOp;
    const constant = source?.name.isConstantLike ? source.getAttribute('value') : undefined;
    if (!(constant instanceof IntegerAttr)) return undefined;
    const index = constant.number;
    if (index < 0 || index >= shape[dim]) return undefined;
    found.push(index);
  }
  return found.join();
}

/** `access` for a load or store with the buffer at an operand position and the indices behind it. */
function accessOf(position: number): readonly InterfaceEntry[] {
  const isAccess = (op: Operation, memory: Value): boolean =>
    op.opOperands.every(({ value }, index) => (value === memory) === (index === position));
  return [
    implement(PromotableMemoryInterface, {
      loads: (op, { pointer }) => position === 0 && isAccess(op, pointer),
      storedValue: (op, { pointer }) =>
        position === 1 && isAccess(op, pointer) ? op.operand(0) : undefined,
    }),
    implement(DestructurableAccessInterface, {
      element: (op, memory) =>
        isAccess(op, memory) ? elementOf(memory, op.operands.slice(position + 1)) : undefined,
      rewire: (op, _memory, { pointer }) =>
        op.setOperands([...op.operands.slice(0, position), pointer]),
    }),
  ];
}

export const loadOfSlot = accessOf(0);
export const storeToSlot = accessOf(1);
