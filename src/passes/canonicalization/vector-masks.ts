/** Canonicalization of vector: masks that are known, and accesses under them. */

import type { VectorType } from '../../ir/index.js';
import { ArrayAttr, i64, IntegerAttr, type Operation, type Value } from '../../ir/index.js';
import { constantValue, pattern, type RewritePattern } from '../../rewrite/index.js';

const constantMask = pattern(
  'vector.create_mask',
  { name: 'vector-create-mask-constant', law: 'a mask of constant extents is a constant mask' },
  (op, rewriter) => {
    const { shape } = op.result.type as VectorType;
    const sizes: number[] = [];
    for (const [dim, value] of op.operands.entries()) {
      const constant = constantValue(value);
      if (!(constant instanceof IntegerAttr))
        return rewriter.notifyMatchFailure(op, 'an extent is computed');
      sizes.push(Math.min(Math.max(constant.number, 0), shape[dim]));
    }
    const isEmpty = sizes.includes(0);
    rewriter.replaceOpWithNew(op, 'vector.constant_mask', {
      resultTypes: op.resultTypes,
      attributes: {
        mask_dim_sizes: ArrayAttr.get(
          sizes.map((size) => IntegerAttr.get(isEmpty ? 0 : size, i64)),
        ),
      },
    });
    return undefined;
  },
);

const sizesOf = (mask: Operation): readonly number[] =>
  (mask.getAttribute('mask_dim_sizes') as ArrayAttr).elements.map(
    (size) => (size as IntegerAttr).number,
  );

/** Whether a constant mask lets everything or nothing through. */
function maskOf(value: Value): 'all' | 'none' | undefined {
  const mask = value.definingOp;
  if (mask?.name.text !== 'vector.constant_mask') return undefined;
  const { shape } = mask.result.type as VectorType;
  const sizes = sizesOf(mask);
  if (sizes.every((size, dim) => size === shape[dim])) return 'all';
  return sizes.every((size) => size === 0) ? 'none' : undefined;
}

const maskedLoad = pattern(
  'vector.maskedload',
  {
    name: 'vector-masked-load-known',
    law: 'a load of all elements is a load; one of none is what it falls back to',
  },
  (op, rewriter) => {
    const last = op.operandCount - 1;
    const mask = maskOf(op.operand(last - 1));
    if (mask === undefined) return rewriter.notifyMatchFailure(op, 'the mask is not known');
    if (mask === 'none') rewriter.replaceOp(op, [op.operand(last)]);
    else
      rewriter.replaceOpWithNew(op, 'vector.load', {
        operands: op.operands.slice(0, last - 1),
        resultTypes: op.resultTypes,
      });
    return undefined;
  },
);

const maskedStore = pattern(
  'vector.maskedstore',
  {
    name: 'vector-masked-store-known',
    law: 'a store of all elements is a store; one of none does nothing',
  },
  (op, rewriter) => {
    const last = op.operandCount - 1;
    const mask = maskOf(op.operand(last - 1));
    if (mask === undefined) return rewriter.notifyMatchFailure(op, 'the mask is not known');
    rewriter.setInsertionPointBefore(op);
    if (mask === 'all')
      rewriter.create('vector.store', {
        operands: [op.operand(last), ...op.operands.slice(0, last - 1)],
      });
    rewriter.erase(op);
    return undefined;
  },
);

/** The canonicalization patterns of masks. */
export const maskCanonicalization: readonly RewritePattern[] = [
  constantMask,
  maskedLoad,
  maskedStore,
];
