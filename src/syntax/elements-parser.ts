/** `dense<...>`: literals for every element of a shaped type, nested lists or raw bytes, without recursion. */

import {
  DenseElementsAttr,
  floatFromBits,
  floatPatternWidth,
  FloatAttr,
  FloatType,
  i1,
  IndexType,
  IntegerAttr,
  IntegerType,
  type ShapedType,
} from '../ir/index.js';
import { fitsInteger } from './integer-range.js';
import { Char, isLetter, MAXIMAL_NESTING } from './lexer.js';

/** What the parser of attributes lends. */
export interface ElementsHost {
  ws(): number;
  eat(code: number): boolean;
  offset(): number;
  readString(): string;
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
  readonly value: bigint | number | boolean;
  readonly isHex: boolean;
  readonly offset: number;
}

/** Parses behind `dense<`, the type included. */
export function parseDenseElements(host: ElementsHost): DenseElementsAttr {
  if (host.ws() === Char.Quote) return parseRawElements(host);
  const literals: Literal[] = [];
  let shape: number[] | undefined;
  if (host.ws() === Char.OpenBracket) shape = parseNestedList(host, literals);
  else if (host.ws() !== Char.Greater) literals.push(parseLiteral(host));
  if (!host.eat(Char.Greater)) host.failExpected(`expected '>'`);
  const end = host.offset();
  const type = host.type();
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
  return DenseElementsAttr.get(
    type,
    literals.map((literal) => convert(host, literal, type)),
  );
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
  if (isLetter(code)) {
    if (host.keyword('true')) return { value: true, isHex: false, offset };
    if (host.keyword('false')) return { value: false, isHex: false, offset };
    host.failExpected('expected element literal of primitive type');
  }
  const isNegative = host.eat(Char.Minus);
  host.ws();
  const start = host.offset();
  const value = host.number();
  if (value === undefined) host.failExpected('expected element literal of primitive type');
  const isHex =
    typeof value === 'bigint' &&
    host.offset() - start > 2 &&
    value.toString().length !== host.offset() - start;
  return { value: isNegative ? -value : value, isHex, offset };
}

function convert(host: ElementsHost, literal: Literal, type: ShapedType): number | bigint {
  const { elementType } = type;
  const { value, offset } = literal;
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
  if (!fitsInteger(value, elementType)) host.fail('integer constant out of range for type', offset);
  return IntegerAttr.get(value, elementType).value;
}

/** `"0x..."`: the bytes of all elements in little-endian order, or of one element for all. */
function parseRawElements(host: ElementsHost): DenseElementsAttr {
  const start = host.offset();
  const text = host.readString();
  if (!/^0x([0-9a-fA-F]{2})*$/.test(text))
    host.fail('expected string containing hex digits starting with `0x`', start);
  if (!host.eat(Char.Greater)) host.failExpected(`expected '>'`);
  const type = host.type();
  const { elementType } = type;
  const isNumber = elementType instanceof IntegerType || elementType instanceof FloatType;
  if (!isNumber && !(elementType instanceof IndexType))
    host.fail('expected floating-point, integer, or complex element type', start);
  const bytes = Buffer.from(text.slice(2), 'hex');
  const count = type.shape.reduce((a, b) => a * b, 1);
  const width =
    elementType instanceof FloatType
      ? floatPatternWidth(elementType.kind)
      : elementType instanceof IntegerType
        ? elementType.width
        : 64;
  const size = Math.ceil(width / 8);
  const read = (index: number): bigint => {
    if (width === 1) return BigInt((bytes[index >> 3] >> (index & 7)) & 1);
    let bits = 0n;
    for (let byte = size - 1; byte >= 0; byte--)
      bits = (bits << 8n) | BigInt(bytes[index * size + byte]);
    return bits;
  };
  const expected = width === 1 ? Math.ceil(count / 8) : count * size;
  const isSplat = bytes.length === size && count !== 1;
  if (!isSplat && bytes.length !== expected)
    host.fail('elements hex data size is invalid for provided type: ' + type, start);
  const values = Array.from({ length: isSplat ? 1 : count }, (_, index) => {
    const bits = read(index);
    return elementType instanceof FloatType
      ? floatFromBits(bits, elementType.kind)
      : IntegerAttr.get(bits, elementType as IntegerType | IndexType).value;
  });
  return DenseElementsAttr.get(type, values);
}
