// The meaning of a kernel survives every pass of the tile and layout levels, exactly.
import { describe, expect, it } from 'vitest';
import { conversions } from '../../src/conversions/index.js';
import { bf16, f16, f32 } from '../../src/ir/index.js';
import { genericPasses } from '../../src/passes/index.js';
import { PassManager, parsePipeline, registerPass } from '../../src/pipelines/index.js';
import { errorOf, noise, output, parse, run, tensor } from './run-kernel.js';

registerPass(...genericPasses, ...conversions);

const gemm = (m: number, n: number, k: number, type: string, stages: number): string => `
tile.kernel @gemm(%A: memref<${m}x${k}x${type}>, %B: memref<${k}x${n}x${type}>, %bias: memref<${n}xf32>, %C: memref<${m}x${n}xf16>)
    blocks(%bx, %by) = (${Math.ceil(n / 64)}, ${Math.ceil(m / 64)}) threads(128) {
  tile.rasterize row panel(2)
  %As = tile.alloc : !tile.shared<64x32x${type}>
  %Bs = tile.alloc : !tile.shared<32x64x${type}>
  %acc = tile.alloc : !tile.fragment<64x64xf32>
  tile.clear %acc : !tile.fragment<64x64xf32>
  %c64 = arith.constant 64 : index
  %zero = arith.constant 0.0 : f32
  %m = arith.muli %by, %c64 : index
  %n = arith.muli %bx, %c64 : index
  tile.pipelined %k = 0 to ${k} step 32 stages(${stages}) {
    tile.copy %A[%m, %k] to %As : memref<${m}x${k}x${type}> to !tile.shared<64x32x${type}>
    tile.copy %B[%k, %n] to %Bs : memref<${k}x${n}x${type}> to !tile.shared<32x64x${type}>
    tile.gemm %As, %Bs into %acc : !tile.shared<64x32x${type}>, !tile.shared<32x64x${type}>, !tile.fragment<64x64xf32>
  }
  tile.parallel (%i, %j) in (64, 64) {
    %x = tile.load %acc[%i, %j] : !tile.fragment<64x64xf32>
    %column = arith.addi %n, %j : index
    %b = tile.load %bias[%column] : memref<${n}xf32>
    %s = arith.addf %x, %b : f32
    %r = arith.maximumf %s, %zero : f32
    tile.store %r, %acc[%i, %j] : !tile.fragment<64x64xf32>
  }
  tile.copy %acc to %C[%m, %n] : !tile.fragment<64x64xf32> to memref<${m}x${n}xf16>
}`;

/** The passes of both pipelines up to the thread level, in order. */
const passes = [
  'canonicalize',
  'cse',
  'tile-infer-layouts',
  'tile-stage-stores',
  'tile-expand-pipelines',
  'canonicalize',
  'tile-allocate-shared-memory',
  'tile-insert-barriers',
];

describe.each(['sm_80', 'gfx90a', 'gfx942'])('%s', (arch) => {
  it.each([
    [128, 128, 128, 'f16', 3],
    [64, 64, 32, 'f16', 3],
    [65, 70, 100, 'f16', 2],
    [64, 128, 96, 'bf16', 4],
    [64, 64, 64, 'f16', 1],
  ] as const)('%dx%dx%d %s, %d stages', (m, n, k, type, stages) => {
    const module = parse(gemm(m, n, k, type, stages));
    const element = type === 'f16' ? f16 : bf16;
    const given = {
      A: tensor(element, [m, k], noise(1)),
      B: tensor(element, [k, n], noise(2)),
      bias: tensor(f32, [n], noise(3)),
    };
    const expected = output(run(module, given), 'C');
    for (const pass of passes) {
      const options = pass.startsWith('tile-') ? `{arch=${arch}}` : '';
      const pipeline = parsePipeline(`builtin.module(${pass}${options})`);
      expect(new PassManager(module.context, pipeline).run(module), pass).toBe(true);
      const result = run(module, given);
      expect([pass, errorOf(result)]).toEqual([pass, []]);
      const found = output(result, 'C');
      const differing = found.findIndex((value, index) => !Object.is(value, expected[index]));
      expect([pass, differing]).toEqual([pass, -1]);
    }
    const names = new Set<string>();
    module.walk((op) => void names.add(op.name.text));
    expect(names).toContain('gpu.barrier');
    expect(names).not.toContain('tile.pipelined');
    if (stages > 1 && k > 32) expect(names).toContain('tile.slice');
  });
});
