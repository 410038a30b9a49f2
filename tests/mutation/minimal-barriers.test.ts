// No barrier is missing, and none could go: an exhaustive look at the accesses to shared memory of programs without each of them.
import { describe, expect, it } from 'vitest';
import {
  mutationPrograms,
  MutationSubject,
  parseKernels,
  type MutationClass,
} from '../../src/runtime/mutation/index.js';
import { findHostCompiler } from '../../src/runtime/sim/index.js';
import { findTarget } from '../../src/targets/target.js';

const noHostCompiler = 'reason' in findHostCompiler();

/** A barrier that is missing, that is for fewer threads, or that groups of warps share. */
const classes: readonly MutationClass[] = ['barrier', 'barrier-group', 'barrier-number'];

/** Programs, and how many barriers each needs on sm_80 and on gfx942, with iterations whose end meets the next beginning. */
const programs: {
  name: string;
  barriers: readonly [number, number];
  n?: readonly [number, number];
  text: string;
}[] = [
  {
    // One in front of what the neighbours fill, one in front of what they still read.
    name: 'rows that are rotated in a loop',
    barriers: [2, 2],
    text: `
tile.kernel @rotate(%X: memref<4x64xf32>, %Y: memref<4x64xf32>) blocks(%b) = (1) threads(64) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c4 = arith.constant 4 : index
  %last = arith.constant 63 : index
  %s = tile.alloc : !tile.shared<64xf32>
  scf.for %row = %c0 to %c4 step %c1 {
    tile.copy %X[%row, %c0] to %s : memref<4x64xf32> to !tile.shared<64xf32>
    tile.parallel (%i) in (64) {
      %next = arith.addi %i, %c1 : index
      %j = arith.minsi %next, %last : index
      %x = tile.load %s[%j] : !tile.shared<64xf32>
      tile.store %x, %Y[%row, %i] : memref<4x64xf32>
    }
  }
}`,
  },
  {
    // The pipeline's own, and one in front of the next tile's first copies: after so many iterations
    // the last one still reads what they overwrite.
    name: 'a pipeline in a persistent grid',
    barriers: [2, 2],
    n: [64, 96],
    text: `
tile.kernel @walk(%n: index, %X: memref<4x?xf32> sizes(%n), %Y: memref<4x?xf32> sizes(%n)) blocks(%b) = (4) threads(64) {
  tile.persistent blocks(2)
  %s = tile.alloc : !tile.shared<32xf32>
  %last = arith.constant 31 : index
  tile.pipelined %k = 0 to %n step 32 stages(3) {
    tile.copy %X[%b, %k] to %s : memref<4x?xf32> to !tile.shared<32xf32>
    tile.parallel (%i) in (32) {
      %j = arith.subi %last, %i : index
      %x = tile.load %s[%j] : !tile.shared<32xf32>
      %to = arith.addi %k, %i : index
      tile.store %x, %Y[%b, %to] : memref<4x?xf32>
    }
  }
}`,
  },
  {
    // Stages of the author: one barrier in front of each iteration is all.
    name: 'a pipeline by stages',
    barriers: [1, 1],
    text: `
tile.kernel @stages(%X: memref<160xf32>, %Y: memref<160xf32>) blocks(%b) = (1) threads(64) {
  %s = tile.alloc : !tile.shared<32xf32>
  %f = tile.alloc : !tile.fragment<32xf32>
  %last = arith.constant 31 : index
  tile.pipelined %k = 0 to 160 step 32 order([2, 0, 1]) stage([0, 2, 2]) {
    tile.copy %X[%k] to %s : memref<160xf32> to !tile.shared<32xf32>
    tile.parallel (%i) in (32) {
      %j = arith.subi %last, %i : index
      %x = tile.load %s[%j] : !tile.shared<32xf32>
      tile.store %x, %f[%i] : !tile.fragment<32xf32>
    }
    tile.copy %f to %Y[%k] : !tile.fragment<32xf32> to memref<160xf32>
  }
}`,
  },
  {
    // Each warp turns its own rows around: the order of its lanes in front of what they read, and of what they overwrite.
    name: 'rows that each warp turns around in a loop',
    barriers: [2, 2],
    text: `
#rows = #layout.fragment<[8, 64], thread = (32,4):(2,128), value = (2,2):(1,64)>
tile.kernel @turn(%X: memref<32x64xf32>, %Y: memref<32x64xf32>) blocks(%b) = (1) threads(128) {
  %s = tile.alloc : !tile.shared<8x64xf32>
  %f = tile.alloc : !tile.fragment<8x64xf32>
  %c0 = arith.constant 0 : index
  %c8 = arith.constant 8 : index
  %c32 = arith.constant 32 : index
  %last = arith.constant 63 : index
  scf.for %k = %c0 to %c32 step %c8 {
    tile.copy %X[%k, %c0] to %s {layout = #rows} : memref<32x64xf32> to !tile.shared<8x64xf32>
    tile.parallel (%i, %j) in (8, 64) attributes {layout = #rows} {
      %mirrored = arith.subi %last, %j : index
      %v = tile.load %s[%i, %mirrored] : !tile.shared<8x64xf32>
      tile.store %v, %f[%i, %j] : !tile.fragment<8x64xf32>
    }
    tile.copy %f to %Y[%k, %c0] : !tile.fragment<8x64xf32> to memref<32x64xf32>
  }
}`,
  },
  {
    // Every second element of the view is half of what a neighbour wrote; the next tile is at the same place.
    name: 'a view of what a warp wrote',
    barriers: [2, 2],
    text: `
#pairs = #layout.fragment<[256], thread = 128:2, value = 2:1>
#words = #layout.fragment<[128], thread = 128:1, value = 1:0>
tile.kernel @halves(%X: memref<128xf32>, %Y: memref<256xi16>, %Z: memref<128xf32>) blocks(%b) = (1) threads(128) {
  %s = tile.alloc : !tile.shared<128xf32>
  %t = tile.alloc : !tile.shared<128xf32>
  %h = tile.alloc : !tile.fragment<256xi16>
  %w = tile.alloc : !tile.fragment<128xf32>
  %one = arith.constant 1 : index
  %two = arith.constant 2 : index
  %c0 = arith.constant 0 : index
  %c32 = arith.constant 32 : index
  %c31 = arith.constant 31 : index
  tile.copy %X to %s {layout = #words} : memref<128xf32> to !tile.shared<128xf32>
  %view = tile.view %s : !tile.shared<128xf32> to !tile.shared<256xi16>
  tile.parallel (%i) in (256) attributes {layout = #pairs} {
    %word = arith.divui %i, %two : index
    %odd = arith.remui %i, %two : index
    %warp = arith.divui %word, %c32 : index
    %lane = arith.remui %word, %c32 : index
    %first = arith.muli %warp, %c32 : index
    %other = arith.subi %c31, %lane : index
    %turned = arith.addi %first, %other : index
    %even = arith.muli %turned, %two : index
    %at = arith.addi %even, %odd : index
    %v = tile.load %view[%at] : !tile.shared<256xi16>
    tile.store %v, %h[%i] : !tile.fragment<256xi16>
  }
  tile.copy %h to %Y : !tile.fragment<256xi16> to memref<256xi16>
  tile.copy %X to %t {layout = #words} : memref<128xf32> to !tile.shared<128xf32>
  tile.copy %t to %w : !tile.shared<128xf32> to !tile.fragment<128xf32>
  tile.copy %w to %Z : !tile.fragment<128xf32> to memref<128xf32>
}`,
  },
  {
    // A warp reads the rows of A that its lanes copied, ahead of the loop and in it, and then its rows of C.
    name: 'a product whose warps share no rows',
    barriers: [3, 1],
    text: `
#rows = #layout.fragment<[64, 32], thread = (4,32):(8,64), value = (8,2):(1,32)>
tile.kernel @rows(%A: memref<64x64xf16>, %B: memref<64x16xf16>, %C: memref<64x16xf16>) blocks(%b) = (1) threads(128) {
  %As = tile.alloc : !tile.shared<64x32xf16>
  %Bs = tile.alloc : !tile.fragment<32x16xf16>
  %acc = tile.alloc : !tile.fragment<64x16xf32>
  %c0 = arith.constant 0 : index
  tile.clear %acc : !tile.fragment<64x16xf32>
  tile.pipelined %k = 0 to 64 step 32 stages(2) {
    tile.copy %A[%c0, %k] to %As {layout = #rows} : memref<64x64xf16> to !tile.shared<64x32xf16>
    tile.copy %B[%k, %c0] to %Bs : memref<64x16xf16> to !tile.fragment<32x16xf16>
    tile.gemm %As, %Bs into %acc : !tile.shared<64x32xf16>, !tile.fragment<32x16xf16>, !tile.fragment<64x16xf32>
  }
  tile.copy %acc to %C : !tile.fragment<64x16xf32> to memref<64x16xf16>
}`,
  },
  {
    // Parts of a row meet in scratch memory: a barrier each between writing and reading, and one between the two. The two
    // warps of gfx942 have a row each, and nothing to exchange.
    name: 'rows that warps share, twice',
    barriers: [3, 0],
    text: `
tile.kernel @row_sums(%X: memref<2x256xf32>, %A: memref<2xf32>, %B: memref<2xf32>) blocks(%b) = (1) threads(128) {
  %x = tile.alloc : !tile.fragment<2x256xf32>
  %a = tile.alloc : !tile.fragment<2xf32>
  %c = tile.alloc : !tile.fragment<2xf32>
  tile.copy %X to %x : memref<2x256xf32> to !tile.fragment<2x256xf32>
  tile.reduce max %x to %a dim(1) {clear} : !tile.fragment<2x256xf32> to !tile.fragment<2xf32>
  tile.reduce sum %x to %c dim(1) {clear} : !tile.fragment<2x256xf32> to !tile.fragment<2xf32>
  tile.copy %a to %A : !tile.fragment<2xf32> to memref<2xf32>
  tile.copy %c to %B : !tile.fragment<2xf32> to memref<2xf32>
}`,
  },
];

/** Kernels of the library that have barriers and are quick to run. */
const kernels = [
  'flash_attention.mlir',
  'gemm_split_k_combine.mlir',
  'histogram.mlir',
  'layer_norm.mlir',
];

describe.skipIf(noHostCompiler)('barriers are as few as can be', () => {
  const judge = (subject: MutationSubject): void => {
    const mutants = subject.mutants.filter(({ mutationClass }) => classes.includes(mutationClass));
    const fates = mutants.map((mutant) => [mutant.description, subject.judge(mutant).kind]);
    expect(fates).toEqual(mutants.map(({ description }) => [description, 'caught']));
  };
  const cases = programs.flatMap((program) =>
    (['sm_80', 'gfx942'] as const).map((arch, i) => ({
      ...program,
      arch,
      count: program.barriers[i],
      n: program.n?.[i],
    })),
  );
  it.each(cases)('$name: $count on $arch', ({ text, arch, count, n }) => {
    const { module, kernels } = parseKernels(text, 'test.mlir');
    const sizes = n === undefined ? undefined : new Map([['n', n]]);
    const options = { schedules: 2, seed: 1, sizes };
    const subject = new MutationSubject(module, kernels[0], findTarget(arch)!, options);
    const missing = subject.mutants.filter(({ mutationClass }) => mutationClass === 'barrier');
    expect(missing.length).toBe(count);
    judge(subject);
  });

  const library = mutationPrograms().filter(({ file }) => kernels.includes(file));
  it.each(library.flatMap((program) => ['sm_80', 'gfx942'].map((arch) => ({ ...program, arch }))))(
    'those of $file on $arch',
    ({ file, text, sizes, arch }) => {
      const { module, kernels } = parseKernels(text, file);
      for (const kernel of kernels) {
        const options = { schedules: 2, seed: 1, sizes };
        judge(new MutationSubject(module, kernel, findTarget(arch)!, options));
      }
    },
  );
});
