/** Functions of real numbers that JavaScript's `Math` lacks or defines otherwise, in double precision. */

/** The nearest integer, halves away from zero. */
export function roundHalfAway(value: number): number {
  const whole = Math.trunc(value);
  return Math.abs(value - whole) >= 0.5 ? whole + Math.sign(value) : whole;
}

/** The nearest integer, ties to even, keeping the sign of zero. */
export function roundToEven(value: number): number {
  if (Math.abs(value) >= 2 ** 52 || value !== value) return value;
  const shift = Math.sign(value) * 2 ** 52;
  const rounded = value + shift - shift;
  return rounded === 0 ? value * 0 : rounded;
}

export function copySign(magnitude: number, sign: number): number {
  const isNegative = sign < 0 || Object.is(sign, -0);
  return isNegative ? -Math.abs(magnitude) : Math.abs(magnitude);
}

const TWO_OVER_ROOT_PI = 2 / Math.sqrt(Math.PI);

/** Where the power series of erf still loses no digits and beyond which the continued fraction of erfc is quick. */
const SERIES_LIMIT = 2;

/** exp(-x^2) erf series: erf(x) = 2/sqrt(pi) e^(-x^2) sum 2^n x^(2n+1) / (2n+1)!!, all terms of one sign. */
function erfSeries(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > Math.abs(sum) * 1e-17; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return TWO_OVER_ROOT_PI * Math.exp(-x * x) * sum;
}

/** erfc for x >= SERIES_LIMIT: e^(-x^2)/sqrt(pi) / (x + 1/2/(x + 1/(x + 3/2/(x + ...)))), from the inside out. */
function erfcFraction(x: number): number {
  let fraction = x;
  for (let n = 80; n >= 1; n--) fraction = x + n / 2 / fraction;
  return Math.exp(-x * x) / Math.sqrt(Math.PI) / fraction;
}

/** The error function. */
export function erf(x: number): number {
  if (x !== x) return x;
  const magnitude = Math.abs(x);
  if (magnitude < SERIES_LIMIT) return x === 0 ? x : erfSeries(x);
  return Math.sign(x) * (magnitude > 6 ? 1 : 1 - erfcFraction(magnitude));
}

/** One minus the error function, without losing digits where that is small. */
export function erfc(x: number): number {
  if (x !== x) return x;
  if (x < SERIES_LIMIT) return 1 - erf(x);
  return x > 28 ? 0 : erfcFraction(x);
}
