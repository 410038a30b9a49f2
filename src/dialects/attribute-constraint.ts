/** Attribute constraints: what is accepted, its summary in ODS's words, and how formats and accessors treat it. */

import {
  AffineMapAttr,
  ArrayAttr,
  DenseArrayAttr,
  DenseElementsAttr,
  DenseResourceAttr,
  DialectAttr,
  DictionaryAttr,
  FloatAttr,
  i1,
  IndexType,
  IntegerAttr,
  IntegerSetAttr,
  IntegerType,
  LocationAttr,
  StridedLayoutAttr,
  StringAttr,
  SymbolRefAttr,
  TypeAttr,
  TypedAttribute,
  UnitAttr,
  type Attribute,
  type FloatType,
} from '../ir/index.js';
import { ExpressionError, type ConstraintAst } from './constraint-ast.js';
import type { DialectData, EnumData } from './schema.js';
import { findDeclared, unknownName, type ConstraintScope } from './scope.js';
import {
  builtinScalar,
  compileType,
  expressionArguments,
  integerArguments,
  scalarSummary,
} from './type-constraint.js';

/** How formats write an attribute and which TypeScript type its accessor has. */
export type AttributeForm =
  | { readonly kind: 'plain' }
  /** A number of a fixed type, written without it. */
  | { readonly kind: 'number'; readonly type: IntegerType | FloatType | IndexType }
  | { readonly kind: 'bool' }
  | { readonly kind: 'unit' }
  | { readonly kind: 'string' }
  /** A string written as `@name`. */
  | { readonly kind: 'symbolName' }
  | { readonly kind: 'symbol' }
  | { readonly kind: 'flatSymbol' }
  | { readonly kind: 'type'; readonly isFunction: boolean }
  | { readonly kind: 'affineMap' }
  /** The form of the elements, where they all have one. */
  | { readonly kind: 'array'; readonly element?: AttributeForm }
  | { readonly kind: 'denseArray'; readonly elementType: IntegerType | FloatType }
  | { readonly kind: 'enum'; readonly owner: DialectData; readonly declaration: EnumData }
  | { readonly kind: 'declared'; readonly owner: DialectData; readonly mnemonic: string };

export interface AttributeConstraint {
  /** What must hold, as it stands after `failed to satisfy constraint:`. */
  readonly summary: string;
  readonly accepts: (attribute: Attribute) => boolean;
  readonly form: AttributeForm;
  /** Whether it narrows another constraint (`positive`), whose summary it then continues. */
  readonly isRefinement?: boolean;
}

const PLAIN: AttributeForm = { kind: 'plain' };

const accept = (
  summary: string,
  accepts: (attribute: Attribute) => boolean,
  form: AttributeForm = PLAIN,
): AttributeConstraint => ({ summary, accepts, form });

const refine = (
  summary: string,
  accepts: (attribute: Attribute) => boolean,
): AttributeConstraint => ({ summary, accepts, form: PLAIN, isRefinement: true });

const integerValue = (attribute: Attribute): bigint | undefined =>
  attribute instanceof IntegerAttr ? attribute.value : undefined;
const isInteger =
  (test: (value: bigint) => boolean) =>
  (attribute: Attribute): boolean => {
    const value = integerValue(attribute);
    return value !== undefined && test(value);
  };
const elementsOf = (attribute: Attribute): readonly (number | Attribute)[] | undefined => {
  if (attribute instanceof ArrayAttr) return attribute.elements;
  return attribute instanceof DenseArrayAttr ? attribute.values : undefined;
};
const hasNumbers =
  (test: (values: readonly number[]) => boolean) =>
  (attribute: Attribute): boolean =>
    attribute instanceof DenseArrayAttr && test(attribute.values);

const indexAttribute = accept(
  'index attribute',
  (attribute) => attribute instanceof IntegerAttr && attribute.type instanceof IndexType,
  { kind: 'number', type: IndexType.get() },
);

const SIMPLE: Readonly<Record<string, AttributeConstraint>> = {
  any: accept('any attribute', () => true),
  typed: accept('TypedAttr instance', (it) => it instanceof TypedAttribute || isElements(it)),
  index: indexAttribute,
  indexAttr: indexAttribute,
  bool: accept('bool attribute', (it) => it instanceof IntegerAttr && it.type === i1, {
    kind: 'bool',
  }),
  integer: accept('arbitrary integer attribute', (it) => it instanceof IntegerAttr),
  float: accept('arbitrary float attribute', (it) => it instanceof FloatAttr),
  string: accept('string attribute', (it) => it instanceof StringAttr, { kind: 'string' }),
  symbolName: accept('string attribute', (it) => it instanceof StringAttr, { kind: 'symbolName' }),
  unit: accept('unit attribute', (it) => it instanceof UnitAttr, { kind: 'unit' }),
  symbol: accept('symbol reference attribute', (it) => it instanceof SymbolRefAttr, {
    kind: 'symbol',
  }),
  flatSymbol: accept(
    'flat symbol reference attribute',
    (it) => it instanceof SymbolRefAttr && it.path.length === 1,
    { kind: 'flatSymbol' },
  ),
  type: accept('any type attribute', (it) => it instanceof TypeAttr, {
    kind: 'type',
    isFunction: false,
  }),
  affineMap: accept('AffineMap attribute', (it) => it instanceof AffineMapAttr, {
    kind: 'affineMap',
  }),
  integerSet: accept('IntegerSet attribute', (it) => it instanceof IntegerSetAttr),
  dictionary: accept('dictionary of named attribute values', (it) => it instanceof DictionaryAttr),
  elements: accept('constant vector/tensor attribute', isElements),
  location: accept('location attribute', (it) => it instanceof LocationAttr),
  stridedLayout: accept('strided layout attribute', (it) => it instanceof StridedLayoutAttr),
  positive: refine(
    'whose value is positive',
    isInteger((value) => value > 0n),
  ),
  nonNegative: refine(
    'whose value is non-negative',
    isInteger((value) => value >= 0n),
  ),
  powerOf2: refine(
    'whose value is a power of two > 0',
    isInteger((value) => value > 0n && (value & (value - 1n)) === 0n),
  ),
  strictlyPositive: refine(
    'whose value is positive',
    hasNumbers((values) => values.every((value) => value > 0)),
  ),
  allNonNegative: refine(
    'whose value is non-negative',
    hasNumbers((values) => values.every((value) => value >= 0)),
  ),
  sorted: refine(
    'should be in non-decreasing order',
    hasNumbers((values) => values.every((value, i) => i === 0 || values[i - 1] <= value)),
  ),
  strictlySorted: refine(
    'should be in increasing order',
    hasNumbers((values) => values.every((value, i) => i === 0 || values[i - 1] < value)),
  ),
};

function isElements(attribute: Attribute): boolean {
  return attribute instanceof DenseElementsAttr || attribute instanceof DenseResourceAttr;
}

const DENSE: Readonly<Record<string, { readonly name: string; readonly label: string }>> = {
  denseBool: { name: 'i1', label: 'i1' },
  denseI8: { name: 'i8', label: 'i8' },
  denseI16: { name: 'i16', label: 'i16' },
  denseI32: { name: 'i32', label: 'i32' },
  denseI64: { name: 'i64', label: 'i64' },
  denseF32: { name: 'f32', label: 'f32' },
  denseF64: { name: 'f64', label: 'f64' },
};

const COUNTS: Readonly<
  Record<string, { readonly text: string; readonly test: (size: number, n: number) => boolean }>
> = {
  count: { text: 'exactly', test: (size, n) => size === n },
  minCount: { text: 'at least', test: (size, n) => size >= n },
  maxCount: { text: 'at most', test: (size, n) => size <= n },
};

interface NthElement {
  /** How many numbers follow the position. */
  readonly bounds: number;
  readonly text: (bounds: readonly number[]) => string;
  readonly test: (value: bigint, bounds: readonly bigint[]) => boolean;
}

/** Constraints on one element of an array, by its position. */
const NTH: Readonly<Record<string, NthElement>> = {
  nthEquals: { bounds: 1, text: ([n]) => `${n}`, test: (value, [n]) => value === n },
  nthMin: { bounds: 1, text: ([n]) => `at least ${n}`, test: (value, [n]) => value >= n },
  nthMax: { bounds: 1, text: ([n]) => `at most ${n}`, test: (value, [n]) => value <= n },
  nthInRange: {
    bounds: 2,
    text: ([low, high]) => `at least ${low} and at most ${high}`,
    test: (value, [low, high]) => value >= low && value <= high,
  },
};

function compileNth(name: string, numbers: readonly number[], offset: number): AttributeConstraint {
  const { bounds, text, test } = NTH[name];
  if (numbers.length !== bounds + 1 || numbers[0] < 0) {
    const example = bounds === 1 ? '0, 4' : '0, 1, 4';
    throw new ExpressionError(
      `'${name}' expects a position and ${bounds === 1 ? 'a number' : 'two numbers'}: ${name}<${example}>`,
      offset,
    );
  }
  const [position, ...rest] = numbers;
  const limits = rest.map(BigInt);
  return refine(`whose ${position}-th element must be ${text(rest)}`, (it) => {
    const element = elementsOf(it)?.[position];
    if (typeof element === 'number')
      return Number.isInteger(element) && test(BigInt(element), limits);
    return element !== undefined && isInteger((value) => test(value, limits))(element);
  });
}

export const ATTRIBUTE_CONSTRAINT_NAMES: readonly string[] = [
  ...Object.keys(SIMPLE),
  ...Object.keys(DENSE),
  ...Object.keys(COUNTS),
  ...Object.keys(NTH),
  'array',
  'typeOf',
  'i1',
  'i8',
  'i16',
  'i32',
  'i64',
  'f16',
  'f32',
  'f64',
  'bf16',
];

const STORAGE_TYPES = { i32: IntegerType.get(32), i64: IntegerType.get(64) } as const;

function compileEnum(owner: DialectData, declaration: EnumData): AttributeConstraint {
  const form: AttributeForm = { kind: 'enum', owner, declaration };
  const values = Object.values(declaration.cases);
  switch (declaration.storage) {
    case 'attribute':
      return accept(
        declaration.summary,
        (it) =>
          it instanceof DialectAttr &&
          it.definition.mnemonic === declaration.name &&
          it.definition.dialect === owner.dialect,
        form,
      );
    case 'string':
      return accept(
        `string attribute whose value is one of ${Object.keys(declaration.cases).join(', ')}`,
        (it) => it instanceof StringAttr && Object.hasOwn(declaration.cases, it.value),
        form,
      );
    default: {
      const type = STORAGE_TYPES[declaration.storage];
      const bits = values.reduce((a, b) => a | b, 0);
      const isCase = (value: number): boolean =>
        declaration.isBitSet ? (value & ~bits) === 0 : values.includes(value);
      return accept(
        `allowed ${type.width}-bit signless integer cases: ${values.join(', ')}`,
        (it) => it instanceof IntegerAttr && it.type === type && isCase(it.number),
        form,
      );
    }
  }
}

/** `64-bit integer` for `64-bit signless integer attribute`: how ODS names the elements of arrays. */
function elementSummary(summary: string): string {
  return summary
    .replace(/ attribute$/, '')
    .replace('signless ', '')
    .replace('any type', 'type')
    .replace('symbol reference', 'symbol ref')
    .replace(/^bool$/, '1-bit boolean');
}

function compileName(
  ast: ConstraintAst & { kind: 'name' },
  scope: ConstraintScope,
): AttributeConstraint {
  const { name, args, offset } = ast;
  const declared = findDeclared(scope, name, ['enum', 'attribute']);
  if (declared?.kind === 'enum') return compileEnum(declared.owner, declared.declaration);
  if (declared?.kind === 'attribute') {
    const { mnemonic, summary } = declared.declaration;
    const { owner } = declared;
    return accept(
      summary,
      (it) =>
        it instanceof DialectAttr &&
        it.definition.mnemonic === mnemonic &&
        it.definition.dialect === owner.dialect,
      { kind: 'declared', owner, mnemonic },
    );
  }
  if (name === 'array') {
    const [element] = expressionArguments(args).map((arg) => compileAttribute(arg, scope));
    if (element === undefined)
      return accept('array attribute', (it) => it instanceof ArrayAttr, { kind: 'array' });
    return accept(
      `${elementSummary(element.summary)} array attribute`,
      (it) => it instanceof ArrayAttr && it.elements.every(element.accepts),
      { kind: 'array', element: element.form },
    );
  }
  if (name === 'typeOf') {
    const [argument] = expressionArguments(args);
    if (argument === undefined)
      throw new ExpressionError(`'typeOf' expects a type constraint: typeOf<function>`, offset);
    const type = compileType(argument, scope);
    return accept(
      `type attribute of ${type.summary}`,
      (it) => it instanceof TypeAttr && type.accepts(it.type),
      { kind: 'type', isFunction: argument.kind === 'name' && argument.name === 'function' },
    );
  }
  if (Object.hasOwn(COUNTS, name)) {
    const [n] = integerArguments(args);
    if (n === undefined)
      throw new ExpressionError(`'${name}' expects a number of elements: ${name}<2>`, offset);
    const { text, test } = COUNTS[name];
    return refine(`with ${text} ${n} elements`, (it) => {
      const elements = elementsOf(it);
      return elements !== undefined && test(elements.length, n);
    });
  }
  if (Object.hasOwn(NTH, name)) return compileNth(name, integerArguments(args), offset);
  if (Object.hasOwn(DENSE, name)) {
    const { name: element, label } = DENSE[name];
    const elementType = builtinScalar(element)!;
    return accept(
      `${label} dense array attribute`,
      (it) => it instanceof DenseArrayAttr && it.elementType === elementType,
      { kind: 'denseArray', elementType },
    );
  }
  const scalar = builtinScalar(name);
  if (scalar !== undefined) {
    return accept(
      `${scalarSummary(scalar)} attribute`,
      (it) => (it instanceof IntegerAttr || it instanceof FloatAttr) && it.type === scalar,
      scalar === i1 ? { kind: 'bool' } : { kind: 'number', type: scalar },
    );
  }
  if (Object.hasOwn(SIMPLE, name)) return SIMPLE[name];
  throw unknownName(scope, 'attribute constraint', name, offset, ATTRIBUTE_CONSTRAINT_NAMES, [
    'enum',
    'attribute',
  ]);
}

const COMPARISONS: Readonly<
  Record<string, { readonly text: string; readonly test: (a: bigint, b: bigint) => boolean }>
> = {
  '>=': { text: 'whose minimum value is', test: (a, b) => a >= b },
  '<=': { text: 'whose maximum value is', test: (a, b) => a <= b },
  '==': { text: 'whose value is', test: (a, b) => a === b },
  '!=': { text: 'whose value is not equal to', test: (a, b) => a !== b },
};

/** Compiles an expression; throws an `ExpressionError` where it names what does not exist. */
export function compileAttribute(ast: ConstraintAst, scope: ConstraintScope): AttributeConstraint {
  switch (ast.kind) {
    case 'name':
      return compileName(ast, scope);
    case 'compare': {
      const of = compileAttribute(ast.of, scope);
      const { text, test } = COMPARISONS[ast.operator];
      const bound = BigInt(ast.value);
      return {
        ...of,
        summary: `${of.summary} ${text} ${ast.value}`,
        accepts: (it) => of.accepts(it) && isInteger((value) => test(value, bound))(it),
      };
    }
    case 'and': {
      const parts = ast.of.map((part) => compileAttribute(part, scope));
      const base = parts.find((part) => !part.isRefinement) ?? parts[0];
      return {
        summary: parts.reduce(
          (text, part) =>
            text === ''
              ? part.summary
              : `${text}${part.isRefinement ? ' ' : ' and '}${part.summary}`,
          '',
        ),
        accepts: (it) => parts.every((part) => part.accepts(it)),
        form: base.form,
      };
    }
    case 'or': {
      const parts = ast.of.map((part) => compileAttribute(part, scope));
      return accept(parts.map((part) => part.summary).join(' or '), (it) =>
        parts.some((part) => part.accepts(it)),
      );
    }
    case 'not': {
      const of = compileAttribute(ast.of, scope);
      return accept(`not ${of.summary}`, (it) => !of.accepts(it));
    }
  }
}
