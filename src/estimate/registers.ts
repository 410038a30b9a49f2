/** Registers that one thread needs, from the fragments that are alive together and what operations hold beside them. */

import { fragmentRegisters, liveFragments } from '../conversions/support/live-fragments.js';
import { LayoutFragmentAttr } from '../dialects/generated/layout.js';
import { TileFragmentType } from '../dialects/generated/tile.js';
import {
  bitWidth,
  DenseArrayAttr,
  IntegerAttr,
  MemRefType,
  StringAttr,
  type Operation,
  type ShapedType,
  type Value,
} from '../ir/index.js';
import { findMatrixInstruction, LayoutError, type Fragment } from '../layout/index.js';
import { copyParts } from '../schedule/index.js';
import type { Target } from '../targets/target.js';

export interface RegisterEstimate {
  /** No compiler can do with less: fragments that are alive at once, and the operands of one matrix instruction. */
  readonly atLeast: number;
  /** With the operands of a whole step, copies under way, addresses and counters: what compilers are found to need. */
  readonly expected: number;
}

/** Measured: what nvcc and clang use for addresses, loop counters and predicates. */
const BASE = 10;
/** Measured: what they use beyond that in kernels with matrix instructions. */
const PRODUCT_BASE = 7;
/** Measured: what they keep of places and guards where copies to shared memory move single narrow elements. */
const NARROW_COPIES = 24;
/** Measured: how much of an accumulator clang has twice while it is converted, once where matrix instructions put it. */
const CONVERTED_TWICE = 0.5;

function registersOf(elements: number, bits: number): number {
  return Math.ceil((elements * bits) / 32);
}

/** @param kernel with layouts for all tiles. */
export function estimateRegisters(kernel: Operation, target: Target): RegisterEstimate {
  const { order, ranges } = liveFragments(kernel);
  const live = new Int32Array(order.length + 1);
  for (const { start, end, registers } of ranges)
    for (let at = start; at <= end; at++) live[at] += registers;
  let [atLeast, expected] = [0, 0];
  for (const [at, op] of order.entries()) {
    const { least, likely } = heldBy(op, target);
    atLeast = Math.max(atLeast, live[at] + least);
    expected = Math.max(expected, live[at] + likely);
  }
  return { atLeast, expected: expected + beside(kernel, target) };
}

/** Registers that go with the kernel as a whole. */
function beside(kernel: Operation, target: Target): number {
  const accumulators = new Set<Value>();
  let hasNarrowCopies = false;
  kernel.walk((op) => {
    if (op.name.text === 'tile.gemm') accumulators.add(op.operand(2));
    if (op.name.text === 'tile.copy') hasNarrowCopies ||= movesNarrowElements(op);
  });
  if (accumulators.size === 0) return BASE;
  let registers = BASE + PRODUCT_BASE;
  if (hasNarrowCopies) registers += NARROW_COPIES;
  if (target.vendor === 'nvidia') return registers;
  kernel.walk((op) => {
    if (op.name.text !== 'tile.copy') return;
    const { source, destination } = copyParts(op);
    const [from, to] = [source, destination].map((value) => value.type as ShapedType);
    if (accumulators.has(source) && from.elementType !== to.elementType)
      registers += Math.ceil(fragmentRegisters(from as TileFragmentType) * CONVERTED_TWICE);
  });
  return registers;
}

/** Registers beside fragments while an operation runs: for one instruction, and as its code is written. */
function heldBy(op: Operation, target: Target): { least: number; likely: number } {
  switch (op.name.text) {
    case 'tile.gemm':
      return heldByGemm(op, target);
    case 'tile.copy':
      return heldByCopy(op, target);
    case 'tile.reduce':
      return { least: 0, likely: 4 };
    default:
      return { least: 0, likely: 0 };
  }
}

function heldByGemm(op: Operation, target: Target): { least: number; likely: number } {
  const [name, warps] = [op.getAttribute('instruction'), op.getAttribute('warps')];
  if (!(name instanceof StringAttr) || !(warps instanceof DenseArrayAttr))
    return { least: 2, likely: 16 };
  let instruction;
  try {
    instruction = findMatrixInstruction(name.value);
  } catch (error) {
    if (error instanceof LayoutError) return { least: 2, likely: 16 };
    throw error;
  }
  const [a, b, c] = op.operands;
  const bitsOf = (value: Value): number => bitWidth((value.type as ShapedType).elementType) ?? 32;
  const { m, n, k } = instruction;
  const one = (extent: number, value: Value): number =>
    registersOf((extent * k) / target.warp_size, bitsOf(value));
  const [rows, columns] = (c.type as ShapedType).shape;
  const repeats = [rows / warps.values[0] / m, columns / warps.values[1] / n];
  const inRegisters = [a, b].map((value) => value.type instanceof TileFragmentType);
  const [oneA, oneB] = [one(m, a), one(n, b)];
  const least = (inRegisters[0] ? 0 : oneA) + (inRegisters[1] ? 0 : oneB);
  const step = (inRegisters[0] ? 0 : oneA * repeats[0]) + (inRegisters[1] ? 0 : oneB * repeats[1]);
  return { least, likely: step };
}

/** Elements on their way between memories, and the addresses of the accesses that move them. */
function heldByCopy(op: Operation, target: Target): { least: number; likely: number } {
  const { source, destination } = copyParts(op);
  const layout = op.getAttribute('layout');
  if (!(layout instanceof LayoutFragmentAttr)) return { least: 0, likely: 0 };
  const fragment = layout.fragment as Fragment;
  const bits = bitWidth((source.type as ShapedType).elementType) ?? 32;
  const ends = [source, destination];
  const isGlobal = ends.some((value) => value.type instanceof MemRefType);
  const hasFragment = ends.some((value) => value.type instanceof TileFragmentType);
  const vectors = fragment.registers / fragment.vectorWidth;
  const isAsync =
    isGlobal &&
    !hasFragment &&
    destination.type instanceof MemRefType === false &&
    target.async_copy_bytes.includes((fragment.vectorWidth * bits) / 8) &&
    op.getAttribute('mode') !== StringAttr.get('sync');
  const vector = registersOf(fragment.vectorWidth, Math.max(bits, 8));
  const addresses = isGlobal ? 2 * Math.min(vectors, 4) : 0;
  if (isAsync) return { least: 0, likely: addresses };
  // Narrow elements are moved one by one, each in a register of its own.
  const moved = hasFragment
    ? vector
    : registersOf(fragment.registers, movesNarrowElements(op) ? 32 : bits);
  return { least: hasFragment ? 0 : vector, likely: moved + addresses };
}

/** Whether a copy between memories moves elements that are smaller than a register one by one. */
function movesNarrowElements(op: Operation): boolean {
  const { source, destination } = copyParts(op);
  const layout = op.getAttribute('layout');
  const hasFragment = [source, destination].some(({ type }) => type instanceof TileFragmentType);
  if (hasFragment || !(layout instanceof LayoutFragmentAttr)) return false;
  const { vectorWidth } = layout.fragment as Fragment;
  return vectorWidth * (bitWidth((source.type as ShapedType).elementType) ?? 32) < 32;
}

/** Threads of a block; 0 where they are not known. */
export function threadsOf(kernel: Operation): number {
  const threads = kernel.getAttribute('threads');
  return threads instanceof IntegerAttr ? threads.number : 0;
}
