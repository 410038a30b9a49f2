/** `dense<...> : tensor<...>`: constants of a whole shape. */

import { Attribute, formatElement } from './attribute.js';
import { Interner } from './interner.js';
import type { TextSink } from './text-sink.js';
import { formatString } from './text-sink.js';
import type { ShapedType } from './type.js';

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

  print(sink: TextSink): void {
    const show = (value: number | bigint): string => formatElement(value, this.type.elementType);
    sink.write('dense<');
    if (this.isSplat) sink.write(show(this.values[0]));
    else if (this.values.length > 0) {
      const parts: string[] = [];
      formatNested(this.type.shape, this.values, show, parts);
      sink.write(parts.join(''));
    }
    sink.write('> : ');
    sink.writeType(this.type);
  }
}

/** Writes row-major values as nested lists. */
function formatNested(
  shape: readonly number[],
  values: readonly (number | bigint)[],
  show: (value: number | bigint) => string,
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
