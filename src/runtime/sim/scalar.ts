// A launcher's scalar arguments as bytes.
import type { SimulatorScalar } from './types.js';

/** Rounds to the nearest even of f16 or bf16 and returns its bits. */
function smallFloatBits(value: number, type: 'f16' | 'bf16'): number {
  const [exponentBits, mantissaBits] = type === 'f16' ? [5, 10] : [8, 7];
  const sign = Object.is(value, -0) || value < 0 ? 1 << 15 : 0;
  const top = ((1 << exponentBits) - 1) << mantissaBits;
  if (Number.isNaN(value)) return top | (1 << (mantissaBits - 1));
  const bias = (1 << (exponentBits - 1)) - 1;
  const size = Math.abs(value);
  if (size === Infinity) return sign | top;
  if (size === 0) return sign;
  let exponent = Math.floor(Math.log2(size));
  if (2 ** exponent > size) exponent -= 1;
  else if (2 ** (exponent + 1) <= size) exponent += 1;
  exponent = Math.max(exponent, 1 - bias);
  const scaled = size / 2 ** (exponent - mantissaBits);
  const floor = Math.floor(scaled);
  const rest = scaled - floor;
  const rounded = rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor;
  const bits = rounded + (exponent + bias - 1) * 2 ** mantissaBits;
  return sign | Math.min(bits, top);
}

/** The value in memory order, as long as its type. */
export function scalarBytes(scalar: SimulatorScalar): Uint8Array {
  const view = new DataView(new ArrayBuffer(8));
  const integer = (): bigint => BigInt(scalar.value);
  const number = Number(scalar.value);
  switch (scalar.type) {
    case 'f64':
      view.setFloat64(0, number, true);
      return new Uint8Array(view.buffer, 0, 8);
    case 'f32':
      view.setFloat32(0, number, true);
      return new Uint8Array(view.buffer, 0, 4);
    case 'f16':
    case 'bf16':
      view.setUint16(0, smallFloatBits(number, scalar.type), true);
      return new Uint8Array(view.buffer, 0, 2);
    default: {
      const bits = scalar.type === 'i1' ? 8 : Number(/\d+$/.exec(scalar.type)![0]);
      view.setBigUint64(0, BigInt.asUintN(64, integer()), true);
      return new Uint8Array(view.buffer, 0, bits / 8);
    }
  }
}
