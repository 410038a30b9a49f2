/** Atomic updates of every kind, element type and form, executed on the simulator and compared with the interpreter. */

import { describe, expect, test } from 'vitest';
import { findHostCompiler } from '../../src/runtime/sim/index.js';
import { allCombinations, covering } from './covering.js';
import { expectCompiles } from './accepting-compilers.js';
import { compileProgram, readKernel } from './kernel-files.js';
import { simulateModule } from './run-kernels.js';

const isComplete = process.env.TILEWRIGHT_SWEEP === 'all';
const simulated = describe.skipIf('reason' in findHostCompiler());

interface Point {
  readonly kind: 'add' | 'max' | 'min' | 'or';
  readonly type: string;
  readonly columns: number;
  readonly threads: number;
  readonly form: 'region' | 'shared region' | 'element' | 'block element';
}

const points = allCombinations<Point>({
  kind: ['add', 'max', 'min', 'or'],
  type: ['f32', 'f16', 'bf16', 'f64', 'i32', 'i64', 'i8', 'i16'],
  columns: [1, 3, 17, 96],
  threads: [64, 256],
  form: ['region', 'shared region', 'element', 'block element'],
}).filter(({ kind, type }) => kind !== 'or' || type.startsWith('i'));

function nameOf({ kind, type, columns, threads, form }: Point): string {
  return `${kind}_${type}_${columns}_${threads}_${form.replace(' ', '_')}`;
}

/** Three blocks update one tile of 5 rows, at a place where a part of it lies outside. */
function program(point: Point): string {
  const { kind, type, columns, threads, form } = point;
  const [tile, x, y] = [
    `5x${columns}x${type}`,
    `memref<3x5x${columns}x${type}>`,
    `memref<6x${columns}x${type}>`,
  ];
  const bodies: Record<Point['form'], string> = {
    region: `tile.atomic ${kind} %x into %Y[%two, %zero] : !tile.fragment<${tile}> into ${y}`,
    'shared region': `
      %s = tile.alloc : !tile.shared<${tile}>
      %t = tile.alloc : !tile.shared<${tile}>
      tile.copy %x to %s : !tile.fragment<${tile}> to !tile.shared<${tile}>
      tile.copy %x to %t : !tile.fragment<${tile}> to !tile.shared<${tile}>
      tile.atomic ${kind} %s into %t : !tile.shared<${tile}> into !tile.shared<${tile}>
      tile.atomic ${kind} %t into %Y[%two, %zero] {order = "acq_rel"} : !tile.shared<${tile}> into ${y}`,
    element: `
      tile.parallel (%i, %j) in (5, ${columns}) {
        %v = tile.load %x[%i, %j] : !tile.fragment<${tile}>
        tile.atomic ${kind} %v into %Y[%i, %zero] : ${type} into ${y}
      }`,
    'block element': `
      %v = tile.load %X[%b, %zero, %zero] : ${x}
      tile.atomic ${kind} %v into %Y[%two, %zero] : ${type} into ${y}`,
  };
  return `
tile.kernel @${nameOf(point)}(%X: ${x}, %Y: ${y}) blocks(%b) = (3) threads(${threads}) {
  %zero = arith.constant 0 : index
  %two = arith.constant 2 : index
  %x = tile.alloc : !tile.fragment<${tile}>
  tile.copy %X[%b, %zero, %zero] to %x : ${x} to !tile.fragment<${tile}>
  ${bodies[form]}
}`;
}

const sampled = isComplete ? points : covering(points, 2);

simulated('atomic updates', () => {
  for (const [number, arch] of ['sm_80', 'gfx942'].entries()) {
    const own = sampled.filter((_, i) => isComplete || i % 2 === number);
    for (let start = 0; start < own.length; start += 20) {
      const batch = own.slice(start, start + 20);
      test(`${arch}: ${batch.map(nameOf).join(', ')}`, () => {
        const run = simulateModule(batch.map(program).join('\n'), arch);
        expect(run.errors).toBe('');
        expect(run.status).toBe(0);
      });
    }
    test(`${arch}: gemm_split_k`, () => {
      const run = simulateModule(readKernel('gemm_split_k.mlir'), arch);
      expect(run.errors).toBe('');
    });
    test.each([0, 1, 511, 1300])(`${arch}: histogram of %i values`, (n) => {
      const flags = [`--arg=n=${n}`];
      const run = simulateModule(readKernel('histogram.mlir'), arch, { flags });
      expect(run.errors).toBe('');
    });
  }
});

/** Sums of 16-bit floats, in pairs where the tile's place and the tensor's rows allow them. */
interface PairPoint {
  readonly from: string;
  readonly to: string;
  /** Columns of the tile, and of the tensor. */
  readonly columns: number;
  readonly width: number;
  /** The column at which the tile begins. */
  readonly column: number;
  readonly scope: 'fragment' | 'shared';
}

const isPaired = ({ columns, width, column }: PairPoint): boolean =>
  columns % 2 === 0 && width % 2 === 0 && column % 2 === 0;

const pairPoints = allCombinations<PairPoint>({
  from: ['f32', 'f16', 'bf16'],
  to: ['f16', 'bf16'],
  columns: [2, 17, 18, 96],
  width: [96, 97, 98],
  column: [0, 1, 2, 90],
  scope: ['fragment', 'shared'],
});

const pairName = ({ from, to, columns, width, column, scope }: PairPoint): string =>
  [from, to, columns, width, column, scope].join('_');

/** Three blocks add 5 rows each, of which one lies outside. */
function pairProgram(point: PairPoint): string {
  const { from, to, columns, width, column, scope } = point;
  const tile = `!tile.${scope}<5x${columns}x${from}>`;
  return `
tile.kernel @${pairName(point)}(%X: memref<3x5x${columns}x${from}>, %Y: memref<6x${width}x${to}>) blocks(%b) = (3) threads(64) {
  %zero = arith.constant 0 : index
  %two = arith.constant 2 : index
  %column = arith.constant ${column} : index
  %x = tile.alloc : ${tile}
  tile.copy %X[%b, %zero, %zero] to %x : memref<3x5x${columns}x${from}> to ${tile}
  tile.atomic add %x into %Y[%two, %column] : ${tile} into memref<6x${width}x${to}>
}`;
}

/** The accumulator of a product, added to rows of a tensor that the tile reaches over. */
const productProgram = (to: string): string => `
tile.kernel @product_${to}(%A: memref<3x64x64xf16>, %B: memref<64x64xf16>, %Y: memref<60x64x${to}>) blocks(%b) = (3) threads(128) {
  %zero = arith.constant 0 : index
  %a = tile.alloc : !tile.shared<64x64xf16>
  %w = tile.alloc : !tile.shared<64x64xf16>
  %acc = tile.alloc : !tile.fragment<64x64xf32>
  tile.clear %acc : !tile.fragment<64x64xf32>
  tile.copy %A[%b, %zero, %zero] to %a : memref<3x64x64xf16> to !tile.shared<64x64xf16>
  tile.copy %B to %w : memref<64x64xf16> to !tile.shared<64x64xf16>
  tile.gemm %a, %w into %acc : !tile.shared<64x64xf16>, !tile.shared<64x64xf16>, !tile.fragment<64x64xf32>
  tile.atomic add %acc into %Y : !tile.fragment<64x64xf32> into memref<60x64x${to}>
}`;

const pairSample = covering(pairPoints, 3);
const products = ['f16', 'bf16'].map(productProgram).join('\n');

simulated('sums of pairs', () => {
  for (const [number, arch] of ['sm_80', 'sm_90', 'gfx90a', 'gfx942'].entries()) {
    test(arch, () => {
      const own = pairSample.filter((_, i) => isComplete || i % 4 === number);
      const text = [...own.map(pairProgram), products].join('\n');
      const run = simulateModule(text, arch);
      expect(run.errors).not.toMatch(/error/);
      expect(run.status).toBe(0);
    });
  }
});

test.each(['sm_80', 'gfx942'])('%s: pairs only where they are aligned', (arch) => {
  const { text } = compileProgram([...pairSample.map(pairProgram), products].join('\n'), arch);
  for (const point of pairSample) {
    const [, body] = new RegExp(`\\n${pairName(point)}\\(([^]*?)\\n}\\n`).exec(text)!;
    const hasPairs = body.includes('atomic_add_pair(');
    expect(body.includes('atomic_add('), pairName(point)).toBe(!hasPairs);
    // Layout inference decides whether a thread has neighbours of a fragment.
    if (point.scope === 'shared') expect(hasPairs, pairName(point)).toBe(isPaired(point));
    else if (hasPairs) expect(isPaired(point), pairName(point)).toBe(true);
  }
});

test('sums of pairs compile', ({ skip }) => {
  const text = [...pairSample.filter(isPaired).slice(0, 8).map(pairProgram), products].join('\n');
  const architectures = ['sm_75', 'sm_80', 'sm_90', 'gfx90a', 'gfx942'];
  expectCompiles(text, skip, architectures);
});

test('every update compiles', ({ skip }) => {
  const all = points.filter(
    ({ form, columns, threads }) => form === 'region' && columns === 3 && threads === 64,
  );
  const text = all.map(program).join('\n');
  expectCompiles(text, skip);
});
