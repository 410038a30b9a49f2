/** Gives reductions over parts of a row in different warps the shared memory in which the parts meet. */

import { LayoutSharedAttr } from '../../dialects/generated/layout.js';
import {
  TileReduceOp,
  TileSharedType,
  type TileFragmentType,
} from '../../dialects/generated/tile.js';
import { Builder, isOp, type Operation } from '../../ir/index.js';
import { Layout } from '../../layout/index.js';
import type { Target } from '../../targets/target.js';
import { defineKernelPass } from '../support/kernel-pass.js';
import { combinedType, planReduction } from '../support/reduction-plan.js';
import { fragmentOf } from '../support/tiles.js';

export function planReductions(kernel: Operation, target: Target): void {
  const found: TileReduceOp[] = [];
  kernel.walk((op) => {
    if (isOp(op, TileReduceOp)) found.push(new TileReduceOp(op));
  });
  for (const reduce of found) {
    const source = reduce.source.type as TileFragmentType;
    const plan = planReduction(fragmentOf(source), Number(reduce.dim.value), target.warp_size);
    if (typeof plan === 'string' || plan.parts.length === 0) continue;
    const count = plan.parts.reduce((product, { extent }) => product * extent, 1);
    const size = (reduce.destination.type as TileFragmentType).shape.reduce((a, b) => a * b, 1);
    const layout = LayoutSharedAttr.get(new Layout([count, size], [size, 1]));
    const scratch = Builder.before(reduce.op).create('tile.alloc', {
      resultTypes: [TileSharedType.get([count, size], combinedType(source.elementType), layout)],
    }).result;
    scratch.name = 'scratch';
    reduce.op.setOperands([reduce.source, reduce.destination, scratch]);
  }
}

export const tilePlanReductions = defineKernelPass({
  name: 'tile-plan-reductions',
  summary: 'give reductions across warps the shared memory in which their parts meet',
  requires: ['layout'],
  run: planReductions,
});
