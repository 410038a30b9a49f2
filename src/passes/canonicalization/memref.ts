/** Canonicalization of memref: memory that nobody reads, and views that show what is at hand. */

import { numbers, replaceByCast, viewCanonicalization } from './memref-views.js';
import { DYNAMIC_INDEX } from '../../dialects/index-list.js';
import {
  attributeRecord,
  DenseArrayAttr,
  DYNAMIC,
  i32,
  IntegerAttr,
  MemRefType,
  type Value,
} from '../../ir/index.js';
import { constantValue, pattern, type RewritePattern } from '../../rewrite/index.js';

const deadAllocation = (name: string): RewritePattern =>
  pattern(
    name,
    {
      name: `${name.replace('.', '-')}-dead`,
      law: 'memory that is only written and freed does not matter',
    },
    (op, rewriter) => {
      const users = [...new Set(op.result.users())];
      const isWriteOnly = users.every(
        (user) =>
          user.name.text === 'memref.dealloc' ||
          (user.name.text === 'memref.store' && user.operand(0) !== op.result),
      );
      if (users.length === 0 || !isWriteOnly)
        return rewriter.notifyMatchFailure(op, 'somebody reads it, or knows it');
      for (const user of users) rewriter.erase(user);
      rewriter.erase(op);
      return undefined;
    },
  );

const constantExtents = (name: string): RewritePattern =>
  pattern(
    name,
    {
      name: `${name.replace('.', '-')}-constant-extents`,
      law: 'extents that are known belong to the type',
    },
    (op, rewriter) => {
      const type = op.result.type as MemRefType;
      const [dynamicCount, symbolCount] = numbers(op, 'operandSegmentSizes');
      const kept: Value[] = [];
      let next = 0;
      const shape = type.shape.map((extent) => {
        if (extent !== DYNAMIC) return extent;
        const size = op.operand(next++);
        const constant = constantValue(size);
        if (constant instanceof IntegerAttr && constant.number >= 0) return constant.number;
        kept.push(size);
        return DYNAMIC;
      });
      if (kept.length === dynamicCount)
        return rewriter.notifyMatchFailure(op, 'no extent is constant');
      const known = MemRefType.get(shape, type.elementType, type.layout, type.memorySpace);
      const allocation = rewriter.create(name, {
        operands: [...kept, ...op.operands.slice(dynamicCount)],
        resultTypes: [known],
        attributes: {
          ...attributeRecord(op),
          operandSegmentSizes: DenseArrayAttr.get(i32, [kept.length, symbolCount]),
        },
      });
      replaceByCast(op, allocation.result, rewriter);
      return undefined;
    },
  );

const copyOfNothing = pattern(
  'memref.copy',
  { name: 'memref-copy-of-nothing', law: 'a copy onto itself, or of no elements, does nothing' },
  (op, rewriter) => {
    const isEmpty = ({ type }: Value): boolean =>
      type instanceof MemRefType && type.shape.includes(0);
    if (op.operand(0) !== op.operand(1) && !op.operands.some(isEmpty))
      return rewriter.notifyMatchFailure(op, 'it copies something');
    rewriter.erase(op);
    return undefined;
  },
);

const copyOfCast = pattern(
  'memref.copy',
  { name: 'memref-copy-of-cast', law: 'copy(cast(a), b) -> copy(a, b)' },
  (op, rewriter) => {
    let hasChanged = false;
    op.operands.forEach((value, index) => {
      const cast = value.definingOp;
      if (cast?.name.text !== 'memref.cast' || !(cast.operand(0).type instanceof MemRefType))
        return;
      rewriter.setOperand(op, index, cast.operand(0));
      hasChanged = true;
    });
    return hasChanged ? undefined : rewriter.notifyMatchFailure(op, 'no operand is cast');
  },
);

const dimOfSubview = pattern(
  'memref.dim',
  { name: 'memref-dim-of-subview', law: 'the extent of a part is the size that was asked for' },
  (op, rewriter) => {
    const subview = op.operand(0).definingOp;
    const dim = constantValue(op.operand(1));
    if (subview?.name.text !== 'memref.subview' || !(dim instanceof IntegerAttr))
      return rewriter.notifyMatchFailure(op, 'it is no dimension of a part');
    const sizes = numbers(subview, 'static_sizes');
    const hasAll = (subview.result.type as MemRefType).shape.length === sizes.length;
    if (!hasAll || dim.number < 0 || sizes[dim.number] !== DYNAMIC_INDEX)
      return rewriter.notifyMatchFailure(op, 'the part has fewer dimensions');
    const [, offsets] = numbers(subview, 'operandSegmentSizes');
    const position = sizes.slice(0, dim.number).filter((size) => size === DYNAMIC_INDEX).length;
    rewriter.replaceOp(op, [subview.operand(1 + offsets + position)]);
    return undefined;
  },
);

const wholeSubview = pattern(
  'memref.subview',
  { name: 'memref-subview-whole', law: 'the part that is all of a buffer is the buffer' },
  (op, rewriter) => {
    const source = op.operand(0).type;
    if (op.operandCount > 1 || !(source instanceof MemRefType))
      return rewriter.notifyMatchFailure(op, 'a bound is computed');
    const sizes = numbers(op, 'static_sizes');
    const isWhole =
      numbers(op, 'static_offsets').every((offset) => offset === 0) &&
      numbers(op, 'static_strides').every((stride) => stride === 1) &&
      sizes.every((size, dim) => size === source.shape[dim]) &&
      (op.result.type as MemRefType).shape.length === source.shape.length;
    if (!isWhole) return rewriter.notifyMatchFailure(op, 'it is a part');
    replaceByCast(op, op.operand(0), rewriter);
    return undefined;
  },
);

/** `expand_shape` and `collapse_shape` of each other, back to the type it started from. */
const reshapeBack = (name: string, inverse: string): RewritePattern =>
  pattern(
    `memref.${name}`,
    { name: `memref-${name.replace('_', '-')}-back`, law: `${name}(${inverse}(m)) -> m` },
    (op, rewriter) => {
      const inner = op.operand(0).definingOp;
      const isBack =
        inner?.name.text === `memref.${inverse}` &&
        inner.operand(0).type === op.result.type &&
        inner.getAttribute('reassociation') === op.getAttribute('reassociation');
      if (!isBack) return rewriter.notifyMatchFailure(op, 'it does not undo its source');
      rewriter.replaceOp(op, [inner.operand(0)]);
      return undefined;
    },
  );

/** All canonicalization patterns of memref. */
export const memrefCanonicalization: readonly RewritePattern[] = [
  deadAllocation('memref.alloc'),
  deadAllocation('memref.alloca'),
  constantExtents('memref.alloc'),
  constantExtents('memref.alloca'),
  copyOfNothing,
  copyOfCast,
  dimOfSubview,
  wholeSubview,
  reshapeBack('expand_shape', 'collapse_shape'),
  reshapeBack('collapse_shape', 'expand_shape'),
  ...viewCanonicalization,
];
