/** The table of what becomes of attention, outside of the tests. */

import { findHostCompiler } from '../../src/runtime/sim/index.js';
import type { ToolMain } from '../../src/support/index.js';
import {
  attentionCases,
  compileAttention,
  executeAttention,
  type AttentionCase,
} from './attention-figures.js';

const HEADER = [
  'head dimension',
  'heads',
  'causal',
  'architecture',
  'block (rows x keys, threads)',
  'registers',
  'spills',
  'conversions through shared memory',
  'bank conflicts in the main loop',
];

function rowOf(attention: AttentionCase): string[] {
  const { heads, depth, isCausal, arch, block } = attention;
  const compiled = compileAttention(attention);
  const { errors, conversions, conflicts } = executeAttention(attention);
  if (typeof compiled === 'string') throw new Error(compiled);
  if (errors !== '') throw new Error(errors);
  return [
    ...[`${depth}`, `${heads}`, isCausal ? 'yes' : 'no', arch],
    `${block.rows}x${block.keys}, ${block.threads}`,
    compiled.registers.join(' + '),
    ...[`${compiled.spilledBytes} bytes`, `${conversions}`, `${conflicts}`],
  ];
}

/** `node benchmarks/attention.mjs` */
export const attentionMain: ToolMain = (_, io) => {
  const compiler = findHostCompiler();
  if ('reason' in compiler) {
    io.writeStderr(`attention: error: ${compiler.reason}\n`);
    return 1;
  }
  const line = (cells: readonly string[]): void => io.writeStdout(`| ${cells.join(' | ')} |\n`);
  io.writeStdout(`# Attention

Made by \`node benchmarks/attention.mjs\` on ${new Date().toISOString().slice(0, 10)}: registers and spills (stored by \`ptxas -v\`, scratch of clang) of what
nvcc and clang made of the emitted text; conversions and conflicts as the simulator executed it, with results equal to the
interpreter's. No program has a layout annotation. Two stages, f16. A hand-written kernel for sm_80 in blocks of 128x64
at head dimension 128 takes 255 registers and spills 8 bytes.

`);
  line(HEADER);
  line(HEADER.map(() => '---'));
  for (const attention of attentionCases) line(rowOf(attention));
  return 0;
};
