/** Reductions of attributes and types: fewer, shorter, smaller. */

import {
  ArrayAttr,
  DenseArrayAttr,
  DenseElementsAttr,
  DictionaryAttr,
  FloatAttr,
  FloatType,
  i1,
  IntegerAttr,
  printOperation,
  StringAttr,
  type Attribute,
  type Operation,
} from '../ir/index.js';
import { operationsIn, reductionOver, type Reduction } from './reduction.js';

interface AttributeSite {
  readonly op: Operation;
  readonly name: string;
}

function attributeSites(root: Operation): AttributeSite[] {
  return [root, ...operationsIn(root)].flatMap((op) =>
    [...op.properties.names, ...op.attributes.names].map((name) => ({ op, name })),
  );
}

export const dropAttributes = reductionOver('drop-attributes', attributeSites, ({ op, name }) => {
  op.setAttribute(name, undefined);
  return true;
});

/** Attributes that say which symbol it is; a shorter name is no simpler. */
const NAMES: ReadonlySet<string> = new Set(['sym_name', 'sym_visibility']);

/** Replaces each attribute by one that `simplify` makes of it. */
function attributeReduction(
  name: string,
  simplify: (attribute: Attribute) => Attribute | undefined,
): Reduction {
  const isSite = ({ op, name: key }: AttributeSite): boolean => {
    if (NAMES.has(key)) return false;
    const value = op.getAttribute(key)!;
    const simpler = simplify(value);
    return simpler !== undefined && simpler !== value;
  };
  return reductionOver(
    name,
    (root) => attributeSites(root).filter(isSite),
    ({ op, name: key }) => {
      op.setAttribute(key, simplify(op.getAttribute(key)!));
      return true;
    },
  );
}

export const zeroConstants = attributeReduction('zero-constants', (attribute) => {
  if (attribute instanceof IntegerAttr) return IntegerAttr.get(0, attribute.type);
  if (attribute instanceof FloatAttr) return FloatAttr.get(0, attribute.type as FloatType);
  if (attribute instanceof StringAttr) return StringAttr.get('');
  if (attribute instanceof ArrayAttr) return ArrayAttr.get([]);
  if (attribute instanceof DictionaryAttr) return DictionaryAttr.empty;
  if (attribute instanceof DenseArrayAttr) return DenseArrayAttr.get(attribute.elementType, []);
  if (attribute instanceof DenseElementsAttr) return splatOf(attribute, 0);
  return undefined;
});

export const oneConstants = attributeReduction('one-constants', (attribute) => {
  if (attribute instanceof IntegerAttr)
    return attribute.type === i1 ? undefined : IntegerAttr.get(1, attribute.type);
  if (attribute instanceof FloatAttr) return FloatAttr.get(1, attribute.type as FloatType);
  if (attribute instanceof DenseElementsAttr) return splatOf(attribute, attribute.values[0]);
  return undefined;
});

export const halveConstants = attributeReduction('halve-constants', (attribute) => {
  if (attribute instanceof IntegerAttr)
    return IntegerAttr.get(attribute.value / 2n, attribute.type);
  if (attribute instanceof FloatAttr)
    return FloatAttr.get(Math.trunc(attribute.value / 2), attribute.type as FloatType);
  if (attribute instanceof ArrayAttr)
    return ArrayAttr.get(attribute.elements.slice(0, attribute.elements.length >> 1));
  if (attribute instanceof StringAttr)
    return StringAttr.get(attribute.value.slice(0, attribute.value.length >> 1));
  return undefined;
});

export const decrementConstants = attributeReduction('decrement-constants', (attribute) =>
  attribute instanceof IntegerAttr && attribute.value > 0n
    ? IntegerAttr.get(attribute.value - 1n, attribute.type)
    : undefined,
);

function splatOf(
  attribute: DenseElementsAttr,
  value: number | bigint | undefined,
): Attribute | undefined {
  if (value === undefined || attribute.values.length === 0) return undefined;
  const isInteger = !(attribute.type.elementType instanceof FloatType);
  return DenseElementsAttr.get(attribute.type, [isInteger ? BigInt(value) : Number(value)]);
}

// Types are replaced everywhere at once, in the text: every part of the program has to agree on them, opaque ones too.

interface TypeChange {
  readonly from: string;
  readonly to: string;
}

/** Replaces one number in all shapes where it occurs. */
function shapeReduction(name: string, smaller: (extent: number) => number): Reduction {
  const changesOf = (text: string): TypeChange[] => {
    const extents = new Set(
      [...text.matchAll(/(?<=[<x])(\d+)(?=\]?x)/g)].map(([digits]) => digits),
    );
    return [...extents]
      .sort((a, b) => Number(b) - Number(a))
      .filter((extent) => smaller(Number(extent)) < Number(extent))
      .map((extent) => ({ from: extent, to: String(smaller(Number(extent))) }));
  };
  return textReduction(name, changesOf, (text, { from, to }) =>
    text
      .replace(new RegExp(`(?<=[<x\\[])${from}(?=\\]?x)`, 'g'), to)
      // Sizes that attributes repeat.
      .replace(new RegExp(`(?<=array<i(?:32|64): (?:\\d+, )*)${from}(?=[,>])`, 'g'), to),
  );
}

export const unitShapes = shapeReduction('unit-shapes', () => 1);
export const halveShapes = shapeReduction('halve-shapes', (extent) => Math.max(1, extent >> 1));

/** Drops the outermost dimension of shaped types of one spelling. */
export const dropDimensions = textReduction(
  'drop-dimensions',
  (text) =>
    [
      ...new Set(
        [
          ...text.matchAll(/\b(?:tensor|memref|vector)<((?:\d+|\?)x)(?=(?:\d+|\?)x|\w)[^<>()]*>/g),
        ].map(([type]) => type),
      ),
    ].map((from) => ({ from, to: from.replace(/<(?:\d+|\?)x/, '<') })),
  (text, { from, to }) => text.replaceAll(from, to),
);

/** `f64` to `f32`, `i64` to `i32`, and so on: the same scalar type everywhere. */
export const simplifyScalars = textReduction(
  'simplify-scalars',
  (text) =>
    SCALARS.filter(
      ({ from }) =>
        new RegExp(`(?<![\\w#!@%.])(?:(?<=x))?${from}\\b`).test(text) || text.includes(`x${from}`),
    ),
  (text, { from, to }) => text.replace(new RegExp(`(?<=[ x<(:,])${from}\\b`, 'g'), to),
);
const SCALARS: readonly TypeChange[] = [
  { from: 'f64', to: 'f32' },
  { from: 'bf16', to: 'f32' },
  { from: 'f16', to: 'f32' },
  { from: 'f32', to: 'i32' },
  { from: 'i64', to: 'i32' },
  { from: 'i32', to: 'i1' },
];

function textReduction(
  name: string,
  changesOf: (text: string) => readonly TypeChange[],
  change: (text: string, one: TypeChange) => string,
): Reduction {
  const textOf = (root: Operation): string =>
    printOperation(root, { generic: true, localScope: true });
  return {
    name,
    countSites: (root) => changesOf(textOf(root)).length,
    apply: (root, { from, to }, { parse }) => {
      const before = textOf(root);
      const after = changesOf(before)
        .slice(from, to)
        .reduce((text, one) => change(text, one), before);
      return after === before ? undefined : parse(after);
    },
  };
}
