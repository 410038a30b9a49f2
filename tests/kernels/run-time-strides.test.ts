/** Matrices with leading dimensions that are arguments, as libraries of linear algebra pass them. */

import { describe, expect, test } from 'vitest';
import { findHostCompiler, simulate, type SimulatorScalar } from '../../src/runtime/sim/index.js';
import { compileProgram } from './kernel-files.js';
import { simulateModule } from './run-kernels.js';

const simulated = describe.skipIf('reason' in findHostCompiler());

interface Strides {
  readonly name: string;
  /** Layouts of A, B and C, and the strides that name their `?`. */
  readonly layout: string;
  readonly a: string;
  readonly b: string;
  readonly c: string;
  /** A number that divides extents and leading dimensions. */
  readonly divisor?: number;
}

const PARAMETERS = ['m', 'n', 'k', 'lda', 'ldb', 'ldc', 'sa', 'sb', 'sc'];

/** C = A B with tiles of 64x64x32. */
function product({ name, layout, a, b, c, divisor = 1 }: Strides): string {
  const type = `memref<?x?xf16, strided<${layout}>>`;
  const sizes = PARAMETERS.slice(1, 6);
  const conditions = sizes.map((_, i) => `d${i} mod ${divisor} == 0`).join(', ');
  const dimensions = sizes.map((_, i) => `d${i}`).join(', ');
  const assumption = `tile.assume affine_set<(${dimensions}) : (${conditions})>(%${sizes.join(', %')})`;
  return `tile.kernel @${name}(${PARAMETERS.map((parameter) => `%${parameter}: index`).join(', ')},
      %A: ${type} sizes(%m, %k) strides(${a}), %B: ${type} sizes(%k, %n) strides(${b}), %C: ${type} sizes(%m, %n) strides(${c}))
      blocks(%bx, %by) = (%n ceildiv 64, %m ceildiv 64) threads(128) {
    ${divisor === 1 ? '' : assumption}
    %As = tile.alloc : !tile.shared<64x32xf16>
    %Bs = tile.alloc : !tile.shared<32x64xf16>
    %acc = tile.alloc : !tile.fragment<64x64xf32>
    tile.clear %acc : !tile.fragment<64x64xf32>
    %row = affine.apply affine_map<(d0) -> (d0 * 64)>(%by)
    %column = affine.apply affine_map<(d0) -> (d0 * 64)>(%bx)
    tile.pipelined %i = 0 to %k step 32 stages(3) {
      tile.copy %A[%row, %i] to %As : ${type} to !tile.shared<64x32xf16>
      tile.copy %B[%i, %column] to %Bs : ${type} to !tile.shared<32x64xf16>
      tile.gemm %As, %Bs into %acc : !tile.shared<64x32xf16>, !tile.shared<32x64xf16>, !tile.fragment<64x64xf32>
    }
    tile.copy %acc to %C[%row, %column] : !tile.fragment<64x64xf32> to ${type}
  }\n`;
}

/** The arguments that are numbers, in the order of `PARAMETERS`. */
const scalars = (values: readonly number[]): SimulatorScalar[] =>
  PARAMETERS.map((name, i) => ({ kind: 'scalar', name, type: 'i32', value: values[i] }));

const leading = { layout: '[?, 1]', a: '%lda', b: '%ldb', c: '%ldc' };
const general = { layout: '[?, ?]', a: '%lda, %sa', b: '%sb, %ldb', c: '%ldc, %sc' };

const wide: Strides = { name: 'wide', ...leading, divisor: 8 };
const halved: Strides = { name: 'halved', ...leading, divisor: 4 };
const single: Strides = { name: 'single', ...leading };
const any: Strides = { name: 'any', ...general };

function check(strides: Strides, arch: string, values: readonly number[], seed: number): void {
  const flags = PARAMETERS.map((name, i) => `--arg=${name}=${values[i]}`);
  const run = simulateModule(product(strides), arch, { flags, seed });
  expect(run.errors.replace(/^.*remark: .*\n(.*\n){2}/gm, '')).toBe('');
  expect(run.status).toBe(0);
}

simulated('run-time strides', () => {
  describe.each(['sm_80', 'sm_89', 'gfx90a', 'gfx942'])('%s', (arch) => {
    test.each([
      // M, N, K, the leading dimensions, and the other strides.
      [wide, [97, 72, 88, 96, 80, 104, 1, 1, 1], 1],
      [wide, [1, 8, 8, 8, 24, 8, 1, 1, 1], 2],
      [halved, [65, 68, 36, 40, 76, 68, 1, 1, 1], 3],
      [single, [67, 71, 37, 41, 73, 72, 1, 1, 1], 1],
      [single, [3, 1, 0, 7, 1, 5, 1, 1, 1], 2],
      // B transposed, every other element of A, C with gaps everywhere.
      [any, [67, 71, 37, 80, 38, 220, 2, 1, 3], 1],
      // All transposed.
      [any, [70, 33, 40, 1, 1, 1, 71, 41, 70], 4],
    ] as const)('%o', (strides, values, seed) => check(strides, arch, values, seed));
  });

  test('a launch with rows over each other is refused', () => {
    const { text, metadata } = compileProgram(product(single), 'sm_80');
    const launchWith = (lda: number): number => {
      const values = [4, 4, 4, lda, 4, 4, 1, 1, 1];
      const result = simulate({
        text,
        target: 'cuda',
        waveSize: 32,
        entry: metadata.kernels[0].entry,
        seed: 1,
        arguments: [
          ...scalars(values),
          ...['A', 'B', 'C'].map((name) => ({
            kind: 'buffer' as const,
            name,
            type: 'f16',
            access: name === 'C' ? ('write' as const) : ('read' as const),
            data: new Uint8Array(2 * 16),
          })),
        ],
      });
      if (result.status !== 'ran') throw new Error(JSON.stringify(result));
      return result.launcherResult;
    };
    expect([3, 4, -4].map(launchWith)).toEqual([-2, 0, -2]);
  });

  test('the simulator reports what is touched between rows', () => {
    const text = compileProgram(product(single), 'sm_80').text;
    // Bounds of a row that reach to the next one.
    const wrong = text.replaceAll(/< n\b/g, '< ldc');
    expect(wrong).not.toBe(text);
    const values = [8, 5, 8, 8, 8, 8, 1, 1, 1];
    const place = { shape: [8, 5], strides: [8, 1], offset: 0 };
    const result = simulate({
      text: wrong,
      target: 'cuda',
      waveSize: 32,
      entry: 'launch_single',
      seed: 1,
      arguments: [
        ...scalars(values),
        {
          kind: 'buffer',
          name: 'A',
          type: 'f16',
          access: 'read',
          data: new Uint8Array(128),
        },
        {
          kind: 'buffer',
          name: 'B',
          type: 'f16',
          access: 'read',
          data: new Uint8Array(122),
          place,
        },
        {
          kind: 'buffer',
          name: 'C',
          type: 'f16',
          access: 'write',
          data: new Uint8Array(122),
          place,
        },
      ],
    });
    if (result.status !== 'ran') throw new Error(JSON.stringify(result));
    const messages = result.reports.map(({ kind, message }) => `${kind}: ${message}`);
    expect(messages.join('\n')).toMatch(
      /out-of-bounds: out-of-bounds read of 2 bytes at element \d+ of 'B' \(61 elements of f16\), which lies between the elements of the tensor/,
    );
    expect(messages.join('\n')).toMatch(/out-of-bounds write of 2 bytes at element \d+ of 'C'/);
    expect(messages.join('\n')).not.toContain('unwritten');
  });
});

test('what is known of a leading dimension decides how wide accesses are', () => {
  expect(compileProgram(product(wide), 'sm_80').text).toContain('cp_async<16>');
  expect(compileProgram(product(halved), 'sm_80').text).toContain('cp_async<8>');
  expect(compileProgram(product(single), 'sm_80').text).not.toContain('cp_async<');
});

test('strides that lay elements over each other cannot be run', () => {
  const flags = PARAMETERS.map((name) => `--arg=${name}=${name === 'lda' ? 7 : 8}`);
  const run = simulateModule(product(single), 'sm_80', { flags });
  expect(run.errors).toContain("strides (7, 1) lay elements of 'A', of shape 8x8, over each other");
  expect(run.status).toBe(1);
});
