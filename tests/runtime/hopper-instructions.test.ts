// Bulk copies and warpgroup products against the formulas of the ISA: where elements lie in shared memory and in registers.
import { describe, expect, it } from 'vitest';
import type { Ran } from './support.js';
import { buffer, encode, noHostCompiler, reportLines, run } from './support.js';

interface Product {
  readonly instruction: string;
  readonly d: 'f32' | 'f16' | 'i32';
  readonly ab: string;
  readonly bytes: number;
  readonly n: number;
  readonly swizzle: 0 | 32 | 64 | 128;
  /** Which operands run along M and N rather than K. */
  readonly transposed?: readonly [boolean, boolean];
  readonly leftInRegisters?: boolean;
}

const of16 = (
  type: 'f16' | 'bf16',
  swizzle: Product['swizzle'],
  more: Partial<Product> = {},
): Product => ({
  instruction: `wgmma_m64n${more.n ?? 64}k16_${more.d ?? 'f32'}_${type}`,
  d: 'f32',
  ab: type,
  bytes: 2,
  n: 64,
  swizzle,
  ...more,
});

const products: readonly Product[] = [
  of16('f16', 128),
  of16('f16', 64),
  of16('f16', 32),
  of16('f16', 0),
  of16('f16', 128, { n: 24 }),
  of16('f16', 128, { n: 256 }),
  of16('f16', 128, { transposed: [true, true] }),
  of16('f16', 64, { transposed: [false, true], n: 128 }),
  of16('f16', 32, { transposed: [true, false] }),
  of16('f16', 0, { transposed: [true, true], n: 16 }),
  of16('bf16', 128, { leftInRegisters: true }),
  of16('bf16', 64, { leftInRegisters: true, transposed: [false, true] }),
  of16('f16', 128, { d: 'f16', n: 32 }),
  { instruction: 'wgmma_m64n64k8_f32_tf32', d: 'f32', ab: 'f32', bytes: 4, n: 64, swizzle: 128 },
  {
    instruction: 'wgmma_m64n64k8_f32_tf32',
    d: 'f32',
    ab: 'f32',
    bytes: 4,
    n: 64,
    swizzle: 128,
    leftInRegisters: true,
  },
  {
    instruction: 'wgmma_m64n64k32_f32_f8E4M3FN',
    d: 'f32',
    ab: 'f8E4M3FN',
    bytes: 1,
    n: 64,
    swizzle: 64,
  },
  {
    instruction: 'wgmma_m64n64k32_f32_f8E5M2',
    d: 'f32',
    ab: 'f8E5M2',
    bytes: 1,
    n: 64,
    swizzle: 128,
    leftInRegisters: true,
  },
  { instruction: 'wgmma_m64n64k32_i32_i8', d: 'i32', ab: 'i8', bytes: 1, n: 64, swizzle: 0 },
  {
    instruction: 'wgmma_m64n64k32_i32_i8',
    d: 'i32',
    ab: 'i8',
    bytes: 1,
    n: 64,
    swizzle: 32,
    leftInRegisters: true,
  },
];

/** Small integers, exact in every type. */
const left = (m: number, k: number): number => ((m * 7 + k * 3) % 5) - 2;
const right = (n: number, k: number): number => ((n * 5 + k * 11) % 7) - 3;

/** C++ for the byte at which element (o, k) lies, with its leading and stride byte offsets. */
function placement({ swizzle, bytes }: Product, isTransposed: boolean): [string, number, number] {
  if (!isTransposed) {
    if (swizzle === 0)
      return [`o / 8 * 256 + k * ${bytes} / 16 * 128 + o % 8 * 16 + k * ${bytes} % 16`, 128, 256];
    return [`o * ${swizzle} + k * ${bytes}`, 0, 8 * swizzle];
  }
  if (swizzle === 0) return ['o / 8 * 256 + k / 8 * 128 + k % 8 * 16 + o % 8 * 2', 128, 256];
  const row = swizzle / 2;
  return [
    `o / ${row} * ${16 * swizzle} + k / 8 * ${8 * swizzle} + k % 8 * ${swizzle} + o % ${row} * 2`,
    16 * swizzle,
    8 * swizzle,
  ];
}

function productCode(product: Product, offset: number): string {
  const { instruction, d, ab, bytes, n, swizzle, leftInRegisters } = product;
  const [isATransposed, isBTransposed] = product.transposed ?? [false, false];
  const k = 32 / bytes;
  const fillOperand = (base: number, count: number, isTransposed: boolean, value: string): string =>
    `for (int i = thread; i < ${count * k}; i += 128) {
      const int o = i / ${k}, k = i % ${k};
      int place = ${placement(product, isTransposed)[0]};
      place ^= (place / 128 % 8 & ${swizzle === 0 ? 0 : swizzle / 16 - 1}) * 16;
      store(reinterpret_cast<${ab}*>(shared + ${base} + place), ${ab}(f32(${value})));
    }`;
  const descriptor = (base: number, isTransposed: boolean): string => {
    const [, leading, stride] = placement(product, isTransposed);
    return `wgmma_descriptor<${swizzle}>(shared + ${base}, ${leading}, ${stride})`;
  };
  const count = { 1: 16, 2: 8, 4: 4 }[bytes]!;
  const leftPlace = {
    1: 'row + i / 4 % 2 * 8, k = thread % 4 * 4 + i % 4 + i / 8 * 16',
    2: 'row + i / 2 % 2 * 8, k = thread % 4 * 2 + i % 2 + i / 4 * 8',
    4: 'row + i % 2 * 8, k = thread % 4 + i / 2 * 4',
  }[bytes]!;
  const transposes = leftInRegisters
    ? `<${Number(isBTransposed)}>`
    : `<${Number(isATransposed)}, ${Number(isBTransposed)}>`;
  return `  {
    sync_threads();
    ${fillOperand(0, 64, isATransposed, '(o * 7 + k * 3) % 5 - 2')}
    ${fillOperand(8192, n, isBTransposed, '(o * 5 + k * 11) % 7 - 3')}
    fence_proxy_async();
    sync_threads();
    Registers<${d}, ${n / 2}> sums;
    Registers<${ab}, ${count}> rows;
    const int row = thread / 32 * 16 + thread % 32 / 4;
    for (int i = 0; i < ${count}; ++i) {
      const int m = ${leftPlace};
      rows[i] = ${ab}(f32((m * 7 + k * 3) % 5 - 2));
    }
    wgmma_fence();
    const u64 b = ${descriptor(8192, isBTransposed)};
    ${instruction}${transposes}(sums, ${leftInRegisters ? 'rows' : descriptor(0, isATransposed)}, b, false);
    ${instruction}${transposes}(sums, ${leftInRegisters ? 'rows' : descriptor(0, isATransposed)}, b, true);
    wgmma_commit();
    wgmma_wait<0>();
    for (int i = 0; i < ${n / 2}; ++i) {
      const int column = i / 4 * 8 + thread % 4 * 2 + i % 2;
      store(out + ${offset} + (row + i / 2 % 2 * 8) * ${n} + column, f32(${d}(sums[i])));
    }
  }
`;
}

/** Runs a kernel of one block with an input and an output of f32. */
function execute(
  body: string,
  input: number[],
  outputs: number,
  options: { threads?: number; launch?: string; parameters?: string; arguments?: string } = {},
): Ran & { values: Float32Array } {
  const text = `#include "tilewright/simulator.h"
extern "C" __global__ void kernel(const f32* in, f32* out${options.parameters ?? ''}) {
  unsigned char* const shared = dynamic_shared_memory();
  const int thread = thread_index();
${body}
}
extern "C" int launch(const f32* in, f32* out, stream_t stream) {
${options.launch ?? ''}
  return launch_kernel(kernel, dim3(1), dim3(${options.threads ?? 128}), 65536, stream, in, out${options.arguments ?? ''});
}
TILEWRIGHT_ENTRY(launch)
`;
  const result = run({
    text,
    target: 'cuda',
    waveSize: 32,
    entry: 'launch',
    arguments: [
      buffer('in', 'f32', 'read', encode(input, 'f32')),
      buffer('out', 'f32', 'write', new Uint8Array(outputs * 4)),
    ],
    seed: 1,
    schedules: 2,
    limits: { seconds: 30, reports: 5 },
  });
  return { ...result, values: new Float32Array(result.outputs.get('out')!.slice().buffer) };
}

describe.skipIf(noHostCompiler)('products of warpgroups', () => {
  it('read operands where their descriptors say, and give the sums to the right registers', () => {
    const offsets: number[] = [];
    let total = 0;
    for (const { n } of products) {
      offsets.push(total);
      total += 64 * n;
    }
    const body = products.map((product, i) => productCode(product, offsets[i])).join('');
    const result = execute(body, [1], total);
    expect(reportLines(result)).toEqual([]);
    for (const [i, { instruction, n, bytes, swizzle }] of products.entries()) {
      const k = 32 / bytes;
      for (let m = 0; m < 64; m++) {
        for (let column = 0; column < n; column++) {
          let sum = 0;
          for (let p = 0; p < k; p++) sum += left(m, p) * right(column, p);
          const found = result.values[offsets[i] + m * n + column];
          if (found !== 2 * sum)
            expect.fail(
              `${instruction}, swizzle ${swizzle}: (${m}, ${column}) is ${found}, not ${2 * sum}`,
            );
        }
      }
    }
  });
});

describe.skipIf(noHostCompiler)('bulk copies', () => {
  const input = Array.from({ length: 2 * 3 * 4 * 6 * 20 }, (_, i) => i + 1);
  const shape = [20, 6, 4, 3, 2];
  const strides = shape.map((_, i) =>
    shape.slice(0, i).reduce((product, extent) => product * extent, 1),
  );

  /** What the tensor of `rank` has at coordinates, 0 outside. */
  const at = (rank: number, coordinates: readonly number[]): number => {
    let index = 0;
    for (let i = 0; i < rank; i++) {
      if (coordinates[i] < 0 || coordinates[i] >= shape[i]) return 0;
      index += coordinates[i] * strides[i];
    }
    return input[index];
  };

  const cases = [
    { rank: 1, box: [8], from: [16], swizzle: 0 },
    { rank: 2, box: [8, 8], from: [-4, 2], swizzle: 32 },
    { rank: 2, box: [16, 8], from: [8, -1], swizzle: 64 },
    { rank: 2, box: [32, 8], from: [0, 0], swizzle: 128 },
    { rank: 3, box: [4, 2, 3], from: [3, 5, 2], swizzle: 0 },
    { rank: 4, box: [8, 2, 2, 2], from: [12, 1, 3, 2], swizzle: 32 },
    { rank: 5, box: [16, 2, 2, 2, 2], from: [6, 5, 0, 1, 1], swizzle: 64 },
  ];
  const list = (values: readonly number[]): string => `{${values.join(', ')}}`;
  const elements = (box: readonly number[]): number => box.reduce((a, b) => a * b, 1);

  it('load boxes of 1 to 5 dimensions with every swizzle, zeros outside', () => {
    const maps = cases.map((_, i) => `map${i}`);
    let total = 0;
    const body = cases
      .map(({ rank, box, from, swizzle }, i) => {
        const offset = total;
        total += elements(box);
        return `  if (thread == 0) {
    mbarrier_arrive_expect(barrier, ${4 * elements(box)});
    tma_load_${rank}d(tile, &${maps[i]}, barrier, ${from.join(', ')});
  }
  mbarrier_wait(barrier, ${i % 2});
  for (int e = thread; e < ${elements(box)}; e += 128) {
    int place = e * 4;
    place ^= (place / 128 % 8 & ${swizzle === 0 ? 0 : swizzle / 16 - 1}) * 16;
    store(out + ${offset} + e, load(tile + place / 4));
  }
  sync_threads();
`;
      })
      .join('');
    const setUp = `  f32* const tile = reinterpret_cast<f32*>(shared);
  u64* const barrier = reinterpret_cast<u64*>(shared + 32768);
  if (thread == 0) {
    mbarrier_init(barrier, 1);
    fence_mbarrier_init();
  }
  sync_threads();
`;
    const result = execute(setUp + body, input, total, {
      parameters: maps.map((name) => `, const __grid_constant__ tensor_map ${name}`).join(''),
      arguments: maps.map((name) => `, ${name}`).join(''),
      launch: cases
        .map(
          ({ rank, box, swizzle }, i) => `  tensor_map ${maps[i]};
  if (make_tensor_map(${maps[i]}, in, ${list(shape.slice(0, rank))}, ${list(strides.slice(0, rank))}, ${list(box)}, ${swizzle})) return 1;`,
        )
        .join('\n'),
    });
    expect(reportLines(result)).toEqual([]);
    let offset = 0;
    for (const { rank, box, from } of cases) {
      for (let e = 0; e < elements(box); e++) {
        let rest = e;
        const coordinates = box.map((extent, i) => {
          const coordinate = from[i] + (rest % extent);
          rest = Math.floor(rest / extent);
          return coordinate;
        });
        expect(result.values[offset + e], `rank ${rank}, element ${e}`).toBe(at(rank, coordinates));
      }
      offset += elements(box);
    }
  });

  it('store and add boxes, leaving out what lies outside', () => {
    const result = execute(
      `  f32* const tile = reinterpret_cast<f32*>(shared);
  for (int i = thread; i < 160; i += 128) store(out + i, 1.0f);
  for (int i = thread; i < 64; i += 128) store(tile + (i ^ i / 32 % 2 * 4), f32(i));
  fence_proxy_async();
  sync_threads();
  if (thread == 0) {
    tma_store_2d(&map, tile, 16, 3);
    bulk_commit();
    bulk_wait<0>();
    tma_reduce_add_2d(&map, tile, -4, 0);
    bulk_commit();
    bulk_wait_read<0>();
  }`,
      [1],
      160,
      {
        parameters: ', const __grid_constant__ tensor_map map',
        arguments: ', map',
        launch: `  tensor_map map;
  if (make_tensor_map(map, out, {20, 8}, {1, 20}, {8, 8}, 32)) return 1;`,
      },
    );
    expect(reportLines(result)).toEqual([]);
    const expected = new Float32Array(160).fill(1);
    for (let y = 0; y < 5; y++)
      for (let x = 0; x < 4; x++) expected[(y + 3) * 20 + 16 + x] = y * 8 + x;
    for (let y = 0; y < 8; y++) for (let x = 0; x < 4; x++) expected[y * 20 + x] += y * 8 + x + 4;
    expect([...result.values]).toEqual([...expected]);
  });

  it.each([
    [
      '{20, 6}, {1, 20}, {6, 4}, 0',
      "rows of the box of 'in' have 24 bytes: expected a multiple of 16",
    ],
    [
      '{20, 6}, {1, 21}, {8, 4}, 0',
      "stride 1 of the tensor map of 'in' is 84 bytes: expected a multiple of 16",
    ],
    [
      '{20, 6}, {1, 20}, {8, 4}, 128',
      "rows of the box of 'in' have 32 bytes: expected those of the swizzle, 128",
    ],
    [
      '{20, 600}, {1, 20}, {8, 4}, 0',
      "the tensor map of 'in' reaches 48000 bytes, but the buffer has 11520",
    ],
    ['{20, 6}, {1, 20}, {8, 300}, 0', "extent 1 of the box of 'in' is 300: expected 1 to 256"],
  ])('a tensor map %s is refused', (map, message) => {
    const result = execute('  store(out, 1.0f);', input, 1, {
      launch: `  tensor_map map;\n  if (make_tensor_map(map, in, ${map})) return 1;`,
    });
    expect(result.reports[0].message).toBe(message);
  });
});

describe.skipIf(noHostCompiler)('barriers of some warps', () => {
  const handOver = (
    arrive: string,
    wait: string,
  ): string => `  f32* const tile = reinterpret_cast<f32*>(shared);
  u64* const barrier = reinterpret_cast<u64*>(shared + 32768);
  if (thread == 0) mbarrier_init(barrier, 64);
  sync_threads();
  if (thread < 64) {
    store(tile + thread, f32(thread));
    ${arrive}
  } else {
    ${wait}
    store(out + thread - 64, load(tile + 127 - thread));
  }
  if (thread == 0) mbarrier_invalidate(barrier);`;
  it.each([
    ['named_barrier_arrive<2, 128>();', 'named_barrier_sync<2, 128>();'],
    ['mbarrier_arrive(barrier);', 'mbarrier_wait(barrier, 0);'],
    ['mbarrier_arrive(barrier);', 'while (!mbarrier_try_wait(barrier, 0)) {}'],
  ])('%s orders what was before it for %s', (arrive, wait) => {
    // The mbarrier is given back by a thread that does not know whether others still wait: leave that out here.
    const body = handOver(arrive, wait).replace(/  if \(thread == 0\) mbarrier_invalidate.*/, '');
    const result = execute(body, [1], 64);
    expect(reportLines(result)).toEqual([]);
    expect([...result.values]).toEqual(Array.from({ length: 64 }, (_, i) => 63 - i));
    const early = body.replace(/(store\(tile.*)\n *(.*;)\n/, '$2\n$1\n');
    expect(execute(early, [1], 64).reports.map(({ kind }) => kind)).toContain('race');
  });
});
