/** The math dialect: folds of functions of constants. */

import type { Attribute, FoldOutcome, Operation } from '../../ir/index.js';
import { folded, mapConstants } from '../arith/constants.js';
import { materializeArithConstant } from '../arith/index.js';
import { asSigned, asUnsigned, canRoundTo, foldWidth, roundTo } from '../arith/rounding.js';
import { elementTypeOrSelf } from '../entity-types.js';
import type { DialectHooks, OperationHooks } from '../hook-types.js';

type Constants = readonly (Attribute | undefined)[];

/** `f c -> value`, rounded to the type; functions whose last digit depends on the library fold in f32 and f64 only */
const ofFloat =
  (compute: (...values: number[]) => number): NonNullable<OperationHooks['fold']> =>
  (op: Operation, operands: Constants): FoldOutcome => {
    const type = elementTypeOrSelf(op.operand(0).type);
    if (!canRoundTo(type)) return undefined;
    return folded(
      mapConstants(operands, op.result.type, (...values) =>
        roundTo(compute(...(values as number[])), type),
      ),
    );
  };

const ofInteger =
  (compute: (value: bigint, width: number) => bigint): NonNullable<OperationHooks['fold']> =>
  (op: Operation, operands: Constants): FoldOutcome => {
    const width = foldWidth(elementTypeOrSelf(op.operand(0).type));
    return folded(
      mapConstants(operands, op.result.type, (value) => compute(value as bigint, width)),
    );
  };

const bits = (value: bigint, width: number): string =>
  asUnsigned(value, width).toString(2).padStart(width, '0');

/** Rounding to nearest with halves away from zero. */
const roundAway = (value: number): number => Math.sign(value) * Math.floor(Math.abs(value) + 0.5);

function roundEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}

const FLOATS: Readonly<Record<string, (...values: number[]) => number>> = {
  absf: Math.abs,
  ceil: Math.ceil,
  floor: Math.floor,
  trunc: Math.trunc,
  round: roundAway,
  roundeven: roundEven,
  sqrt: Math.sqrt,
  copysign: (x, y) => (Object.is(Math.sign(y), -0) || y < 0 ? -Math.abs(x) : Math.abs(x)),
  exp: Math.exp,
  exp2: (x) => 2 ** x,
  expm1: Math.expm1,
  log: Math.log,
  log2: Math.log2,
  log10: Math.log10,
  log1p: Math.log1p,
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  tanh: Math.tanh,
  atan: Math.atan,
  atan2: Math.atan2,
  powf: Math.pow,
};

const operations: Record<string, OperationHooks> = {
  absi: { fold: ofInteger((value, width) => (asSigned(value, width) < 0n ? -value : value)) },
  ctlz: { fold: ofInteger((value, width) => BigInt(/^0*/.exec(bits(value, width))![0].length)) },
  cttz: { fold: ofInteger((value, width) => BigInt(/0*$/.exec(bits(value, width))![0].length)) },
  ctpop: {
    fold: ofInteger((value, width) => BigInt(bits(value, width).replaceAll('0', '').length)),
  },
};
for (const [name, compute] of Object.entries(FLOATS)) operations[name] = { fold: ofFloat(compute) };

export const mathHooks: DialectHooks = {
  operations,
  materializeConstant: materializeArithConstant,
};
