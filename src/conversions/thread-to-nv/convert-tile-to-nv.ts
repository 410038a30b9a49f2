/** The pass that uses instructions of NVIDIA GPUs: matrix products, asynchronous copies and atomic updates of pairs. */

import { NvAtomicAddPairOp } from '../../dialects/generated/nv.js';
import { StringAttr } from '../../ir/index.js';
import { convertWithPatterns } from '../support/convert.js';
import { defineKernelPass } from '../support/kernel-pass.js';
import { atomicPairPattern, isAtomicOfPairs } from '../layout-to-thread/atomic.js';
import { asyncCopyToNv } from './async-copy.js';
import { gemmToNv } from './gemm.js';
import { isMatrixProduct } from '../support/gemm.js';

const atomicPairsToNv = atomicPairPattern(
  32,
  (builder, pair) => void NvAtomicAddPairOp.build(builder, pair),
);

export const convertTileToNv = defineKernelPass({
  name: 'convert-tile-to-nv',
  summary:
    'turn matrix products into ldmatrix and mma.sync, asynchronous copies into cp.async, sums of pairs into red',
  requires: ['nv', 'memref', 'scf', 'arith', 'gpu'],
  run: (kernel) =>
    convertWithPatterns(
      kernel,
      [gemmToNv, asyncCopyToNv, atomicPairsToNv],
      (op) =>
        isMatrixProduct(op) ||
        isAtomicOfPairs(op) ||
        (op.name.text === 'tile.copy' && op.getAttribute('mode') === StringAttr.get('async')),
    ),
});
