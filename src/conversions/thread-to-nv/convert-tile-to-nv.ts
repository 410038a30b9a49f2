/** The pass that uses instructions of NVIDIA GPUs: matrix products and asynchronous copies. */

import { StringAttr } from '../../ir/index.js';
import { convertWithPatterns } from '../support/convert.js';
import { defineKernelPass } from '../support/kernel-pass.js';
import { asyncCopyToNv } from './async-copy.js';
import { gemmToNv } from './gemm.js';
import { isMatrixProduct } from '../support/gemm.js';

export const convertTileToNv = defineKernelPass({
  name: 'convert-tile-to-nv',
  summary: 'turn matrix products into ldmatrix and mma.sync, asynchronous copies into cp.async',
  requires: ['nv', 'memref', 'scf', 'arith', 'gpu'],
  run: (kernel) =>
    convertWithPatterns(
      kernel,
      [gemmToNv, asyncCopyToNv],
      (op) =>
        isMatrixProduct(op) ||
        (op.name.text === 'tile.copy' && op.getAttribute('mode') === StringAttr.get('async')),
    ),
});
