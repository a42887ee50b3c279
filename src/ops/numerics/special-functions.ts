/** Lanczos approximation, g = 7. */
const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

export function lgamma(x: number): number {
  // At its poles, and far out.
  if ((x <= 0 && Number.isInteger(x)) || Math.abs(x) === Infinity) return Infinity;
  if (x < 0.5) return Math.log(Math.PI / Math.abs(Math.sin(Math.PI * x))) - lgamma(1 - x);
  const shifted = x - 1;
  let sum = LANCZOS[0]!;
  for (let i = 1; i < 9; i++) sum += LANCZOS[i]! / (shifted + i);
  const t = shifted + 7.5;
  return 0.5 * Math.log(2 * Math.PI) + (shifted + 0.5) * Math.log(t) - t + Math.log(sum);
}

export function digamma(x: number): number {
  if (x <= 0 && Number.isInteger(x)) return NaN;
  if (x < 0) return digamma(1 - x) - Math.PI / Math.tan(Math.PI * x);
  let result = 0;
  let at = x;
  for (; at < 6; at++) result -= 1 / at;
  const inverse = 1 / (at * at);
  return (
    result +
    Math.log(at) -
    0.5 / at -
    inverse * (1 / 12 - inverse * (1 / 120 - inverse * (1 / 252 - inverse / 240)))
  );
}

/** Hurwitz's zeta function by Euler's and Maclaurin's sum. */
export function zeta(s: number, q: number): number {
  const terms = 12;
  let sum = 0;
  for (let k = 0; k < terms; k++) sum += (q + k) ** -s;
  const a = q + terms;
  sum += a ** (1 - s) / (s - 1) + 0.5 * a ** -s;
  let factor = s * a ** (-s - 1);
  // B(2j) / (2j)!
  [1 / 12, -1 / 720, 1 / 30240, -1 / 1209600, 1 / 47900160].forEach((bernoulli, j) => {
    sum += bernoulli * factor;
    factor *= ((s + 2 * j + 1) * (s + 2 * j + 2)) / (a * a);
  });
  return sum;
}

/** Modified Bessel function of the first kind. */
export function besselI(order: 0 | 1, x: number): number {
  return Math.exp(Math.abs(x)) * besselIe(order, x);
}

/** exp(-|x|) I of the order 0 or 1: by its series, of a large argument by what it tends to. */
export function besselIe(order: 0 | 1, x: number): number {
  const size = Math.abs(x);
  if (!(size > 30)) return besselSeries(order, x) * Math.exp(-size);
  const sign = order === 1 && x < 0 ? -1 : 1;
  let [sum, term] = [1, 1];
  for (let k = 1; k <= 20; k++) sum += term *= ((2 * k - 1) ** 2 - 4 * order) / (8 * size * k);
  return (sign * sum) / Math.sqrt(2 * Math.PI * size);
}

function besselSeries(order: 0 | 1, x: number): number {
  const quarter = (x * x) / 4;
  let term = order === 0 ? 1 : x / 2;
  let sum = term;
  for (let k = 1; k < 1000 && Math.abs(term) > Math.abs(sum) * 1e-17; k++)
    sum += term *= quarter / (k * (k + order));
  return sum;
}

/** What a normal number is below with the probability `p`; the lower tail by Acklam's fraction, to nine digits. */
export function ndtri(p: number): number {
  if (!(p > 0 && p < 0.02425)) return Math.SQRT2 * erfinv(2 * p - 1);
  const q = Math.sqrt(-2 * Math.log(p));
  const above = [
    -7.784894002430293e-3, -0.3223964580411365, -2.400758277161838, -2.549732539343734, 4.374664141464968,
    2.938163982698783,
  ];
  const below = [7.784695709041462e-3, 0.3224671290700398, 2.445134137142996, 3.754408661907416, 1];
  const at = (coefficients: readonly number[]) => coefficients.reduce((sum, one) => sum * q + one, 0);
  return at(above) / at(below);
}

/** Giles's approximation, then two steps of Newton. */
export function erfinv(y: number): number {
  if (Math.abs(y) >= 1) return y === 1 ? Infinity : y === -1 ? -Infinity : NaN;
  const w = Math.log(1 - y * y);
  const a = 0.147;
  const b = 2 / (Math.PI * a) + w / 2;
  let x = Math.sign(y) * Math.sqrt(Math.sqrt(b * b - w / a) - b);
  for (let i = 0; i < 4; i++) x -= (erf(x) - y) / ((2 / Math.sqrt(Math.PI)) * Math.exp(-x * x));
  return x;
}

export function erf(x: number): number {
  return Math.sign(x) * igamma(0.5, x * x);
}

/** Regularised lower incomplete gamma function: series, or a continued fraction for large x. */
export function igamma(a: number, x: number): number {
  if (x <= 0) return 0;
  if (x === Infinity) return 1;
  const front = Math.exp(a * Math.log(x) - x - lgamma(a));
  if (x < a + 1) {
    let term = 1 / a;
    let sum = term;
    for (let n = 1; n < 500 && Math.abs(term) > Math.abs(sum) * 1e-16; n++) sum += term *= x / (a + n);
    return front * sum;
  }
  let b = x + 1 - a;
  let c = 1e300;
  let d = 1 / b;
  let h = d;
  for (let i = 1; i < 500; i++) {
    const an = -i * (i - a);
    b += 2;
    d = 1 / (an * d + b);
    c = b + an / c;
    const step = d * c;
    h *= step;
    if (Math.abs(step - 1) < 1e-16) break;
  }
  return 1 - front * h;
}

/** Regularised incomplete beta function by its continued fraction. */
export function betainc(a: number, b: number, x: number): number {
  if (x <= 0 || x >= 1) return x <= 0 ? 0 : 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - betainc(b, a, 1 - x);
  const front = Math.exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * Math.log(x) + b * Math.log(1 - x)) / a;
  let c = 1;
  let d = 1 / (1 - ((a + b) * x) / (a + 1));
  let h = d;
  for (let m = 1; m < 500; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / (1 + even * d);
    c = 1 + even / c;
    h *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / (1 + odd * d);
    c = 1 + odd / c;
    h *= d * c;
    if (Math.abs(d * c - 1) < 1e-15) break;
  }
  return front * h;
}
