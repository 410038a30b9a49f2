// Runs reductions, scans, copies and parallel loops of every extent with every number of threads on the simulator,
// compares with the interpreter and prints a table of what was equal. Without arguments for sm_80, sm_89, gfx90a and
// gfx942; each takes some ten minutes.
//
//   node scripts/sweep-tile-operations.mjs [--target=sm_80,...] [--operation=parallel,...]
import { runSource } from './run-source.mjs';

await runSource('tests/kernels/tile-sweep.ts', 'sweepMain');
