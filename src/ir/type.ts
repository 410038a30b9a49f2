/** Types: immutable and uniqued, so `===` is equality. Builtin types here; dialect types in dialect-type.ts. */

import type { Attribute } from './attribute.js';
import { Interner, newIdentity } from './interner.js';
import { plainText, type TextSink } from './text-sink.js';

export abstract class Type {
  readonly identity = newIdentity();
  private text: string | undefined;

  /** Writes the type in its textual form. */
  abstract print(sink: TextSink): void;

  /** The textual form without aliases. */
  toString(): string {
    return (this.text ??= plainText((sink) => this.print(sink)));
  }
}

/** Marks a dimension whose extent is known only at run time; prints as `?`. */
export const DYNAMIC = -1;

/** A type with a shape and an element type. */
export interface ShapedType extends Type {
  /** Extent of each dimension; `DYNAMIC` where it is a run-time value. */
  readonly shape: readonly number[];
  readonly elementType: Type;
}

export function isShapedType(type: Type): type is ShapedType {
  return Array.isArray((type as Partial<ShapedType>).shape);
}

/** `4x?x`: the dimensions as they stand before an element type. */
export function formatDimensions(shape: readonly number[]): string {
  return shape.map((extent) => `${extent === DYNAMIC ? '?' : extent}x`).join('');
}

export type Signedness = 'signless' | 'signed' | 'unsigned';
const SIGN_PREFIX: Record<Signedness, string> = { signless: 'i', signed: 'si', unsigned: 'ui' };
const integers = new Interner<IntegerType>();

export class IntegerType extends Type {
  private constructor(
    readonly width: number,
    readonly signedness: Signedness,
  ) {
    super();
  }

  static get(width: number, signedness: Signedness = 'signless'): IntegerType {
    return integers.get(
      `${SIGN_PREFIX[signedness]}${width}`,
      () => new IntegerType(width, signedness),
    );
  }

  print(sink: TextSink): void {
    sink.write(`${SIGN_PREFIX[this.signedness]}${this.width}`);
  }
}

/** Storage width in bits of every float type, by its spelling. */
export const FLOAT_WIDTHS = {
  f4E2M1FN: 4,
  f6E2M3FN: 6,
  f6E3M2FN: 6,
  f8E3M4: 8,
  f8E4M3: 8,
  f8E4M3FN: 8,
  f8E4M3FNUZ: 8,
  f8E4M3B11FNUZ: 8,
  f8E5M2: 8,
  f8E5M2FNUZ: 8,
  f8E8M0FNU: 8,
  bf16: 16,
  f16: 16,
  tf32: 19,
  f32: 32,
  f64: 64,
  f80: 80,
  f128: 128,
} as const;
export type FloatKind = keyof typeof FLOAT_WIDTHS;
const floats = new Interner<FloatType>();

export class FloatType extends Type {
  private constructor(readonly kind: FloatKind) {
    super();
  }

  /** Width in bits. */
  get width(): number {
    return FLOAT_WIDTHS[this.kind];
  }

  static get(kind: FloatKind): FloatType {
    return floats.get(kind, () => new FloatType(kind));
  }

  print(sink: TextSink): void {
    sink.write(this.kind);
  }
}

export class IndexType extends Type {
  private static readonly instance = new IndexType();

  private constructor() {
    super();
  }

  static get(): IndexType {
    return IndexType.instance;
  }

  print(sink: TextSink): void {
    sink.write('index');
  }
}

export class NoneType extends Type {
  private static readonly instance = new NoneType();

  private constructor() {
    super();
  }

  static get(): NoneType {
    return NoneType.instance;
  }

  print(sink: TextSink): void {
    sink.write('none');
  }
}

const key = (types: readonly Type[]): string => types.map((type) => type.identity).join();
const functions = new Interner<FunctionType>();

export class FunctionType extends Type {
  private constructor(
    readonly inputs: readonly Type[],
    readonly results: readonly Type[],
  ) {
    super();
  }

  static get(inputs: readonly Type[], results: readonly Type[]): FunctionType {
    return functions.get(
      `${key(inputs)}>${key(results)}`,
      () => new FunctionType([...inputs], [...results]),
    );
  }

  print(sink: TextSink): void {
    sink.write('(');
    writeTypeList(sink, this.inputs);
    sink.write(') -> ');
    writeResultTypes(sink, this.results);
  }
}

export function writeTypeList(sink: TextSink, types: readonly Type[]): void {
  types.forEach((type, index) => {
    if (index > 0) sink.write(', ');
    sink.writeType(type);
  });
}

/** The right side of `->`: a single type bare unless it is itself a function type, anything else in parentheses. */
export function writeResultTypes(sink: TextSink, types: readonly Type[]): void {
  if (types.length === 1 && !(types[0] instanceof FunctionType)) {
    sink.writeType(types[0]);
    return;
  }
  sink.write('(');
  writeTypeList(sink, types);
  sink.write(')');
}

const memrefs = new Interner<MemRefType>();

export class MemRefType extends Type implements ShapedType {
  private constructor(
    readonly shape: readonly number[],
    readonly elementType: Type,
    /** Affine map or `strided<>`; undefined is the identity (row-major, contiguous). */
    readonly layout: Attribute | undefined,
    readonly memorySpace: Attribute | undefined,
  ) {
    super();
  }

  static get(
    shape: readonly number[],
    elementType: Type,
    layout?: Attribute,
    memorySpace?: Attribute,
  ): MemRefType {
    const id = `${shape.join('x')}|${elementType.identity}|${layout?.identity ?? ''}|${memorySpace?.identity ?? ''}`;
    return memrefs.get(id, () => new MemRefType([...shape], elementType, layout, memorySpace));
  }

  print(sink: TextSink): void {
    sink.write(`memref<${formatDimensions(this.shape)}`);
    sink.writeType(this.elementType);
    if (this.layout !== undefined) {
      sink.write(', ');
      sink.writeAttribute(this.layout);
    }
    writeMemorySpace(sink, this.memorySpace);
    sink.write('>');
  }
}

function writeMemorySpace(sink: TextSink, memorySpace: Attribute | undefined): void {
  if (memorySpace === undefined) return;
  sink.write(', ');
  // The default type of a number says nothing here; a class of attribute.ts cannot be named, which depends on this file.
  const { type, value } = memorySpace as { type?: Type; value?: unknown };
  if (type === i64 && typeof value === 'bigint') memorySpace.printWithoutType(sink);
  else sink.writeAttribute(memorySpace);
}

const unrankedMemrefs = new Interner<UnrankedMemRefType>();

export class UnrankedMemRefType extends Type {
  private constructor(
    readonly elementType: Type,
    readonly memorySpace: Attribute | undefined,
  ) {
    super();
  }

  static get(elementType: Type, memorySpace?: Attribute): UnrankedMemRefType {
    return unrankedMemrefs.get(
      `${elementType.identity}|${memorySpace?.identity ?? ''}`,
      () => new UnrankedMemRefType(elementType, memorySpace),
    );
  }

  print(sink: TextSink): void {
    sink.write('memref<*x');
    sink.writeType(this.elementType);
    writeMemorySpace(sink, this.memorySpace);
    sink.write('>');
  }
}

const vectors = new Interner<VectorType>();

export class VectorType extends Type implements ShapedType {
  private constructor(
    readonly shape: readonly number[],
    readonly elementType: Type,
    /** For each dimension, whether it is a multiple of the machine's vector scale: `[4]`. */
    readonly scalable: readonly boolean[],
  ) {
    super();
  }

  static get(
    shape: readonly number[],
    elementType: Type,
    scalable?: readonly boolean[],
  ): VectorType {
    const flags = scalable ?? shape.map(() => false);
    return vectors.get(
      `${shape.join('x')}|${flags.map(Number).join('')}|${elementType.identity}`,
      () => new VectorType([...shape], elementType, [...flags]),
    );
  }

  print(sink: TextSink): void {
    const dimensions = this.shape.map((extent, i) =>
      this.scalable[i] ? `[${extent}]x` : `${extent}x`,
    );
    sink.write(`vector<${dimensions.join('')}`);
    sink.writeType(this.elementType);
    sink.write('>');
  }
}

const tensors = new Interner<RankedTensorType>();

export class RankedTensorType extends Type implements ShapedType {
  private constructor(
    readonly shape: readonly number[],
    readonly elementType: Type,
    readonly encoding: Attribute | undefined,
  ) {
    super();
  }

  static get(shape: readonly number[], elementType: Type, encoding?: Attribute): RankedTensorType {
    return tensors.get(
      `${shape.join('x')}|${elementType.identity}|${encoding?.identity ?? ''}`,
      () => new RankedTensorType([...shape], elementType, encoding),
    );
  }

  print(sink: TextSink): void {
    sink.write(`tensor<${formatDimensions(this.shape)}`);
    sink.writeType(this.elementType);
    if (this.encoding !== undefined) {
      sink.write(', ');
      sink.writeAttribute(this.encoding);
    }
    sink.write('>');
  }
}

const unrankedTensors = new Interner<UnrankedTensorType>();

export class UnrankedTensorType extends Type {
  private constructor(readonly elementType: Type) {
    super();
  }

  static get(elementType: Type): UnrankedTensorType {
    return unrankedTensors.get(
      `${elementType.identity}`,
      () => new UnrankedTensorType(elementType),
    );
  }

  print(sink: TextSink): void {
    sink.write('tensor<*x');
    sink.writeType(this.elementType);
    sink.write('>');
  }
}

const tuples = new Interner<TupleType>();

export class TupleType extends Type {
  private constructor(readonly types: readonly Type[]) {
    super();
  }

  static get(types: readonly Type[]): TupleType {
    return tuples.get(key(types), () => new TupleType([...types]));
  }

  print(sink: TextSink): void {
    sink.write('tuple<');
    writeTypeList(sink, this.types);
    sink.write('>');
  }
}

const complexes = new Interner<ComplexType>();

export class ComplexType extends Type {
  private constructor(readonly elementType: Type) {
    super();
  }

  static get(elementType: Type): ComplexType {
    return complexes.get(`${elementType.identity}`, () => new ComplexType(elementType));
  }

  print(sink: TextSink): void {
    sink.write('complex<');
    sink.writeType(this.elementType);
    sink.write('>');
  }
}

export const i1 = IntegerType.get(1);
export const i8 = IntegerType.get(8);
export const i32 = IntegerType.get(32);
export const i64 = IntegerType.get(64);
export const f16 = FloatType.get('f16');
export const bf16 = FloatType.get('bf16');
export const f32 = FloatType.get('f32');
export const f64 = FloatType.get('f64');
export const indexType = IndexType.get();

/** Width in bits of an integer or float type; undefined for others (`index` has no fixed width). */
export function bitWidth(type: Type): number | undefined {
  return type instanceof IntegerType || type instanceof FloatType ? type.width : undefined;
}
