// Packs the GPU suite: precompiled kernels, inputs, expected results and two runners, for a machine with a GPU and nothing else.
//
//   npm run pack-gpu-suite                                everything, to dist/gpu-suite and dist/gpu-suite.tar.gz
//   npm run pack-gpu-suite -- --archs=sm_80 --programs=gemm
import { runSource } from './run-source.mjs';

await runSource('benchmarks/gpu-suite/pack.ts', 'packMain');
