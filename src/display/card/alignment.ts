import type { AlignmentRow } from "../../loading/problem.js";

export { compared } from "../../loading/report/alignment-rows.js";

/** What the column between model and file says. */
export function differenceText(difference: AlignmentRow["difference"]): string {
  const texts = {
    same: "=",
    name: "other name",
    layout: "other layout",
    shape: "other shape",
    model: "only here",
    file: "only there",
  } as const;
  return texts[difference];
}

/**
 * The rows around those that differ, `most` at most; null stands for rows left out, which are the same on both sides.
 */
export function aroundDifferences(rows: readonly AlignmentRow[], most: number): (AlignmentRow | null)[] {
  if (rows.length <= most) return [...rows];
  const near = (i: number) =>
    rows.slice(Math.max(0, i - 1), i + 2).some(({ difference }) => difference !== "same");
  const shown: (AlignmentRow | null)[] = [];
  for (const [i, row] of rows.entries()) {
    if (shown.length >= most) break;
    if (near(i) || i === 0 || i === rows.length - 1) shown.push(row);
    else if (shown.at(-1) !== null) shown.push(null);
  }
  if (shown.at(-1) !== null && shown.length >= most) shown.push(null);
  return shown;
}
