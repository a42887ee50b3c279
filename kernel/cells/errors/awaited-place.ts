import type { SourcePlace } from "../compile/compiled-sources.js";

/** Where a cell waited when an error came: what a callback of Node or of native code makes has no frame of a cell. */
const places = new WeakMap<object, SourcePlace>();

/** @param place in the text of `source`, from 0. */
export function rememberAwait(
  error: unknown,
  source: SourcePlace["source"],
  { line, column }: { readonly line: number; readonly column: number },
): void {
  if (typeof error === "object" && error !== null)
    places.set(error, { source, line: line + 1 + source.lineOffset, column: column + 1 });
}

/** Undefined for an error that no cell waited for. */
export function awaitedPlace(error: object): SourcePlace | undefined {
  return places.get(error);
}
