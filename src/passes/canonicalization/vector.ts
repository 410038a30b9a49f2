/** Canonicalization of vector: what undoes each other, and elements that are at hand. */

import {
  ArrayAttr,
  DenseArrayAttr,
  i64,
  IntegerAttr,
  VectorType,
  type Attribute,
  type Operation,
} from '../../ir/index.js';
import { maskCanonicalization } from './vector-masks.js';
import { pattern, type RewritePattern } from '../../rewrite/index.js';

/** Constant positions of an `extract` or `insert`; undefined where one is computed. */
function positionOf(op: Operation, sources: number): readonly number[] | undefined {
  const position = op.getAttribute('static_position');
  if (op.operandCount > sources || !(position instanceof DenseArrayAttr)) return undefined;
  return position.values;
}

const numbersOf = (list: Attribute | undefined): readonly number[] => {
  if (list instanceof DenseArrayAttr) return list.values;
  return list instanceof ArrayAttr
    ? list.elements.map((element) => (element instanceof IntegerAttr ? element.number : NaN))
    : [];
};

const extractAt = (position: readonly number[]): { static_position: Attribute } => ({
  static_position: DenseArrayAttr.get(i64, position),
});

const extractOfInsert = pattern(
  'vector.extract',
  {
    name: 'vector-extract-of-insert',
    law: '(v with x at p)[p] -> x; (v with x at p)[q] -> v[q] where p and q lie apart',
  },
  (op, rewriter) => {
    const insert = op.operand(0).definingOp;
    if (insert?.name.text !== 'vector.insert')
      return rewriter.notifyMatchFailure(op, 'the source is no insert');
    const [at, wanted] = [positionOf(insert, 2), positionOf(op, 1)];
    if (at === undefined || wanted === undefined)
      return rewriter.notifyMatchFailure(op, 'a position is computed');
    const shared = Math.min(at.length, wanted.length);
    const isApart = at.slice(0, shared).some((index, dim) => index !== wanted[dim]);
    if (isApart) rewriter.setOperand(op, 0, insert.operand(1));
    else if (at.length === wanted.length) rewriter.replaceOp(op, [insert.operand(0)]);
    else return rewriter.notifyMatchFailure(op, 'one position contains the other');
    return undefined;
  },
);

const extractOfExtract = pattern(
  'vector.extract',
  { name: 'vector-extract-of-extract', law: 'v[p][q] -> v[p, q]' },
  (op, rewriter) => {
    const inner = op.operand(0).definingOp;
    if (inner?.name.text !== 'vector.extract')
      return rewriter.notifyMatchFailure(op, 'the source is no extract');
    const [outer, wanted] = [positionOf(inner, 1), positionOf(op, 1)];
    if (outer === undefined || wanted === undefined)
      return rewriter.notifyMatchFailure(op, 'a position is computed');
    rewriter.replaceOpWithNew(op, 'vector.extract', {
      operands: [inner.operand(0)],
      resultTypes: op.resultTypes,
      attributes: extractAt([...outer, ...wanted]),
    });
    return undefined;
  },
);

const extractOfBroadcast = pattern(
  'vector.extract',
  {
    name: 'vector-extract-of-broadcast',
    law: 'an element of a broadcast vector is an element of the vector',
  },
  (op, rewriter) => {
    const broadcast = op.operand(0).definingOp;
    const wanted = positionOf(op, 1);
    const source = broadcast?.operandCount === 1 ? broadcast.operand(0) : undefined;
    if (broadcast?.name.text !== 'vector.broadcast' || !(source?.type instanceof VectorType))
      return rewriter.notifyMatchFailure(op, 'the source is no broadcast of a vector');
    const added = (broadcast.result.type as VectorType).shape.length - source.type.shape.length;
    if (wanted === undefined || wanted.length <= added)
      return rewriter.notifyMatchFailure(op, 'the position is computed, or holds several copies');
    const { shape } = source.type;
    const rest = wanted.slice(added).map((index, dim) => (shape[dim] === 1 ? 0 : index));
    const left = shape.slice(rest.length);
    const { type } = op.result;
    const found = type instanceof VectorType ? type.shape : [];
    if (left.length !== found.length || left.some((extent, dim) => extent !== found[dim]))
      return rewriter.notifyMatchFailure(op, 'what is left is stretched');
    rewriter.replaceOpWithNew(op, 'vector.extract', {
      operands: [source],
      resultTypes: op.resultTypes,
      attributes: extractAt(rest),
    });
    return undefined;
  },
);

/** Two operations of the same kind one after the other do what one does. */
const collapse = (name: string, law: string): RewritePattern =>
  pattern(
    `vector.${name}`,
    { name: `vector-${name.replace('_', '-')}-twice`, law },
    (op, rewriter) => {
      const inner = op.operand(0).definingOp;
      if (inner?.name !== op.name)
        return rewriter.notifyMatchFailure(op, 'the source is something else');
      const source = inner.operand(0);
      if (source.type === op.result.type) rewriter.replaceOp(op, [source]);
      else rewriter.setOperand(op, 0, source);
      return undefined;
    },
  );

const transpose = pattern(
  'vector.transpose',
  { name: 'vector-transpose', law: 'by the identity nothing; twice, by the product' },
  (op, rewriter) => {
    const order = numbersOf(op.getAttribute('permutation'));
    if (order.every((dim, index) => dim === index)) {
      rewriter.replaceOp(op, [op.operand(0)]);
      return undefined;
    }
    const inner = op.operand(0).definingOp;
    if (inner?.name !== op.name)
      return rewriter.notifyMatchFailure(op, 'the source is not transposed');
    const first = numbersOf(inner.getAttribute('permutation'));
    rewriter.replaceOpWithNew(op, 'vector.transpose', {
      operands: [inner.operand(0)],
      resultTypes: op.resultTypes,
      attributes: {
        permutation: DenseArrayAttr.get(
          i64,
          order.map((dim) => first[dim]),
        ),
      },
    });
    return undefined;
  },
);

const wholeSlice = pattern(
  'vector.extract_strided_slice',
  { name: 'vector-whole-slice', law: 'the slice that is all of v is v' },
  (op, rewriter) => {
    if (op.operand(0).type !== op.result.type)
      return rewriter.notifyMatchFailure(op, 'it is a part');
    rewriter.replaceOp(op, [op.operand(0)]);
    return undefined;
  },
);

const reductionOfOne = pattern(
  'vector.reduction',
  { name: 'vector-reduction-of-one', law: 'the sum of one element is the element' },
  (op, rewriter) => {
    const { shape } = op.operand(0).type as VectorType;
    if (op.operandCount > 1 || shape.length !== 1 || shape[0] !== 1)
      return rewriter.notifyMatchFailure(op, 'there is more than one element');
    rewriter.replaceOpWithNew(op, 'vector.extract', {
      operands: op.operands,
      resultTypes: op.resultTypes,
      attributes: extractAt([0]),
    });
    return undefined;
  },
);

const shuffleOfOne = pattern(
  'vector.shuffle',
  { name: 'vector-shuffle-of-one', law: 'a shuffle that keeps one of its vectors is that vector' },
  (op, rewriter) => {
    const mask = numbersOf(op.getAttribute('mask'));
    const [first] = (op.operand(0).type as VectorType).shape;
    const kept = [0, 1].find(
      (index) =>
        op.operand(index).type === op.result.type &&
        mask.every((from, to) => from === to + index * first),
    );
    if (kept === undefined) return rewriter.notifyMatchFailure(op, 'it mixes or reorders');
    rewriter.replaceOp(op, [op.operand(kept)]);
    return undefined;
  },
);

/** All canonicalization patterns of vector. */
export const vectorCanonicalization: readonly RewritePattern[] = [
  extractOfInsert,
  extractOfExtract,
  extractOfBroadcast,
  collapse('broadcast', 'broadcast(broadcast(x)) -> broadcast(x)'),
  collapse('shape_cast', 'shape_cast(shape_cast(x)) -> shape_cast(x)'),
  collapse('bitcast', 'bitcast(bitcast(x)) -> bitcast(x)'),
  transpose,
  wholeSlice,
  reductionOfOne,
  shuffleOfOne,
  ...maskCanonicalization,
];
