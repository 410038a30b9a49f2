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
import { copyFragment, type Fragment } from '../../layout/index.js';
import type { Target } from '../../targets/target.js';
import { buildCopy } from '../support/build-copy.js';
import { globalVectorWidth } from '../support/global-access.js';
import { fragmentOf, isFragment } from '../support/tiles.js';
import { globalRegionOf } from './infer-layouts.js';
import { chooseRowMajor } from './shared-choice.js';
import { defineKernelPass } from '../support/kernel-pass.js';

/** Bytes that memory moves at least. */
const SECTOR_BYTES = 32;

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
  const choice = chooseRowMajor(
    type.shape,
    bits,
    [
      {
        kind: 'fragment',
        fragment,
        width: Math.min(fragment.vectorWidth, 128 / bits),
        name: 'tile.copy',
      },
      { kind: 'fragment', fragment: rows, width: rows.vectorWidth, name: 'tile.copy' },
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
    layout: rows,
    inBounds: store.op.hasAttribute('in_bounds'),
  });
  store.op.erase();
}

/** Bytes wanted per byte that memory moves when every warp stores its fragment `width` elements at a time. */
function sectorEfficiency(fragment: Fragment, width: number, bits: number, target: Target): number {
  const columns = fragment.shape[fragment.shape.length - 1];
  const sectors = new Set<number>();
  let wanted = 0;
  // One access of one warp: register 0 of its lanes. The others are the same up to whole tiles.
  for (let lane = 0; lane < Math.min(target.warp_size, fragment.threads); lane++) {
    const element = fragment.elementAt(lane, 0);
    if (element >= fragment.size) continue;
    const byte = ((element % columns) * bits) / 8;
    const row = Math.floor(element / columns);
    for (let at = byte; at < byte + (width * bits) / 8; at += bits / 8) {
      sectors.add(row * columns * bits + Math.floor(at / SECTOR_BYTES));
    }
    wanted += (width * bits) / 8;
  }
  return wanted / (sectors.size * SECTOR_BYTES);
}

export const tileStageStores = defineKernelPass({
  name: 'tile-stage-stores',
  summary: 'route stores of fragments through shared memory where that fills memory sectors',
  requires: ['layout'],
  run: stageStores,
});
