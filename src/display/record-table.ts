import { count } from "../notation.js";
import { html, type Html } from "./html.js";
import { STYLE } from "./style.js";

type Row = Readonly<Record<string, unknown>>;

const MOST_ROWS = 50;
const MOST_COLUMNS = 20;
const LONGEST_TEXT = 120;
/** Rows that are looked at to decide whether this is a table. */
const SAMPLE = 100;

/**
 * HTML of an array of records as a table, capped at 50 rows and 20 columns; null for what is no table: fewer than two
 * rows, anything but plain objects, or objects that have little in common.
 * @param textOf a value that is neither number, string nor empty, on one line.
 */
export function recordTable(rows: readonly unknown[], textOf: (value: unknown) => string): string | null {
  const sample = Array.from(rows.slice(0, SAMPLE)); // holes are no records
  if (rows.length < 2 || !sample.every(isRecord)) return null;
  const keys = [...new Set(sample.flatMap((row) => Object.keys(row)))];
  const cells = sample.reduce((sum, row) => sum + Object.keys(row).length, 0);
  if (keys.length === 0 || cells < (keys.length * sample.length) / 2) return null;
  if (rows.slice(0, MOST_ROWS).some((row) => hasGetter(row as Row))) return null;
  return tableHtml(rows as readonly Row[], keys, textOf).text;
}

function isRecord(value: unknown): value is Row {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const prototype = Object.getPrototypeOf(value) as unknown;
  return prototype === null || Object.getPrototypeOf(prototype as object) === null;
}

/** Showing a value runs none of the user's code. */
function hasGetter(row: Row): boolean {
  return Object.values(Object.getOwnPropertyDescriptors(row)).some(({ get }) => get !== undefined);
}

function tableHtml(rows: readonly Row[], keys: readonly string[], textOf: (value: unknown) => string): Html {
  const columns = keys.slice(0, MOST_COLUMNS);
  const shown = rows.slice(0, MOST_ROWS);
  const numeric = new Set(columns.filter((key) => shown.every((row) => isNumberOrNothing(row[key]))));
  const head = columns.map(
    (key) => html`<th style="${numeric.has(key) ? STYLE.headNumber : STYLE.headCell}">${key}</th>`,
  );
  const body = shown.map((row, index) => {
    const cells = columns.map(
      (key) =>
        html`<td style="${numeric.has(key) ? STYLE.number : STYLE.cell}">${cellText(row[key], textOf)}</td>`,
    );
    return html`<tr>
      <td style="${STYLE.number};${STYLE.muted}">${index}</td>
      ${cells}
    </tr>`;
  });
  return html`<div style="${STYLE.scroll}">
    <table style="${STYLE.table};width:auto">
      <thead>
        <tr>
          <th style="${STYLE.headNumber}"></th>
          ${head}
        </tr>
      </thead>
      <tbody>
        ${body}
      </tbody>
    </table>
    ${leftOut(rows.length, keys.length).map((line) => html`<div style="${STYLE.subtitle}">${line}</div>`)}
  </div>`;
}

function isNumberOrNothing(value: unknown): boolean {
  return value == null || typeof value === "number" || typeof value === "bigint";
}

function cellText(value: unknown, textOf: (value: unknown) => string): string {
  if (value === undefined) return "";
  const text = typeof value === "string" ? value : textOf(value);
  return text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}…` : text;
}

function leftOut(rows: number, columns: number): string[] {
  const parts: string[] = [];
  if (rows > MOST_ROWS) parts.push(`the first ${MOST_ROWS} of ${count(rows)} rows`);
  if (columns > MOST_COLUMNS) parts.push(`${MOST_COLUMNS} of ${count(columns)} columns`);
  return parts.length > 0 ? [`Shown: ${parts.join(", ")}.`] : [];
}
