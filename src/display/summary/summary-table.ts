import type { ModelSummary } from "../../loading/report/report.js";
import { count, plural, printable } from "../../notation.js";

const MOST_ROWS = 400;

/** The rows that are shown where nothing scrolls: all, or the first and last of a very long model. */
export function shownRows<Row extends object>(rows: readonly Row[]): readonly (Row | Skipped)[] {
  if (rows.length <= MOST_ROWS) return rows;
  const head = rows.slice(0, MOST_ROWS - 50);
  const tail = rows.slice(-50);
  return [...head, { skipped: rows.length - head.length - tail.length }, ...tail];
}

export interface Skipped {
  readonly skipped: number;
}

/** `54,410 parameters: 54,378 trainable, 32 not` */
export function totals({ parameters: { total, trainable, nonTrainable } }: ModelSummary): string {
  const all = plural(total, "parameter");
  if (total === 0) return all;
  return `${all}: ${count(trainable)} trainable, ${count(nonTrainable)} not trainable`;
}

/** A warning that names the stubs; null when the model has none. */
export function stubs({ layers }: ModelSummary): string | null {
  const names = layers.filter(({ mark }) => mark?.kind === "stub").map(({ path }) => printable(path, 60));
  if (names.length === 0) return null;
  const list = names.slice(0, 5).join(", ") + (names.length > 5 ? ` and ${names.length - 5} more` : "");
  return `${list}: predictions run through ${plural(names.length, "stub")} and are not the saved model's.`;
}
