import { identity, inverse, multiplied, solve, type Matrix } from "./dense-matrix.js";

/**
 * The principal root by the Denman-Beavers iteration (Higham, Functions of Matrices, 6.3).
 * @throws Error when there is none, or a matrix on the way has no inverse.
 */
export function squareRoot(a: Matrix): Matrix {
  let [root, inverted] = [a, identity(a.rows)];
  for (let step = 0; step < 100; step++) {
    const next = halfSum(root, inverse(inverted));
    inverted = halfSum(inverted, inverse(root));
    const moved = next.values.reduce((most, x, i) => Math.max(most, Math.abs(x - root.values[i]!)), 0);
    root = next;
    if (moved <= 1e-13 * Math.max(...root.values.map(Math.abs))) return root;
  }
  throw new Error("the matrix has no square root that is real");
}

function halfSum(a: Matrix, b: Matrix): Matrix {
  return { ...a, values: a.values.map((x, i) => (x + b.values[i]!) / 2) };
}

/** `e^a` by scaling and squaring (Higham, Functions of Matrices, 10.3), with the series in place of a quotient. */
export function exponential(a: Matrix): Matrix {
  const sums = Array.from({ length: a.rows }, (_, i) =>
    a.values.subarray(i * a.columns, (i + 1) * a.columns).reduce((sum, x) => sum + Math.abs(x), 0),
  );
  const norm = Math.max(0, ...sums);
  if (!Number.isFinite(norm)) return { ...a, values: a.values.map(() => NaN) };
  const halvings = norm > 0.5 ? Math.ceil(Math.log2(norm)) + 1 : 0;
  const scaled = { ...a, values: a.values.map((x) => x / 2 ** halvings) };
  let term = identity(a.rows);
  let sum = term;
  for (let k = 1; k <= 16; k++) {
    const next = multiplied(term, scaled);
    term = { ...next, values: next.values.map((x) => x / k) };
    sum = { ...sum, values: sum.values.map((x, i) => x + term.values[i]!) };
  }
  for (let i = 0; i < halvings; i++) sum = multiplied(sum, sum);
  return sum;
}

/**
 * The principal logarithm by roots until what is left is near 1, then the series of the inverse hyperbolic tangent
 * (Higham, Functions of Matrices, 11.5).
 * @throws Error when the matrix has none: an eigenvalue is 0 or below.
 */
export function logarithm(a: Matrix): Matrix {
  let [root, doublings] = [a, 0];
  const one = identity(a.rows);
  const less = (x: Matrix): Matrix => ({ ...x, values: x.values.map((value, i) => value - one.values[i]!) });
  const more = (x: Matrix): Matrix => ({ ...x, values: x.values.map((value, i) => value + one.values[i]!) });
  while (Math.max(0, ...less(root).values.map(Math.abs)) * a.rows > 0.25) {
    if (++doublings > 60) throw new Error("the matrix has no principal logarithm");
    root = squareRoot(root);
  }
  const quotient = solve(more(root), less(root));
  const squared = multiplied(quotient, quotient);
  let power = quotient;
  const sum = power.values.slice();
  for (let k = 3; k <= 21; k += 2) {
    power = multiplied(power, squared);
    power.values.forEach((value, i) => (sum[i]! += value / k));
  }
  return { ...a, values: sum.map((value) => value * 2 ** (doublings + 1)) };
}
