/** Reductions of tiles with one dimension to one element, which every thread then reads: executed and compiled. */

import { describe, expect, test } from 'vitest';
import { findHostCompiler } from '../../src/runtime/sim/index.js';
import { allCombinations, covering } from './covering.js';
import { expectCompiles } from './accepting-compilers.js';
import { simulateModule } from './run-kernels.js';
import { threadCounts } from './tile-programs.js';

interface Point {
  readonly kind: string;
  readonly type: string;
  readonly extent: number;
  readonly threads: number;
  readonly scope: 'fragment' | 'shared';
  readonly flags: string;
}

const extents = [1, 3, 17, 96, 576, 4096];

function combinations(
  kinds: readonly string[],
  types: readonly string[],
  flags: readonly string[],
  own: readonly number[] = extents,
): Point[] {
  return allCombinations<Point>({
    kind: kinds,
    type: types,
    extent: own,
    threads: threadCounts,
    scope: ['fragment', 'shared'],
    flags,
  });
}

const floats = ['f32', 'f16', 'bf16', 'f64'];
const groups = [
  combinations(
    ['sum', 'max', 'min', 'abssum', 'absmax'],
    [...floats, 'i32'],
    ['{clear}', '', '{clear, nan_propagate}'],
  ),
  combinations(['and', 'or', 'xor'], ['i32', 'i8', 'i64'], ['{clear}', '']),
  combinations(['prod'], ['i32', 'i64'], ['{clear}', '']),
  // Products of more floats underflow.
  combinations(['prod'], ['f32', 'f64'], ['{clear}', ''], [1, 3, 17]),
];
const points = groups.flatMap((group) => covering(group, 2));

function nameOf({ kind, type, extent, threads, scope, flags }: Point): string {
  return [kind, type, extent, threads, scope, ...(flags.match(/\w+/g) ?? [])].join('_');
}

function program(point: Point): string {
  const { kind, type, extent, threads, scope, flags } = point;
  const [many, one] = [`${extent}x${type}`, `1x${type}`];
  const of = (tensor: string): string => `!tile.${scope}<${tensor}>`;
  return `
tile.kernel @${nameOf(point)}(%X: memref<${many}>, %Y: memref<${one}>, %Z: memref<${many}>) blocks(%b) = (1) threads(${threads}) {
  %zero = arith.constant 0 : index
  %x = tile.alloc : ${of(many)}
  %y = tile.alloc : ${of(one)}
  tile.copy %X to %x : memref<${many}> to ${of(many)}
  tile.copy %Y to %y : memref<${one}> to ${of(one)}
  tile.reduce ${kind} %x to %y dim(0) ${flags} : ${of(many)} to ${of(one)}
  tile.copy %y to %Y : ${of(one)} to memref<${one}>
  tile.parallel (%i) in (${extent}) {
    %v = tile.load %y[%zero] : ${of(one)}
    tile.store %v, %Z[%i] : memref<${many}>
  }
}`;
}

const perFile = 16;

describe.skipIf('reason' in findHostCompiler())('executed', () => {
  for (const [number, arch] of ['sm_80', 'gfx942'].entries()) {
    const own = points.filter(
      ({ threads }, i) => i % 2 === number && (arch === 'sm_80' || threads >= 64),
    );
    for (let start = 0; start < own.length; start += perFile) {
      const batch = own.slice(start, start + perFile);
      test(`${arch}: ${batch.map(nameOf).join(', ')}`, () => {
        const run = simulateModule(batch.map(program).join('\n'), arch);
        expect(run.errors).not.toMatch(/error/);
        expect(run.status).toBe(0);
      });
    }
  }
});

test('the compilers accept every kind', ({ skip }) => {
  const text = points
    .filter(({ threads, scope }) => threads === 256 && scope === 'fragment')
    .map(program)
    .join('\n');
  expectCompiles(text, skip);
});
