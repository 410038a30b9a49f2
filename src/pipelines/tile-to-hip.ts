/** The lowering of tile programs to what the HIP emitter prints, step by step. */

import { stringOption } from '../passes/pass-options.js';
import { requireTarget } from '../targets/target.js';
import { registerPipeline, type PipelineStep } from './registry.js';

export const tileToHip = registerPipeline({
  name: 'tile-to-hip',
  summary:
    'lower tile programs to thread-level programs for AMD GPUs, ready for tile-translate --mlir-to-hip',
  options: { arch: stringOption('gfx942', 'architecture to compile for') },
  build: ({ arch }): PipelineStep[] => {
    const options = { arch: requireTarget(arch, 'amd').name };
    return [
      {
        pass: 'tile-mark-stages',
        options,
        reason: "a statement keeps the author's stage when others around it come and go",
      },
      {
        pass: 'tile-bind-extents',
        options,
        reason: 'run-time extents are values that guards and strides can name',
      },
      {
        pass: 'lower-affine',
        reason: 'index arithmetic in one form, so that later steps recognise it',
      },
      { pass: 'canonicalize', reason: 'constants folded and in one place' },
      { pass: 'cse', reason: 'equal index computations are one value' },
      {
        pass: 'tile-stage-operands',
        options,
        reason: 'reductions see fragments, scans see shared memory',
      },
      {
        pass: 'tile-widen-operands',
        options,
        reason: 'products find an instruction for their types where conversions lose nothing',
      },
      {
        pass: 'tile-infer-layouts',
        options,
        reason: 'decides which thread holds what; all below reads the types',
      },
      {
        pass: 'tile-stage-conversions',
        options,
        reason: 'fragments that cross warps meet in shared memory; needs: tile-infer-layouts',
      },
      {
        pass: 'tile-stage-stores',
        options,
        reason: 'whole rows to memory; needs: tile-infer-layouts',
      },
      {
        pass: 'tile-plan-reductions',
        options,
        reason: 'rows that span warps meet in shared memory; needs: tile-infer-layouts',
      },
      {
        pass: 'tile-expand-pipelines',
        options,
        reason: 'prefetch through registers; needs: tile-infer-layouts',
      },
      {
        pass: 'canonicalize',
        reason: 'folds the guards of prologues and drops index code that moved',
      },
      {
        pass: 'tile-allocate-shared-memory',
        options,
        reason: 'all buffers exist now; needs: tile-expand-pipelines',
      },
      {
        pass: 'tile-expand-persistent',
        options,
        reason: 'until here the grid bounds the indices of a block; needs: tile-expand-pipelines',
      },
      {
        pass: 'tile-insert-barriers',
        options,
        reason: 'sees which tiles share memory; needs: tile-allocate-shared-memory',
      },
      {
        pass: 'convert-tile-storage-to-memref',
        options,
        reason: 'tiles become memory that instructions can name',
      },
      { pass: 'convert-tile-to-amd', options, reason: 'matrix cores' },
      {
        pass: 'convert-tile-to-thread',
        options,
        reason: 'everything else, as loads, stores and loops',
      },
      {
        pass: 'convert-group-barriers',
        options,
        reason: 'barriers of some warps as instructions; needs: tile-insert-barriers',
      },
      { pass: 'convert-tile-kernel-to-gpu', options, reason: 'the last tile operation goes' },
      {
        pass: 'pack-narrow-elements',
        reason: 'memory is bytes; needs: convert-tile-to-thread, which chooses the accesses',
      },
      { pass: 'canonicalize', reason: 'index arithmetic of constants' },
      {
        pass: 'loop-invariant-code-motion',
        reason: "a thread's place is computed once, not in every loop",
      },
      { pass: 'cse', reason: 'equal addresses are one value; needs: loop-invariant-code-motion' },
    ];
  },
});
