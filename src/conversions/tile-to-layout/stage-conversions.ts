/** Carries out conversions through shared memory: a copy to a staging tile and one back to registers. */

import { LayoutConvertOp, LayoutSharedAttr } from '../../dialects/generated/layout.js';
import { TileSharedType, type TileFragmentType } from '../../dialects/generated/tile.js';
import { Builder, isOp, type Operation } from '../../ir/index.js';
import type { Target } from '../../targets/target.js';
import { buildCopy } from '../support/build-copy.js';
import { defineKernelPass } from '../support/kernel-pass.js';
import { remark } from '../support/remark.js';
import { elementBits, fragmentOf } from '../support/tiles.js';
import { stagingLayout } from './inference/conversion.js';

export function stageConversions(kernel: Operation, target: Target): void {
  const found: LayoutConvertOp[] = [];
  kernel.walk((op) => {
    if (!isOp(op, LayoutConvertOp)) return;
    const convert = new LayoutConvertOp(op);
    if (convert.through === 'shared') found.push(convert);
  });
  for (const { op, source, destination } of found) {
    const type = source.type as TileFragmentType;
    const from = fragmentOf(type);
    const to = fragmentOf(destination.type as TileFragmentType);
    const { layout, conflicts } = stagingLayout(from, to, elementBits(type), target);
    for (const { name, degree } of conflicts)
      remark(op, 'layout', `'${name}' meets a ${degree}-way bank conflict in its staging tile`);
    const builder = Builder.before(op);
    const tile = builder.create('tile.alloc', {
      resultTypes: [TileSharedType.get(type.shape, type.elementType, LayoutSharedAttr.get(layout))],
    }).result;
    tile.name = `${source.name ?? 'tile'}_staged`;
    buildCopy(builder, { source, destination: tile, layout: from });
    buildCopy(builder, { source: tile, destination, layout: to });
    op.erase();
  }
}

export const tileStageConversions = defineKernelPass({
  name: 'tile-stage-conversions',
  summary: 'carry out layout conversions through shared memory by two copies',
  requires: ['layout'],
  run: stageConversions,
});
