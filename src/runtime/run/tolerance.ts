/** How far two correct executions may lie apart, derived from the types that a kernel rounds to. */

import {
  FloatType,
  isShapedType,
  MemRefType,
  resolveSymbol,
  StringAttr,
  type Operation,
  type SymbolRefAttr,
  type Type,
} from '../../ir/index.js';
import { floatFormat } from '../numerics/index.js';

/** An accumulator narrower than f32 rounds at every step; the interpreter once. */
const NARROW_ACCUMULATION = 8;

/**
 * The tolerance for one rounding to a type. Two correct results may round to neighbouring numbers, 2^-mantissa apart;
 * twice that for the types that are rounded to once. f32 and f64 are accumulated in: 2^-15 and 2^-40 leave room for
 * sums of a hundred thousand terms in any order and for the two units in the last place of fast exponentials.
 */
export function typeTolerance(type: Type): number {
  if (!(type instanceof FloatType)) return 0;
  if (type.kind === 'f64') return 2 ** -40;
  if (type.kind === 'f32') return 2 ** -15;
  const format = floatFormat(type.kind);
  return format === undefined ? 0 : 2 ** (1 - format.mantissaBits);
}

function elementTypeOf(type: Type): Type {
  return isShapedType(type) ? type.elementType : type;
}

/**
 * The default tolerance of a kernel: the largest that any type asks for to which it rounds computed values - what
 * products accumulate in, what loops store, what copies from tiles convert to, what float arithmetic gives. Inputs that
 * are only moved are exact. Integers are compared exactly.
 */
export function defaultTolerance(kernel: Operation): number {
  let tolerance = 0;
  const allow = (type: Type, factor = 1): void => {
    tolerance = Math.max(tolerance, typeTolerance(elementTypeOf(type)) * factor);
  };
  kernel.walk((op) => {
    switch (op.name.text) {
      case 'tile.launch': {
        const launched = resolveSymbol(op, op.getAttribute('kernel') as SymbolRefAttr);
        if (launched !== undefined) tolerance = Math.max(tolerance, defaultTolerance(launched));
        break;
      }
      case 'tile.gemm': {
        const type = elementTypeOf(op.operand(2).type);
        const isNarrow = type instanceof FloatType && type.width < 32;
        allow(type, isNarrow ? NARROW_ACCUMULATION : 1);
        if (op.getAttribute('precision') === StringAttr.get('tf32')) allow(FloatType.get('tf32'));
        break;
      }
      case 'tile.copy':
      case 'tile.transpose': {
        const [source, destination] = op.operands.filter((value) => isShapedType(value.type));
        const isConverted = elementTypeOf(source.type) !== elementTypeOf(destination.type);
        if (isConverted && !(source.type instanceof MemRefType)) allow(destination.type);
        break;
      }
      case 'tile.atomic': {
        const type = elementTypeOf(op.operand(1).type);
        const isNarrow = type instanceof FloatType && type.width < 32;
        allow(type, isNarrow ? NARROW_ACCUMULATION : 1);
        break;
      }
      case 'tile.reduce':
      case 'tile.scan':
      case 'tile.store':
      case 'memref.store':
        allow(op.operand(1).type);
        break;
      default:
        if (op.name.dialect === 'math') op.resultTypes.forEach((type) => allow(type));
        if (op.name.dialect === 'arith' && op.name.text !== 'arith.constant') {
          op.resultTypes.forEach((type) => allow(type));
        }
    }
  });
  return tolerance;
}
