/**
 * Routes stores of fragments through shared memory where the fragment's own order would fill only parts of each memory
 * sector: a second copy then writes whole rows.
 */

import { IntegerAnalysis } from '../../analysis/integer-facts.js';
import { LayoutSharedAttr } from '../../dialects/generated/layout.js';
import { TileCopyOp, TileSharedType } from '../../dialects/generated/tile.js';
import {
  bitWidth,
  Builder,
  isOp,
  MemRefType,
  type IntegerAttr,
  type Operation,
} from '../../ir/index.js';
import { copyFragment } from '../../layout/index.js';
import type { Target } from '../../targets/target.js';
import { buildCopy } from '../support/build-copy.js';
import { globalVectorWidth } from '../support/global-access.js';
import { remark } from '../support/remark.js';
import { fragmentOf, isFragment, kernelOf } from '../support/tiles.js';
import { globalRegionOf } from './global-region.js';
import { sectorEfficiency } from './sectors.js';
import { liveSharedBytes } from './shared-memory.js';
import { accessWidth, chooseRowMajor } from './shared-choice.js';
import { defineKernelPass } from '../support/kernel-pass.js';

/** Stages every store of a kernel that gains by it. */
export function stageStores(kernel: Operation, target: Target): void {
  const stores: TileCopyOp[] = [];
  kernel.walk((op) => {
    if (!isOp(op, TileCopyOp)) return;
    const copy = new TileCopyOp(op);
    if (isFragment(copy.source.type) && copy.destination.type instanceof MemRefType)
      stores.push(copy);
  });
  const analysis = new IntegerAnalysis();
  const threads = (kernel.getAttribute('threads') as IntegerAttr).number;
  for (const store of stores) stageStore(store, threads, target, analysis);
}

function stageStore(
  store: TileCopyOp,
  threads: number,
  target: Target,
  analysis: IntegerAnalysis,
): void {
  const memory = store.destination.type as MemRefType;
  const type = store.source.type;
  if (!isFragment(type)) return;
  const fragment = fragmentOf(type);
  const bits = bitWidth(memory.elementType)!;
  const width = globalVectorWidth(globalRegionOf(store.op)!, analysis);
  const own = Math.min(fragment.contiguousRun, width);
  const rows = copyFragment(type.shape, threads, width);
  if (rows.isMasked || (fragment.size * bits) / 8 > target.shared_bytes_per_block) return;
  const gain =
    sectorEfficiency(rows, width, bits, target) / sectorEfficiency(fragment, own, bits, target);
  if (gain <= 1) return;
  const bytes = (fragment.size * bits) / 8;
  const others = liveSharedBytes(kernelOf(store.op), store.op);
  if (bytes + others > target.shared_bytes_per_block) {
    remark(
      store.op,
      'copy',
      `store fills memory sectors in part: gathering whole rows would take ${bytes} bytes of shared memory beside ${others} in use`,
    );
    return;
  }
  const choice = chooseRowMajor(
    type.shape,
    bits,
    [
      {
        kind: 'fragment',
        fragment,
        width: accessWidth(fragment, bits),
        name: 'tile.copy',
      },
      { kind: 'fragment', fragment: rows, width: accessWidth(rows, bits), name: 'tile.copy' },
    ],
    target.vendor,
  );
  const builder = Builder.before(store.op);
  const tile = builder.create('tile.alloc', {
    resultTypes: [
      TileSharedType.get(type.shape, memory.elementType, LayoutSharedAttr.get(choice.layout)),
    ],
  }).result;
  tile.name = store.source.name === undefined ? 'staged' : `${store.source.name}_staged`;
  buildCopy(builder, { source: store.source, destination: tile, layout: fragment });
  buildCopy(builder, {
    source: tile,
    destination: store.destination,
    destinationIndices: store.destinationIndices,
    dims: store.dims,
    layout: rows,
    inBounds: store.op.hasAttribute('in_bounds'),
  });
  store.op.erase();
}

export const tileStageStores = defineKernelPass({
  name: 'tile-stage-stores',
  summary: 'route stores of fragments through shared memory where that fills memory sectors',
  requires: ['layout'],
  run: stageStores,
});
