/** Plain text for terminals: wrapped to `width` columns and aligned. */

export const TEXT_WIDTH = 80;

/** Words put into lines of at most `width`; words beyond it stand alone. Existing line breaks stay. */
export function wrap(text: string, width = TEXT_WIDTH): string[] {
  return text.split("\n").flatMap((paragraph) => {
    const lines: string[] = [];
    let line = "";
    for (const word of paragraph.split(" ")) {
      if (line !== "" && line.length + 1 + word.length > width) {
        lines.push(line);
        line = word;
      } else {
        line = line === "" ? word : `${line} ${word}`;
      }
    }
    return [...lines, line];
  });
}

/** `label` in a column of its own, so many characters wide, and the text wrapped beside it. */
export function besideLabel(label: string, text: string, column: number, width = TEXT_WIDTH): string[] {
  return wrap(text, width - column).map((line, i) => (i === 0 ? label : "").padEnd(column) + line);
}

/** The same for the few words that a card's lines begin with. */
export function labelled(label: string, text: string, indent = 4, width = TEXT_WIDTH): string[] {
  return besideLabel(label, text, 10, width - indent).map((line) => " ".repeat(indent) + line);
}

/** Rows in aligned columns, two blanks between them; `right` lists the columns that hold numbers. */
export function columns(rows: readonly (readonly string[])[], right: readonly number[] = []): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, cell.length);
  }
  return rows.map((row) =>
    row
      .map((cell, i) => (right.includes(i) ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)))
      .join("  ")
      .trimEnd(),
  );
}

/**
 * Rows whose cells are cut (with an ellipsis) until all columns fit into `width`.
 * @param least how narrow each column may become, in the order in which they give way: column, characters
 */
export function fitted(
  rows: readonly (readonly string[])[],
  width: number,
  least: readonly (readonly [number, number])[],
): string[][] {
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, i) => (widths[i] = Math.max(widths[i] ?? 0, cell.length)));
  let excess = widths.reduce((sum, size) => sum + size, 2 * (widths.length - 1)) - width;
  for (const [column, characters] of least) {
    const gives = Math.max(0, Math.min(excess, (widths[column] ?? 0) - characters));
    widths[column] = (widths[column] ?? 0) - gives;
    excess -= gives;
  }
  const cut = (cell: string, size: number) =>
    cell.length <= size ? cell : `${cell.slice(0, Math.max(0, size - 1))}…`;
  return rows.map((row) => row.map((cell, i) => cut(cell, widths[i]!)));
}
