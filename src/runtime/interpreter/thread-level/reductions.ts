/** Ways to combine two numbers, by the names that `gpu` and `vector` give them. */

type Combine = (a: number, b: number) => number;

const ignoringNaN =
  (of: Combine): Combine =>
  (a, b) =>
    a !== a ? b : b !== b ? a : of(a, b);

const unsigned =
  (of: Combine): Combine =>
  (a, b) =>
    of(a >>> 0, b >>> 0);

/** Of floats, and of integers of up to 32 bits; the result is to be rounded to the type. */
export const reducers: Readonly<Record<string, Combine | undefined>> = {
  add: (a, b) => a + b,
  mul: (a, b) =>
    Number.isInteger(a) && Number.isInteger(b) && Math.abs(a * b) > 2 ** 53
      ? Math.imul(a, b)
      : a * b,
  minsi: Math.min,
  maxsi: Math.max,
  minui: unsigned(Math.min),
  maxui: unsigned(Math.max),
  minnumf: ignoringNaN(Math.min),
  maxnumf: ignoringNaN(Math.max),
  minimumf: Math.min,
  maximumf: Math.max,
  and: (a, b) => a & b,
  or: (a, b) => a | b,
  xor: (a, b) => a ^ b,
};
