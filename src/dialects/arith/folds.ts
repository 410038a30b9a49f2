/** Folds of the arith dialect: the laws, and what has more to it than a list of them. */

import {
  FloatType,
  IntegerAttr,
  IntegerType,
  type FoldOutcome,
  type Operation,
  type Type,
} from '../../ir/index.js';
import { elementTypeOrSelf } from '../entity-types.js';
import { constantOf, folded, isInteger, mapConstants, uniformValue } from './constants.js';
import {
  ARITH_LAWS,
  elementOf,
  producer,
  sameOperands,
  widthOf,
  type Constants,
  type Fold,
  type Law,
} from './laws.js';
import { asSigned, asUnsigned, canRoundTo, foldWidth, roundTo } from './rounding.js';

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
  // Whatever NaN is compared with, the outcome is that of NaN with NaN.
  const nan = operands.find((operand) => Number.isNaN(uniformValue(operand)));
  return folded(
    mapConstants(nan === undefined ? operands : [nan, nan], type, (x, y) =>
      COMPARE_FLOATS[predicate](x as number, y as number) ? 1n : 0n,
    ),
  );
}

/**
 * `select true, x, y -> x`; `select false, x, y -> y`; `select c, x, x -> x`; `select c, true, false -> c`; constants
 * evaluate
 */
function foldSelect(op: Operation, operands: Constants): FoldOutcome {
  const [condition, whenTrue, whenFalse] = operands;
  if (isInteger(condition, 1n)) return [op.operand(1)];
  if (isInteger(condition, 0n)) return [op.operand(2)];
  if (op.operand(1) === op.operand(2)) return [op.operand(1)];
  const isBoolean = op.result.type === op.operand(0).type;
  if (isBoolean && isInteger(whenTrue, 1n) && isInteger(whenFalse, 0n)) return [op.operand(0)];
  return folded(mapConstants(operands, op.result.type, (c, x, y) => (c === 0n ? y : x)));
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

/**
 * `trunci (exti x : T) : T -> x`, to something narrower than T `trunci x`; `trunci (trunci x) -> trunci x`; constants
 * evaluate
 */
function foldTruncate(op: Operation, operands: Constants): FoldOutcome {
  const inner = op.operand(0).definingOp;
  if (inner?.name.text === 'arith.extsi' || inner?.name.text === 'arith.extui') {
    const source = inner.operand(0);
    if (source.type === op.result.type) return [source];
    if (widthOf(inner) > foldWidth(elementTypeOrSelf(op.result.type))) {
      op.setOperand(0, source);
      return true;
    }
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

/** `mul?i_extended c, d -> both halves`; `x * 0 -> 0, 0`; unsigned `x * 1 -> x, 0` */
function foldMultiplyExtended(isSigned: boolean): Fold {
  return (op, operands) => {
    const [low, high] = op.resultTypes;
    if (isInteger(operands[1], 0n)) {
      const zero = constantOf(0n, low);
      return zero && [zero, zero];
    }
    if (!isSigned && isInteger(operands[1], 1n)) {
      const zero = constantOf(0n, high);
      return zero && [op.operand(0), zero];
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
    for (let index = 0; index < laws.length; index++) {
      const outcome = laws[index].apply(op, swapped ?? operands);
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
