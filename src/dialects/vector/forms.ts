/** Custom forms of vector transfers, and what vectors must agree with beyond their declaration. */

import {
  AffineMap,
  AffineMapAttr,
  affineDim,
  ArrayAttr,
  DenseArrayAttr,
  i1,
  i32,
  indexType,
  IntegerAttr,
  isShapedType,
  RankedTensorType,
  VectorType,
  type CustomPrinter,
  type Operation,
  type ShapedType,
  type Type,
} from '../../ir/index.js';
import type { CustomParser } from '../../syntax/asm-parser.js';

/** The map that reads a vector from the innermost dimensions of a shape. */
function minorIdentity(source: ShapedType, vector: VectorType): AffineMap {
  const rank = source.shape.length;
  const elementRank = isShapedType(source.elementType) ? source.elementType.shape.length : 0;
  const dims = vector.shape.length - elementRank;
  return AffineMap.get(
    rank,
    0,
    Array.from({ length: dims }, (_, i) => affineDim(rank - dims + i)),
  );
}

/** The type of the mask of a transfer: `i1` for each element that is read or written. */
function maskType(vector: VectorType, map: AffineMap): VectorType {
  const shape: number[] = [];
  const scalable: boolean[] = [];
  for (let dim = 0; dim < map.dimCount; dim++) {
    const position = map.results.findIndex((it) => it.kind === 'dim' && it.position === dim);
    if (position === -1) continue;
    shape.push(vector.shape[position]);
    scalable.push(vector.scalable[position]);
  }
  return VectorType.get(shape, i1, scalable);
}

function completeTransfer(
  state: Parameters<CustomParser>[1],
  source: ShapedType,
  vector: VectorType,
): AffineMap {
  if (!state.attributes.has('permutation_map'))
    state.attributes.set('permutation_map', AffineMapAttr.get(minorIdentity(source, vector)));
  const { map } = state.attributes.get('permutation_map') as AffineMapAttr;
  if (!state.attributes.has('in_bounds'))
    state.attributes.set(
      'in_bounds',
      ArrayAttr.get(map.results.map(() => IntegerAttr.bool(false))),
    );
  return map;
}

/** transfer_read ::= operand `[` operands `]` `,` operand (`,` operand)? attributes? `:` shaped-type `,` vector-type */
export const parseTransferRead: CustomParser = (parser, state) => {
  const source = parser.parseOperand();
  parser.expectPunctuation('[');
  const indices = parser.parseOperandList();
  parser.expectPunctuation(']');
  parser.expectPunctuation(',');
  const padding = parser.parseOperand();
  const mask = parser.parseOptionalPunctuation(',') ? parser.parseOperand() : undefined;
  parser.parseOptionalAttributeDict(state.attributes);
  parser.expectPunctuation(':');
  const offset = parser.offset;
  const type = parser.parseType();
  if (!isShapedType(type)) return parser.fail('requires memref or ranked tensor type', offset);
  parser.expectPunctuation(',');
  const vectorOffset = parser.offset;
  const vector = parser.parseType();
  if (!(vector instanceof VectorType)) return parser.fail('requires vector type', vectorOffset);
  const map = completeTransfer(state, type, vector);
  state.operands.push(
    parser.resolveOperand(source, type),
    ...indices.map((operand) => parser.resolveOperand(operand, indexType)),
    parser.resolveOperand(padding, type.elementType),
  );
  if (mask !== undefined) state.operands.push(parser.resolveOperand(mask, maskType(vector, map)));
  state.attributes.set(
    'operandSegmentSizes',
    DenseArrayAttr.get(i32, [1, indices.length, 1, mask === undefined ? 0 : 1]),
  );
  state.resultTypes.push(vector);
};

/** transfer_write ::= operand `,` operand `[` operands `]` (`,` operand)? attributes? `:` vector-type `,` shaped-type */
export const parseTransferWrite: CustomParser = (parser, state) => {
  const value = parser.parseOperand();
  parser.expectPunctuation(',');
  const source = parser.parseOperand();
  parser.expectPunctuation('[');
  const indices = parser.parseOperandList();
  parser.expectPunctuation(']');
  const mask = parser.parseOptionalPunctuation(',') ? parser.parseOperand() : undefined;
  parser.parseOptionalAttributeDict(state.attributes);
  parser.expectPunctuation(':');
  const offset = parser.offset;
  const vector = parser.parseType();
  if (!(vector instanceof VectorType)) return parser.fail('requires vector type', offset);
  parser.expectPunctuation(',');
  const typeOffset = parser.offset;
  const type: Type = parser.parseType();
  if (!isShapedType(type)) return parser.fail('requires memref or ranked tensor type', typeOffset);
  const map = completeTransfer(state, type, vector);
  state.operands.push(
    parser.resolveOperand(value, vector),
    parser.resolveOperand(source, type),
    ...indices.map((operand) => parser.resolveOperand(operand, indexType)),
  );
  if (mask !== undefined) state.operands.push(parser.resolveOperand(mask, maskType(vector, map)));
  state.attributes.set(
    'operandSegmentSizes',
    DenseArrayAttr.get(i32, [1, 1, indices.length, mask === undefined ? 0 : 1]),
  );
  // A tensor is not written in place: the result is the new one.
  if (type instanceof RankedTensorType) state.resultTypes.push(type);
};

/** Attributes that need not be written: the default map, and `in_bounds` where nothing is known to be inside. */
function elidedAttributes(op: Operation, source: ShapedType, vector: VectorType): Set<string> {
  const elided = new Set(['operandSegmentSizes']);
  const { map } = op.properties.get('permutation_map') as AffineMapAttr;
  if (map === minorIdentity(source, vector)) elided.add('permutation_map');
  const inBounds = op.properties.get('in_bounds');
  if (
    inBounds instanceof ArrayAttr &&
    inBounds.elements.every((it) => (it as IntegerAttr).value === 0n)
  )
    elided.add('in_bounds');
  return elided;
}

const segments = (op: Operation): readonly number[] =>
  (op.properties.get('operandSegmentSizes') as DenseArrayAttr).values;

export const printTransferRead: CustomPrinter = (op, printer) => {
  const { operands } = op;
  const [, indices] = segments(op);
  printer.write(' ');
  printer.writeOperand(operands[0]);
  printer.write('[');
  printer.writeOperands(operands.slice(1, 1 + indices));
  printer.write('], ');
  printer.writeOperands(operands.slice(1 + indices));
  const { type } = operands[0];
  const vector = op.result.type as VectorType;
  printer.writeOptionalAttributeDict(op, elidedAttributes(op, type as ShapedType, vector));
  printer.write(' : ');
  printer.writeTypes([type, vector]);
};

export const printTransferWrite: CustomPrinter = (op, printer) => {
  const { operands } = op;
  const [, , indices] = segments(op);
  printer.write(' ');
  printer.writeOperands(operands.slice(0, 2));
  printer.write('[');
  printer.writeOperands(operands.slice(2, 2 + indices));
  printer.write(']');
  for (const mask of operands.slice(2 + indices)) {
    printer.write(', ');
    printer.writeOperand(mask);
  }
  const vector = operands[0].type as VectorType;
  const { type } = operands[1];
  printer.writeOptionalAttributeDict(op, elidedAttributes(op, type as ShapedType, vector));
  printer.write(' : ');
  printer.writeTypes([vector, type]);
};
