import type { EditedText } from "./text-edits.js";

/** Generated position -> original position, all counted from 0 (Source Map revision 3, one source). */
export interface Mapping {
  readonly line: number;
  readonly column: number;
  readonly sourceLine: number;
  readonly sourceColumn: number;
}

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const VALUE = new Map([...DIGITS].map((digit, value) => [digit, value]));

/** Reads the `mappings` of a map with one source; names are not used. */
export function decodeMappings(mappings: string): Mapping[] {
  const result: Mapping[] = [];
  let sourceLine = 0;
  let sourceColumn = 0;
  for (const [line, text] of mappings.split(";").entries()) {
    let column = 0;
    for (const segment of text.split(",")) {
      const fields = decodeSegment(segment);
      if (fields.length === 0) continue;
      column += fields[0]!;
      if (fields.length < 4) continue;
      sourceLine += fields[2]!;
      sourceColumn += fields[3]!;
      result.push({ line, column, sourceLine, sourceColumn });
    }
  }
  return result;
}

function decodeSegment(segment: string): number[] {
  const fields: number[] = [];
  let value = 0;
  let shift = 0;
  for (const digit of segment) {
    const bits = VALUE.get(digit) ?? 0;
    value |= (bits & 31) << shift;
    shift += 5;
    if (bits & 32) continue;
    fields.push(value & 1 ? -(value >> 1) : value >> 1);
    value = shift = 0;
  }
  return fields;
}

/** The `mappings` text for a map with one source. */
export function encodeMappings(mappings: readonly Mapping[]): string {
  const parts: string[] = []; // joined at the end: a text that grows by pieces keeps all of them in memory
  let line = 0;
  let column = 0;
  let sourceLine = 0;
  let sourceColumn = 0;
  let first = true;
  for (const mapping of mappings) {
    while (line < mapping.line) {
      parts.push(";");
      line++;
      column = 0;
      first = true;
    }
    if (!first) parts.push(",");
    parts.push(digits(mapping.column - column), digits(0));
    parts.push(digits(mapping.sourceLine - sourceLine), digits(mapping.sourceColumn - sourceColumn));
    ({ column, sourceLine, sourceColumn } = mapping);
    first = false;
  }
  return parts.join("");
}

function digits(value: number): string {
  let rest = value < 0 ? (-value << 1) | 1 : value << 1;
  let text = "";
  do {
    const bits = rest & 31;
    rest >>>= 5;
    text += DIGITS[rest > 0 ? bits | 32 : bits];
  } while (rest > 0);
  return text;
}

/** Follows a map through edits of the generated text. */
export function moveMappings(
  mappings: readonly Mapping[],
  before: string,
  after: EditedText,
): readonly Mapping[] {
  const oldLines = lineStarts(before);
  const newLines = lineStarts(after.text);
  const moved = mappings
    .filter((mapping) => mapping.line < oldLines.length)
    .map((mapping) => {
      const offset = after.moved(oldLines[mapping.line]! + mapping.column);
      const line = lineOf(newLines, offset);
      return { ...mapping, line, column: offset - newLines[line]! };
    });
  return moved.sort((a, b) => a.line - b.line || a.column - b.column);
}

/** The original place of a generated one: the nearest mapping at or before it on its line. */
export function originalPosition(
  mappings: readonly Mapping[],
  line: number,
  column: number,
): Mapping | undefined {
  let low = 0;
  let high = mappings.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const mapping = mappings[middle]!;
    if (mapping.line < line || (mapping.line === line && mapping.column <= column)) low = middle + 1;
    else high = middle;
  }
  return [mappings[low - 1], mappings[low]].find((mapping) => mapping?.line === line);
}

export function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}

export function lineOf(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (starts[middle]! <= offset) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
