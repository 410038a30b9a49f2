/** The pass that turns tile operations into one thread's code: copies, fills and parallel loops. */

import type { Operation } from '../../ir/index.js';
import { defineKernelPass } from '../support/kernel-pass.js';
import { convertWithPatterns } from '../support/convert.js';
import { convertLayoutPatterns } from './convert-layout.js';
import { atomicPatterns } from './atomic.js';
import { copyPatterns } from './copy.js';
import { debugPatterns } from './debug.js';
import { elementPatterns } from './element-access.js';
import { fmaPatterns } from './gemm-fma.js';
import { parallelPatterns } from './parallel.js';
import { reducePatterns } from './reduce.js';
import { scanPatterns } from './scan.js';
import { transposePatterns } from './transpose.js';

/** What the lowering of the kernel itself takes care of. */
const FOR_THE_KERNEL = new Set(['tile.rasterize', 'tile.assume']);

export const convertTileToThread = defineKernelPass({
  name: 'convert-tile-to-thread',
  summary:
    "turn what is left of tile operations into one thread's loads, stores, arithmetic and loops",
  requires: ['memref', 'vector', 'scf', 'arith', 'gpu'],
  run: (kernel, target) => {
    const families = [
      convertLayoutPatterns,
      atomicPatterns,
      copyPatterns,
      debugPatterns,
      elementPatterns,
      fmaPatterns,
      parallelPatterns,
      reducePatterns,
      scanPatterns,
      transposePatterns,
    ];
    const patterns = families.flatMap((family) => family(target.warp_size));
    const isHandled = (op: Operation): boolean =>
      op.name.dialect === 'layout' ||
      (op.name.dialect === 'tile' && !FOR_THE_KERNEL.has(op.name.text));
    return convertWithPatterns(kernel, patterns, isHandled);
  },
});
