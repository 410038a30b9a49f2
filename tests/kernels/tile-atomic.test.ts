/** Atomic updates of every kind, element type and form, executed on the simulator and compared with the interpreter. */

import { describe, expect, test } from 'vitest';
import { compileCuda, compileHip } from '../../src/runtime/compile/index.js';
import { findHostCompiler } from '../../src/runtime/sim/index.js';
import { allCombinations, covering } from './covering.js';
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

test('every update compiles', ({ skip }) => {
  const all = points.filter(
    ({ form, columns, threads }) => form === 'region' && columns === 3 && threads === 64,
  );
  const text = all.map(program).join('\n');
  const cuda = compileCuda(compileProgram(text, 'sm_80').text, 'sm_80');
  const hip = compileHip(compileProgram(text, 'gfx942').text, 'gfx942');
  if (!cuda.available && !hip.available) skip('there is no compiler for a GPU');
  for (const result of [cuda, hip]) {
    if (!result.available) continue;
    expect(result.diagnostics).not.toMatch(/warning|error/);
    expect(result.ok).toBe(true);
  }
});
