/** Parsing attributes: literals and punctuation by hand, affine maps and strided layouts by their grammars. */

import {
  AffineMapAttr,
  ArrayAttr,
  DenseArrayAttr,
  DenseResourceAttr,
  DialectAttr,
  DictionaryAttr,
  DistinctAttr,
  FloatAttr,
  floatFromBits,
  floatPatternWidth,
  FloatType,
  i1,
  i64,
  f64,
  IndexType,
  IntegerAttr,
  IntegerSetAttr,
  IntegerType,
  isShapedType,
  LocationAttr,
  OpaqueAttr,
  StridedLayoutAttr,
  StringAttr,
  SymbolRefAttr,
  TypeAttr,
  UnitAttr,
  type AffineMap,
  type Attribute,
  type Location,
  type ShapedType,
  type Type,
} from '../ir/index.js';
import { buildMap, buildSet, type MapTree, type SetTree } from './affine-builder.js';
import { parseDenseElements, parseSparseElements, type ElementsHost } from './elements-parser.js';
import { parse as parseAffineTree, type StartRule as AffineRule } from './generated/affine.js';
import { fitsInteger } from './integer-range.js';
import { Char, isDigit, isLetter } from './lexer.js';
import { SliceMemo, TypeParser } from './type-parser.js';

export abstract class AttributeParser extends TypeParser {
  private readonly dialectAttributes = new Map<string, Attribute>();
  private readonly affineAttributes = new Map<string, Attribute>();
  private readonly dictionaries = new SliceMemo<DictionaryAttr>();
  private readonly distinctAttributes = new Map<bigint, DistinctAttr>();
  protected readonly attributeAliases = new Map<string, Attribute>();

  /** The inside of `loc(...)` behind the keyword. */
  protected abstract parseLocationInstance(): Location;

  parseAttribute(type?: Type): Attribute {
    return this.parseOptionalAttribute(type) ?? this.failExpected('expected attribute value');
  }

  parseOptionalAttribute(type?: Type): Attribute | undefined {
    const code = this.ws();
    switch (code) {
      case Char.Quote:
        return this.parseStringAttribute(type);
      case Char.At:
        return this.parseSymbolReference();
      case Char.OpenBracket:
        return this.nested(() => this.parseArrayAttribute());
      case Char.OpenBrace:
        return this.parseDictionary();
      case Char.Hash:
        return this.parseHashAttribute();
      case Char.Minus:
        return this.parseNumberAttribute(type);
      case Char.Bang:
      case Char.OpenParen:
        return TypeAttr.get(this.parseType());
    }
    if (isDigit(code)) return this.parseNumberAttribute(type);
    if (isLetter(code)) return this.parseKeywordAttribute(type);
    return undefined;
  }

  private parseKeywordAttribute(expected?: Type): Attribute | undefined {
    const start = this.p;
    const word = this.parseOptionalAnyKeyword()!;
    switch (word) {
      case 'true':
      case 'false':
        return IntegerAttr.bool(word === 'true');
      case 'unit':
        return UnitAttr.get();
      case 'affine_map':
      case 'affine_set':
        return this.parseAffineAttribute(word);
      case 'array':
        return this.parseDenseArray();
      case 'dense':
        return this.parseDense(expected);
      case 'dense_resource':
        return this.parseDenseResource();
      case 'sparse':
        this.expect(Char.Less, `expected '<' after 'sparse'`);
        return parseSparseElements(this.elementsHost, start);
      case 'distinct':
        return this.parseDistinct(start);
      case 'strided':
        return this.parseStrided(start);
      case 'loc': {
        this.expect(Char.OpenParen, `expected '(' in location`);
        const location = this.nested(() => this.parseLocationInstance());
        this.expect(Char.CloseParen, `expected ')' in location`);
        return LocationAttr.get(location);
      }
    }
    this.p = start;
    const type = this.parseOptionalType();
    return type === undefined ? undefined : TypeAttr.get(type);
  }

  // Literals

  private parseStringAttribute(type?: Type): Attribute {
    const value = this.readString();
    if (type !== undefined) return StringAttr.get(value);
    return this.parseOptionalPunctuation(':')
      ? StringAttr.get(value, this.parseType())
      : StringAttr.get(value);
  }

  private parseSymbolReference(): SymbolRefAttr {
    const path = [this.parseSymbolName()];
    while (this.parseOptionalPunctuation('::')) {
      path.push(
        this.parseOptionalSymbolName() ??
          this.failExpected('expected nested symbol reference identifier'),
      );
    }
    return SymbolRefAttr.get(...path);
  }

  parseSymbolName(): string {
    return (
      this.parseOptionalSymbolName() ??
      this.failExpected("expected valid '@'-identifier for symbol name")
    );
  }

  parseOptionalSymbolName(): string | undefined {
    if (this.ws() !== Char.At) return undefined;
    const start = this.p;
    this.p++;
    if (this.text.charCodeAt(this.p) === Char.Quote) return this.readString();
    const end = this.identifierEnd(this.p);
    if (end === this.p) this.fail(`@ identifier expected to start with letter or '_'`, start);
    const name = this.text.slice(this.p, end);
    this.p = end;
    return name;
  }

  private parseNumberAttribute(given: Type | undefined): Attribute {
    const isNegative = this.eat(Char.Minus);
    this.ws();
    const start = this.p;
    const value = this.parseNumber();
    if (value === undefined) this.fail('expected constant integer or floating point value', start);
    const isHex = this.text.startsWith('0x', start);
    let type = given;
    if (type === undefined && this.parseOptionalPunctuation(':')) type = this.parseType();
    if (typeof value === 'number') {
      type ??= f64;
      if (!(type instanceof FloatType))
        this.fail('floating point value not valid for specified type', start);
      return FloatAttr.get(isNegative ? -value : value, type);
    }
    type ??= i64;
    if (type instanceof FloatType)
      return this.floatFromInteger(value, type, isHex, isNegative, start);
    if (!(type instanceof IntegerType) && !(type instanceof IndexType))
      this.fail('integer literal not valid for specified type', start);
    if (isNegative && type instanceof IntegerType && type.signedness === 'unsigned')
      this.fail('negative integer literal not valid for unsigned integer type', start);
    if (!fitsInteger(isNegative ? -value : value, type))
      this.fail('integer constant out of range for attribute', start);
    return IntegerAttr.get(isNegative ? -value : value, type);
  }

  private floatFromInteger(
    value: bigint,
    type: FloatType,
    isHex: boolean,
    isNegative: boolean,
    start: number,
  ): FloatAttr {
    if (!isHex) {
      this.fail('unexpected decimal integer literal for a floating point value', start, [
        this.note('add a trailing dot to make the literal a float', start),
      ]);
    }
    if (isNegative) this.fail('hexadecimal float literal should not have a leading minus', start);
    if (value >> BigInt(floatPatternWidth(type.kind)) !== 0n)
      this.fail('hexadecimal float constant out of range for type', start);
    return FloatAttr.get(floatFromBits(value, type.kind), type);
  }

  // Containers

  private parseArrayAttribute(): ArrayAttr {
    this.p++;
    const elements: Attribute[] = [];
    if (this.eat(Char.CloseBracket)) return ArrayAttr.get(elements);
    do elements.push(this.parseAttribute());
    while (this.eat(Char.Comma));
    this.expect(Char.CloseBracket, `expected ',' or ']'`);
    return ArrayAttr.get(elements);
  }

  /** `{a = 1, b}`: the cursor is on the brace. Short texts without braces inside are looked up first. */
  protected parseDictionary(): DictionaryAttr {
    const start = this.p;
    let slice: string | undefined;
    if (this.dictionaries.isUseful) {
      const close = this.text.indexOf('}', start);
      if (close - start < 120) {
        slice = this.text.slice(start, close + 1);
        const known = this.dictionaries.get(slice);
        if (known !== undefined) {
          this.p = close + 1;
          return known;
        }
      }
    }
    const entries = new Map<string, Attribute>();
    this.nested(() => this.parseNamedAttributes(entries));
    const dictionary = DictionaryAttr.get(entries);
    if (slice !== undefined && this.p === start + slice.length)
      this.dictionaries.set(slice, dictionary);
    return dictionary;
  }

  /** `{a = 1, b}` into `into`: the cursor is on the brace. */
  private parseNamedAttributes(into: Map<string, Attribute>): void {
    this.p++;
    if (this.eat(Char.CloseBrace)) return;
    const seen = new Set<string>();
    do {
      const code = this.ws();
      const start = this.p;
      const name = code === Char.Quote ? this.readString() : this.parseAnyKeyword('attribute name');
      if (name === '') this.fail('expected valid attribute name', start);
      if (seen.has(name)) this.fail(`duplicate key '${name}' in dictionary attribute`, start);
      seen.add(name);
      into.set(name, this.eat(Char.Equals) ? this.parseAttribute() : UnitAttr.get());
    } while (this.eat(Char.Comma));
    this.expect(Char.CloseBrace, `expected '}' in attribute dictionary`);
  }

  parseOptionalAttributeDict(into: Map<string, Attribute>): void {
    if (this.ws() !== Char.OpenBrace) return;
    const start = this.p;
    for (const [name, value] of this.parseDictionary().entries()) {
      if (into.has(name))
        this.fail(`attribute '${name}' occurs more than once in the attribute list`, start);
      into.set(name, value);
    }
  }

  parseOptionalAttributeDictWithKeyword(into: Map<string, Attribute>): void {
    if (!this.parseOptionalKeyword('attributes')) return;
    if (this.ws() !== Char.OpenBrace) this.failExpected(`expected '{' in attribute dictionary`);
    this.parseOptionalAttributeDict(into);
  }

  // Aliases and dialect attributes

  private parseHashAttribute(): Attribute {
    const start = this.p;
    const name = this.parseSuffixIdentifier();
    if (name === '') this.fail('expected dialect attribute or attribute alias', start);
    const isOpaqueForm = !name.includes('.') && this.text.charCodeAt(this.p) === Char.Less;
    if (!name.includes('.') && !isOpaqueForm) {
      const attribute = this.attributeAliases.get(name);
      return attribute ?? this.failUndefinedAlias(`#${name}`, start, this.attributeAliases.keys());
    }
    const extent = this.parameterExtent(start);
    const slice = this.text.slice(start, extent.end);
    let attribute = this.dialectAttributes.get(slice);
    if (attribute !== undefined) {
      this.p = extent.end;
      return attribute;
    }
    const [dialect, mnemonic] = this.splitDialectName(name, start);
    const definition = this.context.getAttributeDefinition(dialect, mnemonic);
    if (definition !== undefined) {
      const parameters = this.nested(() => this.parseParameters(definition, start));
      attribute = DialectAttr.get(definition, parameters);
      if (this.p === extent.end) this.dialectAttributes.set(slice, attribute);
      return attribute;
    }
    this.refuseUnknown(dialect, mnemonic, 'attribute', start);
    this.requireBalanced(extent.unbalanced);
    attribute = OpaqueAttr.get(dialect, slice.slice(1 + dialect.length));
    this.dialectAttributes.set(slice, attribute);
    this.p = extent.end;
    return attribute;
  }

  // Affine maps, sets and layouts

  private parseAffineAttribute(word: 'affine_map' | 'affine_set'): Attribute {
    if (this.ws() !== Char.Less) this.failExpected(`expected '<' in affine ${word.slice(7)}`);
    const kind = word === 'affine_map' ? 'map' : 'set';
    const { end, unbalanced } = this.extentOf(this.p);
    const slice = this.text.slice(this.p, end);
    const key = `${kind}${slice}`;
    let attribute = this.affineAttributes.get(key);
    if (attribute === undefined) {
      const base = this.p + 1;
      const inside = unbalanced === undefined ? slice.slice(1, -1) : slice.slice(1);
      const tree = this.parseAffine<MapTree | SetTree>(inside, base, 'MapOrSet');
      const fail = (message: string, offset: number): never => this.fail(message, base + offset);
      if (tree.kind !== kind) {
        this.fail(
          kind === 'map'
            ? 'expected AffineMap, but got IntegerSet'
            : 'expected IntegerSet, but got AffineMap',
          base,
        );
      }
      attribute =
        tree.kind === 'map'
          ? AffineMapAttr.get(buildMap(tree, fail))
          : IntegerSetAttr.get(buildSet(tree, fail));
      if (unbalanced !== undefined) this.fail(`expected '>' in affine ${kind}`, end);
      this.affineAttributes.set(key, attribute);
    }
    this.p = end;
    return attribute;
  }

  protected parseAffine<Tree>(slice: string, base: number, startRule: AffineRule): Tree {
    return this.runGrammar(base, () => parseAffineTree(slice, { startRule }) as Tree);
  }

  parseAffineMap(): AffineMap {
    this.ws();
    const start = this.p;
    // The map ends with the parentheses behind the arrow.
    let end = this.text.charCodeAt(start) === Char.OpenParen ? this.extentOf(start).end : start;
    const arrow = /^\s*(\[[^\]]*\])?\s*->\s*/.exec(this.text.slice(end, end + 4096));
    if (arrow !== null) {
      end += arrow[0].length;
      if (this.text.charCodeAt(end) === Char.OpenParen) end = this.extentOf(end).end;
    }
    const tree = this.parseAffine<MapTree>(this.text.slice(start, end), start, 'Map');
    const map = buildMap(tree, (message, offset) => this.fail(message, start + offset));
    this.p = end;
    return map;
  }

  private parseStrided(start: number): Attribute {
    const end = this.ws() === Char.Less ? this.extentOf(this.p).end : this.endOfPrevious;
    const slice = this.text.slice(start, end);
    const tree = this.parseWithGrammar<{ strides: number[]; offset: number }>(
      slice,
      start,
      'StridedLayout',
    );
    if (tree.strides.includes(0)) this.fail('strides must not be zero', start);
    this.p = end;
    return StridedLayoutAttr.get(tree.strides, tree.offset);
  }

  // Arrays and elements

  private parseDenseArray(): DenseArrayAttr {
    this.expect(Char.Less, `expected '<' after 'array'`);
    this.ws();
    const typeOffset = this.p;
    const type = this.parseType();
    if (!(type instanceof IntegerType) && !(type instanceof FloatType))
      this.fail(`expected integer or float type, got: '${type}'`, typeOffset);
    if (type instanceof IntegerType && type !== i1 && type.width % 8 !== 0)
      this.fail('element type bitwidth must be a multiple of 8', typeOffset);
    if (this.eat(Char.Greater)) return DenseArrayAttr.get(type, []);
    this.expect(Char.Colon, `expected ':' after dense array type`);
    const values: number[] = [];
    do values.push(this.parseArrayElement(type));
    while (this.eat(Char.Comma));
    this.expect(Char.Greater, `expected '>' to close an array attribute`);
    return DenseArrayAttr.get(type, values);
  }

  private parseArrayElement(type: IntegerType | FloatType): number {
    this.ws();
    const start = this.p;
    if (type === i1) {
      if (this.parseOptionalKeyword('true')) return 1;
      if (this.parseOptionalKeyword('false')) return 0;
    }
    const isNegative = this.eat(Char.Minus);
    this.ws();
    const isHex = this.text.startsWith('0x', this.p);
    const value = this.parseNumber();
    if (type instanceof FloatType) {
      if (value === undefined) this.failExpected('expected floating point literal');
      const magnitude =
        typeof value === 'number'
          ? value
          : this.floatFromInteger(value, type, isHex, isNegative, start).value;
      return FloatAttr.get(isNegative ? -magnitude : magnitude, type).value;
    }
    if (typeof value !== 'bigint') this.fail('expected integer literal', start);
    const signed = isNegative ? -value : value;
    // Dense arrays hold their values as doubles.
    const isExact = BigInt(Number(signed)) === signed;
    if (!fitsInteger(signed, type) || !isExact) this.fail('integer constant out of range', start);
    return Number(IntegerAttr.get(signed, type).value);
  }

  private get elementsHost(): ElementsHost {
    return {
      ws: () => this.ws(),
      eat: (code) => this.eat(code),
      offset: () => this.offset,
      readString: () => this.readString(),
      isHexAt: (offset) => this.text.startsWith('0x', offset),
      number: () => this.parseNumber(),
      keyword: (word) => this.parseOptionalKeyword(word),
      failExpected: (message) => this.failExpected(message),
      fail: (message, offset) => this.fail(message, offset),
      type: () => this.parseElementsType(),
    };
  }

  private parseElementsType(): ShapedType {
    this.expect(Char.Colon, `expected ':'`);
    const type = this.parseType();
    if (!isShapedType(type)) this.fail('elements literal must be a shaped type', this.p);
    if (type.shape.some((extent) => extent < 0))
      this.fail('elements literal type must have static shape', this.p);
    return type;
  }

  /** Where the type is known from the place, no `: type` follows. */
  private parseDense(expected?: Type): Attribute {
    this.expect(Char.Less, `expected '<' after 'dense'`);
    const isKnown = expected !== undefined && isShapedType(expected);
    const host = isKnown ? { ...this.elementsHost, type: () => expected } : this.elementsHost;
    return parseDenseElements(host);
  }

  /** `distinct[0]<attribute>`: equal numbers in one text are one attribute. */
  private parseDistinct(start: number): Attribute {
    this.expect(Char.OpenBracket, `expected '[' after 'distinct'`);
    this.ws();
    const number = this.parseNumber();
    if (typeof number !== 'bigint') this.failExpected('expected distinct ID');
    this.expect(Char.CloseBracket, `expected ']' to close distinct ID`);
    this.expect(Char.Less, `expected '<' after distinct ID`);
    const referenced =
      this.ws() === Char.Greater ? UnitAttr.get() : this.nested(() => this.parseAttribute());
    this.expect(Char.Greater, `expected '>' to close distinct attribute`);
    const known = this.distinctAttributes.get(number);
    if (known !== undefined) {
      if (known.referenced !== referenced)
        this.fail(
          `referenced attribute does not match previous definition: ${known.referenced}`,
          start,
        );
      return known;
    }
    const attribute = new DistinctAttr(Number(number), referenced);
    this.distinctAttributes.set(number, attribute);
    return attribute;
  }

  private parseDenseResource(): Attribute {
    this.expect(Char.Less, `expected '<' after 'dense_resource'`);
    const key =
      this.parseOptionalString() ?? this.parseAnyKeyword("identifier key for 'resource' entry");
    this.expect(Char.Greater, `expected '>'`);
    this.expect(Char.Colon, `expected ':'`);
    const start = this.offset;
    const type = this.parseType();
    if (!isShapedType(type)) this.fail('`dense_resource` expected a shaped type', start);
    return DenseResourceAttr.get(key, type);
  }
}
