/** What one thread does with memory: allocations, views of bytes, vectors, copies, atomic updates. */

import type { IntegerAttr, VectorType } from '../../../ir/index.js';
import { type Operation, type Value } from '../../../ir/index.js';
import { failUndefined, formatShape } from '../access.js';
import { rowMajorStrides, viewOf, type View } from '../buffer.js';
import {
  describe,
  fail,
  operandSegments,
  type Compilation,
  type Evaluator,
} from '../compilation.js';

export interface Elements {
  readonly view: View;
  /** Of the first, in the buffer. */
  readonly offset: number;
}

/** Where `count` consecutive elements begin that an instruction names by the indices of the first. */
export function elementOffset(
  op: Operation,
  scope: Compilation,
  memref: Value,
  indices: readonly Value[],
): (count: number) => Elements {
  const view = scope.view(memref);
  const read = scope.integers(indices, op);
  return (count) => {
    const at = view();
    const place = read();
    let offset = 0;
    place.forEach((index, dimension) => {
      if (!(index >= 0 && index < at.shape[dimension])) failPlace(op, memref, place, at);
      offset += index * at.strides[dimension];
    });
    if (offset + count > at.size) failPlace(op, memref, place, at, count);
    return { view: at, offset: at.offset + offset };
  };
}

function failPlace(op: Operation, memref: Value, place: number[], view: View, count = 1): never {
  const what = count === 1 ? 'element' : `${count} elements from`;
  fail(
    op,
    `${what} [${place.join(', ')}] ${count === 1 ? 'is' : 'are'} outside of ${describe(memref)}, whose shape is ${formatShape(view.shape)}`,
    [view.buffer.origin()],
  );
}

const allocate: Evaluator = (op, scope) => {
  const shape = scope.shape(op.result.type, op);
  const format = scope.elementFormat(op.result.type, op);
  const sizes = scope.integers(operandSegments(op)[0], op);
  const slot = scope.slot(op.result);
  return () => {
    const dynamic = sizes();
    let next = 0;
    const extents = shape.map((extent) => (extent < 0 ? dynamic[next++] : extent));
    scope.objects[slot] = scope.allocate(op, extents, format);
  };
};

/** Bytes as elements of another type. */
const view: Evaluator = (op, scope) => {
  const [source, shift, ...sizes] = op.operands;
  const from = scope.view(source);
  const byteShift = scope.integer(shift, op);
  const shape = scope.shape(op.result.type, op);
  const dynamic = scope.integers(sizes, op);
  const format = scope.elementFormat(op.result.type, op);
  const slot = scope.slot(op.result);
  return () => {
    const { buffer, offset } = from();
    const extents = dynamic();
    let next = 0;
    const bits = (offset + byteShift()) * 8;
    const result = viewOf(
      buffer.readAs(format),
      bits / format.storageBits,
      shape.map((extent) => (extent < 0 ? extents[next++] : extent)),
    );
    if (!Number.isInteger(result.offset))
      fail(op, `byte ${bits / 8} is no multiple of an element's ${format.storageBits / 8}`);
    if (result.offset + result.size > result.buffer.data.length)
      fail(
        op,
        `the view ends at byte ${((result.offset + result.size) * format.storageBits) / 8}, outside of ${describe(source)}`,
      );
    scope.objects[slot] = result;
  };
};

/** The same memory under another type. */
const alias: Evaluator = (op, scope) => scope.moves([op.operand(0)], [op.result]);

const rank: Evaluator = (op, scope) => {
  const view = scope.view(op.operand(0));
  const set = scope.setInteger(op.result, op);
  return () => set(view().shape.length);
};

const copy: Evaluator = (op, scope) => {
  const [source, target] = op.operands;
  const [from, to] = [scope.view(source), scope.view(target)];
  return () => {
    const [read, written] = [from(), to()];
    if (formatShape(read.shape) !== formatShape(written.shape))
      fail(
        op,
        `expected the same shapes, found ${formatShape(read.shape)} and ${formatShape(written.shape)}`,
      );
    const hole = read.buffer.findUndefined(read.offset, read.size);
    if (hole !== -1) failUndefined(op, source, read, hole);
    const elements = read.buffer.data.slice(read.offset, read.offset + read.size);
    elements.forEach((element, i) => (written.buffer.data[written.offset + i] = element as never));
    written.buffer.defineRange(written.offset, written.size);
  };
};

type Element = number | bigint;

/** Offsets of a vector's elements from the first; the vector lies along the last dimensions. */
function vectorOffsets(shape: readonly number[], strides: readonly number[]): number[] {
  const own = rowMajorStrides(shape);
  const lead = strides.length - shape.length;
  const count = shape.reduce((product, extent) => product * extent, 1);
  return Array.from({ length: count }, (_, i) =>
    shape.reduce(
      (sum, extent, d) => sum + (Math.floor(i / own[d]) % extent) * strides[lead + d],
      0,
    ),
  );
}

function vectorPlaces(
  op: Operation,
  scope: Compilation,
  memref: Value,
  indices: readonly Value[],
  type: VectorType,
): () => { view: View; offsets: number[] } {
  const view = scope.view(memref);
  const read = scope.integers(indices, op);
  const { shape } = type;
  let strides: readonly number[] | undefined;
  let relative: number[] = [];
  return () => {
    const at = view();
    const place = read();
    if (at.strides !== strides) {
      ({ strides } = at);
      relative = vectorOffsets(shape, at.strides);
    }
    const lead = place.length - shape.length;
    let start = at.offset;
    place.forEach((index, dimension) => {
      const last = index + (dimension < lead ? 1 : shape[dimension - lead]);
      if (!(index >= 0 && last <= at.shape[dimension]))
        failPlace(op, memref, place, at, relative.length);
      start += index * at.strides[dimension];
    });
    return { view: at, offsets: relative.map((offset) => start + offset) };
  };
}

const vectorLoad: Evaluator = (op, scope) => {
  const [memref, ...indices] = op.operands;
  const places = vectorPlaces(op, scope, memref, indices, op.result.type as VectorType);
  const slot = scope.slot(op.result);
  return () => {
    const { view, offsets } = places();
    const { buffer } = view;
    scope.objects[slot] = offsets.map((at): Element => {
      if (buffer.isUndefined(at)) failUndefined(op, memref, view, at);
      return buffer.data[at];
    });
  };
};

const vectorStore: Evaluator = (op, scope) => {
  const [value, memref, ...indices] = op.operands;
  const places = vectorPlaces(op, scope, memref, indices, value.type as VectorType);
  const slot = scope.slot(value);
  return () => {
    const { view, offsets } = places();
    const values = scope.objects[slot] as readonly Element[];
    offsets.forEach((at, i) => {
      view.buffer.data[at] = values[i] as never;
      view.buffer.define(at);
    });
  };
};

/** A copy that has arrived when the next operation begins. */
const asyncCopy: Evaluator = (op, scope) => {
  const [[destination], to, [source], from, guard] = operandSegments(op);
  const format = scope.elementFormat(source.type, op);
  const count = ((op.getAttribute('bytes') as IntegerAttr).number * 8) / format.storageBits;
  const write = elementOffset(op, scope, destination, to);
  const read = elementOffset(op, scope, source, from);
  const condition = guard?.[0] === undefined ? undefined : scope.integer(guard[0], op);
  return () => {
    const target = write(count);
    const isInside = condition === undefined || condition() !== 0;
    const values: Element[] = new Array<Element>(count).fill(format.isBig ? 0n : 0);
    if (isInside) {
      const { view, offset } = read(count);
      const hole = view.buffer.findUndefined(offset, count);
      if (hole !== -1) failUndefined(op, source, view, hole);
      for (let i = 0; i < count; i++) values[i] = view.buffer.data[offset + i];
    }
    values.forEach((value, i) => {
      target.view.buffer.data[target.offset + i] = value as never;
      target.view.buffer.define(target.offset + i);
    });
  };
};

const bits = new DataView(new ArrayBuffer(4));

/** To the 10 mantissa bits of tf32, ties away from zero; infinities and NaN stay. */
function roundTf32(value: number): number {
  if (!Number.isFinite(value)) return value;
  bits.setFloat32(0, value);
  bits.setInt32(0, (bits.getInt32(0) + 0x1000) & ~0x1fff);
  return bits.getFloat32(0);
}

const roundRegisters: Evaluator = (op, scope) => {
  const registers = scope.view(op.operand(0));
  return () => {
    const { buffer, offset, size } = registers();
    const hole = buffer.findUndefined(offset, size);
    if (hole !== -1) failUndefined(op, op.operand(0), registers(), hole);
    for (let at = offset; at < offset + size; at++)
      buffer.data[at] = roundTf32(buffer.data[at] as number) as never;
  };
};

/** In the order of the numbers of `arith.atomic_rmw_kind`; for numbers, and for integers of more than 32 bits. */
const updates: readonly ((old: number, value: number) => number)[] = [
  (old, value) => old + value,
  (old, value) => old + value,
  (_, value) => value,
  Math.max,
  Math.max,
  (old, value) => Math.max(old >>> 0, value >>> 0),
  Math.min,
  Math.min,
  (old, value) => Math.min(old >>> 0, value >>> 0),
  (old, value) => old * value,
  Math.imul,
  (old, value) => old | value,
  (old, value) => old & value,
  (old, value) => (old !== old ? value : value !== value ? old : Math.max(old, value)),
  (old, value) => (old !== old ? value : value !== value ? old : Math.min(old, value)),
];

const atomicUpdate: Evaluator = (op, scope) => {
  const [value, memref, ...indices] = op.operands;
  const format = scope.format(value.type, op);
  const update = updates[(op.getAttribute('kind') as IntegerAttr).number];
  if (update === undefined || format.isBig)
    fail(op, `an atomic update of '${format.type}' of this kind cannot be interpreted`);
  const place = elementOffset(op, scope, memref, indices);
  const [from, to] = [scope.slot(value), scope.slot(op.result)];
  const { numbers } = scope;
  return () => {
    const { view, offset } = place(1);
    const { buffer } = view;
    if (buffer.isUndefined(offset)) failUndefined(op, memref, view, offset);
    const old = buffer.data[offset] as number;
    buffer.data[offset] = format.round(update(old, numbers[from])) as never;
    numbers[to] = old;
  };
};

const atomicAddPair: Evaluator = (op, scope) => {
  const [[source], from, [destination], to] = operandSegments(op);
  const format = scope.elementFormat(destination.type, op);
  const [read, write] = [
    elementOffset(op, scope, source, from),
    elementOffset(op, scope, destination, to),
  ];
  return () => {
    const [values, place] = [read(2), write(2)];
    const { buffer } = place.view;
    for (let i = 0; i < 2; i++) {
      const at = place.offset + i;
      if (values.view.buffer.isUndefined(values.offset + i))
        failUndefined(op, source, values.view, values.offset + i);
      if (buffer.isUndefined(at)) failUndefined(op, destination, place.view, at);
      const sum =
        (buffer.data[at] as number) + (values.view.buffer.data[values.offset + i] as number);
      buffer.data[at] = format.round(sum) as never;
    }
  };
};

/** One of the elements of a byte, as a signed number. */
const packedLoad: Evaluator = (op, scope) => {
  const [element, memref, ...indices] = op.operands;
  const bits = (op.getAttribute('bits') as IntegerAttr).number;
  const place = elementOffset(op, scope, memref, indices);
  const number = scope.integer(element, op);
  const to = scope.slot(op.result);
  const { numbers } = scope;
  return () => {
    const { view, offset } = place(1);
    if (view.buffer.isUndefined(offset)) failUndefined(op, memref, view, offset);
    const byte = view.buffer.data[offset] as number;
    numbers[to] = (byte << (32 - bits - number() * bits)) >> (32 - bits);
  };
};

/** One of the elements of a byte; those that nobody has written yet are 0 then. */
const packedStore: Evaluator = (op, scope) => {
  const [value, element, memref, ...indices] = op.operands;
  const bits = (op.getAttribute('bits') as IntegerAttr).number;
  const place = elementOffset(op, scope, memref, indices);
  const number = scope.integer(element, op);
  const from = scope.slot(value);
  const { numbers } = scope;
  return () => {
    const { view, offset } = place(1);
    const { buffer } = view;
    const shift = number() * bits;
    const mask = (2 ** bits - 1) << shift;
    const before = buffer.isUndefined(offset) ? 0 : (buffer.data[offset] as number);
    const after = (before & ~mask) | ((numbers[from] << shift) & mask);
    buffer.data[offset] = ((after << 24) >> 24) as never;
    buffer.define(offset);
  };
};

export const registerEvaluators: readonly (readonly [string, Evaluator])[] = [
  ['memref.alloca', allocate],
  ['memref.alloc', allocate],
  ['memref.dealloc', () => () => {}],
  ['memref.view', view],
  ['memref.cast', alias],
  ['memref.memory_space_cast', alias],
  ['memref.rank', rank],
  ['memref.copy', copy],
  ['memref.prefetch', () => () => {}],
  ['memref.atomic_rmw', atomicUpdate],
  ['nv.atomic_add_pair', atomicAddPair],
  ['amd.atomic_add_pair', atomicAddPair],
  ['vector.load', vectorLoad],
  ['vector.store', vectorStore],
  ['packed.load', packedLoad],
  ['packed.store', packedStore],
  ['nv.cp_async', asyncCopy],
  ['nv.round_tf32', roundRegisters],
];
