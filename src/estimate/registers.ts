/** Registers that one thread needs, from the fragments that are alive together and what operations hold beside them. */

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
import { copyParts, isLoop } from '../schedule/index.js';
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

/** 32-bit registers of a fragment in one thread. */
function fragmentRegisters(type: TileFragmentType): number {
  const { layout } = type;
  if (!(layout instanceof LayoutFragmentAttr)) return 0;
  return registersOf((layout.fragment as Fragment).registers, bitWidth(type.elementType) ?? 32);
}

function registersOf(elements: number, bits: number): number {
  return Math.ceil((elements * bits) / 32);
}

/** @param kernel with layouts for all tiles. */
export function estimateRegisters(kernel: Operation, target: Target): RegisterEstimate {
  const positions = new Map<Operation, { start: number; end: number }>();
  const order: Operation[] = [];
  number(kernel, positions, order);
  const live = new Int32Array(order.length + 1);
  kernel.walk((op) => {
    if (op.name.text !== 'tile.alloc') return;
    for (const tile of op.results) {
      if (!(tile.type instanceof TileFragmentType)) continue;
      const range = liveRange(tile, kernel, positions);
      if (range === undefined) continue;
      for (let at = range.start; at <= range.end; at++) live[at] += fragmentRegisters(tile.type);
    }
  });
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

/** Numbers operations in program order; a region lies between the numbers of its operation. */
function number(
  root: Operation,
  positions: Map<Operation, { start: number; end: number }>,
  order: Operation[],
): void {
  root.walk(
    (op) => void (positions.set(op, { start: order.length, end: 0 }), order.push(op)),
    'pre',
  );
  root.walk((op) => {
    let last = positions.get(op)!.start;
    for (const region of op.regions)
      for (const block of region.blocks())
        for (const nested of block.operations()) last = Math.max(last, positions.get(nested)!.end);
    positions.get(op)!.end = last;
  });
}

/** From the first to the last use; the whole of a loop that gets the contents from before or hands them on. */
function liveRange(
  tile: Value,
  kernel: Operation,
  positions: ReadonlyMap<Operation, { start: number; end: number }>,
): { start: number; end: number } | undefined {
  const users = [...new Set(tile.users())].sort(
    (a, b) => positions.get(a)!.start - positions.get(b)!.start,
  );
  if (users.length === 0) return undefined;
  let start = positions.get(users[0])!.start;
  let end = positions.get(users[users.length - 1])!.end;
  for (const user of users) {
    for (let loop = user.parentOp; loop !== null && loop !== kernel; loop = loop.parentOp) {
      if (!isLoop(loop) || loop.isProperAncestorOf(tile.definingOp!)) continue;
      const inside = users.filter((other) => loop.isProperAncestorOf(other));
      const isOwn = inside.length === users.length && setsAnew(inside[0], tile);
      if (isOwn) continue;
      start = Math.min(start, positions.get(loop)!.start);
      end = Math.max(end, positions.get(loop)!.end);
    }
  }
  return { start, end };
}

function setsAnew(op: Operation, tile: Value): boolean {
  if (op.name.text === 'tile.clear' || op.name.text === 'tile.fill') return true;
  if (op.name.text !== 'tile.copy') return false;
  const { source, destination } = copyParts(op);
  return destination === tile && source !== tile;
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
