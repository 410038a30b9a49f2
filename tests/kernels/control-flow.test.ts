/** Branches, while loops, assertions and prints, executed and compiled. */

import { describe, expect, test } from 'vitest';
import { findHostCompiler } from '../../src/runtime/sim/index.js';
import { expectCompiles } from './accepting-compilers.js';
import { simulateModule } from './run-kernels.js';

/** A pipeline under a condition, with a branch in its body, and a loop that ends by a condition. */
const loops = `
tile.kernel @loops(%X: memref<128x64xf16>, %W: memref<64x64xf16>, %Y: memref<128x64xf32>, %flag: i32) blocks(%b) = (2) threads(128) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %zero = arith.constant 0 : i32
  %row = affine.apply affine_map<(d0) -> (d0 * 64)>(%b)
  %x = tile.alloc : !tile.shared<64x32xf16>
  %w = tile.alloc : !tile.shared<32x64xf16>
  %acc = tile.alloc : !tile.fragment<64x64xf32>
  tile.clear %acc : !tile.fragment<64x64xf32>
  %isSet = arith.cmpi ne, %flag, %zero : i32
  scf.if %isSet {
    tile.pipelined %k = 0 to 64 step 32 stages(2) {
      tile.copy %X[%row, %k] to %x : memref<128x64xf16> to !tile.shared<64x32xf16>
      tile.copy %W[%k, %c0] to %w : memref<64x64xf16> to !tile.shared<32x64xf16>
      %isFirst = arith.cmpi eq, %k, %c0 : index
      scf.if %isFirst {
        tile.gemm %x, %w into %acc : !tile.shared<64x32xf16>, !tile.shared<32x64xf16>, !tile.fragment<64x64xf32>
      } else {
        tile.gemm %x, %w into %acc : !tile.shared<64x32xf16>, !tile.shared<32x64xf16>, !tile.fragment<64x64xf32>
      }
    }
  }
  %c3 = arith.constant 3 : index
  %n = scf.while (%i = %c0) : (index) -> index {
    %more = arith.cmpi slt, %i, %c3 : index
    scf.condition(%more) %i : index
  } do {
  ^bb0(%i: index):
    tile.parallel (%p, %q) in (64, 64) {
      %v = tile.load %acc[%p, %q] : !tile.fragment<64x64xf32>
      %u = arith.addf %v, %v : f32
      tile.store %u, %acc[%p, %q] : !tile.fragment<64x64xf32>
    }
    %next = arith.addi %i, %c1 : index
    scf.yield %next : index
  }
  tile.copy %acc to %Y[%row, %c0] : !tile.fragment<64x64xf32> to memref<128x64xf32>
}
`;

const debug = `
tile.kernel @debug(%n: index, %X: memref<4xf32>) blocks(%b) = (2) threads(64) {
  %c4 = arith.constant 4 : index
  %fits = arith.cmpi sle, %n, %c4 : index
  tile.assert %fits, "n is at most 4"
  tile.print "n" %n : index
  tile.parallel (%i) in (4) {
    %x = tile.load %X[%i] : memref<4xf32>
    tile.print "x" %x : f32
  }
}
`;

const simulated = describe.skipIf('reason' in findHostCompiler());

simulated.each(['sm_80', 'gfx942'])('%s', (arch) => {
  test.each([0, 1])('branches and loops, flag %i', (flag) => {
    const run = simulateModule(loops, arch, { flags: [`--arg=flag=${flag}`] });
    expect(run.errors).toBe('');
    expect(run.status).toBe(0);
  });

  test('an assertion that does not hold', () => {
    const run = simulateModule(debug, arch, { flags: ['--arg=n=4'] });
    expect(run.errors).toBe('');
    const failed = simulateModule(debug, arch, { flags: ['--arg=n=5'] });
    expect(failed.status).toBe(1);
    expect(failed.errors).toContain('assertion failed: n is at most 4');
  });
});

test('the text compiles', ({ skip }) => {
  const text = `${loops}${debug}`;
  expectCompiles(text, skip);
});
