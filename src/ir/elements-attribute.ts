/** `dense<...> : tensor<...>`: constants of a whole shape. */

import { Attribute, formatElement } from './attribute.js';
import { Interner } from './interner.js';
import type { TextSink } from './text-sink.js';
import { formatString } from './text-sink.js';
import { floatPatternWidth, floatToBits } from './float-format.js';
import { FloatType, IndexType, IntegerType, type ShapedType } from './type.js';

const elements = new Interner<DenseElementsAttr>();

/** Numbers for every element of a shaped type in row-major order, or one number for all of them (a splat). */
export class DenseElementsAttr extends Attribute {
  private constructor(
    readonly type: ShapedType,
    /** One value for a splat, else one for each element. Integers are bigints, floats numbers. */
    readonly values: readonly (number | bigint)[],
  ) {
    super();
  }

  static get(type: ShapedType, values: readonly (number | bigint)[]): DenseElementsAttr {
    const isSplat = values.length > 1 && values.every((value) => Object.is(value, values[0]));
    const kept = isSplat ? [values[0]] : values;
    const id = `${type.identity}:${kept.map((value) => (Object.is(value, -0) ? '-0' : String(value))).join()}`;
    return elements.get(id, () => new DenseElementsAttr(type, [...kept]));
  }

  get isSplat(): boolean {
    return this.values.length === 1;
  }

  /** The elements in little-endian order, each in whole bytes (`i1` in bits); undefined for other than numbers. */
  rawBytes(): Buffer | undefined {
    const { elementType } = this.type;
    const isFloat = elementType instanceof FloatType;
    if (!isFloat && !(elementType instanceof IntegerType) && !(elementType instanceof IndexType))
      return undefined;
    const width = isFloat
      ? floatPatternWidth(elementType.kind)
      : elementType instanceof IntegerType
        ? elementType.width
        : 64;
    const bits = this.values.map((value) =>
      isFloat ? floatToBits(Number(value), elementType.kind) : BigInt.asUintN(width, BigInt(value)),
    );
    if (width === 1) {
      const packed = Buffer.alloc(Math.ceil(bits.length / 8));
      bits.forEach((bit, index) => (packed[index >> 3] |= Number(bit) << (index & 7)));
      return packed;
    }
    const size = Math.ceil(width / 8);
    const bytes = Buffer.alloc(bits.length * size);
    bits.forEach((pattern, index) => {
      for (let byte = 0, rest = pattern; byte < size; byte++, rest >>= 8n)
        bytes[index * size + byte] = Number(rest & 0xffn);
    });
    return bytes;
  }

  print(sink: TextSink): void {
    this.printWithoutType(sink);
    sink.write(' : ');
    sink.writeType(this.type);
  }

  override printWithoutType(sink: TextSink): void {
    const show = (value: number | bigint): string => formatElement(value, this.type.elementType);
    sink.write('dense<');
    if (this.isSplat) sink.write(show(this.values[0]));
    else if (this.values.length > 0) {
      const parts: string[] = [];
      formatNested(this.type.shape, this.values, show, parts);
      sink.write(parts.join(''));
    }
    sink.write('>');
  }
}

/** Writes row-major values as nested lists. */
export function formatNested<Value>(
  shape: readonly number[],
  values: readonly Value[],
  show: (value: Value) => string,
  parts: string[],
): void {
  const rank = shape.length;
  const sizes = shape.map((_, dim) => shape.slice(dim).reduce((a, b) => a * b, 1));
  values.forEach((value, index) => {
    if (index > 0) parts.push(', ');
    for (let dim = 0; dim < rank; dim++) if (index % sizes[dim] === 0) parts.push('[');
    parts.push(show(value));
    for (let dim = 0; dim < rank; dim++) if ((index + 1) % sizes[dim] === 0) parts.push(']');
  });
}

const resources = new Interner<DenseResourceAttr>();

/** `dense_resource<key> : type`: a blob named in the file's metadata. */
export class DenseResourceAttr extends Attribute {
  private constructor(
    readonly key: string,
    readonly type: ShapedType,
  ) {
    super();
  }

  static get(key: string, type: ShapedType): DenseResourceAttr {
    return resources.get(`${key}:${type.identity}`, () => new DenseResourceAttr(key, type));
  }

  print(sink: TextSink): void {
    const isBare = /^[A-Za-z_][\w$.]*$/.test(this.key);
    sink.write(`dense_resource<${isBare ? this.key : formatString(this.key)}> : `);
    sink.writeType(this.type);
  }
}
