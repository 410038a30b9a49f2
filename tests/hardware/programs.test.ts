import { describe, expect, test } from 'vitest';
import {
  additionProgram,
  attentionProgram,
  softmaxProgram,
} from '../../benchmarks/gpu-suite/programs.js';
import { chooseBlocks, expectedResults, makeData } from '../../benchmarks/gpu-suite/data.js';
import { findKernels } from '../../src/runtime/interpreter/index.js';
import { compileProgram, parseProgram } from '../kernels/kernel-files.js';
import { simulateModule } from '../kernels/run-kernels.js';
import { unavailable } from './fake-gpu.js';

describe.skipIf(unavailable !== undefined)('programs of the GPU suite at small sizes', () => {
  test.each([
    ['causal attention', attentionProgram('a', { heads: 2, rows: 256, depth: 64, isCausal: true })],
    ['softmax', softmaxProgram('s', 9, 256)],
    ['addition', additionProgram('c', 5003, 'f16')],
  ])('%s', (_, text) => {
    const { status, errors } = simulateModule(text, 'sm_90');
    expect(errors).not.toContain('error');
    expect(status).toBe(0);
  });
});

describe('data of the GPU suite', () => {
  const text = additionProgram('c', 10_000, 'f32');
  const module = parseProgram(text);
  const [kernel] = findKernels(module);
  const [metadata] = compileProgram(text, 'sm_80').metadata.kernels;
  const data = makeData(kernel, metadata);

  test('of small kernels every element is expected, of large ones some blocks', () => {
    const few = expectedResults(module, kernel, data, [5, 1, 1], 10_000);
    if (typeof few === 'string') return expect.unreachable(few);
    // 8192 samples at most.
    const { offsets, values } = few.get('C')!;
    expect(offsets).toHaveLength(8192);
    expect([...offsets]).toEqual([...offsets].sort((a, b) => a - b));
    const [a, b] = ['A', 'B'].map((name) => data.values.get(name) as { data: Float32Array });
    offsets.forEach((at, i) => expect(values[i]).toBe(Math.fround(a.data[at] + b.data[at])));

    const some = expectedResults(module, kernel, data, [5, 1, 1], 1e12);
    if (typeof some === 'string') return expect.unreachable(some);
    const blocks = new Set([...some.get('C')!.offsets].map((at) => Math.floor(at / 2048)));
    expect(blocks.size).toBe(3);
    expect(blocks.has(0) && blocks.has(4)).toBe(true);
  });

  test('blocks are chosen by what they cost', () => {
    expect(chooseBlocks([4, 4, 1], 1e6)).toBeUndefined();
    expect(chooseBlocks([64, 64, 1], 4096 * 1e8)).toHaveLength(3);
    expect(chooseBlocks([64, 64, 1], 4096 * 6e7)).toHaveLength(5);
    expect(chooseBlocks([1, 1, 1], 1e12)).toEqual([0]);
    expect(chooseBlocks([2, 1, 1], 1e12)).toEqual([0, 1]);
  });
});
