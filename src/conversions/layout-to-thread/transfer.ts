/** Moves a fragment's registers to or from memory, in the widest vectors that both sides allow. */

import type { IntegerAnalysis } from '../../analysis/integer-facts.js';
import {
  DenseElementsAttr,
  FloatType,
  MemRefType,
  VectorType,
  type ShapedType,
  type Type,
  type Value,
} from '../../ir/index.js';
import {
  splitModes,
  vectorWidth as layoutVectorWidth,
  type ComposedLayout,
  type Fragment,
  type Layout,
} from '../../layout/index.js';
import { globalVectorWidth, openBounds, type GlobalRegion } from '../support/global-access.js';
import { type Index } from '../support/index-builder.js';
import { buildOffset, type IndexSum } from '../support/index-sum.js';
import { castSign, convertElement, signless, zeroOf } from './elements.js';
import { registerShape, type RegisterIndex, type ThreadBuilder } from './thread-builder.js';

/** Memory that a tile is moved to or from: one element of it, and what is known of its neighbours. */
export interface TileMemory {
  readonly elementType: Type;
  /** The dimension along which elements are neighbours in memory. */
  readonly contiguousDimension: number;
  /** Most elements that one access may move along that dimension. */
  readonly maxWidth: number;
  /** Where an element lies, as indices of `memref`. */
  place(thread: ThreadBuilder, coordinates: readonly IndexSum[]): Index[];
  /** Whether an element exists; undefined where that is certain. */
  isInside(thread: ThreadBuilder, coordinates: readonly IndexSum[]): Value | undefined;
  readonly memref: Value;
}

/** A shared tile, with the layout that inference gave it. */
export function sharedMemory(
  memref: Value,
  layout: Layout | ComposedLayout,
  elementBits: number,
): TileMemory {
  const rank = 'layout' in layout ? layout.layout.rank : layout.rank;
  const widths = Array.from({ length: rank }, (_, dimension) =>
    layoutVectorWidth(layout, { elementBits, dimension }),
  );
  const dimension = widths.lastIndexOf(Math.max(...widths));
  return {
    memref,
    elementType: (memref.type as ShapedType).elementType,
    contiguousDimension: dimension,
    maxWidth: widths[dimension],
    place: (thread, coordinates) => [buildOffset(thread.index, layout, coordinates)],
    isInside: () => undefined,
  };
}

/** A part of a global tensor. Elements outside the tensor read as zero and are not written. */
export function globalMemory(
  memref: Value,
  region: GlobalRegion,
  analysis: IntegerAnalysis,
): TileMemory {
  const type = memref.type as MemRefType;
  const open = openBounds(region, analysis);
  const place = (thread: ThreadBuilder, coordinates: readonly IndexSum[]): Index[] => {
    const indices: Index[] = type.shape.map((_, dimension) => region.indices[dimension] ?? 0);
    coordinates.forEach((sum, tileDimension) => {
      const dimension = region.dims[tileDimension];
      indices[dimension] = thread.index.add(indices[dimension], thread.total(sum));
    });
    return indices;
  };
  return {
    memref,
    elementType: type.elementType,
    contiguousDimension: region.extents.length - 1,
    maxWidth: globalVectorWidth(region, analysis),
    place,
    isInside: (thread, coordinates) => {
      const indices = place(thread, coordinates);
      const conditions = open.flatMap(({ below, above }, dimension) => [
        ...(below ? [thread.index.compare('sge', indices[dimension], 0)] : []),
        ...(above
          ? [
              thread.index.compare(
                'slt',
                indices[dimension],
                thread.tensorExtent(memref, dimension),
              ),
            ]
          : []),
      ]);
      return thread.index.all(conditions);
    },
  };
}

/** How a fragment's registers group into memory accesses. */
interface AccessPlan {
  /** The top-level value mode whose neighbours are neighbours in memory. */
  readonly mode: number;
  /** Elements of one access. */
  readonly width: number;
}

/** The widest accesses along `dimension`: a value mode that steps by one there while all else steps by multiples. */
export function planAccesses(fragment: Fragment, dimension: number, maxWidth: number): AccessPlan {
  const thread = splitModes(fragment.thread, fragment.shape);
  const value = splitModes(fragment.value, fragment.shape);
  if (typeof thread === 'string' || typeof value === 'string') {
    const { size } = fragment.value.modes[0];
    let width = largestPower(Math.min(fragment.vectorWidth, maxWidth, size));
    while (size % width !== 0) width /= 2;
    return { mode: 0, width: dimension === fragment.shape.length - 1 ? width : 1 };
  }
  let leafStart = 0;
  for (const [mode, layout] of fragment.value.modes.entries()) {
    const lead = value.find(
      (candidate) => candidate.leaf === leafStart && candidate.leafDivisor === 1,
    );
    leafStart += layout.shapes.length;
    const isUnit =
      lead !== undefined && lead.steps.every((step, d) => step === (d === dimension ? 1 : 0));
    if (!isUnit || lead.extent === 1) continue;
    let width = largestPower(Math.min(lead.extent, maxWidth));
    const others = [...thread, ...value].filter((other) => other !== lead && other.extent > 1);
    while (
      width > 1 &&
      (lead.extent % width !== 0 || others.some((other) => other.steps[dimension] % width !== 0))
    ) {
      width /= 2;
    }
    return { mode, width };
  }
  return { mode: 0, width: 1 };
}

function largestPower(number: number): number {
  return 2 ** Math.floor(Math.log2(Math.max(1, number)));
}

const MODE_NAMES = ['e', 'j', 'i', 'h', 'g'];

/** Reads every register of a fragment from memory; what lies outside reads as zero. */
export function loadFragment(
  thread: ThreadBuilder,
  memory: TileMemory,
  fragment: Fragment,
  registers: Value,
): void {
  transfer(thread, memory, fragment, (access) => {
    const { builder } = thread;
    const registerType = (registers.type as ShapedType).elementType;
    const isWhole = access.isWholeRow && registerType === memory.elementType;
    if (access.width === 1) {
      const value = thread.conditionalValue(
        access.isInside,
        memory.elementType,
        () => loadElement(thread, memory.memref, access.place()),
        () => zeroOf(builder, memory.elementType),
      );
      const converted = convertElement(builder, value, registerType);
      storeElement(thread, converted, registers, access.registerAt(0));
      return;
    }
    const target = isWhole
      ? registers
      : thread.registers([access.width], memory.elementType, 'vector');
    const place = isWhole ? access.registerAt(0) : [0];
    thread.conditional(
      access.isInside,
      () => moveVector(thread, memory.memref, access.place(), target, place, access.width),
      () => fillRegisters(thread, target, place, access.width),
    );
    if (isWhole) return;
    thread.loop('e', access.width, (element) => {
      const value = loadElement(thread, target, [element]);
      storeElement(
        thread,
        convertElement(builder, value, registerType),
        registers,
        access.registerAt(element),
      );
    });
  });
}

/** Writes every register of a fragment to memory; what lies outside is dropped. */
export function storeFragment(
  thread: ThreadBuilder,
  fragment: Fragment,
  registers: Value,
  memory: TileMemory,
): void {
  const isFirstCopy = thread.isFirstCopy(fragment);
  transfer(thread, memory, fragment, (access) => {
    const { builder } = thread;
    const registerType = (registers.type as ShapedType).elementType;
    const isWritten = thread.index.all([isFirstCopy, access.isInside]);
    thread.conditional(isWritten, () => {
      if (access.width === 1) {
        const value = loadElement(thread, registers, access.registerAt(0));
        storeElement(
          thread,
          convertElement(builder, value, memory.elementType),
          memory.memref,
          access.place(),
        );
        return;
      }
      if (access.isWholeRow && registerType === memory.elementType) {
        moveVector(
          thread,
          registers,
          access.registerAt(0),
          memory.memref,
          access.place(),
          access.width,
        );
        return;
      }
      const vector = convertedVector(thread, registers, access, memory.elementType);
      moveVector(thread, vector, [0], memory.memref, access.place(), access.width);
    });
  });
}

/** Hands every register of a fragment, in the memory's element type, to `update` with its place in memory. */
export function updateFromFragment(
  thread: ThreadBuilder,
  fragment: Fragment,
  registers: Value,
  memory: TileMemory,
  update: (value: Value, place: readonly Index[]) => void,
): void {
  const isFirstCopy = thread.isFirstCopy(fragment);
  transfer(thread, { ...memory, maxWidth: 1 }, fragment, (access) => {
    const conditions = [isFirstCopy, access.isInside];
    thread.conditional(thread.index.all(conditions), () => {
      const value = loadElement(thread, registers, access.registerAt(0));
      update(convertElement(thread.builder, value, memory.elementType), access.place());
    });
  });
}

/** Hands every `width` neighbouring registers of a fragment, in the memory's element type, to `update` with their place. */
export function updateVectorsFromFragment(
  thread: ThreadBuilder,
  fragment: Fragment,
  registers: Value,
  memory: TileMemory,
  update: (vector: { registers: Value; indices: Index[] }, place: readonly Index[]) => void,
): void {
  const isFirstCopy = thread.isFirstCopy(fragment);
  const registerType = (registers.type as ShapedType).elementType;
  transfer(thread, memory, fragment, (access) => {
    const conditions = [isFirstCopy, access.isInside];
    thread.conditional(thread.index.all(conditions), () => {
      const vector =
        access.isWholeRow && registerType === memory.elementType
          ? { registers, indices: access.registerAt(0).slice(0, -1) }
          : {
              registers: convertedVector(thread, registers, access, memory.elementType),
              indices: [],
            };
      update(vector, access.place());
    });
  });
}

/** The registers of one access in an array of their own, in another element type. */
function convertedVector(
  thread: ThreadBuilder,
  registers: Value,
  access: Access,
  elementType: Type,
): Value {
  const vector = thread.registers([access.width], elementType, 'vector');
  thread.loop('e', access.width, (element) => {
    const value = loadElement(thread, registers, access.registerAt(element));
    storeElement(thread, convertElement(thread.builder, value, elementType), vector, [element]);
  });
  return vector;
}

interface Access {
  readonly width: number;
  /** Whether the access takes exactly the last dimension of the register array. */
  readonly isWholeRow: boolean;
  readonly isInside: Value | undefined;
  place(): Index[];
  /** Indices of the register array for an element of the access. */
  registerAt(element: Index): Index[];
}

/** Loops over the accesses that move a whole fragment. */
function transfer(
  thread: ThreadBuilder,
  memory: TileMemory,
  fragment: Fragment,
  build: (access: Access) => void,
): void {
  const plan = planAccesses(fragment, memory.contiguousDimension, memory.maxWidth);
  const sizes = fragment.value.modes.map((mode) => mode.size);
  const counts = sizes
    .map((size, mode) => ({
      name: MODE_NAMES[mode] ?? 'r',
      count: mode === plan.mode ? size / plan.width : size,
    }))
    .reverse();
  thread.loops(counts, (variables) => {
    const position = [...variables].reverse();
    const registersAt = (element: Index): RegisterIndex =>
      position.map((variable, mode) =>
        mode === plan.mode
          ? thread.index.add(thread.index.multiply(variable, plan.width), element)
          : variable,
      );
    const { sums, isHeld } = thread.coordinates(fragment, registersAt(0));
    const inside = memory.isInside(thread, sums);
    build({
      width: plan.width,
      isWholeRow: plan.mode === 0 && plan.width === sizes[0],
      isInside: thread.index.all([isHeld, inside]),
      place: () => memory.place(thread, sums),
      registerAt: (element) => [...registersAt(element)].reverse(),
    });
  });
}

export function loadElement(
  thread: ThreadBuilder,
  memref: Value,
  indices: readonly Index[],
): Value {
  return thread.builder.create('memref.load', {
    operands: [memref, ...thread.index.values(indices)],
    resultTypes: [(memref.type as ShapedType).elementType],
  }).result;
}

export function storeElement(
  thread: ThreadBuilder,
  value: Value,
  memref: Value,
  indices: readonly Index[],
): void {
  thread.builder.create('memref.store', {
    operands: [value, memref, ...thread.index.values(indices)],
  });
}

/** One vector access: `width` neighbouring elements from one memref to another of the same element type. */
export function moveVector(
  thread: ThreadBuilder,
  from: Value,
  fromIndices: readonly Index[],
  to: Value,
  toIndices: readonly Index[],
  width: number,
): void {
  const { elementType } = from.type as ShapedType;
  const vector = thread.builder.create('vector.load', {
    operands: [from, ...thread.index.values(fromIndices)],
    resultTypes: [VectorType.get([width], elementType)],
  }).result;
  thread.builder.create('vector.store', {
    operands: [vector, to, ...thread.index.values(toIndices)],
  });
}

/** Sets `width` neighbouring registers to zero. */
export function fillRegisters(
  thread: ThreadBuilder,
  registers: Value,
  indices: readonly Index[],
  width: number,
): void {
  const { elementType } = registers.type as ShapedType;
  storeSplat(thread, zeroSplat(VectorType.get([width], elementType)), registers, indices);
}

function zeroSplat(type: VectorType): DenseElementsAttr {
  return DenseElementsAttr.get(type, [type.elementType instanceof FloatType ? 0 : 0n]);
}

export function storeSplat(
  thread: ThreadBuilder,
  splat: DenseElementsAttr,
  registers: Value,
  indices: readonly Index[],
): void {
  const plain = signless(splat.type) as VectorType;
  const constant = thread.builder.create('arith.constant', {
    resultTypes: [plain],
    attributes: { value: DenseElementsAttr.get(plain, splat.values) },
  }).result;
  thread.builder.create('vector.store', {
    operands: [
      castSign(thread.builder, constant, splat.type),
      registers,
      ...thread.index.values(indices),
    ],
  });
}

/** The register array of a fragment, as a type. */
export function registerArrayType(
  fragment: Fragment,
  elementType: Type,
  space: MemRefType['memorySpace'],
): MemRefType {
  return MemRefType.get(registerShape(fragment), elementType, undefined, space);
}
