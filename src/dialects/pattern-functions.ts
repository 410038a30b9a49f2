/** Functions that patterns in dialect files call by name. */

import { DenseElementsAttr, FloatAttr, IntegerAttr, Value, type Attribute } from '../ir/index.js';

/** What a pattern binds to a name. */
export type BoundByPattern = Value | Attribute;

/** Functions by name; plugins add theirs. */
export interface PatternFunctions {
  /** Conditions on bound values and attributes: `where: [sameType($x, $y)]`, `constant(is positive)`. */
  readonly predicates?: Readonly<Record<string, (...bound: BoundByPattern[]) => boolean>>;
  /** Attributes computed from attributes; undefined where that cannot be done, so that the pattern does not apply. */
  readonly calls?: Readonly<
    Record<string, (...attributes: (Attribute | undefined)[]) => Attribute | undefined>
  >;
}

/** Applies an operation on integers to constants, element by element where they are of a shape. */
function onIntegers(compute: (a: bigint, b: bigint) => bigint) {
  return (a: Attribute | undefined, b: Attribute | undefined): Attribute | undefined => {
    if (a instanceof IntegerAttr && b instanceof IntegerAttr && a.type === b.type)
      return IntegerAttr.get(compute(a.value, b.value), a.type);
    if (!(a instanceof DenseElementsAttr && b instanceof DenseElementsAttr) || a.type !== b.type)
      return undefined;
    const count = Math.max(a.values.length, b.values.length);
    const at = (values: readonly (number | bigint)[], index: number): bigint =>
      BigInt(values[values.length === 1 ? 0 : index]);
    return DenseElementsAttr.get(
      a.type,
      Array.from({ length: count }, (_, i) => compute(at(a.values, i), at(b.values, i))),
    );
  };
}

const numberOf = (bound: BoundByPattern): number | undefined => {
  if (bound instanceof IntegerAttr) return bound.number;
  return bound instanceof FloatAttr ? bound.value : undefined;
};
const typeOf = (bound: BoundByPattern): unknown =>
  bound instanceof Value || bound instanceof IntegerAttr || bound instanceof FloatAttr
    ? bound.type
    : undefined;

const predicates = new Map<string, (...bound: BoundByPattern[]) => boolean>(
  Object.entries({
    sameType: (...bound) => bound.every((one) => typeOf(one) === typeOf(bound[0])),
    different: (a, b) => a !== b,
    oneUse: (value) => value instanceof Value && value.hasOneUse,
    positive: (value) => (numberOf(value) ?? 0) > 0,
    negative: (value) => (numberOf(value) ?? 0) < 0,
    powerOfTwo: (value) =>
      value instanceof IntegerAttr && value.value > 0n && (value.value & (value.value - 1n)) === 0n,
  } satisfies Record<string, (...bound: BoundByPattern[]) => boolean>),
);
const calls = new Map<string, (...attributes: (Attribute | undefined)[]) => Attribute | undefined>(
  Object.entries({
    add: onIntegers((a, b) => a + b),
    subtract: onIntegers((a, b) => a - b),
    multiply: onIntegers((a, b) => a * b),
    log2: (value: Attribute | undefined) =>
      value instanceof IntegerAttr && value.value > 0n
        ? IntegerAttr.get(BigInt(value.value.toString(2).length - 1), value.type)
        : undefined,
  }),
);

/** Makes functions known to patterns in dialect files loaded from now on, replacing those of the same name. */
export function registerPatternFunctions(functions: PatternFunctions): void {
  for (const [name, one] of Object.entries(functions.predicates ?? {})) predicates.set(name, one);
  for (const [name, one] of Object.entries(functions.calls ?? {})) calls.set(name, one);
}

/** All functions that patterns may call, by name. */
export function patternFunctions(): Required<PatternFunctions> {
  return { predicates: Object.fromEntries(predicates), calls: Object.fromEntries(calls) };
}
