/** Whether indices stay below an extent that is known at run time: by the loop or the grid that they come from. */

import type { IntegerAnalysis } from '../../analysis/integer-facts.js';
import { gridExtents, indexParameters } from '../../dialects/tile/kernel-extents.js';
import {
  BlockArgument,
  IntegerAttr,
  type AffineExpr,
  type Operation,
  type Value,
} from '../../ir/index.js';

/** Whether `index + extent <= size` is certain. No index stands for 0, no size for one that is not known at all. */
export function staysBelow(
  index: Value | undefined,
  extent: number,
  size: number | Value | undefined,
  analysis: IntegerAnalysis,
): boolean {
  if (size === undefined) return false;
  const least = typeof size === 'number' ? size : analysis.of(size).min;
  const max = index === undefined ? 0 : analysis.of(index).max;
  if (max + extent <= least) return true;
  if (typeof size === 'number' || index === undefined) return false;
  const sum = index.definingOp?.name.text === 'arith.addi' ? index.definingOp.operands : undefined;
  if (sum !== undefined) {
    // base + j with 0 <= j <= most: the base with all of j's range after it.
    return [sum, [sum[1], sum[0]]].some(([base, offset]) => {
      const { min, max: most } = analysis.of(offset);
      return min >= 0 && most < Infinity && staysBelow(base, extent + most, size, analysis);
    });
  }
  const step = stepTowards(index, size, analysis);
  return step !== undefined && extent <= step;
}

/** A step such that `index` is a multiple of it below `size`, and so is `size`; undefined where none is known. */
function stepTowards(index: Value, size: Value, analysis: IntegerAnalysis): number | undefined {
  const divides = (step: number): boolean => step === 1 || analysis.of(size).divisor % step === 0;
  if (index instanceof BlockArgument && index.index === 0) {
    const bounds = loopBounds(index.owner.parentOp);
    if (bounds !== undefined && bounds.upper === size) {
      const step = typeof bounds.step === 'number' ? bounds.step : analysis.constantOf(bounds.step);
      const lower =
        typeof bounds.lower === 'number' ? bounds.lower : analysis.of(bounds.lower).divisor;
      return step !== undefined && step > 0 && lower % step === 0 && divides(step)
        ? step
        : undefined;
    }
  }
  const product = index.definingOp?.name.text === 'arith.muli' ? index.definingOp : undefined;
  const block = product === undefined ? index : product.operand(0);
  const factor = product === undefined ? 1 : analysis.of(product.operand(1)).min;
  const isConstant = product === undefined || analysis.of(product.operand(1)).max === factor;
  if (!isConstant || !(block instanceof BlockArgument)) return undefined;
  const extent = blockExtent(block);
  if (extent === undefined || indexParameters(block.owner.parentOp!)[extent.size] !== size)
    return undefined;
  if (extent.divisor !== factor) return undefined;
  return extent.isRoundedUp && !divides(factor) ? undefined : factor;
}

interface LoopBounds {
  readonly lower: number | Value;
  readonly upper: number | Value;
  readonly step: number | Value;
}

function loopBounds(loop: Operation | null | undefined): LoopBounds | undefined {
  if (loop?.name.text === 'scf.for') {
    const [lower, upper, step] = loop.operands;
    return { lower, upper, step };
  }
  if (loop?.name.text !== 'tile.pipelined') return undefined;
  let next = 0;
  const [lower, upper, step] = ['lower_bound', 'upper_bound', 'step'].map((name) => {
    const constant = loop.getAttribute(name);
    return constant instanceof IntegerAttr ? constant.number : loop.operand(next++);
  });
  return { lower, upper, step };
}

/** The number of blocks along a block index's dimension, where it is `size ceildiv divisor` or `size floordiv divisor`. */
function blockExtent(
  block: BlockArgument,
): { size: number; divisor: number; isRoundedUp: boolean } | undefined {
  const kernel = block.owner.parentOp;
  if (kernel?.name.text !== 'tile.kernel') return undefined;
  const grid = gridExtents(kernel);
  const extent: number | AffineExpr | undefined =
    grid[block.index - (block.owner.arguments.length - grid.length)];
  if (extent === undefined || typeof extent === 'number') return undefined;
  if (extent.kind === 'dim') return { size: extent.position, divisor: 1, isRoundedUp: false };
  if (extent.kind !== 'binary' || extent.lhs.kind !== 'dim' || extent.rhs.kind !== 'constant')
    return undefined;
  const isRoundedUp = extent.operator === 'ceildiv';
  if (!isRoundedUp && extent.operator !== 'floordiv') return undefined;
  return { size: extent.lhs.position, divisor: extent.rhs.value, isRoundedUp };
}
