/** Programs for the sweep over tile operations: one operation each, over odd extents and any number of threads. */

import { allCombinations } from './covering.js';

export const extents = [1, 3, 17, 96, 576];
export const threadCounts = [32, 64, 128, 256, 512, 1024];

export interface SweepPoint {
  readonly operation: 'reduce' | 'scan' | 'copy' | 'parallel';
  /** Of a reduction or scan. */
  readonly kind: string;
  readonly type: string;
  readonly rows: number;
  readonly columns: number;
  /** The dimension that is combined. */
  readonly dim: 0 | 1;
  readonly threads: number;
  readonly scope: 'fragment' | 'shared';
  readonly flags: string;
}

/** Bytes of the largest tile: two of them fit the shared memory of every target. */
const LARGEST_TILE = 32 * 1024;

function bytesOf({ rows, columns, type }: SweepPoint): number {
  return (rows * columns * (type === 'bf16' ? 16 : Number(type.slice(1)))) / 8;
}

const shape = { rows: extents, columns: extents, threads: threadCounts };
const floats = ['f32', 'f16', 'bf16', 'f64'];

function combinations(
  operation: 'reduce' | 'scan',
  kinds: readonly string[],
  types: readonly string[],
  flags: readonly string[],
): SweepPoint[] {
  return allCombinations<SweepPoint>({
    operation: [operation],
    kind: kinds,
    type: types,
    ...shape,
    dim: [0, 1],
    scope: ['fragment', 'shared'],
    flags,
  });
}

function moves(operation: 'copy' | 'parallel', types: readonly string[]): SweepPoint[] {
  return allCombinations<SweepPoint>({
    operation: [operation],
    kind: ['none'],
    type: types,
    ...shape,
    dim: [0],
    scope: ['fragment', 'shared'],
    flags: [''],
  });
}

const numbers = ['sum', 'max', 'min', 'abssum', 'absmax'];

/** Every point of the sweep, by group; a sample has pairs of values of each group. */
export const sweepGroups: readonly (readonly SweepPoint[])[] = [
  combinations('reduce', numbers, [...floats, 'i32'], ['{clear}', '', '{clear, nan_propagate}']),
  combinations('reduce', ['and', 'or', 'xor'], ['i32', 'i8', 'i64'], ['{clear}', '']),
  combinations(
    'scan',
    ['sum', 'max', 'min'],
    [...floats, 'i32', 'i64'],
    ['', '{reverse}', '{exclusive}'],
  ),
  moves('copy', [...floats, 'i8', 'i64']),
  moves('parallel', [...floats, 'i32']),
].map((points) => points.filter((point) => bytesOf(point) <= LARGEST_TILE));

export function sweepName(point: SweepPoint): string {
  const { operation, kind, type, rows, columns, dim, threads, scope, flags } = point;
  const words = [operation, kind, type, `${rows}x${columns}`, `d${dim}`, threads, scope];
  return [...words, ...(flags.match(/\w+/g) ?? [])].join('_');
}

export function sweepProgram(point: SweepPoint): string {
  const { operation, kind, type, rows, columns, dim, threads, scope, flags } = point;
  const tile = `${rows}x${columns}x${type}`;
  const rest = `${dim === 0 ? columns : rows}x${type}`;
  const of = (tensor: string): string => `!tile.${scope}<${tensor}>`;
  const add = type.startsWith('i') ? 'arith.addi' : 'arith.addf';
  const bodies: Record<SweepPoint['operation'], () => { body: string; result: string }> = {
    reduce: () => ({
      result: rest,
      body: `
  %r = tile.alloc : ${of(rest)}
  tile.copy %Y[%zero] to %r : memref<${rest}> to ${of(rest)}
  tile.reduce ${kind} %x to %r dim(${dim}) ${flags} : ${of(tile)} to ${of(rest)}
  tile.copy %r to %Y[%zero] : ${of(rest)} to memref<${rest}>`,
    }),
    scan: () => ({
      result: tile,
      body: `
  %r = tile.alloc : ${of(tile)}
  tile.scan ${kind} %x to %r dim(${dim}) ${flags} : ${of(tile)} to ${of(tile)}
  tile.copy %r to %Y[%zero, %zero] : ${of(tile)} to memref<${tile}>`,
    }),
    copy: () => ({
      result: tile,
      body: `
  %s = tile.alloc : !tile.shared<${tile}>
  %f = tile.alloc : !tile.fragment<${tile}>
  tile.copy %x to %s : ${of(tile)} to !tile.shared<${tile}>
  tile.copy %s to %f : !tile.shared<${tile}> to !tile.fragment<${tile}>
  tile.copy %f to %Y[%zero, %zero] : !tile.fragment<${tile}> to memref<${tile}>`,
    }),
    parallel: () => ({
      result: tile,
      body: `
  tile.parallel (%i, %j) in (${rows}, ${columns}) {
    %v = tile.load %x[%i, %j] : ${of(tile)}
    %w = tile.load %X[%i, %j] : memref<${tile}>
    %u = ${add} %v, %w : ${type}
    tile.store %u, %Y[%i, %j] : memref<${tile}>
  }`,
    }),
  };
  const { body, result } = bodies[operation]();
  return `
tile.kernel @${sweepName(point)}(%X: memref<${tile}>, %Y: memref<${result}>) blocks(%b) = (1) threads(${threads}) {
  %zero = arith.constant 0 : index
  %x = tile.alloc : ${of(tile)}
  tile.copy %X[%zero, %zero] to %x : memref<${tile}> to ${of(tile)}${body}
}`;
}
