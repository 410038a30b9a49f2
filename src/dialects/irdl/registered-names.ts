/** The names under which MLIR registers builtin types and attributes, which `irdl.base` uses. */

import {
  AffineMapAttr,
  ArrayAttr,
  ComplexType,
  DenseArrayAttr,
  DenseElementsAttr,
  DenseResourceAttr,
  DialectAttr,
  DialectType,
  DictionaryAttr,
  FLOAT_WIDTHS,
  FloatAttr,
  FloatType,
  FunctionType,
  IndexType,
  IntegerAttr,
  IntegerSetAttr,
  IntegerType,
  MemRefType,
  NoneType,
  RankedTensorType,
  StridedLayoutAttr,
  StringAttr,
  SymbolRefAttr,
  TupleType,
  TypeAttr,
  UnitAttr,
  UnrankedMemRefType,
  UnrankedTensorType,
  VectorType,
  type Attribute,
  type Type,
} from '../../ir/index.js';

type Class = { readonly name: string; [Symbol.hasInstance](value: unknown): boolean };

const TYPES: readonly (readonly [string, Class])[] = [
  ['integer', IntegerType],
  ['index', IndexType],
  ['none', NoneType],
  ['vector', VectorType],
  ['tensor', RankedTensorType],
  ['unranked_tensor', UnrankedTensorType],
  ['memref', MemRefType],
  ['unranked_memref', UnrankedMemRefType],
  ['function', FunctionType],
  ['tuple', TupleType],
  ['complex', ComplexType],
];

const ATTRIBUTES: readonly (readonly [string, Class])[] = [
  ['integer', IntegerAttr],
  ['float', FloatAttr],
  ['string', StringAttr],
  ['array', ArrayAttr],
  ['dictionary', DictionaryAttr],
  ['type', TypeAttr],
  ['unit', UnitAttr],
  ['symbol_ref', SymbolRefAttr],
  ['affine_map', AffineMapAttr],
  ['integer_set', IntegerSetAttr],
  ['strided_layout', StridedLayoutAttr],
  ['dense_array', DenseArrayAttr],
  ['dense_intorfp_elements', DenseElementsAttr],
  ['dense_resource', DenseResourceAttr],
];

export const BUILTIN_TYPE_NAMES: readonly string[] = [
  ...TYPES.map(([name]) => name),
  ...Object.keys(FLOAT_WIDTHS),
];
export const BUILTIN_ATTRIBUTE_NAMES: readonly string[] = ATTRIBUTES.map(([name]) => name);

/** `builtin.vector`, `cmath.complex`. */
export function registeredTypeName(type: Type): string {
  if (type instanceof DialectType) return `${type.definition.dialect}.${type.definition.mnemonic}`;
  if (type instanceof FloatType) return `builtin.${type.kind}`;
  const name = TYPES.find(([, of]) => type instanceof (of as never))?.[0];
  return `builtin.${name ?? 'opaque'}`;
}

/** `builtin.string`, `cmath.rounding`. */
export function registeredAttributeName(attribute: Attribute): string {
  if (attribute instanceof DialectAttr)
    return `${attribute.definition.dialect}.${attribute.definition.mnemonic}`;
  const name = ATTRIBUTES.find(([, of]) => attribute instanceof (of as never))?.[0];
  return `builtin.${name ?? 'opaque'}`;
}
