// Prints the estimates of registers and shared memory beside what nvcc and clang report: the table of docs/estimate.md.
//
//   node scripts/measure-estimates.mjs [architecture...]
import { runSource } from './run-source.mjs';

await runSource('tests/estimate/measure.ts', 'measureMain');
