/** Linear algebra on small dense matrices, in double precision (Golub and Van Loan, Matrix Computations). */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  /** Row by row. */
  readonly values: Float64Array;
}

export function transposed({ rows, columns, values }: Matrix): Matrix {
  const out = new Float64Array(values.length);
  for (let r = 0; r < rows; r++)
    for (let c = 0; c < columns; c++) out[c * rows + r] = values[r * columns + c]!;
  return { rows: columns, columns: rows, values: out };
}

export function identity(n: number): Matrix {
  const values = new Float64Array(n * n);
  for (let i = 0; i < n; i++) values[i * n + i] = 1;
  return { rows: n, columns: n, values };
}

export function inverse(a: Matrix): Matrix {
  return solve(a, identity(a.rows));
}

/**
 * Solves `a x = b` by elimination with partial pivoting.
 * @throws Error when the matrix has no inverse, as TensorFlow does.
 */
export function solve(a: Matrix, b: Matrix): Matrix {
  const { left, right, pivots } = eliminate(a, b);
  if (pivots === 0) throw new Error("the matrix has no inverse");
  const n = a.rows;
  const m = b.columns;
  for (let c = 0; c < m; c++) {
    for (let r = n - 1; r >= 0; r--) {
      let sum = right[r * m + c]!;
      for (let k = r + 1; k < n; k++) sum -= left[r * n + k]! * right[k * m + c]!;
      right[r * m + c] = sum / left[r * n + r]!;
    }
  }
  return { rows: n, columns: m, values: right };
}

export function determinant(a: Matrix): number {
  const { left, pivots } = eliminate(a, { rows: a.rows, columns: 0, values: new Float64Array(0) });
  let product = pivots;
  for (let i = 0; i < a.rows; i++) product *= left[i * a.rows + i]!;
  return product;
}

/** Sign and natural logarithm of the size of a determinant, which itself may be beyond all numbers; 0 and -Infinity for 0. */
export function logDeterminant(a: Matrix): { sign: number; logarithm: number } {
  const { left, pivots } = eliminate(a, { rows: a.rows, columns: 0, values: new Float64Array(0) });
  let [sign, logarithm] = [pivots, pivots === 0 ? -Infinity : 0];
  for (let i = 0; i < a.rows && sign !== 0; i++) {
    const pivot = left[i * a.rows + i]!;
    sign *= Math.sign(pivot);
    logarithm += Math.log(Math.abs(pivot));
  }
  return { sign, logarithm };
}

/** Upper triangle of `a` with the same done to `b`; `pivots` is the sign of the row swaps, 0 for a singular matrix. */
function eliminate(a: Matrix, b: Matrix): { left: Float64Array; right: Float64Array; pivots: number } {
  const n = a.rows;
  const m = b.columns;
  const left = a.values.slice();
  const right = b.values.slice();
  let pivots = 1;
  for (let k = 0; k < n; k++) {
    let best = k;
    for (let r = k + 1; r < n; r++) if (Math.abs(left[r * n + k]!) > Math.abs(left[best * n + k]!)) best = r;
    if (left[best * n + k] === 0) return { left, right, pivots: 0 };
    if (best !== k) {
      swapRows(left, n, k, best);
      swapRows(right, m, k, best);
      pivots = -pivots;
    }
    for (let r = k + 1; r < n; r++) {
      const factor = left[r * n + k]! / left[k * n + k]!;
      for (let c = k; c < n; c++) left[r * n + c]! -= factor * left[k * n + c]!;
      for (let c = 0; c < m; c++) right[r * m + c]! -= factor * right[k * m + c]!;
    }
  }
  return { left, right, pivots };
}

function swapRows(values: Float64Array, columns: number, a: number, b: number): void {
  for (let c = 0; c < columns; c++) {
    const kept = values[a * columns + c]!;
    values[a * columns + c] = values[b * columns + c]!;
    values[b * columns + c] = kept;
  }
}

export function solveTriangular(a: Matrix, b: Matrix, lower: boolean, adjoint: boolean): Matrix {
  const matrix = adjoint ? transposed(a) : a;
  const downward = lower !== adjoint;
  const n = a.rows;
  const m = b.columns;
  const x = b.values.slice();
  for (let c = 0; c < m; c++) {
    for (let step = 0; step < n; step++) {
      const r = downward ? step : n - 1 - step;
      let sum = x[r * m + c]!;
      for (let k = 0; k < n; k++) {
        if (downward ? k < r : k > r) sum -= matrix.values[r * n + k]! * x[k * m + c]!;
      }
      x[r * m + c] = sum / matrix.values[r * n + r]!;
    }
  }
  return { rows: n, columns: m, values: x };
}

/** @throws Error when the matrix is not positive definite. */
export function cholesky(a: Matrix): Matrix {
  const n = a.rows;
  const out = new Float64Array(n * n);
  for (let r = 0; r < n; r++) {
    for (let c = 0; c <= r; c++) {
      let sum = a.values[r * n + c]!;
      for (let k = 0; k < c; k++) sum -= out[r * n + k]! * out[c * n + k]!;
      if (r === c && !(sum > 0)) throw new Error("the matrix is not positive definite");
      out[r * n + c] = r === c ? Math.sqrt(sum) : sum / out[c * n + c]!;
    }
  }
  return { rows: n, columns: n, values: out };
}

/** Eigenvalues in ascending order, and vectors in columns, by Jacobi rotations. Only the lower triangle is read. */
export function eigenSymmetric(a: Matrix): { values: Float64Array; vectors: Matrix } {
  const n = a.rows;
  const m = new Float64Array(n * n);
  for (let r = 0; r < n; r++) for (let c = 0; c <= r; c++) m[r * n + c] = m[c * n + r] = a.values[r * n + c]!;
  const v = identity(n).values;
  for (let sweep = 0; sweep < 100; sweep++) {
    let off = 0;
    for (let p = 0; p < n; p++) for (let q = p + 1; q < n; q++) off += m[p * n + q]! ** 2;
    if (off < 1e-30) break;
    for (let p = 0; p < n; p++) for (let q = p + 1; q < n; q++) rotate(m, v, n, p, q);
  }
  const order = Array.from({ length: n }, (_, i) => i).sort((x, y) => m[x * n + x]! - m[y * n + y]!);
  const vectors = new Float64Array(n * n);
  order.forEach((from, to) => {
    for (let r = 0; r < n; r++) vectors[r * n + to] = v[r * n + from]!;
  });
  return {
    values: Float64Array.from(order, (i) => m[i * n + i]!),
    vectors: { rows: n, columns: n, values: vectors },
  };
}

function rotate(m: Float64Array, v: Float64Array, n: number, p: number, q: number): void {
  const apq = m[p * n + q]!;
  if (apq === 0) return;
  const theta = (m[q * n + q]! - m[p * n + p]!) / (2 * apq);
  const t = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const c = 1 / Math.sqrt(t * t + 1);
  const s = t * c;
  for (let k = 0; k < n; k++) {
    const [kp, kq] = [m[k * n + p]!, m[k * n + q]!];
    m[k * n + p] = c * kp - s * kq;
    m[k * n + q] = s * kp + c * kq;
  }
  for (let k = 0; k < n; k++) {
    const [pk, qk] = [m[p * n + k]!, m[q * n + k]!];
    m[p * n + k] = c * pk - s * qk;
    m[q * n + k] = s * pk + c * qk;
    const [vp, vq] = [v[k * n + p]!, v[k * n + q]!];
    v[k * n + p] = c * vp - s * vq;
    v[k * n + q] = s * vp + c * vq;
  }
}

/** Singular values in descending order with both sets of vectors, by one-sided Jacobi. */
export function singularValues(a: Matrix, full: boolean): { s: Float64Array; u: Matrix; v: Matrix } {
  if (a.rows < a.columns) {
    const { s, u, v } = singularValues(transposed(a), full);
    return { s, u: v, v: u };
  }
  const { rows: m, columns: n } = a;
  const w = a.values.slice();
  const v = identity(n).values;
  for (let sweep = 0; sweep < 60; sweep++) {
    let rotated = false;
    for (let p = 0; p < n; p++)
      for (let q = p + 1; q < n; q++) rotated = orthogonalise(w, v, m, n, p, q) || rotated;
    if (!rotated) break;
  }
  const norms = Float64Array.from({ length: n }, (_, c) => Math.sqrt(dotColumns(w, m, n, c, c)));
  const order = Array.from({ length: n }, (_, i) => i).sort((x, y) => norms[y]! - norms[x]!);
  const u = new Float64Array(m * n);
  const vectors = new Float64Array(n * n);
  order.forEach((from, to) => {
    for (let r = 0; r < m; r++) u[r * n + to] = norms[from] === 0 ? 0 : w[r * n + from]! / norms[from]!;
    for (let r = 0; r < n; r++) vectors[r * n + to] = v[r * n + from]!;
  });
  const thin = { rows: m, columns: n, values: u };
  return {
    s: Float64Array.from(order, (i) => norms[i]!),
    u: full ? qr(thin, true).q : thin,
    v: { rows: n, columns: n, values: vectors },
  };
}

function dotColumns(w: Float64Array, m: number, n: number, p: number, q: number): number {
  let sum = 0;
  for (let r = 0; r < m; r++) sum += w[r * n + p]! * w[r * n + q]!;
  return sum;
}

function orthogonalise(
  w: Float64Array,
  v: Float64Array,
  m: number,
  n: number,
  p: number,
  q: number,
): boolean {
  const alpha = dotColumns(w, m, n, p, p);
  const beta = dotColumns(w, m, n, q, q);
  const gamma = dotColumns(w, m, n, p, q);
  if (Math.abs(gamma) <= 1e-15 * Math.sqrt(alpha * beta) || gamma === 0) return false;
  const zeta = (beta - alpha) / (2 * gamma);
  const t = (zeta >= 0 ? 1 : -1) / (Math.abs(zeta) + Math.sqrt(1 + zeta * zeta));
  const c = 1 / Math.sqrt(1 + t * t);
  const s = c * t;
  for (const [matrix, rows] of [
    [w, m],
    [v, n],
  ] as const) {
    for (let r = 0; r < rows; r++) {
      const [x, y] = [matrix[r * n + p]!, matrix[r * n + q]!];
      matrix[r * n + p] = c * x - s * y;
      matrix[r * n + q] = s * x + c * y;
    }
  }
  return true;
}

/** Householder QR; `full` gives a square q. */
export function qr(a: Matrix, full: boolean): { q: Matrix; r: Matrix } {
  const { rows: m, columns: n } = a;
  const r = a.values.slice();
  const q = identity(m).values;
  for (let k = 0; k < Math.min(m - 1, n); k++) {
    const x = Float64Array.from({ length: m - k }, (_, i) => r[(k + i) * n + k]!);
    const norm = Math.hypot(...x);
    if (norm === 0) continue;
    x[0]! += x[0]! >= 0 ? norm : -norm;
    const length = x.reduce((sum, value) => sum + value * value, 0);
    reflect(r, x, k, n, length, false);
    reflect(q, x, k, m, length, true);
  }
  const width = full ? m : Math.min(m, n);
  return {
    q: { rows: m, columns: width, values: crop(q, m, m, width) },
    r: { rows: width, columns: n, values: r.slice(0, width * n) },
  };
}

/** Applies a reflection to rows from `k` on, or to columns. */
function reflect(
  a: Float64Array,
  x: Float64Array,
  k: number,
  width: number,
  length: number,
  columns: boolean,
): void {
  const at = (i: number, j: number): number => (columns ? j * width + k + i : (k + i) * width + j);
  for (let j = 0; j < width; j++) {
    let sum = 0;
    for (let i = 0; i < x.length; i++) sum += x[i]! * a[at(i, j)]!;
    const scale = (2 * sum) / length;
    for (let i = 0; i < x.length; i++) a[at(i, j)]! -= scale * x[i]!;
  }
}

function crop(values: Float64Array, rows: number, columns: number, width: number): Float64Array {
  const out = new Float64Array(rows * width);
  for (let r = 0; r < rows; r++)
    for (let c = 0; c < width; c++) out[r * width + c] = values[r * columns + c]!;
  return out;
}

/**
 * Both triangles in one matrix, the lower one without its diagonal of ones, and the order of the rows that partial
 * pivoting took.
 * @throws Error when the matrix has no inverse, as TensorFlow does.
 */
export function lu(a: Matrix): { factors: Matrix; order: number[] } {
  const n = a.rows;
  const values = a.values.slice();
  const order = Array.from({ length: n }, (_, i) => i);
  for (let k = 0; k < n; k++) {
    let best = k;
    for (let r = k + 1; r < n; r++)
      if (Math.abs(values[r * n + k]!) > Math.abs(values[best * n + k]!)) best = r;
    if (values[best * n + k] === 0) throw new Error("the matrix has no inverse");
    swapRows(values, n, k, best);
    [order[k], order[best]] = [order[best]!, order[k]!];
    for (let r = k + 1; r < n; r++) {
      const factor = (values[r * n + k]! /= values[k * n + k]!);
      for (let c = k + 1; c < n; c++) values[r * n + c]! -= factor * values[k * n + c]!;
    }
  }
  return { factors: { rows: n, columns: n, values }, order };
}

/** a b, of shape [a.rows, b.columns]; a has as many columns as b has rows. */
export function multiplied(a: Matrix, b: Matrix): Matrix {
  const values = new Float64Array(a.rows * b.columns);
  for (let i = 0; i < a.rows; i++)
    for (let k = 0; k < a.columns; k++)
      for (let j = 0; j < b.columns; j++)
        values[i * b.columns + j]! += a.values[i * a.columns + k]! * b.values[k * b.columns + j]!;
  return { rows: a.rows, columns: b.columns, values };
}
