/** Elements that are not plain numbers or not all there: complex numbers, strings, sparse elements; and `distinct`. */

import { Attribute, formatElement } from './attribute.js';
import type { DenseElementsAttr } from './elements-attribute.js';
import { formatNested } from './elements-attribute.js';
import { Interner } from './interner.js';
import { formatString, type TextSink } from './text-sink.js';
import type { ComplexType, ShapedType } from './type.js';

/** Real and imaginary part. */
export type ComplexElement = readonly [number | bigint, number | bigint];

const complexElements = new Interner<DenseComplexElementsAttr>();

/** `dense<(1.0,2.0)> : tensor<2xcomplex<f32>>`: complex numbers in row-major order, or one for all elements. */
export class DenseComplexElementsAttr extends Attribute {
  private constructor(
    /** A shaped type whose elements are complex. */
    readonly type: ShapedType,
    readonly values: readonly ComplexElement[],
  ) {
    super();
  }

  static get(type: ShapedType, values: readonly ComplexElement[]): DenseComplexElementsAttr {
    const id = values.map((value) => value.map(show).join(' '));
    const isSplat = id.length > 1 && id.every((one) => one === id[0]);
    const kept = isSplat ? [values[0]] : [...values];
    return complexElements.get(
      `${type.identity}:${isSplat ? id[0] : id.join()}`,
      () => new DenseComplexElementsAttr(type, kept),
    );
  }

  print(sink: TextSink): void {
    const { elementType } = this.type.elementType as ComplexType;
    printElements(sink, this.type.shape, this.values, (value) => {
      return `(${value.map((part) => formatElement(part, elementType)).join(',')})`;
    });
    sink.write(' : ');
    sink.writeType(this.type);
  }
}

/** Tells zeros of either sign apart. */
function show(value: number | bigint): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

const stringElements = new Interner<DenseStringElementsAttr>();

/** `dense<["a", "b"]> : tensor<2x!string>`: strings in row-major order, or one for all elements. */
export class DenseStringElementsAttr extends Attribute {
  private constructor(
    readonly type: ShapedType,
    readonly values: readonly string[],
  ) {
    super();
  }

  static get(type: ShapedType, values: readonly string[]): DenseStringElementsAttr {
    return stringElements.get(
      `${type.identity}:${JSON.stringify(values)}`,
      () => new DenseStringElementsAttr(type, [...values]),
    );
  }

  print(sink: TextSink): void {
    printElements(sink, this.type.shape, this.values, formatString);
    sink.write(' : ');
    sink.writeType(this.type);
  }
}

function printElements<Value>(
  sink: TextSink,
  shape: readonly number[],
  values: readonly Value[],
  format: (value: Value) => string,
): void {
  sink.write('dense<');
  if (values.length === 1) sink.write(format(values[0]));
  else if (values.length > 0) {
    const parts: string[] = [];
    formatNested(shape, values, format, parts);
    sink.write(parts.join(''));
  }
  sink.write('>');
}

/** Any of the attributes that `dense<...>` stands for. */
export type AnyDenseElementsAttr =
  DenseElementsAttr | DenseComplexElementsAttr | DenseStringElementsAttr;

const sparseElements = new Interner<SparseElementsAttr>();

/** `sparse<[[0, 1]], [7]> : tensor<3x4xi32>`: the elements at these indices; all others are zero. */
export class SparseElementsAttr extends Attribute {
  private constructor(
    readonly type: ShapedType,
    /** One row of indices per element: of type `tensor<NxRxi64>` for N elements of rank R. */
    readonly indices: DenseElementsAttr,
    /** Of a shape of one dimension, N. */
    readonly values: AnyDenseElementsAttr,
  ) {
    super();
  }

  static get(
    type: ShapedType,
    indices: DenseElementsAttr,
    values: AnyDenseElementsAttr,
  ): SparseElementsAttr {
    return sparseElements.get(
      `${type.identity}:${indices.identity}:${values.identity}`,
      () => new SparseElementsAttr(type, indices, values),
    );
  }

  print(sink: TextSink): void {
    sink.write('sparse<');
    if (this.indices.type.shape[0] !== 0)
      sink.write(`${insideOf(this.indices)}, ${insideOf(this.values)}`);
    sink.write('> : ');
    sink.writeType(this.type);
  }
}

/** What stands between the angle brackets of `dense<...>`. */
function insideOf(elements: AnyDenseElementsAttr): string {
  const text = elements.toString();
  return text.slice('dense<'.length, text.length - `> : ${elements.type}`.length);
}

/**
 * `distinct[0]<attribute>`: an attribute that differs from every other distinct one, whatever it refers to. Each
 * object is one identity; the number only tells the identities of one text apart.
 */
export class DistinctAttr extends Attribute {
  constructor(
    readonly number: number,
    readonly referenced: Attribute,
  ) {
    super();
  }

  print(sink: TextSink): void {
    sink.write(`distinct[${this.number}]<`);
    if (this.referenced.toString() !== 'unit') sink.writeAttribute(this.referenced);
    sink.write('>');
  }
}
