/** Attributes: immutable and uniqued constants, so `===` is equality. Builtin ones here; dialect ones in dialect-type.ts. */

import type { AffineMap, IntegerSet } from './affine.js';
import { formatFloatValue, roundToFloat } from './float-format.js';
import { Interner, newIdentity } from './interner.js';
import type { Location } from './location.js';
import {
  formatName,
  formatString,
  formatSymbol,
  plainText,
  prettyOpaqueBody,
  type TextSink,
} from './text-sink.js';
import type { IntegerType } from './type.js';
import { FloatType, i1, i64, IndexType, NoneType, DYNAMIC, f64, type Type } from './type.js';

export abstract class Attribute {
  readonly identity = newIdentity();
  private text: string | undefined;

  /** Writes the attribute in its textual form. */
  abstract print(sink: TextSink): void;

  /** Writes the attribute where its type is known from elsewhere: `1` for `1 : i32`. */
  printWithoutType(sink: TextSink): void {
    this.print(sink);
  }

  /** The textual form without aliases. */
  toString(): string {
    return (this.text ??= plainText((sink) => this.print(sink)));
  }
}

/** An attribute that has a type, as constants do. */
export abstract class TypedAttribute extends Attribute {
  abstract readonly type: Type;

  override print(sink: TextSink): void {
    this.printWithoutType(sink);
    sink.write(' : ');
    sink.writeType(this.type);
  }

  abstract override printWithoutType(sink: TextSink): void;
}

export class UnitAttr extends Attribute {
  private static readonly instance = new UnitAttr();

  private constructor() {
    super();
  }

  static get(): UnitAttr {
    return UnitAttr.instance;
  }

  print(sink: TextSink): void {
    sink.write('unit');
  }
}

const integers = new Interner<IntegerAttr>();

/** An integer or boolean constant: of an integer type or `index`. */
export class IntegerAttr extends TypedAttribute {
  private constructor(
    /** Two's complement value: signed for signless and signed types, non-negative for unsigned ones and `i1`. */
    readonly value: bigint,
    readonly type: IntegerType | IndexType,
  ) {
    super();
  }

  /** The constant `value` wrapped to the width of `type`. */
  static get(value: bigint | number, type: IntegerType | IndexType = i64): IntegerAttr {
    let wrapped = BigInt(value);
    if (type instanceof IndexType) wrapped = BigInt.asIntN(64, wrapped);
    else if (type.signedness === 'unsigned' || type.width <= 1)
      wrapped = BigInt.asUintN(type.width, wrapped);
    else wrapped = BigInt.asIntN(type.width, wrapped);
    return integers.get(`${wrapped}:${type.identity}`, () => new IntegerAttr(wrapped, type));
  }

  static bool(value: boolean): IntegerAttr {
    return IntegerAttr.get(value ? 1 : 0, i1);
  }

  /** The value as a double; exact below 2^53. */
  get number(): number {
    return Number(this.value);
  }

  override print(sink: TextSink): void {
    // A signless i1 is a boolean, which says its type.
    if (this.type === i1) this.printWithoutType(sink);
    else super.print(sink);
  }

  printWithoutType(sink: TextSink): void {
    if (this.type === i1) sink.write(this.value === 0n ? 'false' : 'true');
    else sink.write(`${this.value}`);
  }
}

const floatAttributes = new Interner<FloatAttr>();

/** A floating-point constant. */
export class FloatAttr extends TypedAttribute {
  private constructor(
    readonly value: number,
    readonly type: FloatType,
  ) {
    super();
  }

  /** The constant nearest to `value` in the type's format. */
  static get(value: number, type: FloatType = f64): FloatAttr {
    const rounded = roundToFloat(value, type.kind);
    const id = `${Object.is(rounded, -0) ? '-0' : rounded}:${type.identity}`;
    return floatAttributes.get(id, () => new FloatAttr(rounded, type));
  }

  printWithoutType(sink: TextSink): void {
    sink.write(formatFloat(this.value, this.type));
  }
}

/** MLIR's spelling of a number of a float type. */
export function formatFloat(value: number, type: FloatType): string {
  return formatFloatValue(value, type.kind);
}

/**
 * Writes an attribute, numbers without the type that they are read as: `i64`, or `f64` for one with a point (a bit
 * pattern alone would be an integer).
 */
export function writeElidingDefaultType(sink: TextSink, attribute: Attribute): void {
  const isDefault =
    (attribute instanceof IntegerAttr && attribute.type === i64) ||
    (attribute instanceof FloatAttr &&
      attribute.type === f64 &&
      !formatFloat(attribute.value, f64).startsWith('0x'));
  if (isDefault) attribute.printWithoutType(sink);
  else sink.writeAttribute(attribute);
}

const strings = new Interner<StringAttr>();

export class StringAttr extends Attribute {
  private constructor(
    readonly value: string,
    /** Rarely present: `"text" : !d.type`. */
    readonly type: Type,
  ) {
    super();
  }

  static get(value: string, type: Type = NoneType.get()): StringAttr {
    return strings.get(`${type.identity}:${value}`, () => new StringAttr(value, type));
  }

  print(sink: TextSink): void {
    sink.write(formatString(this.value));
    if (this.type instanceof NoneType) return;
    sink.write(' : ');
    sink.writeType(this.type);
  }
}

const arrays = new Interner<ArrayAttr>();

export class ArrayAttr extends Attribute {
  private constructor(readonly elements: readonly Attribute[]) {
    super();
  }

  static get(elements: readonly Attribute[]): ArrayAttr {
    return arrays.get(
      elements.map((element) => element.identity).join(),
      () => new ArrayAttr([...elements]),
    );
  }

  print(sink: TextSink): void {
    sink.write('[');
    this.elements.forEach((element, index) => {
      if (index > 0) sink.write(', ');
      writeElidingDefaultType(sink, element);
    });
    sink.write(']');
  }
}

const dictionaries = new Interner<DictionaryAttr>();
/** Dictionaries of one entry, by name and value: most operations have no more, and this look-up builds no key. */
const singleEntries = new Map<string, Map<Attribute, DictionaryAttr>>();

/** Named attributes, sorted by name. */
export class DictionaryAttr extends Attribute {
  readonly size: number;

  private constructor(private readonly map: ReadonlyMap<string, Attribute>) {
    super();
    this.size = map.size;
  }

  static readonly empty: DictionaryAttr = DictionaryAttr.get([]);

  /** Later entries replace earlier ones of the same name. */
  static get(entries: Iterable<readonly [string, Attribute]>): DictionaryAttr {
    if (Array.isArray(entries) && entries.length === 1)
      return DictionaryAttr.single(...(entries[0] as [string, Attribute]));
    return DictionaryAttr.intern(entries);
  }

  private static single(name: string, value: Attribute): DictionaryAttr {
    let byValue = singleEntries.get(name);
    if (byValue === undefined) singleEntries.set(name, (byValue = new Map()));
    let dictionary = byValue.get(value);
    if (dictionary === undefined)
      byValue.set(value, (dictionary = DictionaryAttr.intern([[name, value]])));
    return dictionary;
  }

  private static intern(entries: Iterable<readonly [string, Attribute]>): DictionaryAttr {
    const sorted = [...new Map(entries)].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    const id = sorted.map(([name, value]) => `${name}=${value.identity}`).join();
    return dictionaries.get(id, () => new DictionaryAttr(new Map(sorted)));
  }

  get(name: string): Attribute | undefined {
    return this.map.get(name);
  }

  has(name: string): boolean {
    return this.map.has(name);
  }

  entries(): IterableIterator<[string, Attribute]> {
    return this.map.entries();
  }

  get names(): IterableIterator<string> {
    return this.map.keys();
  }

  /** The dictionary with one entry set, or removed when `value` is undefined. */
  with(name: string, value: Attribute | undefined): DictionaryAttr {
    if (this.map.get(name) === value) return this;
    const entries = new Map(this.map);
    if (value === undefined) entries.delete(name);
    else entries.set(name, value);
    return DictionaryAttr.get(entries);
  }

  print(sink: TextSink): void {
    sink.write('{');
    writeNamedAttributes(sink, this.map);
    sink.write('}');
  }
}

/** `a = 1, b` : a unit attribute is its name alone. */
export function writeNamedAttributes(
  sink: TextSink,
  entries: Iterable<readonly [string, Attribute]>,
): void {
  let isFirst = true;
  for (const [name, value] of entries) {
    if (!isFirst) sink.write(', ');
    isFirst = false;
    sink.write(formatName(name));
    if (value instanceof UnitAttr) continue;
    sink.write(' = ');
    sink.writeAttribute(value);
  }
}

const typeAttributes = new Interner<TypeAttr>();

export class TypeAttr extends Attribute {
  private constructor(readonly type: Type) {
    super();
  }

  static get(type: Type): TypeAttr {
    return typeAttributes.get(`${type.identity}`, () => new TypeAttr(type));
  }

  print(sink: TextSink): void {
    sink.writeType(this.type);
  }
}

const symbols = new Interner<SymbolRefAttr>();

/** `@root::@nested`. */
export class SymbolRefAttr extends Attribute {
  private constructor(readonly path: readonly string[]) {
    super();
  }

  static get(...path: readonly string[]): SymbolRefAttr {
    return symbols.get(path.map(formatSymbol).join('::'), () => new SymbolRefAttr([...path]));
  }

  get root(): string {
    return this.path[0];
  }

  get leaf(): string {
    return this.path[this.path.length - 1];
  }

  print(sink: TextSink): void {
    sink.write(this.path.map(formatSymbol).join('::'));
  }
}

const affineMapAttributes = new Interner<AffineMapAttr>();

export class AffineMapAttr extends Attribute {
  private constructor(readonly map: AffineMap) {
    super();
  }

  static get(map: AffineMap): AffineMapAttr {
    return affineMapAttributes.get(`${map.identity}`, () => new AffineMapAttr(map));
  }

  print(sink: TextSink): void {
    sink.write(`affine_map<${this.map}>`);
  }
}

const integerSetAttributes = new Interner<IntegerSetAttr>();

export class IntegerSetAttr extends Attribute {
  private constructor(readonly set: IntegerSet) {
    super();
  }

  static get(set: IntegerSet): IntegerSetAttr {
    return integerSetAttributes.get(`${set.identity}`, () => new IntegerSetAttr(set));
  }

  print(sink: TextSink): void {
    sink.write(`affine_set<${this.set}>`);
  }
}

const stridedLayouts = new Interner<StridedLayoutAttr>();

/** `strided<[s0, ?], offset: o>`: the layout of a memref. */
export class StridedLayoutAttr extends Attribute {
  private constructor(
    /** In elements; `DYNAMIC` where it is a run-time value. */
    readonly strides: readonly number[],
    readonly offset: number,
  ) {
    super();
  }

  static get(strides: readonly number[], offset = 0): StridedLayoutAttr {
    return stridedLayouts.get(
      `${strides.join()}+${offset}`,
      () => new StridedLayoutAttr([...strides], offset),
    );
  }

  print(sink: TextSink): void {
    const show = (value: number): string => (value === DYNAMIC ? '?' : `${value}`);
    sink.write(`strided<[${this.strides.map(show).join(', ')}]`);
    if (this.offset !== 0) sink.write(`, offset: ${show(this.offset)}`);
    sink.write('>');
  }
}

const denseArrays = new Interner<DenseArrayAttr>();

/** `array<i32: 1, 2>`: numbers of one integer or float type, held inline. */
export class DenseArrayAttr extends Attribute {
  private constructor(
    readonly elementType: IntegerType | FloatType,
    readonly values: readonly number[],
  ) {
    super();
  }

  static get(elementType: IntegerType | FloatType, values: readonly number[]): DenseArrayAttr {
    return denseArrays.get(
      `${elementType.identity}:${values.join()}`,
      () => new DenseArrayAttr(elementType, [...values]),
    );
  }

  print(sink: TextSink): void {
    sink.write('array<');
    sink.writeType(this.elementType);
    if (this.values.length > 0) sink.write(': ');
    this.printElements(sink);
    sink.write('>');
  }

  /** The values alone, comma separated. */
  printElements(sink: TextSink): void {
    sink.write(this.values.map((value) => formatElement(value, this.elementType)).join(', '));
  }
}

/** One number of a dense array or dense elements attribute. */
export function formatElement(value: number | bigint, type: Type): string {
  if (type instanceof FloatType) return formatFloat(Number(value), type);
  if (type === i1) return Number(value) === 0 ? 'false' : 'true';
  // A double prints at most 17 digits, `-2^63` has 19.
  return Number.isSafeInteger(value) ? `${value}` : `${BigInt(value)}`;
}

const locationAttributes = new Interner<LocationAttr>();

export class LocationAttr extends Attribute {
  private constructor(readonly location: Location) {
    super();
  }

  static get(location: Location): LocationAttr {
    return locationAttributes.get(location.toString(), () => new LocationAttr(location));
  }

  print(sink: TextSink): void {
    sink.write(`loc(${this.location})`);
  }
}

const opaques = new Interner<OpaqueAttr>();

/** An attribute of a dialect that is not loaded, kept as it was written: `#dialect<...>` or `#dialect.name<...>`. */
export class OpaqueAttr extends Attribute {
  private constructor(
    readonly dialect: string,
    /** All that follows `#dialect`. */
    readonly body: string,
  ) {
    super();
  }

  static get(dialect: string, body: string): OpaqueAttr {
    const pretty = prettyOpaqueBody(body);
    return opaques.get(`${dialect}${pretty}`, () => new OpaqueAttr(dialect, pretty));
  }

  print(sink: TextSink): void {
    sink.write(`#${this.dialect}${this.body}`);
  }
}
