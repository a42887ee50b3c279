import ts = require("typescript");
import { parse, parseErrors } from "./emit-javascript.js";

/**
 * A cell that is one `{...}` and reads as an object literal is one, as in browser consoles and Node's REPL.
 * Decided by parsing, so that nothing ever runs twice.
 * @returns the literal with what stands before it, without a semicolon behind it; null for any other cell.
 */
export function objectLiteral(code: string): { readonly before: string; readonly literal: string } | null {
  const trimmed = code.trim();
  if (!trimmed.startsWith("{") || !/\}\s*;?$/.test(trimmed)) return null;
  const literal = trimmed.replace(/\s*;$/, "");
  if (parseErrors(parse(`(${literal})`, ts.ScriptKind.TS)).length > 0) return null;
  return { before: code.slice(0, code.indexOf("{")), literal };
}
