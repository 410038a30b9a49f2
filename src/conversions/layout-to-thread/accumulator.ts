/** Registers in another element type: sums that are wider than the accumulator that they end in, converted operands. */

import type { ShapedType, Type, Value } from '../../ir/index.js';
import { convertElement } from './elements.js';
import type { ThreadBuilder } from './thread-builder.js';
import { loadElement, storeElement } from './transfer.js';

/**
 * Lets `build` add to registers of type `sum` that begin with what `registers` hold, and rounds the result back to
 * them; where the types are equal the registers themselves are handed over.
 */
export function withAccumulator(
  thread: ThreadBuilder,
  registers: Value,
  sum: Type,
  build: (sums: Value) => void,
): void {
  const { elementType, shape } = registers.type as ShapedType;
  if (elementType === sum) return build(registers);
  const sums = thread.registers(shape, sum, 'sums');
  convertRegisters(thread, registers, sums);
  build(sums);
  convertRegisters(thread, sums, registers);
}

/** Converts all registers of one array to those of another of the same shape. */
export function convertRegisters(thread: ThreadBuilder, from: Value, to: Value): void {
  const { shape, elementType } = to.type as ShapedType;
  thread.loops(
    shape.map((count, i) => ({ name: 'ijklmn'[i], count })),
    (indices) => {
      const value = loadElement(thread, from, indices);
      storeElement(thread, convertElement(thread.builder, value, elementType), to, indices);
    },
  );
}
