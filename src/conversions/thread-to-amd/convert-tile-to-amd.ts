/** The pass that uses instructions of AMD GPUs: matrix products and atomic updates of pairs. */

import { AmdAtomicAddPairOp } from '../../dialects/generated/amd.js';
import { atomicPairPattern, isAtomicOfPairs } from '../layout-to-thread/atomic.js';
import { convertWithPatterns } from '../support/convert.js';
import { defineKernelPass } from '../support/kernel-pass.js';
import { isMatrixProduct } from '../support/gemm.js';
import { gemmToAmd } from './gemm.js';

const atomicPairsToAmd = atomicPairPattern(
  64,
  (builder, pair) => void AmdAtomicAddPairOp.build(builder, pair),
);

export const convertTileToAmd = defineKernelPass({
  name: 'convert-tile-to-amd',
  summary:
    'turn matrix products into vector loads from LDS and mfma, sums of pairs into packed updates',
  requires: ['amd', 'memref', 'vector', 'scf', 'arith', 'gpu'],
  run: (kernel) =>
    convertWithPatterns(
      kernel,
      [gemmToAmd, atomicPairsToAmd],
      (op) => isMatrixProduct(op) || isAtomicOfPairs(op),
    ),
});
