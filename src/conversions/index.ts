/** All conversions, for the registry of passes. */

import { packNarrowElements } from './narrow-to-byte/pack-narrow-elements.js';
import { lowerAffine } from './affine-to-arith/lower-affine.js';
import { convertTileStorageToMemref } from './layout-to-thread/convert-tile-storage.js';
import { convertTileToThread } from './layout-to-thread/convert-tile-to-thread.js';
import { convertTileKernelToGpu } from './layout-to-thread/kernel.js';
import { convertScfToCf } from './scf-to-cf/convert-scf-to-cf.js';
import { convertTileToAmd } from './thread-to-amd/convert-tile-to-amd.js';
import { convertGroupBarriers } from './thread-to-target/convert-group-barriers.js';
import { convertTileToNv } from './thread-to-nv/convert-tile-to-nv.js';
import { tileBindExtents } from './tile-to-layout/bind-extents.js';
import { tileExpandPipelines } from './tile-to-layout/expand-pipelines.js';
import { tileExpandPersistent } from './tile-to-layout/expand-persistent.js';
import { tileInferLayouts } from './tile-to-layout/infer-layouts.js';
import { tileMarkStages } from './tile-to-layout/mark-stages.js';
import { tileInsertBarriers } from './tile-to-layout/insert-barriers.js';
import { tileAllocateSharedMemory } from './tile-to-layout/shared-memory.js';
import { tilePlanReductions } from './tile-to-layout/plan-reductions.js';
import { tileStageConversions } from './tile-to-layout/stage-conversions.js';
import { tileStageOperands } from './tile-to-layout/stage-operands.js';
import { tileStageStores } from './tile-to-layout/stage-stores.js';
import { tileWidenOperands } from './tile-to-layout/widen-operands.js';
import type { PassDefinition } from '../passes/index.js';

export const conversions: readonly PassDefinition[] = [
  tileMarkStages,
  tileBindExtents,
  tileStageOperands,
  tileWidenOperands,
  lowerAffine,
  tileInferLayouts,
  tileStageConversions,
  tileStageStores,
  tilePlanReductions,
  tileExpandPipelines,
  tileAllocateSharedMemory,
  tileExpandPersistent,
  tileInsertBarriers,
  convertTileStorageToMemref,
  convertTileToNv,
  convertTileToAmd,
  convertTileToThread,
  convertGroupBarriers,
  convertTileKernelToGpu,
  packNarrowElements,
  convertScfToCf,
];
