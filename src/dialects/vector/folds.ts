/** Folds of the vector dialect, each with its law. */

import {
  DenseElementsAttr,
  FloatAttr,
  FloatType,
  IndexType,
  IntegerAttr,
  IntegerType,
  VectorType,
  type Attribute,
  type FoldOutcome,
  type Operation,
  type Type,
} from '../../ir/index.js';

/** A number of a scalar type as an attribute. */
export function scalarAttribute(value: number | bigint, type: Type): Attribute | undefined {
  if (type instanceof FloatType) return FloatAttr.get(Number(value), type);
  if (type instanceof IntegerType || type instanceof IndexType) return IntegerAttr.get(value, type);
  return undefined;
}

/** `broadcast constant -> dense<constant>`; `broadcast (v : T to T) -> v` */
export function foldBroadcast(
  op: Operation,
  [source]: readonly (Attribute | undefined)[],
): FoldOutcome {
  const type = op.result.type as VectorType;
  if (op.operand(0).type === type) return [op.operand(0)];
  if (source instanceof IntegerAttr || source instanceof FloatAttr)
    return [DenseElementsAttr.get(type, [source.value])];
  if (source instanceof DenseElementsAttr && source.isSplat)
    return [DenseElementsAttr.get(type, source.values)];
  return undefined;
}

/** `extract dense<...>[constants] -> the element`; `extract (splat x)[i] -> x`; `extract v[] -> v` */
export function foldExtract(
  op: Operation,
  [source]: readonly (Attribute | undefined)[],
): FoldOutcome {
  const positions = (
    op.properties.get('static_position') as unknown as { values: readonly number[] }
  ).values;
  const vector = op.operand(0);
  if (positions.length === 0) return [vector];
  const type = vector.type as VectorType;
  const result = op.result.type;
  if (source instanceof DenseElementsAttr) {
    if (result instanceof VectorType)
      return source.isSplat ? [DenseElementsAttr.get(result, source.values)] : undefined;
    if (positions.some((position) => position < 0)) return undefined;
    const index = positions.reduce((sum, position, dim) => sum * type.shape[dim] + position, 0);
    const value = scalarAttribute(source.values[source.isSplat ? 0 : index], result);
    return value === undefined ? undefined : [value];
  }
  const maker = vector.definingOp;
  const isSplat = maker?.name.text === 'vector.splat' || maker?.name.text === 'vector.broadcast';
  return isSplat && maker.operand(0).type === result ? [maker.operand(0)] : undefined;
}

/** `shape_cast (v : T to T) -> v`; `bitcast`, `transpose` by the identity likewise */
export function foldSameType(op: Operation): FoldOutcome {
  return op.operand(0).type === op.result.type ? [op.operand(0)] : undefined;
}

/** `shape_cast (shape_cast (v : T to S) : S to T) -> v`; of a splat constant, the splat in the new shape */
export function foldShapeCast(
  op: Operation,
  [source]: readonly (Attribute | undefined)[],
): FoldOutcome {
  const same = foldSameType(op);
  if (same !== undefined) return same;
  if (source instanceof DenseElementsAttr && source.isSplat)
    return [DenseElementsAttr.get(op.result.type as VectorType, source.values)];
  const inner = op.operand(0).definingOp;
  return inner?.name === op.name && inner.operand(0).type === op.result.type
    ? [inner.operand(0)]
    : undefined;
}
