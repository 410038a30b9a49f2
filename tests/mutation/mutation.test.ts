// A stratified sample of the mutation test: every class of fault, on kernels that have it. `node scripts/mutation.mjs` does more.
import { describe, expect, it } from 'vitest';
import {
  catchRate,
  demandedRate,
  MutationSubject,
  mutationClasses,
  mutationPrograms,
  parseKernels,
  runMutations,
  type MutationClass,
} from '../../src/runtime/mutation/index.js';
import { findHostCompiler } from '../../src/runtime/sim/index.js';
import { findTarget } from '../../src/targets/target.js';

const programs = mutationPrograms();
const noHostCompiler = 'reason' in findHostCompiler();

const synchronization = Object.entries(mutationClasses)
  .filter(([, { judgement }]) => judgement === 'order')
  .map(([name]) => name as MutationClass);
const dataflow = (Object.keys(mutationClasses) as MutationClass[]).filter(
  (name) => !synchronization.includes(name),
);

function sample(
  file: string,
  kernel: string,
  arch: string,
  perClass: number,
  classes: readonly MutationClass[],
) {
  const results = runMutations({
    programs: programs.filter((program) => program.file === file),
    targets: [findTarget(arch)!],
    kernels: [kernel],
    perClass,
    classes,
    seed: 1,
    schedules: 2,
  });
  for (const [name, result] of results) {
    const missed = result.missed.map(({ mutant }) => mutant.description);
    expect([name, missed, catchRate(result) >= demandedRate(name)]).toEqual([name, missed, true]);
  }
  return results;
}

describe.skipIf(noHostCompiler)('the simulator notices', () => {
  it('every missing barrier, wait and commit of an asynchronous pipeline', () => {
    const results = sample('gemm_transposes.mlir', 'gemm_nt', 'sm_80', Infinity, synchronization);
    for (const name of ['barrier', 'wait', 'wait-count', 'commit'] as const)
      expect([name, results.get(name)!.caught > 0]).toEqual([name, true]);
  });

  it('every missing barrier of a pipeline through registers', () => {
    const results = sample('gemm_ragged.mlir', 'gemm_ragged', 'gfx942', Infinity, synchronization);
    expect(results.get('barrier')!.caught).toBeGreaterThanOrEqual(2);
  });

  it.each(['sm_80', 'gfx90a'])(
    'missing guards and wrong indices of a ragged kernel: %s',
    (arch) => {
      const results = sample('gemm_ragged.mlir', 'gemm_ragged', arch, 2, dataflow);
      for (const name of dataflow) expect([name, results.get(name)!.tried]).toEqual([name, 2]);
    },
  );
});

describe.skipIf(noHostCompiler)('rules of equivalence', () => {
  const target = findTarget('sm_80')!;
  const subjectOf = (text: string): MutationSubject => {
    const { module, kernels } = parseKernels(text, 'test.mlir');
    return new MutationSubject(module, kernels[0], target, { schedules: 1, seed: 1 });
  };

  it('no guard of a ragged copy may go', () => {
    const subject = subjectOf(`
tile.kernel @copy(%A: memref<100xf32>, %B: memref<100xf32>) blocks(%b) = (2) threads(64) {
  %t = tile.alloc : !tile.fragment<64xf32>
  %i = affine.apply affine_map<(d0) -> (d0 * 64)>(%b)
  tile.copy %A[%i] to %t : memref<100xf32> to !tile.fragment<64xf32>
  tile.copy %t to %B[%i] : !tile.fragment<64xf32> to memref<100xf32>
}`);
    const guards = subject.mutants.filter(({ mutationClass }) => mutationClass === 'guard');
    expect(guards.length).toBeGreaterThanOrEqual(2);
    expect(new Set(guards.map((mutant) => subject.judge(mutant).kind))).toEqual(
      new Set(['caught']),
    );
  });

  it('a guard that holds in every block may go', () => {
    const subject = subjectOf(`
tile.kernel @zeros(%A: memref<64xf32>, %n: index) blocks(%b) = (1) threads(64) {
  %t = tile.alloc : !tile.fragment<64xf32>
  %inside = arith.cmpi slt, %b, %n : index
  tile.clear %t : !tile.fragment<64xf32>
  scf.if %inside {
    tile.copy %t to %A : !tile.fragment<64xf32> to memref<64xf32>
  }
}`);
    const guards = subject.mutants.filter(({ mutationClass }) => mutationClass === 'guard');
    expect(guards.map((mutant) => subject.judge(mutant).kind)).toContain('equivalent');
  });

  it('a barrier that orders nothing may go', () => {
    const subject = subjectOf(`
tile.kernel @shift(%A: memref<64xf32>, %B: memref<64xf32>) blocks(%b) = (1) threads(64) {
  %s = tile.alloc : !tile.shared<64xf32>
  %one = arith.constant 1 : index
  %last = arith.constant 63 : index
  tile.copy %A to %s : memref<64xf32> to !tile.shared<64xf32>
  gpu.barrier
  gpu.barrier
  tile.parallel (%i) in (64) {
    %next = arith.addi %i, %one : index
    %j = arith.minsi %next, %last : index
    %x = tile.load %s[%j] : !tile.shared<64xf32>
    tile.store %x, %B[%i] : memref<64xf32>
  }
}`);
    const fates = subject.mutants
      .filter(({ mutationClass }) => mutationClass === 'barrier')
      .map((mutant) => subject.judge(mutant).kind);
    expect(fates).toEqual(['equivalent', 'equivalent']);
  });
});
