/** Type constraints: what an expression such as `memref<float> | index` accepts, and its summary in ODS's words. */

import {
  ComplexType,
  DialectType,
  FLOAT_WIDTHS,
  FloatType,
  FunctionType,
  IndexType,
  IntegerType,
  MemRefType,
  NoneType,
  OpaqueType,
  RankedTensorType,
  TupleType,
  UnrankedMemRefType,
  UnrankedTensorType,
  VectorType,
  isShapedType,
  DYNAMIC,
  type FloatKind,
  type Signedness,
  type Type,
  type TypeDefinition,
} from '../ir/index.js';
import {
  ExpressionError,
  parseConstraint,
  type ConstraintArgument,
  type ConstraintAst,
} from './constraint-ast.js';
import type { DialectData } from './schema.js';
import { findDeclared, unknownName, type ConstraintScope } from './scope.js';

const typeDefinitions = new WeakMap<DialectData, ReadonlyMap<string, TypeDefinition>>();

/** Makes the type definitions of a dialect known to constraints that mention them. */
export function registerTypeDefinitions(
  owner: DialectData,
  definitions: ReadonlyMap<string, TypeDefinition>,
): void {
  typeDefinitions.set(owner, definitions);
}

/** The only type of a declaration without parameters; a stand-in while the dialect is only checked. */
function onlyTypeOf(owner: DialectData, mnemonic: string): DialectType {
  const known = typeDefinitions.get(owner)?.get(mnemonic);
  if (known !== undefined) return DialectType.get(known, []);
  const standIn: TypeDefinition = {
    kind: 'type',
    dialect: owner.dialect,
    mnemonic,
    parameterNames: [],
    create: (parameters) => new DialectType(standIn, parameters),
  };
  return DialectType.get(standIn, []);
}

export interface TypeConstraint {
  /** What must hold, as it stands after `must be`. */
  readonly summary: string;
  readonly accepts: (type: Type) => boolean;
  /** The only type that is accepted, where there is just one: it need not be written. */
  readonly buildable?: Type;
}

const accept = (summary: string, accepts: (type: Type) => boolean): TypeConstraint => ({
  summary,
  accepts,
});
const only = (summary: string, type: Type): TypeConstraint => ({
  summary,
  accepts: (other) => other === type,
  buildable: type,
});

const isIntegerOf =
  (signedness: Signedness) =>
  (type: Type): boolean =>
    type instanceof IntegerType && type.signedness === signedness;
const isContainer = (type: Type): boolean =>
  type instanceof VectorType ||
  type instanceof RankedTensorType ||
  type instanceof UnrankedTensorType;
const elementOf = (type: Type): Type => (type as VectorType).elementType;

const isSignlessIntegerOrIndex = (type: Type): boolean =>
  type instanceof IndexType || isIntegerOf('signless')(type);

/** A type, or a vector or tensor of it. */
function like(summary: string, accepts: (type: Type) => boolean): TypeConstraint {
  return accept(
    summary,
    (type) => accepts(type) || (isContainer(type) && accepts(elementOf(type))),
  );
}

/** Constraints without arguments. */
const SIMPLE: Readonly<Record<string, TypeConstraint>> = {
  any: accept('any type', () => true),
  index: only('index', IndexType.get()),
  none: only('none type', NoneType.get()),
  anyInteger: accept('integer', (type) => type instanceof IntegerType),
  integer: accept('integer', (type) => type instanceof IntegerType),
  signlessInteger: accept('signless integer', isIntegerOf('signless')),
  signedInteger: accept('signed integer', isIntegerOf('signed')),
  unsignedInteger: accept('unsigned integer', isIntegerOf('unsigned')),
  signlessIntegerOrIndex: accept('signless integer or index', isSignlessIntegerOrIndex),
  float: accept('floating-point', (type) => type instanceof FloatType),
  signlessIntegerLike: like('signless-integer-like', isSignlessIntegerOrIndex),
  fixedWidthSignlessIntegerLike: like('signless-fixed-width-integer-like', isIntegerOf('signless')),
  boolLike: like('bool-like', (type) => type === IntegerType.get(1)),
  floatLike: like('floating-point-like', (type) => type instanceof FloatType),
  indexLike: like('index-like', (type) => type instanceof IndexType),
  function: accept('function type', (type) => type instanceof FunctionType),
  tuple: accept('tuple', (type) => type instanceof TupleType),
  complex: accept('complex-type', (type) => type instanceof ComplexType),
  shaped: accept('shaped of any type values', isShapedType),
  staticMemref: accept(
    'statically shaped memref of any type values',
    (type) => type instanceof MemRefType && !type.shape.includes(DYNAMIC),
  ),
};

/** Containers: an optional element constraint, then the ranks that are allowed. */
const CONTAINERS: Readonly<
  Record<
    string,
    { readonly noun: string; readonly is: (type: Type) => boolean; readonly ranks?: boolean }
  >
> = {
  vector: { noun: 'vector', is: (type) => type instanceof VectorType },
  memref: { noun: 'memref', is: (type) => type instanceof MemRefType },
  unrankedMemref: {
    noun: 'unranked.memref',
    is: (type) => type instanceof UnrankedMemRefType,
  },
  anyMemref: {
    noun: 'ranked or unranked memref',
    is: (type) => type instanceof MemRefType || type instanceof UnrankedMemRefType,
  },
  tensor: {
    noun: 'tensor',
    is: (type) => type instanceof RankedTensorType || type instanceof UnrankedTensorType,
  },
  rankedTensor: { noun: 'ranked tensor', is: (type) => type instanceof RankedTensorType },
};

export const TYPE_CONSTRAINT_NAMES: readonly string[] = [
  ...Object.keys(SIMPLE),
  ...Object.keys(CONTAINERS),
  ...Object.keys(FLOAT_WIDTHS),
  'like',
  'i1',
  'i8',
  'i16',
  'i32',
  'i64',
];

const SIGNEDNESS: Readonly<Record<string, Signedness>> = {
  i: 'signless',
  si: 'signed',
  ui: 'unsigned',
};

/** MLIR's limit. */
const MAXIMAL_INTEGER_WIDTH = 16777215;

/** `i32`, `ui8`, `f16`: a builtin type by its spelling; undefined where there is none. */
export function builtinScalar(name: string): IntegerType | FloatType | undefined {
  const integer = /^([su]?i)([1-9]\d*)$/.exec(name);
  if (integer !== null) {
    const width = Number(integer[2]);
    return width <= MAXIMAL_INTEGER_WIDTH
      ? IntegerType.get(width, SIGNEDNESS[integer[1]])
      : undefined;
  }
  return Object.hasOwn(FLOAT_WIDTHS, name) ? FloatType.get(name as FloatKind) : undefined;
}

export function scalarSummary(type: IntegerType | FloatType): string {
  if (type instanceof IntegerType) return `${type.width}-bit ${type.signedness} integer`;
  if (type.kind === 'bf16' || type.kind === 'tf32')
    return type.kind === 'bf16' ? 'bfloat16 type' : 'tf32 type';
  return /^f\d+$/.test(type.kind) ? `${type.width}-bit float` : `${type.kind} type`;
}

/** The integers among a constraint's arguments. */
export function integerArguments(args: readonly ConstraintArgument[]): number[] {
  return args.flatMap((arg) => (arg.kind === 'integer' ? [arg.value] : []));
}

/** The expressions among a constraint's arguments. */
export function expressionArguments(args: readonly ConstraintArgument[]): ConstraintAst[] {
  return args.filter(
    (arg): arg is ConstraintAst => arg.kind !== 'integer' && arg.kind !== 'string',
  );
}

function compileContainer(
  name: string,
  args: readonly ConstraintArgument[],
  scope: ConstraintScope,
): TypeConstraint {
  const { noun, is } = CONTAINERS[name];
  const elements = expressionArguments(args).map((arg) => compileType(arg, scope));
  const ranks = integerArguments(args);
  const elementSummary =
    elements.length === 0 ? 'any type' : elements.map((element) => element.summary).join(' or ');
  // ODS names ranks in front of memrefs and tensors and behind vectors.
  const isVector = name === 'vector';
  const prefix =
    ranks.length === 0 || isVector ? '' : `${ranks.map((rank) => `${rank}D`).join('/')} `;
  const suffix = ranks.length === 0 || !isVector ? '' : ` of ranks ${ranks.join('/')}`;
  return accept(`${prefix}${noun} of ${elementSummary} values${suffix}`, (type) => {
    if (!is(type)) return false;
    if (ranks.length > 0 && !ranks.includes((type as VectorType).shape.length)) return false;
    return elements.length === 0 || elements.some((element) => element.accepts(elementOf(type)));
  });
}

function compileName(
  ast: ConstraintAst & { kind: 'name' },
  scope: ConstraintScope,
): TypeConstraint {
  const { name, args } = ast;
  if (Object.hasOwn(CONTAINERS, name)) return compileContainer(name, args, scope);
  if (name === 'like') {
    const [element] = expressionArguments(args).map((arg) => compileType(arg, scope));
    if (element === undefined)
      throw new ExpressionError(`'like' expects an element constraint: like<i32>`, ast.offset);
    return like(`${element.summary}-like`, element.accepts);
  }
  const declared = findDeclared(scope, name, ['constraint', 'type']);
  if (declared?.kind === 'constraint') {
    const owner = { ...scope, dialect: declared.owner };
    const compiled = compileType(parseConstraint(declared.declaration.is), owner);
    return { ...compiled, summary: declared.declaration.summary ?? compiled.summary };
  }
  if (declared?.kind === 'type') {
    const { dialect } = declared.owner;
    const { mnemonic, summary, parameters } = declared.declaration;
    const elements = expressionArguments(args).map((arg) => compileType(arg, scope));
    if (elements.length > 0 && !parameters.some(({ name: it }) => it === 'elementType'))
      throw new ExpressionError(`type '${name}' has no element type to constrain`, ast.offset);
    const ofElements =
      elements.length === 0 ? '' : ` of ${elements.map((it) => it.summary).join(' or ')} values`;
    const constraint = accept(`${summary}${ofElements}`, (type) => {
      if (!(type instanceof DialectType)) return false;
      const { definition } = type;
      if (definition.mnemonic !== mnemonic || definition.dialect !== dialect) return false;
      const elementType = type.parameter('elementType') as Type;
      return elements.length === 0 || elements.some((it) => it.accepts(elementType));
    });
    return parameters.length > 0
      ? constraint
      : { ...constraint, buildable: onlyTypeOf(declared.owner, mnemonic) };
  }
  const scalar = builtinScalar(name);
  if (scalar !== undefined) return only(scalarSummary(scalar), scalar);
  if (Object.hasOwn(SIMPLE, name)) return SIMPLE[name];
  throw unknownName(scope, 'type constraint', name, ast.offset, TYPE_CONSTRAINT_NAMES, [
    'constraint',
    'type',
  ]);
}

/** Compiles an expression; throws an `ExpressionError` where it names what does not exist. */
export function compileType(ast: ConstraintAst, scope: ConstraintScope): TypeConstraint {
  switch (ast.kind) {
    case 'name':
      return compileName(ast, scope);
    case 'or': {
      const parts = ast.of.map((part) => compileType(part, scope));
      return accept(parts.map((part) => part.summary).join(' or '), (type) =>
        parts.some((part) => part.accepts(type)),
      );
    }
    case 'and': {
      const parts = ast.of.map((part) => compileType(part, scope));
      const buildable = parts.find((part) => part.buildable !== undefined)?.buildable;
      return {
        summary: parts.map((part) => part.summary).join(' and '),
        accepts: (type) => parts.every((part) => part.accepts(type)),
        ...(buildable === undefined ? {} : { buildable }),
      };
    }
    case 'not': {
      const of = compileType(ast.of, scope);
      return accept(`not ${of.summary}`, (type) => !of.accepts(type));
    }
    case 'compare':
      throw new ExpressionError(`a type cannot be compared with '${ast.operator}'`, 0);
  }
}

/** Opaque types belong to dialects that are not loaded; nothing is known of them. */
export function isUnknownType(type: Type): boolean {
  return type instanceof OpaqueType;
}
