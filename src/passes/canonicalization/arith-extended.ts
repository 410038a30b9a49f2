/** Canonicalization of arith: sums with a carry and products of twice the width. */

import { commonOverflowFlags } from './arith-overflow.js';
import { constantOf, isInteger } from '../../dialects/arith/constants.js';
import { elementTypeOrSelf, withElementType } from '../../dialects/entity-types.js';
import { ArithOverflowAttr } from '../../dialects/generated/arith.js';
import {
  i1,
  i64,
  IntegerAttr,
  IntegerType,
  type Operation,
  type Type,
  type Value,
} from '../../ir/index.js';
import {
  constantValue,
  materializeConstant,
  pattern,
  type Rewriter,
  type RewritePattern,
} from '../../rewrite/index.js';

const widthOf = (type: Type): number => {
  const element = elementTypeOrSelf(type);
  return element instanceof IntegerType ? element.width : 0;
};

function constant(op: Operation, value: bigint, type: Type, rewriter: Rewriter): Value | undefined {
  const attribute = constantOf(value, type);
  const made = attribute && materializeConstant(op, attribute, type, op.location);
  return made && rewriter.insert(made).result;
}

/** The second result is not used: what is left is the plain operation. */
const withoutSecondResult = (extended: string, plain: string, law: string): RewritePattern =>
  pattern(
    `arith.${extended}`,
    { name: `arith-${extended.replace('_', '-')}-to-${plain}`, law },
    (op, rewriter) => {
      if (op.results[1].hasUses)
        return rewriter.notifyMatchFailure(op, 'the second result is used');
      const { result } = rewriter.create(`arith.${plain}`, {
        operands: op.operands,
        resultTypes: [op.resultTypes[0]],
        attributes: { overflowFlags: ArithOverflowAttr.get('none') },
      });
      rewriter.replaceAllUsesWith(op.results[0], result);
      rewriter.erase(op);
      return undefined;
    },
  );

const signedTimesOne = pattern(
  'arith.mulsi_extended',
  { name: 'arith-mulsi-extended-one', law: 'x * 1 -> x, sext(x < 0)' },
  (op, rewriter) => {
    const [x, factor] = op.operands;
    const [low, high] = op.resultTypes;
    if (widthOf(low) === 1 || !isInteger(constantValue(factor), 1n))
      return rewriter.notifyMatchFailure(op, 'rhs is not one');
    const zero = constant(op, 0n, low, rewriter);
    if (zero === undefined) return rewriter.notifyMatchFailure(op, 'there is no constant zero');
    const isNegative = rewriter.create('arith.cmpi', {
      operands: [x, zero],
      resultTypes: [withElementType(low, i1)],
      attributes: { predicate: IntegerAttr.get(2, i64) },
    }).result;
    const sign = rewriter.create('arith.extsi', { operands: [isNegative], resultTypes: [high] });
    rewriter.replaceOp(op, [x, sign.result]);
    return undefined;
  },
);

/** The upper half of a product, taken by a shift of the product of extended factors. */
const upperHalf = (extension: 'extsi' | 'extui', extended: string): RewritePattern =>
  pattern(
    'arith.trunci',
    {
      name: `arith-upper-half-to-${extended.replace('_', '-')}`,
      law: `trunc((${extension}(x) * ${extension}(y)) >> width(x)) -> the upper half of x * y`,
    },
    (op, rewriter) => {
      const shift = op.operand(0).definingOp;
      const product = shift?.name.text === 'arith.shrui' ? shift.operand(0).definingOp : undefined;
      if (product?.name.text !== 'arith.muli')
        return rewriter.notifyMatchFailure(op, 'the operand is no shifted product');
      const factors = product.operands.map(({ definingOp }) =>
        definingOp?.name.text === `arith.${extension}` ? definingOp.operand(0) : undefined,
      );
      const [x, y] = factors;
      if (x === undefined || y === undefined || x.type !== y.type || x.type !== op.result.type)
        return rewriter.notifyMatchFailure(op, 'the factors are not extended from the result type');
      if (!isInteger(constantValue(shift!.operand(1)), BigInt(widthOf(x.type))))
        return rewriter.notifyMatchFailure(op, 'the shift is not by the width of the factors');
      const both = rewriter.create(`arith.${extended}`, {
        operands: [x, y],
        resultTypes: [x.type, x.type],
      });
      rewriter.replaceOp(op, [both.results[1]]);
      return undefined;
    },
  );

const shiftOfKeptBits = pattern(
  'arith.trunci',
  {
    name: 'arith-trunc-of-shift',
    law: 'trunc(x >>s n) -> trunc(x >>u n) where exactly the shifted bits are cut off',
  },
  (op, rewriter) => {
    const shift = op.operand(0).definingOp;
    if (shift?.name.text !== 'arith.shrsi')
      return rewriter.notifyMatchFailure(op, 'the operand is no signed shift');
    const wide = shift.result.type;
    const cut = widthOf(wide) - widthOf(op.result.type);
    if (!isInteger(constantValue(shift.operand(1)), BigInt(cut)))
      return rewriter.notifyMatchFailure(op, 'the shift is by another number of bits');
    const logical = rewriter.create('arith.shrui', {
      operands: shift.operands,
      resultTypes: [wide],
    });
    rewriter.setOperand(op, 0, logical.result);
    return undefined;
  },
);

const differenceLessFirst = pattern(
  'arith.subi',
  { name: 'arith-sub-sub-same', law: '(x - y) - x -> 0 - y' },
  (op, rewriter) => {
    const inner = op.operand(0).definingOp;
    if (inner?.name.text !== 'arith.subi' || inner.operand(0) !== op.operand(1))
      return rewriter.notifyMatchFailure(op, 'it does not take away what was there first');
    const zero = constant(op, 0n, op.result.type, rewriter);
    if (zero === undefined) return rewriter.notifyMatchFailure(op, 'there is no constant zero');
    rewriter.replaceOpWithNew(op, 'arith.subi', {
      operands: [zero, inner.operand(1)],
      resultTypes: op.resultTypes,
      attributes: {
        overflowFlags: commonOverflowFlags(
          op.getAttribute('overflowFlags'),
          inner.getAttribute('overflowFlags'),
        ),
      },
    });
    return undefined;
  },
);

/** Patterns on sums and products of which one half, or one operand, is known. */
export const extendedPatterns: readonly RewritePattern[] = [
  withoutSecondResult('addui_extended', 'addi', 'x + y, where the carry is not used, is a sum'),
  withoutSecondResult('mulsi_extended', 'muli', 'the lower half of x * y alone is a product'),
  withoutSecondResult('mului_extended', 'muli', 'the lower half of x * y alone is a product'),
  signedTimesOne,
  upperHalf('extsi', 'mulsi_extended'),
  upperHalf('extui', 'mului_extended'),
  shiftOfKeptBits,
  differenceLessFirst,
];
