/** What operations on vectors must agree with beyond their declaration. */

import {
  ArrayAttr,
  bitWidth,
  DenseArrayAttr,
  FloatType,
  isShapedType,
  VectorType,
  type AffineMapAttr,
  type Attribute,
  type DialectAttr,
  type IntegerAttr,
  type MemRefType,
  type Operation,
  type ShapedType,
  type Type,
  type Value,
} from '../../ir/index.js';

const numbers = (attribute: Attribute | undefined): readonly number[] => {
  if (attribute instanceof DenseArrayAttr) return attribute.values;
  if (attribute instanceof ArrayAttr)
    return attribute.elements.map((element) => (element as IntegerAttr).number);
  return [];
};

const elements = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

/** A vector may be read where each index has its dimension and the element types agree. */
export const verifyAccess =
  (base: number, vector: (op: Operation) => Type) =>
  (op: Operation): boolean => {
    const memref = op.operand(base).type as MemRefType;
    const type = vector(op) as VectorType;
    const element = memref.elementType;
    if (element !== type && element !== type.elementType)
      return op.emitOpError('base and result element types should match');
    const indices = op.operandCount - base - 1;
    return (
      indices === memref.shape.length || op.emitOpError(`requires ${memref.shape.length} indices`)
    );
  };

/** Whether a shape can be repeated to another: trailing dimensions agree or are one. */
export function verifyBroadcast(op: Operation): boolean {
  const source = op.operand(0).type;
  const result = op.result.type as VectorType;
  if (!(source instanceof VectorType))
    return (
      source === result.elementType ||
      op.emitOpError('source type does not match element type of the result')
    );
  if (source.elementType !== result.elementType)
    return op.emitOpError('source and result element types should match');
  const lead = result.shape.length - source.shape.length;
  if (lead < 0) return op.emitOpError('source rank higher than destination rank');
  for (const [dim, extent] of source.shape.entries()) {
    if (extent !== 1 && extent !== result.shape[lead + dim])
      return op.emitOpError(`dimension mismatch (${extent} vs. ${result.shape[lead + dim]})`);
  }
  return true;
}

/** The type at a position inside a vector: a smaller vector, or its element. */
export function typeAtPosition(vector: VectorType, depth: number): Type {
  if (depth >= vector.shape.length) return vector.elementType;
  return VectorType.get(
    vector.shape.slice(depth),
    vector.elementType,
    vector.scalable.slice(depth),
  );
}

export const verifyPosition =
  (vectorOperand: number, part: (op: Operation) => Type, verb: string) =>
  (op: Operation): boolean => {
    const vector = op.operand(vectorOperand).type as VectorType;
    const positions = numbers(op.properties.get('static_position'));
    if (positions.length > vector.shape.length)
      return op.emitOpError(`expected position attribute of rank no greater than vector rank`);
    for (const [dim, position] of positions.entries()) {
      // The smallest integer stands for a position that is a value.
      if (position === -(2 ** 63)) continue;
      if (position < 0 || position >= vector.shape[dim])
        return op.emitOpError(
          `expected position attribute #${dim + 1} to be a non-negative integer smaller than the corresponding vector dimension`,
        );
    }
    const expected = typeAtPosition(vector, positions.length);
    const found = part(op);
    return (
      found === expected ||
      op.emitOpError(
        `expected type of ${verb} to match the source type at the position: expected '${expected}', but got '${found}'`,
      )
    );
  };

export function shuffleResultType(operands: readonly Value[], mask: Attribute | undefined): Type[] {
  const first = operands[0].type as VectorType;
  const length = mask instanceof ArrayAttr ? mask.elements.length : 0;
  return [VectorType.get([length, ...first.shape.slice(1)], first.elementType)];
}

export function verifyShuffle(op: Operation): boolean {
  const [a, b] = op.operands.map((operand) => operand.type as VectorType);
  if (a.elementType !== b.elementType)
    return op.emitOpError('element types of the operands differ');
  if (a.shape.slice(1).join() !== b.shape.slice(1).join())
    return op.emitOpError('dimension mismatch');
  const total = (a.shape[0] ?? 1) + (b.shape[0] ?? 1);
  const mask = numbers(op.properties.get('mask'));
  if (mask.length === 0) return op.emitOpError('invalid mask length');
  for (const [index, position] of mask.entries())
    if (position < 0 || position >= total)
      return op.emitOpError(`mask index #${index + 1} out of range`);
  return true;
}

export function verifyShapeCast(op: Operation): boolean {
  const from = op.operand(0).type as VectorType;
  const to = op.result.type as VectorType;
  if (from.elementType !== to.elementType)
    return op.emitOpError('source/result vectors must have same element type');
  return (
    elements(from.shape) === elements(to.shape) ||
    op.emitOpError('source/result number of elements must match')
  );
}

export function verifyBitcast(op: Operation): boolean {
  const from = op.operand(0).type as VectorType;
  const to = op.result.type as VectorType;
  const rank = from.shape.length;
  if (rank !== to.shape.length) return op.emitOpError('source/result vector rank must match');
  for (let dim = 0; dim + 1 < rank; dim++)
    if (from.shape[dim] !== to.shape[dim])
      return op.emitOpError(`dimension size mismatch at: ${dim}`);
  const bits = (type: VectorType): number =>
    (bitWidth(type.elementType) ?? 64) * (type.shape[rank - 1] ?? 1);
  return (
    bits(from) === bits(to) ||
    op.emitOpError('source/result bitwidth of the minor 1-D vectors must be equal')
  );
}

export function verifyTranspose(op: Operation): boolean {
  const from = op.operand(0).type as VectorType;
  const to = op.result.type as VectorType;
  const permutation = numbers(op.properties.get('permutation'));
  const rank = from.shape.length;
  if (to.shape.length !== rank)
    return op.emitOpError(`vector result rank mismatch: ${to.shape.length}`);
  if (permutation.length !== rank)
    return op.emitOpError(`transposition length mismatch: ${permutation.length}`);
  const seen = new Set<number>();
  for (const [index, dim] of permutation.entries()) {
    if (dim < 0 || dim >= rank) return op.emitOpError(`transposition index out of range: ${dim}`);
    if (seen.has(dim)) return op.emitOpError(`duplicate position index: ${dim}`);
    seen.add(dim);
    if (to.shape[index] !== from.shape[dim])
      return op.emitOpError(`dimension size mismatch at: ${dim}`);
  }
  return true;
}

const INTEGER_KINDS = new Set(['minui', 'minsi', 'maxui', 'maxsi', 'and', 'or', 'xor']);
const FLOAT_KINDS = new Set(['minnumf', 'maxnumf', 'minimumf', 'maximumf']);

export function verifyReduction(op: Operation): boolean {
  const vector = op.operand(0).type as VectorType;
  if (vector.shape.length > 1)
    return op.emitOpError(`unsupported reduction rank: ${vector.shape.length}`);
  const kind = (op.properties.get('kind') as DialectAttr).parameters[0] as string;
  const { elementType } = vector;
  const isFloat = elementType instanceof FloatType;
  if ((isFloat && INTEGER_KINDS.has(kind)) || (!isFloat && FLOAT_KINDS.has(kind)))
    return op.emitOpError(`unsupported reduction type '${elementType}' for kind '${kind}'`);
  return (
    op.result.type === elementType ||
    op.emitOpError('failed to verify that source operand and result have same element type')
  );
}

export const verifyTransfer =
  (source: number, vector: (op: Operation) => Type) =>
  (op: Operation): boolean => {
    const shaped = op.operand(source).type as ShapedType;
    const type = vector(op) as VectorType;
    const sizes = numbers(op.properties.get('operandSegmentSizes'));
    const indices = sizes[source + 1];
    const { map } = op.properties.get('permutation_map') as AffineMapAttr;
    if (indices !== shaped.shape.length)
      return op.emitOpError(`requires ${shaped.shape.length} indices`);
    if (map.symbolCount !== 0) return op.emitOpError('requires permutation_map without symbols');
    if (map.dimCount !== shaped.shape.length)
      return op.emitOpError(
        'requires a permutation_map with input dims of the same rank as the source type',
      );
    const elementRank = isShapedType(shaped.elementType) ? shaped.elementType.shape.length : 0;
    if (map.results.length !== type.shape.length - elementRank)
      return op.emitOpError(
        'requires a permutation_map with result dims of the same rank as the vector type',
      );
    const inBounds = op.properties.get('in_bounds');
    return (
      (inBounds instanceof ArrayAttr && inBounds.elements.length === map.results.length) ||
      op.emitOpError(
        `expects the in_bounds attr of same rank as permutation_map results: ${map} vs inBounds of size: ${numbers(inBounds).length}`,
      )
    );
  };
