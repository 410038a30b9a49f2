/** Kernels whose extents are arguments, executed at sizes that their tiles do and do not divide. */

import { describe, expect, test } from 'vitest';
import { findHostCompiler } from '../../src/runtime/sim/index.js';
import { compileProgram, readKernel } from './kernel-files.js';
import { simulateModule } from './run-kernels.js';

const simulated = describe.skipIf('reason' in findHostCompiler());

function check(file: string, arch: string, flags: readonly string[]): void {
  const run = simulateModule(readKernel(file), arch, { flags });
  expect(run.errors).toBe('');
  expect(run.status).toBe(0);
}

/** M, N and K: trip counts of 0, 1, fewer than the stages and more, parts of tiles, one row, no row. */
const products = [
  [1, 8, 8],
  [17, 136, 72],
  [128, 128, 32],
  [129, 264, 0],
  [3, 96, 64],
  [256, 8, 576],
  [0, 8, 8],
];

simulated('run-time extents', () => {
  for (const arch of ['sm_80', 'gfx942']) {
    test.each(products)(`${arch}: gemm_dynamic %i x %i x %i`, (m, n, k) =>
      check('gemm_dynamic.mlir', arch, [`--arg=m=${m}`, `--arg=n=${n}`, `--arg=k=${k}`]),
    );
    test.each([
      [1, 1],
      [3, 17],
      [17, 96],
      [576, 3],
      [16, 64],
    ])(`${arch}: elementwise_dynamic %i x %i`, (m, n) =>
      check('elementwise_dynamic.mlir', arch, [
        '--kernel=elementwise_dynamic',
        `--arg=m=${m}`,
        `--arg=n=${n}`,
      ]),
    );
    test.each([0, 1, 17, 96])(`${arch}: extents without names, %i rows`, (rows) =>
      check('elementwise_dynamic.mlir', arch, [
        '--kernel=scale_rows',
        `--arg=rows=${rows}`,
        `--shape=X=${rows}x128`,
        `--shape=Y=${rows}x128`,
      ]),
    );
  }
});

test('assumptions decide how wide accesses are', () => {
  const text = readKernel('gemm_dynamic.mlir');
  expect(compileProgram(text, 'sm_80').text).toContain('cp_async<16>');
  const halves = text.replace('d1 mod 8 == 0', 'd1 mod 4 == 0');
  expect(compileProgram(halves, 'sm_80').text).toContain('cp_async<8>');
  const unknown = text.replace(/.*tile.assume.*/, '');
  expect(compileProgram(unknown, 'sm_80').text).not.toMatch(/\bcp_async<\d+>\(\w+_ahead/);
});

test('bounds that the grid and the loop keep have no guards', () => {
  const text = readKernel('gemm_dynamic.mlir').replace(
    /tile.assume.*/,
    'tile.assume affine_set<(d0, d1, d2) : (d0 mod 128 == 0, d1 mod 128 == 0, d2 mod 32 == 0)>(%m, %n, %k)',
  );
  const kernel = /void __launch_bounds__[^]*?^}/m.exec(compileProgram(text, 'sm_80').text)![0];
  expect(kernel).not.toMatch(/< [mn]\b/);
});

simulated('several kernels', () => {
  test.each(['sm_80', 'gfx942'])('%s: gemm_split_k_combine', (arch) =>
    check('gemm_split_k_combine.mlir', arch, []),
  );
});

/** Every block writes its own place: no block is walked twice or left out. */
const walk = `
tile.kernel @walk(%m: index, %n: index, %Y: memref<?x?xi32> sizes(%m, %n)) blocks(%bx, %by) = (%n, %m) threads(64) {
  tile.rasterize row panel(3)
  %x = arith.index_cast %bx : index to i32
  %y = arith.index_cast %by : index to i32
  %c100 = arith.constant 100 : i32
  %s = arith.muli %y, %c100 : i32
  %v = arith.addi %s, %x : i32
  tile.store %v, %Y[%by, %bx] : memref<?x?xi32>
}
`;

simulated('blocks in panels of a grid known at run time', () => {
  test.each([
    ['row', 5, 7],
    ['row', 1, 4],
    ['row', 3, 3],
    ['column', 2, 9],
    ['column', 7, 1],
  ])('%s panels of 3 over %i x %i', (order, m, n) => {
    const run = simulateModule(walk.replace('rasterize row', `rasterize ${order}`), 'sm_80', {
      flags: [`--arg=m=${m}`, `--arg=n=${n}`],
    });
    expect(run.errors).toBe('');
    expect(run.status).toBe(0);
  });
});
