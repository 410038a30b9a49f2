/** Derived types: the transforms that traits such as `TypesMatchWith` name, and what an entity's types are. */

import {
  DenseArrayAttr,
  DenseElementsAttr,
  DialectType,
  FloatType,
  FunctionType,
  IndexType,
  IntegerType,
  MemRefType,
  RankedTensorType,
  TypeAttr,
  TupleType,
  TypedAttribute,
  UnrankedTensorType,
  VectorType,
  i1,
  isShapedType,
  type Attribute,
  type ShapedType,
  type Type,
} from '../ir/index.js';

/** The same container with another element type; the element type itself for a scalar. */
export function withElementType(type: Type, elementType: Type): Type {
  if (type instanceof VectorType) return VectorType.get(type.shape, elementType, type.scalable);
  if (type instanceof RankedTensorType)
    return RankedTensorType.get(type.shape, elementType, type.encoding);
  if (type instanceof UnrankedTensorType) return UnrankedTensorType.get(elementType);
  if (type instanceof MemRefType)
    return MemRefType.get(type.shape, elementType, type.layout, type.memorySpace);
  return elementType;
}

/** The element type of a container; a declared type has one where it has a parameter of that name. */
export function elementTypeOf(type: Type): Type | undefined {
  if (type instanceof DialectType) return type.parameter('elementType') as Type | undefined;
  return (type as Partial<ShapedType>).elementType;
}

/** The element type of anything that has one, else the type itself. */
export function elementTypeOrSelf(type: Type): Type {
  return elementTypeOf(type) ?? type;
}

/** Functions from one entity's type to another's, by the name that `TypesMatchWith` uses. */
export const TYPE_TRANSFORMS: Readonly<Record<string, (type: Type) => Type | undefined>> = {
  same: (type) => type,
  elementType: elementTypeOf,
  i1SameShape: (type) => withElementType(type, i1),
  i32SameShape: (type) => withElementType(type, IntegerType.get(32)),
  indexSameShape: (type) => withElementType(type, IndexType.get()),
  functionResult: (type) => (type instanceof FunctionType ? type.results[0] : undefined),
};

/** Functions from all types of one entity to all those of another, by the name that `RangedTypesMatchWith` uses. */
export const TYPE_RANGE_TRANSFORMS: Readonly<
  Record<string, (types: readonly Type[]) => readonly Type[] | undefined>
> = {
  functionInputs: ([type]) => (type instanceof FunctionType ? type.inputs : undefined),
  functionResults: ([type]) => (type instanceof FunctionType ? type.results : undefined),
  tupleElements: ([type]) => (type instanceof TupleType ? type.types : undefined),
  reverse: (types) => [...types].reverse(),
};

/** The type that an attribute has by itself, where it has one. */
export function attributeType(attribute: Attribute | undefined): Type | undefined {
  if (attribute instanceof TypedAttribute) return attribute.type;
  if (attribute instanceof DenseElementsAttr) return attribute.type;
  if (attribute instanceof TypeAttr) return attribute.type;
  if (attribute instanceof DenseArrayAttr) return attribute.elementType;
  return undefined;
}

export function shapeOf(type: Type): readonly number[] | undefined {
  if (type instanceof DialectType) return type.parameter('shape') as readonly number[] | undefined;
  return isShapedType(type) ? type.shape : undefined;
}

/** Whether two types have shapes that agree; a scalar agrees with no shape. */
export function shapesAgree(a: Type, b: Type): boolean {
  const [x, y] = [shapeOf(a), shapeOf(b)];
  if (x === undefined || y === undefined) return x === y;
  return x.length === y.length && x.every((extent, i) => extent === y[i] || extent < 0 || y[i] < 0);
}

export function isFloatLike(type: Type): boolean {
  return elementTypeOrSelf(type) instanceof FloatType;
}
