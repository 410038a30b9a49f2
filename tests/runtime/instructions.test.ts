// Each wrapper against its definition: fragments filled by the documented layouts, exact types, data exchange.
import { describe, expect, it } from 'vitest';
import { instructions, type Instruction } from './matrix-instructions.js';
import type { Ran } from './support.js';
import {
  buffer,
  decodeF16,
  encode,
  f16Value,
  f8Value,
  firstDifference,
  noHostCompiler,
  product,
  randomMatrix,
  reportLines,
  run,
} from './support.js';

function instructionKernel({ name, n, k, d, ab, counts, layouts }: Instruction): string {
  const move = (count: number, layout: string, statement: string): string =>
    `  for (int i = 0; i < ${count}; ++i) {
    const struct { int row, column; } at = ${layout};
    ${statement}
  }`;
  return `#include "tilewright/simulator.h"
extern "C" __global__ void kernel(const ${ab}* A, const ${ab}* B, ${d}* D) {
  const int L = threadIdx.x;
  Registers<${d}, ${counts[0]}> d;
  Registers<${ab}, ${counts[1]}> a;
  Registers<${ab}, ${counts[2]}> b;
  fill(d, 1);
${move(counts[1], layouts[1], `a[i] = load(A + at.row * ${k} + at.column);`)}
${move(counts[2], layouts[2], `b[i] = load(B + at.row * ${n} + at.column);`)}
  ${name}(d, a, b);
${move(counts[0], layouts[0], `store(D + at.row * ${n} + at.column, ${d}(d[i]));`)}
}
extern "C" int launch(const ${ab}* A, const ${ab}* B, ${d}* D, stream_t stream) {
  return launch_kernel(kernel, dim3(1), dim3(warp_size), 0, stream, A, B, D);
}
TILEWRIGHT_ENTRY(launch)
`;
}

function decode(bytes: Uint8Array, type: string): ArrayLike<number> {
  const data = bytes.slice().buffer;
  switch (type) {
    case 'f16':
      return decodeF16(bytes);
    case 'f32':
      return new Float32Array(data);
    case 'f64':
      return new Float64Array(data);
    case 'i64':
      return Array.from(new BigInt64Array(data), Number);
    default:
      return new Int32Array(data);
  }
}

describe.skipIf(noHostCompiler)('matrix instructions', () => {
  it.each(instructions)('$name multiplies by its layouts', (instruction) => {
    const { name, m, n, k, d, ab } = instruction;
    // Integers for integer types; few bits for the narrowest floats.
    const fit = (value: number): number =>
      ab.startsWith('i') ? value * 8 : ab.startsWith('f8') ? Math.ceil(value * 2) || 3 : value;
    const a = randomMatrix(m * k, 5).map(fit);
    const b = randomMatrix(k * n, 6).map(fit);
    const result = run({
      text: instructionKernel(instruction),
      target: name.startsWith('mma') ? 'cuda' : 'hip',
      waveSize: name.startsWith('mma') ? 32 : 64,
      entry: 'launch',
      arguments: [
        buffer('A', ab, 'read', encode(a, ab)),
        buffer('B', ab, 'read', encode(b, ab)),
        buffer('D', d, 'write', new Uint8Array(encode([0], d).length * m * n)),
      ],
      seed: 1,
    });
    expect(reportLines(result)).toEqual([]);
    expect(result.profile.totals.flop).toBe(2 * m * n * k);
    const expected = product(a, b, m, n, k).map((value) => value + 1);
    expect(firstDifference(decode(result.outputs.get('D')!, d), expected)).toBe(-1);
  });
});

/** Runs `body` in one block; `in` and `out` have the given types. */
function compute(
  body: string,
  options: {
    input: Uint8Array;
    from: string;
    to: string;
    count: number;
    threads?: number;
    wave?: 32 | 64;
  },
): { result: Ran; values: ArrayLike<number> } {
  const { from, to, input, count } = options;
  const result = run({
    text: `#include "tilewright/simulator.h"
extern "C" __global__ void kernel(const ${from}* in, ${to}* out) {
  const int thread = blockIdx.x * blockDim.x + threadIdx.x;
  ${body}
}
extern "C" int launch(const ${from}* in, ${to}* out, stream_t stream) {
  const int threads = ${options.threads ?? 64};
  return launch_kernel(kernel, dim3(${count} / threads), dim3(threads), 4096, stream, in, out);
}
TILEWRIGHT_ENTRY(launch)
`,
    target: 'cuda',
    waveSize: options.wave ?? 32,
    entry: 'launch',
    arguments: [
      buffer('in', from, 'read', input),
      buffer('out', to, 'write', new Uint8Array(encode([0], to).length * count)),
    ],
    seed: 3,
  });
  expect(reportLines(result)).toEqual([]);
  return { result, values: decode(result.outputs.get('out')!, to) };
}

describe.skipIf(noHostCompiler)('element types', () => {
  const everyBits = Uint16Array.from({ length: 65536 }, (_, i) => i);
  it('every f16 converts to f32 and back', () => {
    const input = new Uint8Array(everyBits.buffer);
    const common = { input, from: 'f16', count: 65536, threads: 256 };
    const wide = compute('store(out + thread, f32(load(in + thread)));', { ...common, to: 'f32' });
    expect(firstDifference(wide.values, Array.from(everyBits, f16Value))).toBe(-1);
    const back = compute('store(out + thread, f16(f32(load(in + thread))));', {
      ...common,
      to: 'f16',
    });
    expect(firstDifference(back.values, Array.from(everyBits, f16Value))).toBe(-1);
  });

  it('f32 rounds to the nearest even f16, as an independent encoder does', () => {
    const between: number[] = [];
    for (let i = 0; i < 0x7c00; i += 7) {
      const low = f16Value(i);
      const high = i + 1 === 0x7c00 ? 65536 : f16Value(i + 1);
      between.push((low + high) / 2, low + (high - low) / 4, -(high - (high - low) / 4));
    }
    between.push(
      65519.9,
      65520,
      1e30,
      Infinity,
      -Infinity,
      NaN,
      2 ** -25,
      2 ** -25 * 1.0001,
      1e-30,
    );
    while (between.length % 64 !== 0) between.push(0);
    const values = Float32Array.from(between);
    const { values: rounded } = compute('store(out + thread, load(in + thread));', {
      input: new Uint8Array(values.buffer),
      from: 'f32',
      to: 'f16',
      count: values.length,
    });
    expect(firstDifference(rounded, decodeF16(encode(values, 'f16')))).toBe(-1);
  });

  it.each(['f8E4M3FN', 'f8E5M2', 'f8E4M3FNUZ', 'f8E5M2FNUZ'])(
    '%s rounds to nearest even and saturates',
    (type) => {
      const codes = Uint8Array.from({ length: 256 }, (_, bits) => bits);
      const common = { count: 256, threads: 64 };
      const values = Array.from(codes, (bits) => f8Value(bits, type));
      const decoded = compute('store(out + thread, f32(load(in + thread)));', {
        ...common,
        input: codes,
        from: type,
        to: 'f32',
      });
      expect(firstDifference(decoded.values, values)).toBe(-1);
      // All values, the midpoints between neighbours, points just beside them, and what lies beyond the largest.
      const finite = values
        .filter((value) => Number.isFinite(value) && value >= 0 && !Object.is(value, -0))
        .sort((a, b) => a - b);
      const largest = finite.at(-1)!;
      const cases: [number, number][] = [
        [Infinity, largest],
        [largest * 1.01, largest],
        [largest * 8, largest],
        [-Infinity, -largest],
        [1e-30, 0],
      ];
      finite.forEach((low, i) => {
        cases.push([low, low], [-low, low === 0 ? 0 : -low]);
        if (i + 1 === finite.length) return;
        const high = finite[i + 1];
        const middle = (low + high) / 2;
        cases.push(
          [middle, i % 2 === 0 ? low : high],
          [low + (high - low) * 0.49, low],
          [low + (high - low) * 0.51, high],
        );
      });
      cases.push([NaN, NaN]);
      while (cases.length % 64 !== 0) cases.push([1, 1]);
      const input = encode(
        cases.map(([from]) => from),
        'f32',
      );
      const rounded = compute(`store(out + thread, f32(${type}(load(in + thread))));`, {
        input,
        from: 'f32',
        to: 'f32',
        count: cases.length,
      });
      cases.forEach(([from, to], i) =>
        expect(Math.abs(rounded.values[i]) === 0 ? 0 : rounded.values[i], `${type}(${from})`).toBe(
          to,
        ),
      );
    },
  );

  it('f16 arithmetic rounds each operation', () => {
    const { values } = compute(
      'const f16 x = load(in + thread);\n  store(out + thread, (x * x + x) / f16(3) - f16(1));',
      {
        input: encode([0.1, 2.7, -1.3, 100, ...Array<number>(60).fill(1)], 'f16'),
        from: 'f16',
        to: 'f16',
        count: 64,
      },
    );
    const half = (value: number): number => decodeF16(encode([value], 'f16'))[0];
    for (const [index, start] of [0.1, 2.7, -1.3, 100].entries()) {
      const x = half(start);
      expect(values[index]).toBe(half(half(half(half(x * x) + x) / 3) - 1));
    }
  });
});

describe.skipIf(noHostCompiler)('exchange between lanes', () => {
  const input = encode(
    Array.from({ length: 64 }, (_, i) => i * 3 + 1),
    'i32',
  );
  const common = { input, from: 'i32', to: 'i32', count: 64 };
  const value = (lane: number): number => lane * 3 + 1;
  it.each([32, 64] as const)('shuffles and votes of %i lanes', (wave) => {
    const warp = (thread: number): number => thread - (thread % wave);
    const check = (expression: string, expected: (thread: number) => number): void => {
      const body = `const i32 value = load(in + thread);\n  store(out + thread, ${expression});`;
      const { values } = compute(body, { ...common, wave });
      expect(Array.from(values)).toEqual(
        Array.from({ length: 64 }, (_, thread) => expected(thread)),
      );
    };
    check('shuffle_xor(value, 5)', (thread) => value(thread ^ 5));
    check('shuffle_index(value, 3)', (thread) => value(warp(thread) + 3));
    check('shuffle_up(value, 2)', (thread) => value(thread % wave < 2 ? thread : thread - 2));
    check('shuffle_down(value, 2)', (thread) =>
      value((thread % wave) + 2 < wave ? thread + 2 : thread),
    );
    check('i32(vote_any(thread == 40))', (thread) => (warp(thread) === warp(40) ? 1 : 0));
    check('i32(vote_all(thread < 32))', (thread) => (thread < 32 && wave === 32 ? 1 : 0));
    check('__builtin_popcountll(vote_ballot(value % 2 == 0))', () => wave / 2);
    check('warp_uniform(value)', (thread) => value(warp(thread)));
  });

  it('atomics sum without a race, in every type', () => {
    for (const type of ['i32', 'f32', 'i64', 'f64', 'f16']) {
      const { values } = compute(
        `if (thread == 0) for (int i = 0; i < 64; ++i) store(out + i, 0);
  sync_threads();
  atomic_add(out + thread % 2, ${type}(load(in + thread) % 8));
  sync_threads();`,
        { ...common, to: type },
      );
      const sum = (parity: number): number =>
        Array.from({ length: 32 }, (_, i) => value(2 * i + parity) % 8).reduce((a, b) => a + b);
      expect([values[0], values[1]]).toEqual([sum(0), sum(1)]);
    }
  });

  it('atomics add pairs without a race', () => {
    const { values } = compute(
      `if (thread == 0) for (int i = 0; i < 64; ++i) store(out + i, 0);
  sync_threads();
  Registers<f16, 2> pair;
  pair[0] = f16(load(in + thread) % 4);
  pair[1] = f16(1);
  atomic_add_pair(out + thread % 2 * 2, pair);
  sync_threads();`,
      { ...common, to: 'f16' },
    );
    const sum = (parity: number): number =>
      Array.from({ length: 32 }, (_, i) => value(2 * i + parity) % 4).reduce((a, b) => a + b);
    expect(Array.from(values).slice(0, 4)).toEqual([sum(0), 32, sum(1), 32]);
  });

  it('ldmatrix gives each lane its pair, and counts conflicts of unswizzled rows', () => {
    // 8x8 matrices of 16-bit numbers in 64-byte rows: element (r, c) of matrix j is r * 32 + j * 8 + c.
    const { result, values } = compute(
      `i16* const shared = reinterpret_cast<i16*>(dynamic_shared_memory());
  for (int i = thread; i < 256; i += 32) store(shared + i, i16(i));
  sync_warp();
  Registers<i16, 4, 2> rows;
  Registers<i16, 2, 2> columns;
  ldmatrix_x4(rows, shared + thread % 8 * 32 + thread / 8 * 8);
  ldmatrix_x2_trans(columns, shared + thread % 8 * 32 + thread / 8 % 2 * 8);
  store(out + thread, i32(rows[3][1]) * 1000 + i32(columns[1][0]));`,
      { input, from: 'i32', to: 'i32', count: 32, threads: 32 },
    );
    const expected = Array.from({ length: 32 }, (_, lane) => {
      const row = (lane >> 2) * 32 + 24 + (lane % 4) * 2 + 1;
      const column = (lane % 4) * 2 * 32 + 8 + (lane >> 2);
      return row * 1000 + column;
    });
    expect(Array.from(values)).toEqual(expected);
    const line = result.profile.lines.find((entry) => entry.operation === 'ldmatrix')!;
    // Rows 64 bytes apart: each matrix takes 4 cycles instead of 1.
    expect([line.sharedWavefronts, line.sharedConflicts]).toEqual([16, 12]);
  });
});

describe.skipIf(noHostCompiler)('counters', () => {
  const input = encode(
    Array.from({ length: 4096 }, (_, i) => i),
    'f32',
  );
  const load = (
    index: string,
    wave: 32 | 64 = 32,
    threads = 32,
  ): ReturnType<typeof compute>['result'] =>
    compute(`store(out + thread, load(in + ${index}));`, {
      input,
      from: 'f32',
      to: 'f32',
      count: threads,
      threads,
      wave,
    }).result;
  it('sectors and useful bytes of a request', () => {
    const sectors = (index: string): number[] => {
      const line = load(index).profile.lines.find((entry) => entry.operation === 'load')!;
      return [line.requests, line.globalSectors, line.globalUsefulBytes, line.globalBytes];
    };
    expect(sectors('thread')).toEqual([1, 4, 128, 128]);
    expect(sectors('thread * 2')).toEqual([1, 8, 128, 128]);
    expect(sectors('thread * 8')).toEqual([1, 32, 128, 128]);
    expect(sectors('thread + 1')).toEqual([1, 5, 128, 128]);
    expect(sectors('5')).toEqual([1, 1, 4, 128]);
  });

  it.each([
    [1, 32, 1],
    [2, 32, 2],
    [16, 32, 16],
    [31, 32, 1],
    [32, 32, 32],
    [1, 64, 2],
  ] as const)('words at stride %i, %i lanes: %i cycles', (stride, wave, cycles) => {
    const { result } = compute(
      `f32* const shared = reinterpret_cast<f32*>(dynamic_shared_memory());
  store(shared + thread * ${stride}, 1.0f);
  store(out + thread, 1.0f);`,
      { input, from: 'f32', to: 'f32', count: wave, threads: wave, wave },
    );
    const line = result.profile.lines.find((entry) => entry.sharedBytes > 0)!;
    expect(line.sharedWavefronts).toBe(cycles);
    expect(line.sharedBytes).toBe(wave * 4);
  });

  it('vectors of 16 bytes are served 8 lanes at a time', () => {
    const cycles = (offset: string): number[] => {
      const { result } = compute(
        `f32* const shared = reinterpret_cast<f32*>(dynamic_shared_memory());
  Registers<f32, 4> four;
  fill(four, 1);
  store_vector(shared + ${offset}, four);
  store(out + thread, 1.0f);`,
        { input, from: 'f32', to: 'f32', count: 32, threads: 32 },
      );
      const line = result.profile.lines.find((entry) => entry.sharedBytes > 0)!;
      return [line.sharedWavefronts, line.sharedConflicts];
    };
    expect(cycles('thread * 4')).toEqual([4, 0]);
    expect(cycles('thread * 8')).toEqual([8, 4]);
    expect(cycles('thread * 32')).toEqual([32, 28]);
    expect(cycles('thread * 32 + thread % 8 * 4')).toEqual([4, 0]);
  });
});
