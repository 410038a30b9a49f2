/** From the syntax trees of builtin types to the uniqued types, with the checks that need more than syntax. */

import {
  AffineMapAttr,
  ComplexType,
  FLOAT_WIDTHS,
  FloatType,
  FunctionType,
  IndexType,
  IntegerAttr,
  IntegerType,
  MemRefType,
  NoneType,
  RankedTensorType,
  StridedLayoutAttr,
  TupleType,
  UnrankedMemRefType,
  UnrankedTensorType,
  VectorType,
  DialectAttr,
  DialectType,
  OpaqueAttr,
  OpaqueType,
  type Attribute,
  type FloatKind,
  type Type,
} from '../ir/index.js';

/** A stretch of the slice that was parsed, read by somebody else. */
interface Extent {
  readonly at: number;
  readonly end: number;
}

/** What the grammar gives. Offsets count from the start of the slice. */
export type TypeTree = { readonly at: number } & (
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'dialect'; readonly end: number }
  | {
      readonly kind: 'memref';
      readonly shape: readonly number[] | undefined;
      readonly elementType: TypeTree;
      readonly parameters: readonly Extent[];
    }
  | {
      readonly kind: 'tensor';
      readonly shape: readonly number[] | undefined;
      readonly elementType: TypeTree;
      readonly encoding: Extent | null;
    }
  | {
      readonly kind: 'vector';
      readonly shape: readonly number[];
      readonly scalable: readonly boolean[];
      readonly offsets: readonly number[];
      readonly elementType: TypeTree;
    }
  | { readonly kind: 'tuple'; readonly types: readonly TypeTree[] }
  | { readonly kind: 'complex'; readonly elementType: TypeTree }
  | {
      readonly kind: 'function';
      readonly inputs: readonly TypeTree[];
      readonly results: readonly TypeTree[];
    }
);

/** What the builder asks of the parser; offsets are those of the tree. */
export interface TypeBuilderHost {
  fail(message: string, offset: number): never;
  attributeIn(extent: Extent): Attribute;
  dialectTypeIn(extent: Extent): Type;
}

/** Width above which MLIR refuses an integer type. */
const MAXIMAL_INTEGER_WIDTH = 16777215;
const SIGNEDNESS = { i: 'signless', si: 'signed', ui: 'unsigned' } as const;

/** The builtin type of that name, undefined when there is none; `fail` is called where the width is too large. */
export function namedType(name: string, fail: (message: string) => never): Type | undefined {
  if (name === 'index') return IndexType.get();
  if (name === 'none') return NoneType.get();
  if (Object.hasOwn(FLOAT_WIDTHS, name)) return FloatType.get(name as FloatKind);
  const match = /^([su]?i)([0-9]+)$/.exec(name);
  if (match === null) return undefined;
  const width = Number(match[2]);
  if (width > MAXIMAL_INTEGER_WIDTH)
    fail(`integer bitwidth is limited to ${MAXIMAL_INTEGER_WIDTH} bits`);
  return IntegerType.get(width, SIGNEDNESS[match[1] as keyof typeof SIGNEDNESS]);
}

const isDeclared = (type: Type): boolean =>
  type instanceof DialectType || type instanceof OpaqueType;
const isNumber = (type: Type): boolean =>
  type instanceof IntegerType || type instanceof FloatType || type instanceof IndexType;

/** What each container may hold, with the message where it does not. Dialect types may be held by any. */
const ELEMENT_RULES = {
  memref: {
    holds: (type: Type) =>
      isNumber(type) ||
      type instanceof ComplexType ||
      type instanceof VectorType ||
      type instanceof MemRefType ||
      type instanceof UnrankedMemRefType,
    message: 'invalid memref element type',
  },
  tensor: {
    holds: (type: Type) =>
      isNumber(type) || type instanceof ComplexType || type instanceof VectorType,
    message: 'invalid tensor element type',
  },
  vector: { holds: isNumber, message: 'vector elements must be int/index/float type' },
  complex: {
    holds: (type: Type) => type instanceof IntegerType || type instanceof FloatType,
    message: 'invalid element type for complex',
  },
} as const;

export function buildType(tree: TypeTree, host: TypeBuilderHost): Type {
  const build = (child: TypeTree): Type => buildType(child, host);
  const elementOf = (container: keyof typeof ELEMENT_RULES, child: TypeTree): Type => {
    const type = build(child);
    const rule = ELEMENT_RULES[container];
    if (!isDeclared(type) && !rule.holds(type)) host.fail(rule.message, child.at);
    return type;
  };
  switch (tree.kind) {
    case 'name': {
      const type = namedType(tree.name, (message) => host.fail(message, tree.at));
      return type ?? host.fail('expected non-function type', tree.at);
    }
    case 'dialect':
      return host.dialectTypeIn(tree);
    case 'function':
      return FunctionType.get(tree.inputs.map(build), tree.results.map(build));
    case 'tuple':
      return TupleType.get(tree.types.map(build));
    case 'complex':
      return ComplexType.get(elementOf('complex', tree.elementType));
    case 'vector': {
      const zero = tree.shape.indexOf(0);
      if (zero !== -1)
        host.fail('vector types must have positive constant sizes', tree.offsets[zero]);
      return VectorType.get(tree.shape, elementOf('vector', tree.elementType), tree.scalable);
    }
    case 'tensor': {
      const elementType = elementOf('tensor', tree.elementType);
      const encoding = tree.encoding === null ? undefined : host.attributeIn(tree.encoding);
      if (tree.shape !== undefined) return RankedTensorType.get(tree.shape, elementType, encoding);
      if (encoding !== undefined)
        host.fail('cannot apply encoding to unranked tensor', tree.encoding!.at);
      return UnrankedTensorType.get(elementType);
    }
    case 'memref':
      return buildMemRef(tree, elementOf('memref', tree.elementType), host);
  }
}

function buildMemRef(
  tree: TypeTree & { readonly kind: 'memref' },
  elementType: Type,
  host: TypeBuilderHost,
): Type {
  const { shape } = tree;
  let layout: Attribute | undefined;
  let memorySpace: Attribute | undefined;
  tree.parameters.forEach((extent, index) => {
    const attribute = host.attributeIn(extent);
    const isLayout =
      attribute instanceof AffineMapAttr ||
      attribute instanceof StridedLayoutAttr ||
      // A declared attribute in front of another is a layout; alone it is a memory space.
      (index === 0 && tree.parameters.length > 1 && isDeclaredAttribute(attribute));
    if (isLayout) {
      if (shape === undefined)
        host.fail('cannot have affine map for unranked memref type', extent.at);
      if (layout !== undefined) host.fail('multiple layouts specified in memref type', extent.at);
      if (memorySpace !== undefined)
        host.fail('expected memory space to be last in memref type', extent.at);
      layout = attribute;
    } else if (memorySpace === undefined) {
      memorySpace = attribute;
    } else {
      host.fail('multiple memory spaces specified in memref type', extent.at);
    }
  });
  // Space 0 is what a memref without a space has.
  if (memorySpace instanceof IntegerAttr && memorySpace.value === 0n) memorySpace = undefined;
  if (shape === undefined) return UnrankedMemRefType.get(elementType, memorySpace);
  if (layout instanceof AffineMapAttr) {
    const { map } = layout;
    if (map.dimCount !== shape.length) {
      host.fail(
        `memref layout mismatch between rank and affine map: ${shape.length} != ${map.dimCount}`,
        tree.at,
      );
    }
    // Row-major is what a memref without a layout is.
    if (map.isIdentity()) layout = undefined;
  }
  if (layout instanceof StridedLayoutAttr && layout.strides.length !== shape.length)
    host.fail('expected the number of strides to match the rank', tree.at);
  return MemRefType.get(shape, elementType, layout, memorySpace);
}

function isDeclaredAttribute(attribute: Attribute): boolean {
  return attribute instanceof DialectAttr || attribute instanceof OpaqueAttr;
}
