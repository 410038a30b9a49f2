/** Estimates of kernels from their IR: registers, shared memory, occupancy, traffic, work and the least time. */

import { persistentBlocks } from '../conversions/tile-to-layout/expand-persistent.js';
import { DenseArrayAttr, IntegerAttr, symbolName, type Operation } from '../ir/index.js';
import { tileKernels } from '../schedule/index.js';
import { registerLimit, type Target } from '../targets/target.js';
import { countKernel, type TensorTraffic } from './counts.js';
import { occupancyOf, type Occupancy } from './occupancy.js';
import { estimateRegisters, threadsOf } from './registers.js';
import { lowerInStages } from './stages.js';

/** All quantities of one launch of a kernel; bytes and FLOP of the whole grid, registers of one thread. */
export interface KernelEstimate {
  readonly kernel: string;
  readonly arch: string;
  readonly grid: readonly number[];
  /** Blocks that are started: as many as the grid has tiles, or those that walk them. */
  readonly blocks: number;
  readonly threads: number;
  readonly registers: {
    readonly atLeast: number;
    readonly expected: number;
    /** What a thread can have at most, given the threads of its block. */
    readonly limit: number;
    /** Whether more are expected than there are. */
    readonly spills: boolean;
  };
  /** Bytes of one block. */
  readonly sharedBytes: number;
  readonly occupancy: Occupancy;
  /** Bytes; `ideal`: every element is moved once. */
  readonly global: {
    readonly read: number;
    readonly written: number;
    readonly idealRead: number;
    readonly idealWritten: number;
    readonly tensors: readonly TensorTraffic[];
  };
  readonly flop: {
    /** By operand type of the matrix instructions. */
    readonly matrix: Readonly<Record<string, number>>;
    readonly scalar: number;
    readonly transcendental: number;
  };
  /** FLOP per byte. */
  readonly intensity: { readonly ideal: number; readonly withoutReuse: number };
  /** Seconds, at the target's peak rates. */
  readonly time: {
    readonly matrix: number;
    readonly scalar: number;
    readonly memory: number;
    readonly memoryWithoutReuse: number;
    /** The roofline: the longest of matrix, scalar and memory time. */
    readonly roofline: number;
    readonly boundBy: 'matrix instructions' | 'scalar instructions' | 'memory';
  };
  /** Rounds in which the blocks run, and how full they are on the average. */
  readonly waves: { readonly count: number; readonly fill: number };
  readonly notes: readonly string[];
}

/** Estimates all tile kernels of a module; undefined where its lowering reported something. */
export function estimateModule(
  module: Operation,
  target: Target,
): readonly KernelEstimate[] | undefined {
  const stages = lowerInStages(module, target);
  if (stages === undefined) return undefined;
  const allocated = tileKernels(stages.allocated);
  return tileKernels(stages.layouts).map((kernel, i) =>
    estimateKernel(kernel, allocated[i], target),
  );
}

function estimateKernel(kernel: Operation, allocated: Operation, target: Target): KernelEstimate {
  const counts = countKernel(kernel, target);
  const threads = threadsOf(kernel);
  const needed = estimateRegisters(allocated, target);
  const limit = registerLimit(threads, target);
  const bytes = allocated.getAttribute('tile.shared_bytes');
  const sharedBytes = bytes instanceof IntegerAttr ? bytes.number : 0;
  const registers = Math.min(needed.expected, limit);
  const occupancy = occupancyOf({ threads, registers, sharedBytes }, target);
  const gridAttribute = kernel.getAttribute('grid');
  const grid = gridAttribute instanceof DenseArrayAttr ? gridAttribute.values : [];
  const tiles = grid.reduce((product, extent) => product * Math.max(1, extent), 1);
  const blocks = Math.min(tiles, persistentBlocks(kernel, target) ?? tiles);
  const sum = (key: keyof Omit<TensorTraffic, 'name'>): number =>
    counts.tensors.reduce((total, tensor) => total + tensor[key], 0);
  const global = {
    read: sum('read'),
    written: sum('written'),
    idealRead: sum('idealRead'),
    idealWritten: sum('idealWritten'),
    tensors: counts.tensors,
  };
  const matrixFlop = [...counts.matrixFlop.values()].reduce((total, flop) => total + flop, 0);
  const flop = matrixFlop + counts.scalarFlop;
  const slots = occupancy.blocks * target.multiprocessors;
  const waves = slots === 0 ? 0 : Math.ceil(blocks / slots);
  return {
    kernel: symbolName(kernel) ?? '',
    arch: target.name,
    grid,
    blocks,
    threads,
    registers: { ...needed, limit, spills: needed.expected > limit },
    sharedBytes,
    occupancy,
    global,
    flop: {
      matrix: Object.fromEntries(counts.matrixFlop),
      scalar: counts.scalarFlop,
      transcendental: counts.transcendental,
    },
    intensity: {
      ideal: ratio(flop, global.idealRead + global.idealWritten),
      withoutReuse: ratio(flop, global.read + global.written),
    },
    time: timesOf(counts.matrixFlop, counts.scalarFlop, global, target),
    waves: { count: waves, fill: waves === 0 ? 0 : blocks / (waves * slots) },
    notes: counts.notes,
  };
}

function ratio(a: number, b: number): number {
  return b === 0 ? 0 : a / b;
}

/** FLOP per clock of one multiprocessor's matrix instructions on operands of a type. */
export function matrixRate(type: string, { rates }: Target): number {
  const known = rates.matrix_flop_per_clock;
  return known[type] ?? known[type.replace(/^f8.*/, 'f8')] ?? rates.f16_flop_per_clock;
}

function timesOf(
  matrixFlop: ReadonlyMap<string, number>,
  scalarFlop: number,
  global: KernelEstimate['global'],
  target: Target,
): KernelEstimate['time'] {
  const { clock_ghz, memory_tb_per_second, f32_flop_per_clock } = target.rates;
  const clocks = target.multiprocessors * clock_ghz * 1e9;
  let matrix = 0;
  for (const [type, flop] of matrixFlop) matrix += flop / matrixRate(type, target) / clocks;
  const scalar = scalarFlop / f32_flop_per_clock / clocks;
  const bandwidth = memory_tb_per_second * 1e12;
  const memory = (global.idealRead + global.idealWritten) / bandwidth;
  const memoryWithoutReuse = (global.read + global.written) / bandwidth;
  const roofline = Math.max(matrix, scalar, memory);
  const boundBy =
    roofline === memory
      ? 'memory'
      : roofline === matrix
        ? 'matrix instructions'
        : 'scalar instructions';
  return { matrix, scalar, memory, memoryWithoutReuse, roofline, boundBy };
}
