// Whole kernels against plain loops: products of many shapes, types and transposes, epilogues, partial tiles.
import { describe, expect, it } from 'vitest';
import { bf16, f16, f32, FloatType, i32, i8, type Type } from '../../src/ir/index.js';
import { formatOf, type Tensor } from '../../src/runtime/numerics/index.js';
import { noise, output, run, tensor } from './run-kernel.js';

interface Problem {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly a: Type;
  readonly b?: Type;
  readonly c: Type;
  readonly accumulator: Type;
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
  readonly tile?: readonly [number, number, number];
}

function gemmText(p: Problem): string {
  const [bm, bn, bk] = p.tile ?? [32, 32, 16];
  const order = (x: number, y: number, isTransposed?: boolean): [number, number] =>
    isTransposed ? [y, x] : [x, y];
  const pair = ([x, y]: readonly [number, number], type: Type): string => `${x}x${y}x${type}`;
  const A = `memref<${pair(order(p.m, p.k, p.transposeA), p.a)}>`;
  const B = `memref<${pair(order(p.k, p.n, p.transposeB), p.b ?? p.a)}>`;
  const C = `memref<${p.m}x${p.n}x${p.c}>`;
  const As = `!tile.shared<${pair(order(bm, bk, p.transposeA), p.a)}>`;
  const Bs = `!tile.shared<${pair(order(bk, bn, p.transposeB), p.b ?? p.a)}>`;
  const acc = `!tile.fragment<${bm}x${bn}x${p.accumulator}>`;
  const flags = [p.transposeA && 'transpose_a', p.transposeB && 'transpose_b']
    .filter(Boolean)
    .join(', ');
  return `
tile.kernel @gemm(%A: ${A}, %B: ${B}, %C: ${C}) blocks(%bx, %by) = (${Math.ceil(p.n / bn)}, ${Math.ceil(p.m / bm)}) threads(128) {
  %As = tile.alloc : ${As}
  %Bs = tile.alloc : ${Bs}
  %acc = tile.alloc : ${acc}
  tile.clear %acc : ${acc}
  %m = affine.apply affine_map<(d0) -> (d0 * ${bm})>(%by)
  %n = affine.apply affine_map<(d0) -> (d0 * ${bn})>(%bx)
  tile.pipelined %k = 0 to ${p.k} step ${bk} stages(3) {
    tile.copy %A[${p.transposeA ? '%k, %m' : '%m, %k'}] to %As : ${A} to ${As}
    tile.copy %B[${p.transposeB ? '%n, %k' : '%k, %n'}] to %Bs : ${B} to ${Bs}
    tile.gemm %As, %Bs into %acc ${flags ? `{${flags}}` : ''} : ${As}, ${Bs}, ${acc}
  }
  tile.copy %acc to %C[%m, %n] : ${acc} to ${C}
}`;
}

/** A tile at a time, as the kernel's loop does: the accumulator is rounded after each. */
function reference(p: Problem, a: Tensor, b: Tensor): number[] {
  const bk = (p.tile ?? [32, 32, 16])[2];
  const accumulator = formatOf(p.accumulator);
  const result = formatOf(p.c);
  const values: number[] = [];
  for (let i = 0; i < p.m; i++) {
    for (let j = 0; j < p.n; j++) {
      let sum = 0;
      for (let start = 0; start < p.k; start += bk) {
        for (let k = start; k < Math.min(p.k, start + bk); k++) {
          const x = a.data[p.transposeA ? k * p.m + i : i * p.k + k] as number;
          const y = b.data[p.transposeB ? j * p.k + k : k * p.n + j] as number;
          sum += x * y;
        }
        sum = accumulator.round(sum);
      }
      values.push(result.round(sum));
    }
  }
  return values;
}

function check(p: Problem): void {
  const shape = (x: number, y: number, isTransposed?: boolean): number[] =>
    isTransposed ? [y, x] : [x, y];
  const scale = formatOf(p.a).category === 'float' ? 1 : 100;
  const fill = (seed: number) => (index: number) =>
    scale === 1 ? noise(seed)(index) : Math.trunc(noise(seed)(index) * scale);
  const A = tensor(p.a, shape(p.m, p.k, p.transposeA), fill(1));
  const B = tensor(p.b ?? p.a, shape(p.k, p.n, p.transposeB), fill(2));
  expect(output(run(gemmText(p), { A, B }), 'C')).toEqual(reference(p, A, B));
}

const base: Problem = { m: 64, n: 64, k: 32, a: f16, c: f16, accumulator: f32 };

describe('matrix products', () => {
  it.each<[string, Partial<Problem>]>([
    ['f16', {}],
    ['A transposed', { transposeA: true, n: 96 }],
    ['B transposed', { transposeB: true, m: 96 }],
    ['both transposed', { transposeA: true, transposeB: true }],
    ['sizes that no tile divides', { m: 45, n: 71, k: 37 }],
    ['odd sizes, transposed', { m: 33, n: 17, k: 5, transposeA: true, transposeB: true }],
    ['one element', { m: 1, n: 1, k: 1 }],
    ['bf16', { a: bf16, c: bf16 }],
    ['f16 to f32', { c: f32 }],
    ['f16 accumulation', { accumulator: f16 }],
    ['f32', { a: f32, c: f32 }],
    ['tf32', { a: FloatType.get('tf32'), c: f32 }],
    ['f8E4M3FN by f8E5M2', { a: FloatType.get('f8E4M3FN'), b: FloatType.get('f8E5M2'), c: f16 }],
    ['f4E2M1FN', { a: FloatType.get('f4E2M1FN'), c: f32 }],
    [
      'f64',
      { a: FloatType.get('f64'), c: FloatType.get('f64'), accumulator: FloatType.get('f64') },
    ],
    ['i8', { a: i8, c: i32, accumulator: i32 }],
  ])('%s', (_name, change) => check({ ...base, ...change }));

  it('is quick', () => {
    const p: Problem = { ...base, m: 256, n: 256, k: 256, tile: [128, 128, 32] };
    const A = tensor(f16, [256, 256], noise(1));
    const B = tensor(f16, [256, 256], noise(2));
    const start = performance.now();
    expect(run(gemmText(p), { A, B }).isOk).toBe(true);
    expect(performance.now() - start).toBeLessThan(2000);
  });

  it('wraps 32-bit sums', () => {
    const p: Problem = { ...base, m: 32, n: 32, k: 16, a: i32, c: i32, accumulator: i32 };
    const A = tensor(i32, [32, 16], (i) => 2 ** 30 + i);
    const B = tensor(i32, [16, 32], (i) => 12345 * i);
    const expected: number[] = [];
    for (let i = 0; i < 32; i++) {
      for (let j = 0; j < 32; j++) {
        let sum = 0n;
        for (let k = 0; k < 16; k++) sum += BigInt(A.data[i * 16 + k]) * BigInt(B.data[k * 32 + j]);
        expected.push(Number(BigInt.asIntN(32, sum)));
      }
    }
    expect(output(run(gemmText(p), { A, B }), 'C')).toEqual(expected);
  });
});

it('runs an epilogue', () => {
  const text = `
tile.kernel @bias(%A: memref<20x24xf32>, %bias: memref<24xf32>, %C: memref<20x24xf32>) blocks(%bx) = (2) threads(32) {
  %x = tile.alloc : !tile.fragment<16x24xf32>
  %c16 = arith.constant 16 : index
  %zero = arith.constant 0.0 : f32
  %m = arith.muli %bx, %c16 : index
  tile.copy %A[%m, %m] to %x : memref<20x24xf32> to !tile.fragment<16x24xf32>
  %c0 = arith.constant 0 : index
  tile.copy %A[%m, %c0] to %x : memref<20x24xf32> to !tile.fragment<16x24xf32>
  tile.parallel (%i, %j) in (16, 24) {
    %a = tile.load %x[%i, %j] : !tile.fragment<16x24xf32>
    %b = tile.load %bias[%j] : memref<24xf32>
    %s = arith.addf %a, %b : f32
    %r = arith.maximumf %s, %zero : f32
    tile.store %r, %x[%i, %j] : !tile.fragment<16x24xf32>
  }
  tile.copy %x to %C[%m, %c0] : !tile.fragment<16x24xf32> to memref<20x24xf32>
}`;
  const A = tensor(f32, [20, 24], noise(1));
  const bias = tensor(f32, [24], noise(2));
  const expected = [...A.data].map((x, i) =>
    Math.max(0, Math.fround(Number(x) + Number(bias.data[i % 24]))),
  );
  expect(output(run(text, { A, bias }), 'C')).toEqual(expected);
});

it('means the same after pipelining: versions, slices, barriers and waits', () => {
  const text = `
tile.kernel @copy(%A: memref<8x64xf16>, %C: memref<8x64xf16>) blocks(%b) = (1) threads(32) {
  %tiles = tile.alloc : !tile.shared<2x8x16xf16>
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c16 = arith.constant 16 : index
  %c64 = arith.constant 64 : index
  %first = tile.slice %tiles[%c0] : !tile.shared<2x8x16xf16> to !tile.shared<8x16xf16>
  tile.copy %A[%c0, %c0] to %first {mode = "async"} : memref<8x64xf16> to !tile.shared<8x16xf16>
  nv.cp_async_commit
  %last = scf.for %k = %c0 to %c64 step %c16 iter_args(%v = %c0) -> (index) {
    nv.cp_async_wait 0
    gpu.barrier
    %w = arith.subi %c1, %v : index
    %next = affine.apply affine_map<(d0) -> (d0 + 16)>(%k)
    %more = arith.cmpi slt, %next, %c64 : index
    scf.if %more {
      %into = tile.slice %tiles[%w] : !tile.shared<2x8x16xf16> to !tile.shared<8x16xf16>
      tile.copy %A[%c0, %next] to %into {mode = "async"} : memref<8x64xf16> to !tile.shared<8x16xf16>
    }
    nv.cp_async_commit
    %now = tile.slice %tiles[%v] : !tile.shared<2x8x16xf16> to !tile.shared<8x16xf16>
    tile.copy %now to %C[%c0, %k] : !tile.shared<8x16xf16> to memref<8x64xf16>
    scf.yield %w : index
  }
}`;
  const A = tensor(f16, [8, 64], noise(3));
  expect(output(run(text, { A }), 'C')).toEqual([...A.data]);
});
