// The mutation test of the simulator: faults planted one at a time in the library kernels, and how many of them it notices.
//
//   node scripts/mutation.mjs [--target=sm_80] [--per-class=12] [--verbose]
import { runSource } from './run-source.mjs';

await runSource('src/runtime/mutation/main.ts', 'mutationMain');
