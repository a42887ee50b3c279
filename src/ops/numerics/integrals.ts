/* Functions that are integrals of elementary ones, in double precision. */

const EULER = 0.5772156649015329;

/** Dawson's integral (Rybicki, Computers in Physics 3, 85: exponentially exact in the step). */
export function dawsn(x: number): number {
  if (Math.abs(x) > 1e4) return 1 / (2 * x);
  const step = 0.2;
  const nearest = 2 * Math.round(x / step / 2);
  let sum = 0;
  for (let n = -39; n <= 39; n += 2) {
    sum += Math.exp(-((x - (nearest + n) * step) ** 2)) / (nearest + n);
  }
  return sum / Math.sqrt(Math.PI);
}

/** Ei(x), for x above 0 as TensorFlow has it (Abramowitz and Stegun, 5.1.10 and 5.1.51). */
export function expint(x: number): number {
  if (!(x > 0)) return x === 0 ? -Infinity : NaN;
  if (x > 700) return Infinity;
  if (x > 45) {
    let [sum, term] = [1, 1];
    for (let k = 1; k < x && term > 1e-17; k++) sum += term *= k / x;
    return (Math.exp(x) / x) * sum;
  }
  let [sum, term] = [EULER + Math.log(x), 1];
  for (let k = 1; k < 200; k++) {
    term *= x / k;
    sum += term / k;
  }
  return sum;
}

/** The dilogarithm as Spence's function: the integral of log(t) / (1 - t) from 1 to x; NaN below 0. */
export function spence(x: number): number {
  if (!(x >= 0)) return NaN;
  if (x === 0) return Math.PI ** 2 / 6;
  // x -> 1 - x and x -> 1 / x lead to where the series runs fast (27.7.4, 27.7.5).
  if (x > 2) return -spence(1 / x) - Math.log(x) ** 2 / 2;
  if (x < 0.5) return Math.PI ** 2 / 6 - Math.log(x) * Math.log1p(-x) - spence(1 - x);
  if (x > 1.5) return -spence(1 / x) - Math.log(x) ** 2 / 2;
  let [sum, power] = [0, 1];
  for (let k = 1; k < 80; k++) {
    power *= 1 - x;
    sum += power / (k * k);
  }
  return sum;
}

/** Fresnel's cosine integral, of cos(pi t^2 / 2) from 0 to x. */
export function fresnelCos(x: number): number {
  return fresnel(x)[0];
}

/** Fresnel's sine integral. */
export function fresnelSin(x: number): number {
  return fresnel(x)[1];
}

/** By quadrature for small arguments, by the asymptotic series (7.3.27, 7.3.28) for large ones. */
function fresnel(x: number): [number, number] {
  const size = Math.abs(x);
  const [cosine, sine] = size < 4.5 ? fresnelNear(size) : fresnelFar(size);
  return x < 0 ? [-cosine, -sine] : [cosine, sine];
}

/** Simpson's rule in steps so fine that its error is below single precision; a series cancels its digits away. */
function fresnelNear(x: number): [number, number] {
  const steps = 2 * Math.ceil(200 + 150 * x * x);
  const width = x / steps;
  let [cosine, sine] = [0, 0];
  for (let i = 0; i <= steps; i++) {
    const weight = i === 0 || i === steps ? 1 : i % 2 === 1 ? 4 : 2;
    const angle = (Math.PI / 2) * (i * width) ** 2;
    cosine += weight * Math.cos(angle);
    sine += weight * Math.sin(angle);
  }
  return [(cosine * width) / 3, (sine * width) / 3];
}

function fresnelFar(x: number): [number, number] {
  if (!Number.isFinite(x)) return Number.isNaN(x) ? [NaN, NaN] : [0.5, 0.5];
  const z = Math.PI * x * x;
  let [f, g, term] = [0, 0, 1];
  for (let k = 0; k < 10; k++) {
    const sign = k % 4 < 2 ? 1 : -1;
    if (k % 2 === 0) f += sign * term;
    else g += sign * term;
    term *= (2 * k + 1) / z;
  }
  const angle = ((x * x) % 4) * (Math.PI / 2);
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return [0.5 + (f * sin - g * cos) / (Math.PI * x), 0.5 - (f * cos + g * sin) / (Math.PI * x)];
}
