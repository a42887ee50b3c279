/*
 * Bessel functions of the orders 0 and 1, in double precision: by Miller's recurrence and Neumann's series (Abramowitz
 * and Stegun, 9.1.46, 9.1.88), by Hankel's expansion where the argument is large (9.2.5), and by the integral 9.6.24.
 */

const EULER = 0.5772156649015329;
/** Below, the first term of the series is all of it. */
const TINY = 1e-8;
/** Where Hankel's expansion has all digits. */
const LARGE = 30;

/** J of the order 0 or 1. */
export function besselJ(order: 0 | 1, x: number): number {
  const size = Math.abs(x);
  if (!(size < Infinity)) return NaN;
  if (size < TINY) return order === 0 ? 1 : x / 2;
  const value = size > LARGE ? hankel(order, size)[0] : recurrence(size)[order]!;
  return order === 1 && x < 0 ? -value : value;
}

/** Y of the order 0 or 1; NaN below 0, as TensorFlow has it. */
export function besselY(order: 0 | 1, x: number): number {
  if (!(x > 0)) return x === 0 ? -Infinity : NaN;
  if (x > LARGE) return hankel(order, x)[1];
  if (x < TINY) return order === 0 ? (2 / Math.PI) * (Math.log(x / 2) + EULER) : -2 / (Math.PI * x);
  const j = recurrence(x);
  const logarithm = Math.log(x / 2) + EULER;
  let y0 = (2 / Math.PI) * logarithm * j[0]!;
  for (let k = 1; 2 * k < j.length; k++) y0 -= (4 / Math.PI) * ((k % 2 === 0 ? 1 : -1) / k) * j[2 * k]!;
  return order === 0 ? y0 : derivedY1(x, j, logarithm);
}

/** Y1 from the series of Y0 in J, differentiated. */
function derivedY1(x: number, j: readonly number[], logarithm: number): number {
  // Y1 = -dY0/dx, with J'0 = -J1 and J'k = (J(k-1) - J(k+1)) / 2.
  let slope = (2 / Math.PI) * (j[0]! / x - logarithm * j[1]!);
  for (let k = 1; 2 * k + 1 < j.length; k++) {
    const derivative = (j[2 * k - 1]! - j[2 * k + 1]!) / 2;
    slope -= (4 / Math.PI) * ((k % 2 === 0 ? 1 : -1) / k) * derivative;
  }
  return -slope;
}

/** J of the orders 0, 1, 2, ... from the top down, normalized by J0 + 2 (J2 + J4 + ...) = 1. */
function recurrence(x: number): number[] {
  if (x === 0) return [1, 0, 0];
  const top = 2 * Math.ceil((x + 40) / 2);
  const values = new Array<number>(top + 2).fill(0);
  values[top] = 1e-300;
  let sum = 0;
  for (let n = top; n > 0; n--) {
    values[n - 1] = ((2 * n) / x) * values[n]! - values[n + 1]!;
    if (Math.abs(values[n - 1]!) > 1e250) {
      for (let k = n - 1; k <= top; k++) values[k]! *= 1e-250;
      sum *= 1e-250;
    }
    if ((n - 1) % 2 === 0) sum += (n === 1 ? 1 : 2) * values[n - 1]!;
  }
  return values.slice(0, top).map((value) => value / sum);
}

/** J and Y of a large argument. */
function hankel(order: 0 | 1, x: number): [number, number] {
  const mu = 4 * order * order;
  let [p, q, term] = [0, 0, 1];
  for (let k = 0; k < 20; k++) {
    const sign = k % 4 < 2 ? 1 : -1;
    if (k % 2 === 0) p += sign * term;
    else q += sign * term;
    term *= (mu - (2 * k + 1) ** 2) / ((k + 1) * 8 * x);
  }
  const angle = x - (order / 2 + 0.25) * Math.PI;
  const scale = Math.sqrt(2 / (Math.PI * x));
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return [scale * (p * cos - q * sin), scale * (p * sin + q * cos)];
}

/** exp(x) K of the order 0 or 1; NaN below 0. The integral's even, smooth function makes the trapezoidal rule exact. */
export function besselKe(order: 0 | 1, x: number): number {
  if (!(x > 0)) return x === 0 ? Infinity : NaN;
  const step = 1 / 32;
  const reach = Math.acosh(1 + 60 / x) + 1;
  let sum = 0.5;
  for (let t = step; t < reach; t += step) {
    sum += Math.exp(-2 * x * Math.sinh(t / 2) ** 2) * (order === 0 ? 1 : Math.cosh(t));
  }
  return sum * step;
}
