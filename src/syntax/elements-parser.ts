/** `dense<...>` and `sparse<...>`: literals for every element of a shaped type, nested lists or raw bytes, without recursion. */

import {
  ComplexType,
  DenseComplexElementsAttr,
  DenseElementsAttr,
  DenseStringElementsAttr,
  floatFromBits,
  floatPatternWidth,
  FloatAttr,
  FloatType,
  i1,
  IndexType,
  IntegerAttr,
  IntegerType,
  i64,
  RankedTensorType,
  SparseElementsAttr,
  type AnyDenseElementsAttr,
  type ComplexElement,
  type ShapedType,
  type Type,
} from '../ir/index.js';
import { fitsInteger } from './integer-range.js';
import { Char, isLetter, MAXIMAL_NESTING } from './lexer.js';

/** What the parser of attributes lends. */
export interface ElementsHost {
  ws(): number;
  eat(code: number): boolean;
  offset(): number;
  readString(): string;
  /** Whether the literal at an offset is spelled in hexadecimal. */
  isHexAt(offset: number): boolean;
  /** An integer or floating-point literal without sign. */
  number(): bigint | number | undefined;
  keyword(word: string): boolean;
  /** `: type` behind the literal. */
  type(): ShapedType;
  fail(message: string, offset?: number): never;
  failExpected(message: string): never;
}

/** One literal with its place, converted once the type is known. */
interface Literal {
  readonly value: bigint | number | boolean | string | readonly [Literal, Literal];
  readonly isHex: boolean;
  readonly offset: number;
}

/** Literals in row-major order; the shape is undefined for a single literal that stands for all elements. */
interface LiteralList {
  readonly literals: readonly Literal[];
  readonly shape: readonly number[] | undefined;
}

/** Parses behind `dense<`, the type included. */
export function parseDenseElements(host: ElementsHost): AnyDenseElementsAttr {
  const start = host.ws() === Char.Quote ? host.offset() : undefined;
  const list = parseLiterals(host);
  if (!host.eat(Char.Greater)) host.failExpected(`expected '>'`);
  const end = host.offset();
  const type = host.type();
  const { shape, literals } = list;
  if (start !== undefined && isRawElement(type.elementType))
    return rawElements(host, literals[0].value as string, start, type);
  const count = type.shape.reduce((a, b) => a * b, 1);
  if (shape === undefined && literals.length === 0 && count !== 0) {
    host.fail(`parsed zero elements, but type ('${type}') expected at least 1`, end);
  }
  if (shape !== undefined && shape.join() !== type.shape.join()) {
    host.fail(
      `inferred shape of elements literal ([${shape.join(', ')}]) does not match type ([${type.shape.join(', ')}])`,
      end,
    );
  }
  return buildElements(host, literals, type);
}

/** Parses behind `sparse<`, the type included. */
export function parseSparseElements(host: ElementsHost, start: number): SparseElementsAttr {
  const show = (shape: readonly number[]): string => `[${shape.join(', ')}]`;
  if (host.eat(Char.Greater)) {
    const type = host.type();
    const none = DenseElementsAttr.get(RankedTensorType.get([0, type.shape.length], i64), []);
    const values = buildElements(host, [], RankedTensorType.get([0], type.elementType));
    return SparseElementsAttr.get(type, none, values);
  }
  const indices = parseLiterals(host);
  if (!host.eat(Char.Comma)) host.failExpected(`expected ','`);
  const values = parseLiterals(host);
  if (!host.eat(Char.Greater)) host.failExpected(`expected '>'`);
  const type = host.type();
  const rank = type.shape.length;
  const indicesShape = indices.shape ?? [1, rank];
  const valuesShape = values.shape ?? [indicesShape[0]];
  const areConsistent =
    indicesShape.length === 2 &&
    indicesShape[1] === rank &&
    valuesShape.length === 1 &&
    valuesShape[0] === indicesShape[0];
  if (!areConsistent)
    host.fail(
      `expected shape (${show(type.shape)}); inferred shape of indices literal (${show(indicesShape)}); inferred shape of values literal (${show(valuesShape)})`,
      start,
    );
  const indicesType = RankedTensorType.get(indicesShape, i64);
  const positions = buildElements(host, indices.literals, indicesType) as DenseElementsAttr;
  const numbers = positions.values.map(Number);
  for (let element = 0; element < indicesShape[0]; element++) {
    const index = type.shape.map((_, dim) => numbers[positions.isSplat ? 0 : element * rank + dim]);
    if (index.some((position, dim) => position < 0 || position >= type.shape[dim]))
      host.fail(
        `sparse index #${element} is not contained within the value shape, with index=${show(index)}, and type='${type}'`,
        start,
      );
  }
  const valuesType = RankedTensorType.get(valuesShape, type.elementType);
  return SparseElementsAttr.get(type, positions, buildElements(host, values.literals, valuesType));
}

function parseLiterals(host: ElementsHost): LiteralList {
  const literals: Literal[] = [];
  let shape: number[] | undefined;
  if (host.ws() === Char.OpenBracket) shape = parseNestedList(host, literals);
  else if (host.ws() !== Char.Greater) literals.push(parseLiteral(host));
  return { literals, shape };
}

function buildElements(
  host: ElementsHost,
  literals: readonly Literal[],
  type: ShapedType,
): AnyDenseElementsAttr {
  const { elementType } = type;
  if (elementType instanceof ComplexType) {
    const parts = elementType.elementType;
    return DenseComplexElementsAttr.get(
      type,
      literals.map(({ value, offset }) => {
        if (!Array.isArray(value))
          return host.fail(
            `expected complex elements, but parsed other than '(real,imaginary)'`,
            offset,
          );
        return [convert(host, value[0], parts), convert(host, value[1], parts)];
      }),
    );
  }
  if (literals.length > 0 && literals.every(({ value }) => typeof value === 'string')) {
    if (isRawElement(elementType))
      host.fail('expected string containing hex digits starting with `0x`', literals[0].offset);
    return DenseStringElementsAttr.get(
      type,
      literals.map(({ value }) => value as string),
    );
  }
  return DenseElementsAttr.get(
    type,
    literals.map((literal) => convert(host, literal, elementType)),
  );
}

/** Whether elements of a type can be given as bytes, which a string then holds. */
function isRawElement(type: Type): boolean {
  const part = type instanceof ComplexType ? type.elementType : type;
  return part instanceof IntegerType || part instanceof FloatType || part instanceof IndexType;
}

/** Nested lists into a flat list of literals; returns the shape. */
function parseNestedList(host: ElementsHost, literals: Literal[]): number[] {
  /** Number of elements found so far at each open level. */
  const counts: number[] = [];
  /** Extent of each level, known once a list of that level was closed. */
  const shape: number[] = [];
  const ranksDiffer = (): never =>
    host.fail('tensor literal is invalid; ranks are not consistent between elements');
  let rank: number | undefined;
  for (;;) {
    const code = host.ws();
    if (code === Char.OpenBracket) {
      if (counts.length === MAXIMAL_NESTING || counts.length === rank) ranksDiffer();
      host.eat(code);
      counts.push(0);
      if (host.ws() !== Char.CloseBracket) continue;
      rank ??= counts.length;
    } else {
      rank ??= counts.length;
      if (counts.length !== rank) ranksDiffer();
      literals.push(parseLiteral(host));
      counts[counts.length - 1]++;
      if (host.eat(Char.Comma)) continue;
    }
    while (counts.length > 0) {
      if (!host.eat(Char.CloseBracket)) host.failExpected(`expected ',' or ']'`);
      const extent = counts.pop()!;
      const level = counts.length;
      if (shape[level] !== undefined && shape[level] !== extent) ranksDiffer();
      shape[level] = extent;
      if (level === 0) return shape.slice(0, rank);
      counts[level - 1]++;
      if (host.eat(Char.Comma)) break;
    }
  }
}

function parseLiteral(host: ElementsHost): Literal {
  const code = host.ws();
  const offset = host.offset();
  if (code === Char.Quote) return { value: host.readString(), isHex: false, offset };
  if (host.eat(Char.OpenParen)) {
    const real = parseNumberLiteral(host);
    if (!host.eat(Char.Comma)) host.failExpected(`expected ',' between complex elements`);
    const imaginary = parseNumberLiteral(host);
    if (!host.eat(Char.CloseParen)) host.failExpected(`expected ')' after complex elements`);
    return { value: [real, imaginary], isHex: false, offset };
  }
  return parseNumberLiteral(host);
}

function parseNumberLiteral(host: ElementsHost): Literal {
  const code = host.ws();
  const offset = host.offset();
  if (isLetter(code)) {
    if (host.keyword('true')) return { value: true, isHex: false, offset };
    if (host.keyword('false')) return { value: false, isHex: false, offset };
    host.failExpected('expected element literal of primitive type');
  }
  const isNegative = host.eat(Char.Minus);
  host.ws();
  const start = host.offset();
  const isHex = host.isHexAt(start);
  const value = host.number();
  if (value === undefined) host.failExpected('expected element literal of primitive type');
  return { value: isNegative ? -value : value, isHex, offset };
}

function convert(host: ElementsHost, literal: Literal, elementType: Type): number | bigint {
  const { value, offset } = literal;
  if (typeof value === 'string')
    host.fail(`expected a number or boolean element, but parsed a string`, offset);
  if (typeof value === 'object')
    host.fail(`expected elements of type '${elementType}', but parsed a complex number`, offset);
  if (typeof value === 'boolean') {
    if (elementType !== i1) host.fail(`expected i1 type for 'true' or 'false' values`, offset);
    return value ? 1n : 0n;
  }
  if (elementType instanceof FloatType) {
    if (typeof value === 'number') return FloatAttr.get(value, elementType).value;
    if (!literal.isHex) host.fail('expected floating-point elements, but parsed integer', offset);
    if (value < 0n || value >> BigInt(floatPatternWidth(elementType.kind)) !== 0n)
      host.fail('hexadecimal float constant out of range for type', offset);
    return floatFromBits(value, elementType.kind);
  }
  if (!(elementType instanceof IntegerType) && !(elementType instanceof IndexType))
    host.fail(`expected a number type for elements, got: '${elementType}'`, offset);
  if (typeof value === 'number')
    host.fail('expected integer elements, but parsed floating-point', offset);
  if (value < 0n && elementType instanceof IntegerType && elementType.signedness === 'unsigned')
    host.fail('expected unsigned integer elements, but parsed negative value', offset);
  if (!fitsInteger(value, elementType)) host.fail('integer constant out of range for type', offset);
  return IntegerAttr.get(value, elementType).value;
}

/** `"0x..."`: the bytes of all elements in little-endian order, or of one element for all. */
function rawElements(
  host: ElementsHost,
  text: string,
  start: number,
  type: ShapedType,
): AnyDenseElementsAttr {
  if (!/^0x([0-9a-fA-F]{2})*$/.test(text))
    host.fail('expected string containing hex digits starting with `0x`', start);
  const isComplex = type.elementType instanceof ComplexType;
  const part =
    type.elementType instanceof ComplexType ? type.elementType.elementType : type.elementType;
  const bytes = Buffer.from(text.slice(2), 'hex');
  const parts = isComplex ? 2 : 1;
  const count = type.shape.reduce((a, b) => a * b, 1) * parts;
  const width =
    part instanceof FloatType
      ? floatPatternWidth(part.kind)
      : part instanceof IntegerType
        ? part.width
        : 64;
  const size = Math.ceil(width / 8);
  // Booleans are packed into bits, except inside complex numbers.
  const isPacked = width === 1 && !isComplex;
  const read = (index: number): bigint => {
    if (isPacked) return BigInt((bytes[index >> 3] >> (index & 7)) & 1);
    let bits = 0n;
    for (let byte = size - 1; byte >= 0; byte--)
      bits = (bits << 8n) | BigInt(bytes[index * size + byte]);
    return bits;
  };
  const expected = isPacked ? Math.ceil(count / 8) : count * size;
  const isSplat = bytes.length === size * parts && count !== parts;
  if (!isSplat && bytes.length !== expected)
    host.fail(`elements hex data size is invalid for provided type: '${type}'`, start);
  const values = Array.from({ length: isSplat ? parts : count }, (_, index) => {
    const bits = read(index);
    return part instanceof FloatType
      ? floatFromBits(bits, part.kind)
      : IntegerAttr.get(bits, part as IntegerType | IndexType).value;
  });
  if (!isComplex) return DenseElementsAttr.get(type, values);
  const pairs = Array.from({ length: values.length / 2 }, (_, index): ComplexElement => [
    values[2 * index],
    values[2 * index + 1],
  ]);
  return DenseComplexElementsAttr.get(type, pairs);
}
