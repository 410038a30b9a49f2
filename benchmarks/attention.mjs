// Compiles and executes attention at head dimensions 64, 80, 128 and 256 and prints a Markdown table of registers, spills,
// conversions and bank conflicts. Takes minutes.
//
//   node benchmarks/attention.mjs [> benchmarks/results/attention.md]
import { runSource } from '../scripts/run-source.mjs';

await runSource('tests/kernels/attention-main.ts', 'attentionMain');
