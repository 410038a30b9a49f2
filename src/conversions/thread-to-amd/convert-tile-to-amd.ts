/** The pass that uses instructions of AMD GPUs: matrix products. */

import { convertWithPatterns } from '../support/convert.js';
import { defineKernelPass } from '../support/kernel-pass.js';
import { isMatrixProduct } from '../support/gemm.js';
import { gemmToAmd } from './gemm.js';

export const convertTileToAmd = defineKernelPass({
  name: 'convert-tile-to-amd',
  summary: 'turn matrix products into vector loads from LDS and mfma',
  requires: ['amd', 'memref', 'vector', 'scf', 'arith', 'gpu'],
  run: (kernel) => convertWithPatterns(kernel, [gemmToAmd], isMatrixProduct),
});
