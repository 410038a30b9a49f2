/** How types and constants of the IR are spelled in emitted text. */

import { FloatType, IndexType, IntegerType, isShapedType, type Type } from '../../ir/index.js';
import { InternalError } from '../../support/index.js';
import { elementBytes } from '../element-bytes.js';
import { primary, type Expression } from './expression.js';

/** Spelling of a scalar type, an alias that the preamble defines: `f16`, `i32`. */
export function scalarType(type: Type): string {
  if (type instanceof IndexType) return 'int';
  if (type instanceof FloatType) return type.kind;
  if (type instanceof IntegerType) {
    if (type.width === 1) return 'bool';
    return `${type.signedness === 'unsigned' ? 'u' : 'i'}${type.width}`;
  }
  throw new InternalError(`'${type}' has no spelling in emitted text`);
}

/** Whether a type is one that emitted text has a scalar of. */
export function isScalarType(type: Type): boolean {
  if (type instanceof IntegerType) return [1, 8, 16, 32, 64].includes(type.width);
  return type instanceof IndexType || (type instanceof FloatType && type.kind in elementBytes);
}

/** What a value of a scalar type is called where nothing better is known. */
export function defaultName(type: Type): string {
  const text = scalarType(type);
  if (text === 'int') return 'index';
  return text === 'bool' ? 'condition' : 'value';
}

/** `Registers<f32, 4, 8, 4>` for a private memref or a vector. */
export function registersType(type: Type): string {
  if (!isShapedType(type)) throw new InternalError(`'${type}' has no registers`);
  return `Registers<${[scalarType(type.elementType), ...type.shape].join(', ')}>`;
}

/** A constant of a scalar type. */
export function constantText(value: number | bigint, type: Type): Expression {
  if (type instanceof FloatType) return floatConstant(Number(value), type);
  if (type instanceof IntegerType && type.width === 1)
    return primary(Number(value) === 0 ? 'false' : 'true');
  const text = `${value}`;
  const suffixed = type instanceof IntegerType && type.width === 64 ? `i64(${text})` : text;
  return text.startsWith('-') ? primary(`(${suffixed})`) : primary(suffixed);
}

function floatConstant(value: number, type: FloatType): Expression {
  if (type.kind === 'f64') return primary(floatLiteral(value, ''));
  const literal = floatLiteral(value, 'f');
  return primary(type.kind === 'f32' ? literal : `${type.kind}(${literal})`);
}

function floatLiteral(value: number, suffix: string): string {
  if (Number.isNaN(value)) return suffix === 'f' ? '__builtin_nanf("")' : '__builtin_nan("")';
  if (!Number.isFinite(value)) {
    const infinity = suffix === 'f' ? '__builtin_huge_valf()' : '__builtin_huge_val()';
    return value > 0 ? infinity : `(-${infinity})`;
  }
  const text = `${suffix === 'f' ? shortestFloat32(value) : value}`;
  const literal = `${/[.e]/.test(text) ? text : `${text}.0`}${suffix}`;
  return value < 0 || Object.is(value, -0)
    ? `(${Object.is(value, -0) ? `-${literal}` : literal})`
    : literal;
}

/** The shortest decimal that reads back as the same 32-bit float. */
function shortestFloat32(value: number): string {
  const rounded = Math.fround(value);
  for (let digits = 1; digits <= 9; digits++) {
    const text = rounded.toPrecision(digits);
    if (Math.fround(Number(text)) === rounded) return `${Number(text)}`;
  }
  return `${rounded}`;
}
