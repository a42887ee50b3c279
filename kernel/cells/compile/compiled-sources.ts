import { decodeMappings, encodeMappings, originalPosition, type Mapping } from "./source-map.js";

/** Code that the engine compiled, so that stack frames in it can be told in the user's terms. */
export interface CompiledSource {
  /** File name that V8 knows it by. */
  readonly path: string;
  /** `Cell [3]`, or the path of a local module. */
  readonly title: string;
  /** The `n` of the cell's `In [n]`; null for a module in a file. */
  readonly executionCount: number | null;
  /** The user's text. */
  readonly code: string;
  readonly mappings: readonly Mapping[];
  /** Added to the line numbers of `code` (lines above it in the user's cell). */
  readonly lineOffset: number;
  /** Top-level names that it declares. */
  readonly declared?: readonly string[];
  /** Name of the user expression that it is, after the cell. */
  readonly expression?: string;
}

/** A place as the user counts: lines and columns from 1. */
export interface SourcePlace {
  readonly source: Omit<CompiledSource, "mappings">;
  readonly line: number;
  readonly column: number;
}

/** Small, because there is one for each cell that ever ran. */
interface StoredSource extends Omit<CompiledSource, "mappings" | "declared"> {
  /** As in a source map file. */
  readonly mappings: string;
}

/** Characters of text and maps that are kept. */
const LIMIT = 16 * 2 ** 20;
/** Sources that are kept in any case, besides local modules ... */
const LATEST = 1000;
/** ... and how many more there may be before the others are looked for. */
const SLACK = 100;

/**
 * Compiled sources of this process by path, the latest last: V8 hands out stack frames of any realm and engine, so
 * the register is one. A cell that runs again under the same path replaces its older text. Of older cells those stay
 * that declared a name of the notebook last; traces show the code of others as V8 knows it.
 */
const sources = new Map<string, StoredSource>();
/** Name -> path of the source that declared it last. */
const declarers = new Map<string, string>();
let stored = 0;
let sinceSweep = 0;

export function rememberSource({ declared = [], ...source }: CompiledSource): void {
  forget(source.path);
  const kept = { ...source, mappings: encodeMappings(source.mappings) };
  sources.set(source.path, kept);
  stored += size(kept);
  for (const name of declared) declarers.set(name, source.path);
  if (++sinceSweep >= SLACK) sweep();
  for (const path of sources.keys()) {
    if (stored <= LIMIT || path === source.path) break;
    forget(path);
  }
}

function sweep(): void {
  sinceSweep = 0;
  const needed = new Set(declarers.values());
  const older = [...sources.values()].slice(0, -LATEST);
  for (const { path, executionCount } of older)
    if (executionCount !== null && !needed.has(path)) forget(path);
}

function forget(path: string): void {
  const source = sources.get(path);
  if (!source) return;
  sources.delete(path);
  stored -= size(source);
}

function size({ code, mappings }: StoredSource): number {
  return code.length + mappings.length;
}

/** Where a generated place (from 1, as in stack traces) is in the user's text. */
export function sourcePlace(path: string, line: number, column: number): SourcePlace | undefined {
  const source = sources.get(path);
  if (!source) return undefined;
  const place = originalPosition(decodeMappings(source.mappings), line - 1, column - 1);
  return place && { source, line: place.sourceLine + 1 + source.lineOffset, column: place.sourceColumn + 1 };
}

/** `Cell [3]`, or the path of a local module; null for what is not compiled here. */
export function compiledTitle(path: string): string | null {
  return sources.get(path)?.title ?? null;
}

/** Whether a path is that of a cell, not of a local module. */
export function isOfCell(path: string): boolean {
  return typeof sources.get(path)?.executionCount === "number";
}

/** The text of a line as `SourcePlace` counts it. */
export function sourceLine(source: SourcePlace["source"], line: number): string | undefined {
  return source.code.split(/\r?\n/)[line - 1 - source.lineOffset];
}

export function compiledSource(path: string): CompiledSource | undefined {
  const source = sources.get(path);
  return source && { ...source, mappings: decodeMappings(source.mappings) };
}

export function compiledFiles(): readonly string[] {
  return [...sources.keys()];
}

/** Paths of the sources of a cell, the oldest first. */
export function filesOfCell(executionCount: number): readonly string[] {
  return [...sources.values()]
    .filter((source) => source.executionCount === executionCount && source.expression === undefined)
    .map(({ path }) => path);
}
