// Compiles matrix products of every tile, thread count, operand and element type, runs them on the simulator, compares
// with the interpreter and prints a table. Takes hours; a run that is broken off goes on where it was.
//
//   node scripts/sweep-gemm.mjs [--target=sm_80,...] [--types=f16,...] [--sample=2|3|all] [--shard=1/2]
import { runSource } from './run-source.mjs';

await runSource('tests/kernels/gemm-tiles-main.ts', 'sweepGemmMain');
