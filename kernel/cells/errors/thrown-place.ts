import type { SourcePlace } from "../compile/compiled-sources.js";

/** The latest value without a stack that a cell threw: `throw "x"`. */
let latest: { readonly value: unknown; readonly place: SourcePlace } | null = null;

/** @param place in the text of `source`, from 0. */
export function rememberThrown(
  value: unknown,
  source: SourcePlace["source"],
  { line, column }: { readonly line: number; readonly column: number },
): void {
  latest = { value, place: { source, line: line + 1 + source.lineOffset, column: column + 1 } };
}

/** Called when a cell begins: what it ends with may be of the same value, and from elsewhere. */
export function forgetThrown(): void {
  latest = null;
}

/** Undefined for a value that no cell threw. */
export function thrownPlace(value: unknown): SourcePlace | undefined {
  return latest && Object.is(latest.value, value) ? latest.place : undefined;
}
