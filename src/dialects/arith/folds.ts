/** Folds of the arith dialect: constant evaluation and identities, each with its law. Operands named x, y; c constants. */

import {
  FloatType,
  IntegerAttr,
  IntegerType,
  i1,
  type Attribute,
  type FoldOutcome,
  type Operation,
  type Type,
  type Value,
} from '../../ir/index.js';
import { elementTypeOrSelf } from '../entity-types.js';
import { constantOf, folded, isFloat, isInteger, mapConstants, uniformValue } from './constants.js';
import { asSigned, asUnsigned, canRoundTo, foldWidth, roundTo } from './rounding.js';

type Constants = readonly (Attribute | undefined)[];
type Fold = (op: Operation, operands: Constants) => FoldOutcome;

/** A law: its statement, and the replacement where it applies. */
interface Law {
  readonly law: string;
  readonly apply: Fold;
}

const elementOf = (op: Operation): Type => elementTypeOrSelf(op.operand(0).type);
const widthOf = (op: Operation): number => foldWidth(elementOf(op));
const keep =
  (index: number): Fold =>
  (op) => [op.operand(index)];
const constant =
  (value: bigint | number): Fold =>
  (op) =>
    folded(constantOf(value, op.results[0].type));
/** Whether `value` is `other xor ~0`. */
const isComplement = (value: Value, other: Value): boolean => {
  const not = value.definingOp;
  if (not?.name.text !== 'arith.xori') return false;
  const mask = not.operand(1).definingOp;
  const ones = mask?.name.isConstantLike ? mask.getAttribute('value') : undefined;
  return not.operand(0) === other && isInteger(ones, -1n);
};
const whenComplement = (law: string, value: bigint): Law => ({
  law,
  apply: (op) =>
    isComplement(op.operand(0), op.operand(1)) || isComplement(op.operand(1), op.operand(0))
      ? constant(value)(op, [])
      : undefined,
});
const sameOperands = (op: Operation): boolean => op.operand(0) === op.operand(1);

/** A law that holds where an operand is a given integer constant. */
const whenInteger = (law: string, index: number, value: bigint, then: Fold): Law => ({
  law,
  apply: (op, operands) => {
    if (operands[index] === undefined) return undefined;
    // All ones is minus one, however wide; i1 holds it as one.
    const wanted = elementOf(op) === i1 ? asUnsigned(value, 1) : value;
    return isInteger(operands[index], wanted) ? then(op, operands) : undefined;
  },
});
/** A law that holds where an operand is the largest or smallest signed number of its type. */
const whenExtreme = (
  law: string,
  index: number,
  which: 'largest' | 'smallest',
  then: Fold,
): Law => ({
  law,
  apply: (op, operands) => {
    if (operands[index] === undefined) return undefined;
    const width = widthOf(op);
    const limit = 1n << BigInt(width - 1);
    const value = which === 'largest' ? limit - 1n : -limit;
    const found = uniformValue(operands[index]);
    const isExtreme = typeof found === 'bigint' && asSigned(found, width) === value;
    return isExtreme ? then(op, operands) : undefined;
  },
});
const whenFloat = (law: string, index: number, value: number, then: Fold): Law => ({
  law,
  apply: (op, operands) => (isFloat(operands[index], value) ? then(op, operands) : undefined),
});
const whenSame = (law: string, then: Fold): Law => ({
  law,
  apply: (op, operands) => (sameOperands(op) ? then(op, operands) : undefined),
});

/** Evaluates integers of the operation's width; `compute` gets signed values. */
const evaluate = (compute: (x: bigint, y: bigint, width: number) => bigint | undefined): Law => ({
  law: 'c op d -> value',
  apply: (op, operands) => {
    if (operands[0] === undefined || operands[1] === undefined) return undefined;
    const width = widthOf(op);
    return folded(
      mapConstants(operands, op.results[0].type, (x, y) =>
        compute(asSigned(x as bigint, width), asSigned(y as bigint, width), width),
      ),
    );
  },
});

const evaluateFloat = (compute: (x: number, y: number) => number): Law => ({
  law: 'c op d -> value',
  apply: (op, operands) => {
    const type = elementOf(op);
    if (!canRoundTo(type)) return undefined;
    // One operation of doubles rounded once more is exact for formats of less than half their precision; f64 is itself.
    return folded(
      mapConstants(operands, op.results[0].type, (x, y) =>
        roundTo(compute(x as number, y as number), type),
      ),
    );
  },
});

const unsigned =
  (compute: (x: bigint, y: bigint, width: number) => bigint | undefined) =>
  (x: bigint, y: bigint, width: number): bigint | undefined =>
    compute(asUnsigned(x, width), asUnsigned(y, width), width);

/** The operation that defines an operand, if it is of that name. */
function producer(value: Value, name: string): Operation | undefined {
  const { definingOp } = value;
  return definingOp?.name.text === name ? definingOp : undefined;
}

const negativeMinimum = (width: number): bigint => -(1n << BigInt(width - 1));
/** Signed division has no value for zero, nor for the smallest number by minus one. */
const signedDivision =
  (compute: (x: bigint, y: bigint) => bigint) =>
  (x: bigint, y: bigint, width: number): bigint | undefined =>
    y === 0n || (x === negativeMinimum(width) && y === -1n) ? undefined : compute(x, y);
const floorDiv = (x: bigint, y: bigint): bigint => {
  const quotient = x / y;
  return x % y !== 0n && x < 0n !== y < 0n ? quotient - 1n : quotient;
};
const ceilDiv = (x: bigint, y: bigint): bigint => -floorDiv(-x, y);
const inShift = (y: bigint, width: number): boolean => y >= 0n && y < BigInt(width);

const max = (x: bigint, y: bigint): bigint => (x > y ? x : y);
const min = (x: bigint, y: bigint): bigint => (x < y ? x : y);
const ordered =
  (choose: (x: number, y: number) => number, keepsNaN: boolean) =>
  (x: number, y: number): number => {
    if (Number.isNaN(x)) return keepsNaN ? x : y;
    if (Number.isNaN(y)) return keepsNaN ? y : x;
    return choose(x, y);
  };

/** Laws in the order in which they are tried, by the name of the operation without its dialect. */
export const ARITH_LAWS: Readonly<Record<string, readonly Law[]>> = {
  addi: [
    whenInteger('x + 0 -> x', 1, 0n, keep(0)),
    {
      law: '(x - y) + y -> x',
      apply: (op) => {
        const difference = producer(op.operand(0), 'arith.subi');
        return difference?.operand(1) === op.operand(1) ? [difference!.operand(0)] : undefined;
      },
    },
    {
      law: 'y + (x - y) -> x',
      apply: (op) => {
        const difference = producer(op.operand(1), 'arith.subi');
        return difference?.operand(1) === op.operand(0) ? [difference!.operand(0)] : undefined;
      },
    },
    evaluate((x, y) => x + y),
  ],
  subi: [
    whenSame('x - x -> 0', constant(0n)),
    whenInteger('x - 0 -> x', 1, 0n, keep(0)),
    {
      law: '(x + y) - y -> x, (x + y) - x -> y',
      apply: (op) => {
        const sum = producer(op.operand(0), 'arith.addi');
        if (sum?.operand(1) === op.operand(1)) return [sum!.operand(0)];
        return sum?.operand(0) === op.operand(1) ? [sum!.operand(1)] : undefined;
      },
    },
    evaluate((x, y) => x - y),
  ],
  muli: [
    whenInteger('x * 0 -> 0', 1, 0n, constant(0n)),
    whenInteger('x * 1 -> x', 1, 1n, keep(0)),
    evaluate((x, y) => x * y),
  ],
  divui: [
    whenInteger('x / 1 -> x', 1, 1n, keep(0)),
    evaluate(unsigned((x, y) => (y === 0n ? undefined : x / y))),
  ],
  divsi: [whenInteger('x / 1 -> x', 1, 1n, keep(0)), evaluate(signedDivision((x, y) => x / y))],
  ceildivui: [
    whenInteger('ceil(x / 1) -> x', 1, 1n, keep(0)),
    evaluate(unsigned((x, y) => (y === 0n ? undefined : (x + y - 1n) / y))),
  ],
  ceildivsi: [whenInteger('ceil(x / 1) -> x', 1, 1n, keep(0)), evaluate(signedDivision(ceilDiv))],
  floordivsi: [
    whenInteger('floor(x / 1) -> x', 1, 1n, keep(0)),
    evaluate(signedDivision(floorDiv)),
  ],
  remui: [
    whenInteger('x % 1 -> 0', 1, 1n, constant(0n)),
    evaluate(unsigned((x, y) => (y === 0n ? undefined : x % y))),
  ],
  remsi: [
    whenInteger('x % 1 -> 0', 1, 1n, constant(0n)),
    evaluate((x, y) => (y === 0n ? undefined : x % y)),
  ],
  andi: [
    whenInteger('x & 0 -> 0', 1, 0n, constant(0n)),
    whenInteger('x & ~0 -> x', 1, -1n, keep(0)),
    whenSame('x & x -> x', keep(0)),
    whenComplement('x & ~x -> 0', 0n),
    evaluate((x, y) => x & y),
  ],
  ori: [
    whenInteger('x | 0 -> x', 1, 0n, keep(0)),
    whenInteger('x | ~0 -> ~0', 1, -1n, keep(1)),
    whenSame('x | x -> x', keep(0)),
    whenComplement('x | ~x -> ~0', -1n),
    evaluate((x, y) => x | y),
  ],
  xori: [
    whenInteger('x ^ 0 -> x', 1, 0n, keep(0)),
    whenSame('x ^ x -> 0', constant(0n)),
    {
      law: '(x ^ y) ^ y -> x, (x ^ y) ^ x -> y',
      apply: (op) => {
        const inner = producer(op.operand(0), 'arith.xori');
        if (inner?.operand(1) === op.operand(1)) return [inner!.operand(0)];
        return inner?.operand(0) === op.operand(1) ? [inner!.operand(1)] : undefined;
      },
    },
    evaluate((x, y) => x ^ y),
  ],
  shli: [
    whenInteger('x << 0 -> x', 1, 0n, keep(0)),
    evaluate((x, y, width) => (inShift(y, width) ? x << y : undefined)),
  ],
  shrui: [
    whenInteger('x >> 0 -> x', 1, 0n, keep(0)),
    evaluate(unsigned((x, y, width) => (inShift(y, width) ? x >> y : undefined))),
  ],
  shrsi: [
    whenInteger('x >> 0 -> x', 1, 0n, keep(0)),
    evaluate((x, y, width) => (inShift(y, width) ? x >> y : undefined)),
  ],
  maxsi: [
    whenSame('max(x, x) -> x', keep(0)),
    whenExtreme('max(x, largest) -> largest', 1, 'largest', keep(1)),
    whenExtreme('max(x, smallest) -> x', 1, 'smallest', keep(0)),
    evaluate(max),
  ],
  minsi: [
    whenSame('min(x, x) -> x', keep(0)),
    whenExtreme('min(x, smallest) -> smallest', 1, 'smallest', keep(1)),
    whenExtreme('min(x, largest) -> x', 1, 'largest', keep(0)),
    evaluate(min),
  ],
  maxui: [
    whenSame('max(x, x) -> x', keep(0)),
    whenInteger('max(x, 0) -> x', 1, 0n, keep(0)),
    whenInteger('max(x, ~0) -> ~0', 1, -1n, keep(1)),
    evaluate(unsigned(max)),
  ],
  minui: [
    whenSame('min(x, x) -> x', keep(0)),
    whenInteger('min(x, 0) -> 0', 1, 0n, keep(1)),
    whenInteger('min(x, ~0) -> x', 1, -1n, keep(0)),
    evaluate(unsigned(min)),
  ],
  addf: [whenFloat('x + -0 -> x', 1, -0, keep(0)), evaluateFloat((x, y) => x + y)],
  subf: [whenFloat('x - 0 -> x', 1, 0, keep(0)), evaluateFloat((x, y) => x - y)],
  mulf: [whenFloat('x * 1 -> x', 1, 1, keep(0)), evaluateFloat((x, y) => x * y)],
  divf: [whenFloat('x / 1 -> x', 1, 1, keep(0)), evaluateFloat((x, y) => x / y)],
  remf: [evaluateFloat((x, y) => x % y)],
  maximumf: [
    whenSame('max(x, x) -> x', keep(0)),
    whenFloat('max(x, -inf) -> x', 1, -Infinity, keep(0)),
    evaluateFloat(ordered(Math.max, true)),
  ],
  minimumf: [
    whenSame('min(x, x) -> x', keep(0)),
    whenFloat('min(x, inf) -> x', 1, Infinity, keep(0)),
    evaluateFloat(ordered(Math.min, true)),
  ],
  maxnumf: [
    whenSame('max(x, x) -> x', keep(0)),
    whenFloat('max(x, -inf) -> x', 1, -Infinity, keep(0)),
    evaluateFloat(ordered(Math.max, false)),
  ],
  minnumf: [
    whenSame('min(x, x) -> x', keep(0)),
    whenFloat('min(x, inf) -> x', 1, Infinity, keep(0)),
    evaluateFloat(ordered(Math.min, false)),
  ],
  negf: [
    {
      law: '-(-x) -> x',
      apply: (op) => {
        const inner = producer(op.operand(0), 'arith.negf');
        return inner && [inner.operand(0)];
      },
    },
    {
      law: '-c -> value',
      apply: (op, operands) =>
        folded(mapConstants(operands, op.results[0].type, (x) => -(x as number))),
    },
  ],
};

const COMPARE_INTEGERS: Readonly<Record<number, (x: bigint, y: bigint, width: number) => boolean>> =
  {
    0: (x, y) => x === y,
    1: (x, y) => x !== y,
    2: (x, y) => x < y,
    3: (x, y) => x <= y,
    4: (x, y) => x > y,
    5: (x, y) => x >= y,
    6: (x, y, width) => asUnsigned(x, width) < asUnsigned(y, width),
    7: (x, y, width) => asUnsigned(x, width) <= asUnsigned(y, width),
    8: (x, y, width) => asUnsigned(x, width) > asUnsigned(y, width),
    9: (x, y, width) => asUnsigned(x, width) >= asUnsigned(y, width),
  };
/** The predicate with its operands exchanged. */
const SWAPPED = [0, 1, 4, 5, 2, 3, 8, 9, 6, 7];

/** `x == x -> true` and the like; constants move right: `c < x -> x > c`; constants evaluate. */
function foldCompare(op: Operation, operands: Constants): FoldOutcome {
  const predicate = (op.properties.get('predicate') as IntegerAttr).number;
  const compare = COMPARE_INTEGERS[predicate];
  const type = op.results[0].type;
  if (sameOperands(op)) return folded(constantOf(compare(0n, 0n, 64) ? 1n : 0n, type));
  if (operands[0] !== undefined && operands[1] === undefined) {
    const [lhs, rhs] = op.operands;
    op.setOperand(0, rhs);
    op.setOperand(1, lhs);
    op.setAttribute('predicate', IntegerAttr.get(SWAPPED[predicate]));
    return true;
  }
  const width = widthOf(op);
  return folded(
    mapConstants(operands, type, (x, y) =>
      compare(asSigned(x as bigint, width), asSigned(y as bigint, width), width) ? 1n : 0n,
    ),
  );
}

const isUnordered = (x: number, y: number): boolean => Number.isNaN(x) || Number.isNaN(y);
const COMPARE_FLOATS: readonly ((x: number, y: number) => boolean)[] = [
  () => false,
  (x, y) => x === y,
  (x, y) => x > y,
  (x, y) => x >= y,
  (x, y) => x < y,
  (x, y) => x <= y,
  (x, y) => !isUnordered(x, y) && x !== y,
  (x, y) => !isUnordered(x, y),
  (x, y) => isUnordered(x, y) || x === y,
  (x, y) => isUnordered(x, y) || x > y,
  (x, y) => isUnordered(x, y) || x >= y,
  (x, y) => isUnordered(x, y) || x < y,
  (x, y) => isUnordered(x, y) || x <= y,
  (x, y) => isUnordered(x, y) || x !== y,
  (x, y) => isUnordered(x, y),
  () => true,
];

function foldCompareFloats(op: Operation, operands: Constants): FoldOutcome {
  const predicate = (op.properties.get('predicate') as IntegerAttr).number;
  const type = op.results[0].type;
  if (predicate === 0 || predicate === 15)
    return folded(constantOf(predicate === 0 ? 0n : 1n, type));
  return folded(
    mapConstants(operands, type, (x, y) =>
      COMPARE_FLOATS[predicate](x as number, y as number) ? 1n : 0n,
    ),
  );
}

/** `select true, x, y -> x`; `select false, x, y -> y`; `select c, x, x -> x`; `select c, true, false -> c` */
function foldSelect(op: Operation, [condition, whenTrue, whenFalse]: Constants): FoldOutcome {
  if (isInteger(condition, 1n)) return [op.operand(1)];
  if (isInteger(condition, 0n)) return [op.operand(2)];
  if (op.operand(1) === op.operand(2)) return [op.operand(1)];
  const isBoolean = op.result.type === op.operand(0).type;
  if (isBoolean && isInteger(whenTrue, 1n) && isInteger(whenFalse, 0n)) return [op.operand(0)];
  return undefined;
}

/** A conversion of constants; `compute` gets the value and the widths of both types. */
function convert(
  compute: (value: bigint | number, from: number, to: Type) => bigint | number | undefined,
): Fold {
  return (op, operands) => {
    const from = widthOf(op);
    const to = elementTypeOrSelf(op.result.type);
    return folded(mapConstants(operands, op.result.type, (value) => compute(value, from, to)));
  };
}

/** `ext (ext x) -> ext x` for conversions that compose with themselves */
function throughSame(fold: Fold): Fold {
  return (op, operands) => {
    const inner = producer(op.operand(0), op.name.text);
    if (inner !== undefined) {
      op.setOperand(0, inner.operand(0));
      return true;
    }
    return fold(op, operands);
  };
}

const float = (value: number, to: Type): number | undefined =>
  canRoundTo(to) ? roundTo(value, to) : undefined;

/** A float as an integer of a width, rounded towards zero; out of range has no value. */
function truncated(value: number, to: Type, isSigned: boolean): bigint | undefined {
  if (!Number.isFinite(value)) return undefined;
  const integer = BigInt(Math.trunc(value));
  const width = foldWidth(to);
  const wrapped = isSigned ? asSigned(integer, width) : asUnsigned(integer, width);
  return wrapped === integer ? integer : undefined;
}

/** `truncf c -> value` only where nothing is lost: rounding at run time may have another direction. */
function narrowed(value: number, to: Type): number | undefined {
  const rounded = float(value, to);
  return rounded === value || Number.isNaN(value) ? rounded : undefined;
}

/** `trunci (exti x : T) : T -> x`; `trunci (trunci x) -> trunci x`; constants evaluate */
function foldTruncate(op: Operation, operands: Constants): FoldOutcome {
  const inner = op.operand(0).definingOp;
  if (inner?.name.text === 'arith.extsi' || inner?.name.text === 'arith.extui') {
    const source = inner.operand(0);
    if (source.type === op.result.type) return [source];
  }
  return throughSame(convert((value) => value as bigint))(op, operands);
}

/** `index_cast (index_cast x : T) : T -> x` is true only where the round trip loses nothing: from `index` and back. */
function foldIndexCast(isSigned: boolean): Fold {
  const constants = convert((value, from) =>
    isSigned ? asSigned(value as bigint, from) : asUnsigned(value as bigint, from),
  );
  return (op, operands) => {
    const inner = producer(op.operand(0), op.name.text);
    if (inner !== undefined) {
      const source = inner.operand(0);
      if (source.type === op.result.type && !elementOf(inner).toString().startsWith('index'))
        return [source];
    }
    return constants(op, operands);
  };
}

/** `bitcast (x : T to T) -> x`; `bitcast (bitcast x) -> bitcast x`; constants of equal kinds evaluate */
function foldBitcast(op: Operation, operands: Constants): FoldOutcome {
  if (op.operand(0).type === op.result.type) return [op.operand(0)];
  const to = elementTypeOrSelf(op.result.type);
  const from = elementOf(op);
  const view = new DataView(new ArrayBuffer(8));
  if (from instanceof FloatType && to instanceof IntegerType && from.kind === 'f32') {
    return folded(
      mapConstants(operands, op.result.type, (value) => {
        view.setFloat32(0, value as number);
        return BigInt(view.getInt32(0));
      }),
    );
  }
  if (from instanceof IntegerType && to instanceof FloatType && to.kind === 'f32') {
    return folded(
      mapConstants(operands, op.result.type, (value) => {
        view.setInt32(0, Number(asSigned(value as bigint, 32)));
        const result = view.getFloat32(0);
        // Attributes do not keep the payload of a NaN.
        return Number.isNaN(result) ? undefined : result;
      }),
    );
  }
  return throughSame(() => undefined)(op, operands);
}

/** `addui_extended x, 0 -> x, false`; constants evaluate to sum and carry */
function foldAddExtended(op: Operation, operands: Constants): FoldOutcome {
  const [sum, carry] = op.resultTypes;
  if (isInteger(operands[1], 0n)) {
    const none = constantOf(0n, carry);
    return none && [op.operand(0), none];
  }
  const width = widthOf(op);
  const low = mapConstants(operands, sum, (x, y) => (x as bigint) + (y as bigint));
  const high = mapConstants(
    operands,
    carry,
    (x, y) => (asUnsigned(x as bigint, width) + asUnsigned(y as bigint, width)) >> BigInt(width),
  );
  return low && high && [low, high];
}

/** `mul?i_extended c, d -> both halves`; `x * 0 -> 0, 0` */
function foldMultiplyExtended(isSigned: boolean): Fold {
  return (op, operands) => {
    const [low, high] = op.resultTypes;
    if (isInteger(operands[1], 0n)) {
      const zero = constantOf(0n, low);
      return zero && [zero, zero];
    }
    const width = widthOf(op);
    const read = (value: bigint | number): bigint =>
      isSigned ? asSigned(value as bigint, width) : asUnsigned(value as bigint, width);
    const lower = mapConstants(operands, low, (x, y) => read(x) * read(y));
    const upper = mapConstants(operands, high, (x, y) => (read(x) * read(y)) >> BigInt(width));
    return lower && upper && [lower, upper];
  };
}

const CONVERSIONS: Readonly<Record<string, Fold>> = {
  extui: throughSame(convert((value, from) => asUnsigned(value as bigint, from))),
  extsi: throughSame(convert((value, from) => asSigned(value as bigint, from))),
  trunci: foldTruncate,
  extf: convert((value, _, to) => float(value as number, to)),
  truncf: convert((value, _, to) => narrowed(value as number, to)),
  uitofp: convert((value, from, to) => float(Number(asUnsigned(value as bigint, from)), to)),
  sitofp: convert((value, from, to) => float(Number(asSigned(value as bigint, from)), to)),
  fptoui: convert((value, _, to) => truncated(value as number, to, false)),
  fptosi: convert((value, _, to) => truncated(value as number, to, true)),
  index_cast: foldIndexCast(true),
  index_castui: foldIndexCast(false),
  bitcast: foldBitcast,
};

const OTHERS: Readonly<Record<string, Fold>> = {
  constant: (op) => folded(op.properties.get('value')),
  cmpi: foldCompare,
  cmpf: foldCompareFloats,
  select: foldSelect,
  addui_extended: foldAddExtended,
  mulsi_extended: foldMultiplyExtended(true),
  mului_extended: foldMultiplyExtended(false),
};

/** A commutative operation with a constant on the left: the constant moves right, so that laws see it there. */
function swapConstant(op: Operation, operands: Constants): Constants | undefined {
  if (!op.name.isCommutative || op.operandCount !== 2) return undefined;
  if (operands[0] === undefined || operands[1] !== undefined) return undefined;
  const [lhs, rhs] = op.operands;
  op.setOperand(0, rhs);
  op.setOperand(1, lhs);
  return [operands[1], operands[0]];
}

function tryLaws(laws: readonly Law[]): Fold {
  return (op, operands) => {
    const swapped = swapConstant(op, operands);
    for (const { apply } of laws) {
      const outcome = apply(op, swapped ?? operands);
      if (outcome !== undefined) return outcome;
    }
    return swapped === undefined ? undefined : true;
  };
}

/** The fold of each operation that has one, by its name without the dialect. */
export const arithFolds: Readonly<Record<string, Fold>> = {
  ...Object.fromEntries(Object.entries(ARITH_LAWS).map(([name, laws]) => [name, tryLaws(laws)])),
  ...CONVERSIONS,
  ...OTHERS,
};
