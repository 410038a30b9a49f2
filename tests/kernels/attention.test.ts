/** Attention at head dimensions 64, 80, 128 and 256: executed, and compiled by the real compilers. */

import { describe, expect, test } from 'vitest';
import { compileCuda, compileHip } from '../../src/runtime/compile/index.js';
import { findHostCompiler } from '../../src/runtime/sim/index.js';
import {
  attentionCases,
  compileAttention,
  executeAttention,
  type AttentionCase,
} from './attention-figures.js';

const nameOf = ({ arch, heads, depth, isCausal }: AttentionCase): string =>
  [
    `${arch}, head dimension ${depth}`,
    ...(heads === 1 ? [] : [`${heads} heads`]),
    ...(isCausal ? ['causal'] : []),
  ].join(', ');
// gfx90a runs what gfx942 runs; `node benchmarks/attention.mjs` asks it too.
const cases = attentionCases
  .filter(({ arch }) => arch !== 'gfx90a')
  .map((attention) => [nameOf(attention), attention] as const);
const probe = 'extern "C" __global__ void probe() {}';
const compilers = { sm_80: compileCuda(probe, 'sm_80'), amd: compileHip(probe, 'gfx942') };

describe.skipIf('reason' in findHostCompiler())('executed', () => {
  test.each(cases)('%s: no conversion, no conflict in the main loop', (_, attention) => {
    expect(executeAttention(attention)).toEqual({ errors: '', conversions: 0, conflicts: 0 });
  });
});

describe('compiled', () => {
  test.for(cases)('%s: registers suffice', ([, attention], { skip }) => {
    const compiler = attention.arch === 'sm_80' ? compilers.sm_80 : compilers.amd;
    if (!compiler.available) skip(compiler.reason);
    const compiled = compileAttention(attention);
    if (typeof compiled === 'string') return expect.unreachable(compiled);
    expect(compiled.spilledBytes).toBeLessThanOrEqual(attention.spills);
    for (const registers of compiled.registers)
      expect(registers).toBeLessThanOrEqual(attention.arch === 'sm_80' ? 255 : 256);
  });
});
