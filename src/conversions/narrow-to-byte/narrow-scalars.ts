/**
 * Arithmetic on four-bit values. A value is held in an `i8`: an integer as the same signed number, a float as its code,
 * sign-extended like an integer of its width. Results that may not fit are cut off to four bits again.
 */

import {
  attributeRecord,
  FloatAttr,
  FloatType,
  i1,
  i8,
  IntegerAttr,
  IntegerType,
  type Builder,
  type Operation,
  type Type,
  type Value,
} from '../../ir/index.js';
import { isNarrow, NARROW_BITS } from '../support/narrow-elements.js';
import { ScalarBuilder } from '../support/scalar-builder.js';

/** What the operands of an operation were before they became bytes. */
export type TypesBefore = (value: Value) => Type;

const i16 = IntegerType.get(16);
const f32 = FloatType.get('f32');
const f16 = FloatType.get('f16');

/** Operations on signed numbers whose results stay within the type of their operands. */
const CLOSED = new Set(
  [...['andi', 'ori', 'xori', 'minsi', 'maxsi', 'minui', 'maxui', 'shrsi', 'remsi', 'select']].map(
    (name) => `arith.${name}`,
  ),
);

/** Operations whose low bits depend on the low bits of their operands alone, and signed quotients. */
const WRAPPING = new Set([
  ...['addi', 'subi', 'muli', 'shli', 'divsi', 'floordivsi', 'ceildivsi'].map(
    (name) => `arith.${name}`,
  ),
  'math.absi',
]);

/** Operations on numbers without a sign. */
const UNSIGNED = new Set(['divui', 'ceildivui', 'remui', 'shrui'].map((name) => `arith.${name}`));

export class NarrowScalars extends ScalarBuilder {
  constructor(
    builder: Builder,
    private readonly typeBefore: TypesBefore,
  ) {
    super(builder);
  }

  /** What computes the result of an operation on four-bit values; undefined where there is no rule. */
  lower(op: Operation): Value | undefined {
    const name = op.name.text;
    const [from] = op.operands.map((operand) => this.typeBefore(operand));
    const to = op.results.length === 1 ? this.typeBefore(op.result) : undefined;
    if (to === undefined) return undefined;
    if (name === 'arith.constant') return this.constant(op);
    if (name === 'arith.select') return this.again(op, op.operands, i8);
    if (name === 'arith.bitcast')
      return from instanceof IntegerType === to instanceof IntegerType ? undefined : op.operand(0);
    const conversion = this.convert(name, op.operand(0), from, to);
    if (conversion !== undefined) return conversion;
    if (from instanceof FloatType || to instanceof FloatType) return this.inFloat(op, to);
    return this.inInteger(op, to);
  }

  /** Integer operations other than conversions. */
  private inInteger(op: Operation, to: Type): Value | undefined {
    const name = op.name.text;
    // The order of sign-extended numbers is theirs, read as signed numbers and read as unsigned ones.
    if (name === 'arith.cmpi') return this.again(op, op.operands, i1);
    if (!isNarrow(to)) return undefined;
    if (CLOSED.has(name)) return this.again(op, op.operands, i8);
    if (WRAPPING.has(name)) return this.wrapped(this.again(op, op.operands, i8));
    if (UNSIGNED.has(name))
      return this.wrapped(
        this.again(
          op,
          op.operands.map((operand) => this.unsigned(operand)),
          i8,
        ),
      );
    return undefined;
  }

  /** Operations on floats compute in f32, as those on 8-bit floats do. */
  private inFloat(op: Operation, to: Type): Value | undefined {
    const operands = op.operands.map((operand) =>
      this.typeBefore(operand) instanceof FloatType ? this.decoded(operand, f32) : operand,
    );
    if (!(to instanceof FloatType)) return this.again(op, operands, to);
    return this.encoded(this.again(op, operands, f32));
  }

  /** The conversions of `arith`, by name. */
  private convert(name: string, value: Value, from: Type, to: Type): Value | undefined {
    switch (name) {
      case 'arith.extsi':
        return this.resized('extsi', value, isNarrow(to) ? i8 : to);
      case 'arith.extui':
        return this.resized(
          'extui',
          isNarrow(from) ? this.unsigned(value) : value,
          isNarrow(to) ? i8 : to,
        );
      case 'arith.trunci':
        if (!isNarrow(to)) return this.resized('trunci', value, to);
        return this.wrapped(this.resized('trunci', value, i8));
      case 'arith.index_cast':
      case 'arith.index_castui': {
        if (isNarrow(to)) return this.wrapped(this.create('arith.index_cast', [value], i8));
        return this.create(name, [name.endsWith('ui') ? this.unsigned(value) : value], to);
      }
      case 'arith.sitofp':
      case 'arith.uitofp': {
        const isUnsigned = name === 'arith.uitofp';
        if (isNarrow(from) && to === f16) return this.halfOf(value, isUnsigned);
        const number = isNarrow(from) && isUnsigned ? this.unsigned(value) : value;
        if (!isNarrow(to)) return this.create(name, [number], to);
        return this.encoded(this.create(name, [number], f32));
      }
      case 'arith.fptosi':
      case 'arith.fptoui': {
        const number = isNarrow(from) ? this.decoded(value, f32) : value;
        if (!isNarrow(to)) return this.create(name, [number], to);
        return this.wrapped(this.create(name, [number], i8));
      }
      case 'arith.extf':
        return this.decoded(value, to as FloatType);
      case 'arith.truncf':
        return this.encoded(value);
      default:
        return undefined;
    }
  }

  /**
   * A four-bit integer as f16 without a conversion, of which GPUs do fewer in a clock: as the low bits of the number 1024
   * plus the integer (plus 8, which makes it positive), of which 1024 (and 8) are taken away.
   */
  private halfOf(value: Value, isUnsigned: boolean): Value {
    const binary = (name: string, lhs: Value, rhs: Value): Value =>
      this.create(name, [lhs, rhs], i16);
    const wide = this.create('arith.extsi', [value], i16);
    const lifted = isUnsigned ? wide : binary('arith.xori', wide, this.integer(8, i16));
    const digits = binary('arith.andi', lifted, this.integer(2 ** NARROW_BITS - 1, i16));
    const bits = binary('arith.ori', digits, this.integer(0x6400, i16));
    const number = this.create('arith.bitcast', [bits], f16);
    const above = this.float(isUnsigned ? 1024 : 1032, f16);
    return this.create('arith.subf', [number, above], f16);
  }

  /** The number that a code of f4E2M1FN stands for. */
  decoded(code: Value, to: FloatType): Value {
    // Sign, two bits of exponent and one of mantissa are those of an f16 that is 2^14 times as small, subnormal or not.
    const wide = this.create('arith.extsi', [code], i16);
    const shifted = (by: number, mask: number): Value =>
      this.create(
        'arith.andi',
        [this.create('arith.shli', [wide, this.integer(by, i16)], i16), this.integer(mask, i16)],
        i16,
      );
    const bits = this.create('arith.ori', [shifted(9, 0x0e00), shifted(12, -0x8000)], i16);
    const small = this.create('arith.bitcast', [bits], f16);
    const number = this.create('arith.mulf', [small, this.float(2 ** 14, f16)], f16);
    if (to === f16) return number;
    const exact = to.width > 16 ? to : f32;
    const widened = this.create('arith.extf', [number], exact);
    return exact === to ? widened : this.create('arith.truncf', [widened], to);
  }

  /**
   * The code of the nearest number of f4E2M1FN, ties to even, saturated; that of 6 for NaN, as f4E2M1FN has none (OCP
   * Microscaling Formats 1.0): how many of the midpoints between its numbers lie below the magnitude.
   */
  encoded(value: Value): Value {
    const type = value.type as FloatType;
    const width = IntegerType.get(type.width);
    const bits = this.create('arith.bitcast', [value], width);
    const isNegative = this.compareIntegers('slt', bits, this.integer(0, width));
    const magnitude = this.create('math.absf', [value], type);
    const code = MIDPOINTS.map(({ midpoint, isRoundedUp }) => {
      const isAbove = this.compareFloats(
        isRoundedUp ? 'uge' : 'ugt',
        magnitude,
        this.float(midpoint, type),
      );
      return this.create('arith.extui', [isAbove], i8);
    }).reduce((sum, each) => this.create('arith.addi', [sum, each], i8));
    const isNumber = this.compareFloats('ord', value, value);
    const hasSign = this.create('arith.andi', [isNegative, isNumber], i1);
    const signed = this.create('arith.subi', [code, this.integer(2 ** (NARROW_BITS - 1), i8)], i8);
    return this.select(hasSign, signed, code);
  }

  /** The low four bits of an `i8` as a signed number. */
  wrapped(value: Value): Value {
    const free = this.integer(8 - NARROW_BITS, i8);
    return this.create('arith.shrsi', [this.create('arith.shli', [value, free], i8), free], i8);
  }

  /** A signed four-bit number read as one without a sign. */
  private unsigned(value: Value): Value {
    return this.create('arith.andi', [value, this.integer(2 ** NARROW_BITS - 1, i8)], i8);
  }

  private constant(op: Operation): Value | undefined {
    const value = op.getAttribute('value');
    if (!(value instanceof IntegerAttr) && !(value instanceof FloatAttr)) return undefined;
    return this.integer(codeOf(value.value, value.type), i8);
  }

  /** The same operation on other operands. */
  private again(op: Operation, operands: readonly Value[], type: Type): Value {
    return this.create(op.name.text, operands, type, attributeRecord(op));
  }

  /** An extension or truncation, which `arith` has between different types only. */
  private resized(name: 'extsi' | 'extui' | 'trunci', value: Value, to: Type): Value {
    return value.type === to ? value : this.create(`arith.${name}`, [value], to);
  }
}

/** The numbers of f4E2M1FN are 0, 0.5, 1, 1.5, 2, 3, 4 and 6; a tie goes to the one with an even code. */
const NUMBERS = [0, 0.5, 1, 1.5, 2, 3, 4, 6];
const MIDPOINTS = NUMBERS.slice(1).map((above, code) => ({
  midpoint: (NUMBERS[code] + above) / 2,
  isRoundedUp: code % 2 === 1,
}));

/** The code of a number of a four-bit type, as a signed number. */
export function codeOf(value: number | bigint, type: Type): number {
  if (!(type instanceof FloatType)) return Number(BigInt.asIntN(NARROW_BITS, BigInt(value)));
  const number = Number(value);
  const code = NUMBERS.indexOf(Math.abs(number));
  return number < 0 || Object.is(number, -0) ? code - 2 ** (NARROW_BITS - 1) : code;
}
