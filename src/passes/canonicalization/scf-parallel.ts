/** Canonicalization of `scf.parallel`: dimensions that run once, and loops that are one loop of more dimensions. */

import { DenseArrayAttr, i32, type Block, type Operation, type Value } from '../../ir/index.js';
import { tripCount } from './scf-trip-count.js';
import { pattern, type Rewriter, type RewritePattern } from '../../rewrite/index.js';

/** Puts the operations of a reduction of two values in front of an operation, and gives their result. */
function reduceOnce(
  reduction: Block,
  initial: Value,
  value: Value,
  before: Operation,
  rewriter: Rewriter,
): Value {
  const terminator = reduction.lastOp!;
  rewriter.inlineBlockBefore(reduction, before, [initial, value]);
  const [result] = terminator.operands;
  rewriter.erase(terminator);
  return result;
}

const parallelDimensions = pattern(
  'scf.parallel',
  {
    name: 'scf-parallel-dimensions',
    law: 'a dimension that runs once is its lower bound; one that runs no time leaves nothing to do',
  },
  (op, rewriter) => {
    const block = op.regions[0].entryBlock;
    const rank = block.arguments.length;
    const initial = op.operands.slice(3 * rank);
    const counts = block.arguments.map((_, dim) => {
      const [lower, upper, step] = [0, 1, 2].map((part) => op.operand(part * rank + dim));
      return tripCount(lower, upper, step);
    });
    if (counts.includes(0n)) {
      rewriter.replaceOp(op, initial);
      return undefined;
    }
    const isKept = counts.map((count) => count !== 1n);
    if (isKept.every((kept) => kept))
      return rewriter.notifyMatchFailure(op, 'every dimension runs several times');
    if (!isKept.includes(true)) {
      const terminator = block.lastOp!;
      rewriter.inlineBlockBefore(block, op, op.operands.slice(0, rank));
      rewriter.setInsertionPointBefore(op);
      const reduced = terminator.operands.map((value, index) =>
        reduceOnce(terminator.regions[index].entryBlock, initial[index], value, op, rewriter),
      );
      rewriter.erase(terminator);
      rewriter.replaceOp(op, reduced);
      return undefined;
    }
    const keep = (_: unknown, index: number): boolean => isKept[index % rank];
    for (let dim = rank - 1; dim >= 0; dim--) {
      if (isKept[dim]) continue;
      rewriter.replaceAllUsesWith(block.arguments[dim], op.operand(dim));
      rewriter.eraseBlockArgument(block, dim);
    }
    const bounds = op.operands.slice(0, 3 * rank).filter(keep);
    rewriter.replaceOpWithNew(op, 'scf.parallel', {
      operands: [...bounds, ...initial],
      resultTypes: op.resultTypes,
      attributes: {
        ...Object.fromEntries(op.attributes.entries()),
        operandSegmentSizes: DenseArrayAttr.get(i32, [
          ...[0, 1, 2].map(() => bounds.length / 3),
          initial.length,
        ]),
      },
      regions: [rewriter.takeRegion(op, 0)],
    });
    return undefined;
  },
);

const nestedParallel = pattern(
  'scf.parallel',
  {
    name: 'scf-parallel-nested',
    law: 'a loop that is all there is in a loop makes one loop with it',
  },
  (op, rewriter) => {
    const block = op.regions[0].entryBlock;
    const inner = block.firstOp!;
    if (inner.name.text !== 'scf.parallel' || inner.nextOp !== block.lastOp)
      return rewriter.notifyMatchFailure(op, 'the body is not one loop alone');
    if (op.results.length > 0 || inner.results.length > 0)
      return rewriter.notifyMatchFailure(op, 'a loop reduces something');
    if (inner.operands.some((value) => block.arguments.some((argument) => argument === value)))
      return rewriter.notifyMatchFailure(op, 'the inner bounds depend on the outer loop');
    const body = inner.regions[0].entryBlock;
    const [outerRank, innerRank] = [block.arguments.length, body.arguments.length];
    const bounds = [0, 1, 2].flatMap((part) => [
      ...op.operands.slice(part * outerRank, (part + 1) * outerRank),
      ...inner.operands.slice(part * innerRank, (part + 1) * innerRank),
    ]);
    const rank = outerRank + innerRank;
    block.arguments.forEach(({ type, location }, dim) => {
      const argument = rewriter.insertBlockArgument(body, dim, type, location);
      argument.name = block.arguments[dim].name;
      rewriter.replaceAllUsesWith(block.arguments[dim], argument);
    });
    rewriter.replaceOpWithNew(op, 'scf.parallel', {
      operands: bounds,
      attributes: {
        ...Object.fromEntries(op.attributes.entries()),
        operandSegmentSizes: DenseArrayAttr.get(i32, [rank, rank, rank, 0]),
      },
      regions: [rewriter.takeRegion(inner, 0)],
    });
    return undefined;
  },
);

/** The canonicalization patterns of `scf.parallel`. */
export const parallelCanonicalization: readonly RewritePattern[] = [
  parallelDimensions,
  nestedParallel,
];
