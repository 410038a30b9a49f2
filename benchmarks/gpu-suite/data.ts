/** The suite's data: inputs from pools of numbers, and expected results by the interpreter. */

import type { Operation, Type } from '../../src/ir/index.js';
import { FloatType, IndexType, IntegerType, isShapedType } from '../../src/ir/index.js';
import { interpret, kernelArguments, kernelName } from '../../src/runtime/interpreter/index.js';
import { elementCount, formatOf, type Tensor } from '../../src/runtime/numerics/index.js';
import { createRandom, randomScalar, randomTensor } from '../../src/runtime/run/random.js';
import { evaluateSize, type KernelMetadata } from '../../src/targets/c-like/launch-metadata.js';

/** A prime, so that rows of matrices do not repeat at powers of two. */
export const POOL_LENGTH = 262_139;
/** Extents that are arguments: a multiple of a vector, but of no tile. */
const RUNTIME_EXTENT = 264;
/** Most elements of an output whose values the suite keeps. */
const MOST_SAMPLES = 8192;
/** FLOP that the interpreter may take for one case. */
const INTERPRETER_FLOP = 3e8;

const pools = new Map<Type, Tensor>();

/** Random numbers of a type, from which all tensors of that type are filled. */
export function poolOf(type: Type): Tensor {
  let pool = pools.get(type);
  if (pool === undefined) {
    pool = randomTensor(type, [POOL_LENGTH], createRandom(1, `pool ${type}`));
    pools.set(type, pool);
  }
  return pool;
}

/** The types that emitted kernels take. */
export function typeNamed(name: string): Type {
  const integer = /^(i|ui)(\d+)$/.exec(name);
  if (integer === null) return FloatType.get(name as Parameters<typeof FloatType.get>[0]);
  return IntegerType.get(Number(integer[2]), integer[1] === 'ui' ? 'unsigned' : 'signless');
}

export interface CaseData {
  readonly values: ReadonlyMap<string, Tensor | number | bigint>;
  /** Where in its pool an input begins. */
  readonly offsets: ReadonlyMap<string, number>;
  readonly shapes: ReadonlyMap<string, readonly number[]>;
}

/** Values for all arguments of a kernel. */
export function makeData(kernel: Operation, metadata: KernelMetadata): CaseData {
  const values = new Map<string, Tensor | number | bigint>();
  const [offsets, shapes] = [new Map<string, number>(), new Map<string, readonly number[]>()];
  const sizes = new Map<string, number>();
  for (const { name, type, kind } of kernelArguments(kernel)) {
    if (kind !== 'scalar') continue;
    const isSize = type instanceof IndexType;
    const value = isSize ? RUNTIME_EXTENT : randomScalar(type, createRandom(1, name));
    values.set(name, formatOf(type).isBig ? BigInt(value) : value);
    if (isSize) sizes.set(name, value);
  }
  // Lowering adds arguments for extents that have no name.
  for (const { name, kind } of metadata.arguments) {
    if (kind !== 'scalar' || values.has(name)) continue;
    values.set(name, RUNTIME_EXTENT);
    sizes.set(name, RUNTIME_EXTENT);
  }
  for (const { name, type, kind, access } of kernelArguments(kernel)) {
    if (kind === 'scalar' || !isShapedType(type)) continue;
    const { shape } = metadata.arguments.find((argument) => argument.name === name)!;
    const extents = shape.map((extent) => evaluateSize(extent, sizes));
    const { elementType } = type;
    const count = elementCount(extents);
    const data = formatOf(elementType).allocate(count);
    shapes.set(name, extents);
    if (access === 'write') {
      const defined = new Uint8Array(count);
      values.set(name, { elementType, shape: extents, data, defined });
      continue;
    }
    const offset = Math.floor(createRandom(1, `offset ${name}`)() * POOL_LENGTH);
    const pool = poolOf(elementType).data;
    for (let at = 0, from = offset; at < count; from = 0) {
      const part = pool.subarray(from, Math.min(POOL_LENGTH, from + count - at));
      data.set(part as never, at);
      at += part.length;
    }
    offsets.set(name, offset);
    values.set(name, { elementType, shape: extents, data });
  }
  return { values, offsets, shapes };
}

/** Elements of an output: row-major offsets, ascending, and their values. */
export interface Samples {
  readonly offsets: Uint32Array;
  readonly values: Float64Array;
}

/**
 * What the kernel has to compute, at some elements of each output: all where there are few, else those of some blocks,
 * which alone are interpreted.
 * @param flop of the whole grid
 * @returns a reason where the interpreter refuses.
 */
export function expectedResults(
  module: Operation,
  kernel: Operation,
  data: CaseData,
  grid: readonly number[],
  flop: number,
): ReadonlyMap<string, Samples> | string {
  const written = kernelArguments(kernel).filter(({ access }) => access.includes('write'));
  const isSelective = written.every(({ access }) => access === 'write');
  const result = interpret(module, {
    kernel: kernelName(kernel),
    arguments: data.values,
    limits: { memoryBytes: 2 ** 34, steps: 2 ** 40 },
    blocks: isSelective ? chooseBlocks(grid, flop) : undefined,
  });
  if (!result.isOk) return result.diagnostics[0].message;
  return new Map(written.map(({ name }) => [name, sample(result.tensors.get(name)!, name)]));
}

/** The first and last block and some in between; undefined for all. */
export function chooseBlocks(grid: readonly number[], flop: number): number[] | undefined {
  const count = grid.reduce((product, extent) => product * extent, 1);
  const affordable = Math.floor(INTERPRETER_FLOP / (flop / count));
  if (affordable >= count) return undefined;
  const random = createRandom(1, 'blocks');
  const chosen = new Set([0, count - 1]);
  while (chosen.size < Math.min(count, Math.max(3, Math.min(8, affordable))))
    chosen.add(Math.floor(random() * count));
  return [...chosen].sort((a, b) => a - b);
}

function sample({ data, defined }: Tensor, name: string): Samples {
  let known = Uint32Array.from({ length: data.length }, (_, i) => i);
  if (defined !== undefined) known = known.filter((i) => defined[i] === 1);
  if (known.length > MOST_SAMPLES) {
    const random = createRandom(1, `samples ${name}`);
    const chosen = new Set<number>();
    while (chosen.size < MOST_SAMPLES) chosen.add(known[Math.floor(random() * known.length)]);
    known = Uint32Array.from(chosen).sort();
  }
  return { offsets: known, values: Float64Array.from(known, (i) => Number(data[i])) };
}
