import { inspect } from "node:util";
import { foldedText } from "../../../src/display/folded-text.js";
import { recordTable } from "../../../src/display/record-table.js";
import type { Bundle } from "../../runner/messages.js";
import { ownBundle, type OwnBundle } from "./own-bundle.js";

const TEXT_OPTIONS = {
  depth: 4,
  maxArrayLength: 100,
  maxStringLength: 10_000,
  breakLength: 100,
  sorted: false,
  getters: false,
} as const;

const ONE_LINE = { ...TEXT_OPTIONS, depth: 1, maxArrayLength: 10, breakLength: Infinity, compact: true };

const EMPTY: Bundle = { data: {}, metadata: {} };

/** Longest text/plain of one value, in characters. */
const MAX_TEXT = 100_000;

/**
 * A value as front ends show it. Objects that know how to show themselves are asked (own-bundle.ts); arrays of records
 * are tables; the text of `util.inspect` is always there, folded in HTML where it is long.
 * A representation that throws is replaced by the text.
 * Only an object that takes its time to show itself makes this a promise.
 */
export function formatValue(value: unknown): Bundle | Promise<Bundle> {
  if (value === undefined) return EMPTY;
  const text = formatText(value);
  const bundle = (own: OwnBundle): Bundle => {
    if (own !== null && Object.keys(own).length === 0) return EMPTY;
    return { data: { "text/plain": text, ...(own ?? plainBundle(value, text)) }, metadata: {} };
  };
  const failed = (error: unknown) => {
    const note = `(its own display failed: ${error instanceof Error ? error.message : String(error)})`;
    return bundle({ "text/plain": `${text}\n${note}` });
  };
  if ((typeof value !== "object" && typeof value !== "function") || value === null) return bundle(null);
  try {
    const own = ownBundle(value);
    return own instanceof Promise ? own.then(bundle).catch(failed) : bundle(own);
  } catch (error) {
    return failed(error);
  }
}

/** Beside its text, of a value that shows itself by nothing else. */
function plainBundle(value: unknown, text: string): Record<string, string> {
  const html =
    (Array.isArray(value) ? recordTable(value, (cell) => inspectText(cell, ONE_LINE)) : null) ??
    foldedText(text);
  return html === null ? {} : { "text/html": html };
}

/** `util.inspect` with caps; a string result is shown quoted, as in a console. */
export function formatText(value: unknown): string {
  const text = inspectText(value, TEXT_OPTIONS);
  return text.length > MAX_TEXT
    ? `${text.slice(0, MAX_TEXT)}... ${text.length - MAX_TEXT} more characters`
    : text;
}

function inspectText(value: unknown, options: object): string {
  try {
    return inspect(value, options);
  } catch (error) {
    return `[cannot be shown: ${error instanceof Error ? error.message : String(error)}]`;
  }
}
