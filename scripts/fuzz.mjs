// Differential fuzzing: random tile programs on the simulator against the interpreter.
//
//   node scripts/fuzz.mjs --target=sm_80 --seconds=60 [--seed=1]
import { runSource } from './run-source.mjs';

await runSource('src/runtime/fuzz/main.ts', 'fuzzMain');
