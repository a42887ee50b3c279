import { solve } from "../numerics/dense-matrix.js";

/**
 * The eight numbers of the projection that takes four end points back to their starts (backend/tensorflow/image.py
 * `compute_homography_matrix`).
 */
export function homography(
  starts: readonly (readonly number[])[],
  ends: readonly (readonly number[])[],
): number[] {
  const rows = starts.flatMap(([sx, sy], i) => {
    const [x, y] = ends[i] as [number, number];
    return [
      [x, y, 1, 0, 0, 0, -sx! * x, -sx! * y],
      [0, 0, 0, x, y, 1, -sy! * x, -sy! * y],
    ];
  });
  const left = { rows: 8, columns: 8, values: Float64Array.from(rows.flat()) };
  const right = { rows: 8, columns: 1, values: Float64Array.from(starts.flat()) };
  return Array.from(solve(left, right).values);
}
