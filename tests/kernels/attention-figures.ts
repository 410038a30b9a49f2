/** What becomes of attention at every head dimension: registers, spills, and the shared memory that its main loop uses. */

import { compileCuda, compileHip } from '../../src/runtime/compile/index.js';
import { attentionProgram, type AttentionBlock } from './attention-program.js';
import { compileProgram } from './kernel-files.js';
import { linesWithin, simulateModule } from './run-kernels.js';

export interface AttentionCase {
  readonly arch: 'sm_80' | 'gfx90a' | 'gfx942';
  readonly heads: number;
  readonly depth: number;
  readonly isCausal: boolean;
  readonly block: AttentionBlock;
  /** Bytes that a thread may spill: what the best hand-written kernel of that size needs. */
  readonly spills: number;
}

/** Blocks by head dimension: the largest that registers and shared memory hold. */
const BLOCKS = {
  nvidia: {
    64: { rows: 128, keys: 64, threads: 128 },
    80: { rows: 128, keys: 64, threads: 128 },
    128: { rows: 128, keys: 64, threads: 128 },
    256: { rows: 64, keys: 64, threads: 128 },
  },
  amd: {
    64: { rows: 128, keys: 64, threads: 256 },
    80: { rows: 128, keys: 64, threads: 256 },
    128: { rows: 128, keys: 64, threads: 256 },
    256: { rows: 64, keys: 32, threads: 256 },
  },
} as const;

export const attentionCases: readonly AttentionCase[] = (
  ['sm_80', 'gfx90a', 'gfx942'] as const
).flatMap((arch) => {
  const vendor = arch === 'sm_80' ? 'nvidia' : 'amd';
  // With several heads a block's place in memory has another term; the size with the fewest registers left shows it.
  const sizes = [
    [64, 1],
    [80, 1],
    [128, 1],
    [128, 2],
    [256, 1],
  ] as const;
  return sizes.flatMap(([depth, heads]) =>
    [false, true].map((isCausal) => ({
      ...{ arch, heads, depth, isCausal, block: BLOCKS[vendor][depth] },
      spills: vendor === 'nvidia' && depth === 128 ? 8 : 0,
    })),
  );
});

/** Heads of two blocks each, so that a causal block ends before the last key. */
function programOf({ heads, depth, isCausal, block }: AttentionCase): string {
  return attentionProgram('attention', {
    ...{ heads, rows: 2 * block.rows, depth, isCausal, block },
  });
}

export interface CompiledFigures {
  /** For AMD those for vectors and those for accumulation. */
  readonly registers: readonly number[];
  readonly spilledBytes: number;
}

/** What nvcc or clang makes of a case; its complaint, or why it cannot be asked, where it makes nothing. */
export function compileAttention(attention: AttentionCase): CompiledFigures | string {
  const { arch } = attention;
  const { text } = compileProgram(programOf(attention), arch);
  if (arch === 'sm_80') {
    const result = compileCuda(text, arch);
    if (!result.available) return result.reason;
    return result.ok
      ? { registers: [result.registers], spilledBytes: result.spillStores }
      : result.diagnostics;
  }
  const result = compileHip(text, arch);
  if (!result.available) return result.reason;
  return result.ok
    ? { registers: [result.vgprs, result.agprs], spilledBytes: result.scratch }
    : result.diagnostics;
}

export interface LoopFigures {
  /** Whether the simulator's results equal the interpreter's; its messages where they do not. */
  readonly errors: string;
  /** Lines of the main loop, other than the copies of K and V, that write to shared memory. */
  readonly conversions: number;
  /** Cycles that bank conflicts cost in the main loop. */
  readonly conflicts: number;
}

/** Executes a case on the simulator, compares with the interpreter, and counts in its main loop. */
export function executeAttention(attention: AttentionCase): LoopFigures {
  const text = programOf(attention);
  const run = simulateModule(text, attention.arch);
  const profile = run.profiles.get('attention');
  if (run.status !== 0 || profile === undefined)
    return { errors: run.errors || 'no profile', conversions: NaN, conflicts: NaN };
  const source = text.split('\n');
  // The loop ends where its own brace does, two columns in.
  const first = source.findIndex((line) => line.includes('tile.pipelined'));
  const last = source.indexOf('  }', first);
  const loop = linesWithin(profile, [first + 1, last + 1]);
  const isCopyOfOperand = (line: number): boolean => /tile\.copy %[KV]\[/.test(source[line - 1]);
  const writes = loop.filter(
    ({ operation, sharedBytes, line }) =>
      operation === 'store' && sharedBytes > 0 && !isCopyOfOperand(line),
  );
  return {
    errors: '',
    conversions: new Set(writes.map(({ line }) => line)).size,
    conflicts: loop.reduce((sum, { sharedConflicts }) => sum + sharedConflicts, 0),
  };
}
