import ts = require("typescript");
import { parse, parseErrors } from "../compile/emit-javascript.js";
import { pythonAdvice } from "./python-advice.js";
import { helpAdvice } from "./unknown-name-advice.js";

/**
 * What to write in place of a text that does not parse, where that is plain; else empty.
 * @param line of the place at which the parser stopped, from 0.
 * @param column of it, from 0.
 */
export function syntaxAdvice(code: string, line: number, column: number): string {
  const lines = code.split(/\r?\n/);
  const text = lines[line] ?? "";
  return (
    helpAdvice(text) || quotesAdvice(text, column) || elementAdvice(lines, line) || pythonAdvice(text, column)
  );
}

/** An element that begins a line is taken for "less than" behind a line without a semicolon. */
function elementAdvice(lines: readonly string[], last: number): string {
  for (let at = last; at > 0; at--) {
    if (!/^\s*<[\p{ID_Start}$_>]/u.test(lines[at]!)) continue;
    const ended = lines.with(at - 1, `${lines[at - 1]!};`).join("\n");
    if (parseErrors(parse(ended, ts.ScriptKind.TSX)).length > 0) continue;
    return `The line above ${lines[at]!.trim().slice(0, 40)} needs a semicolon at its end: without one it goes on with "less than".`;
  }
  return "";
}

/** Text processors and web pages turn quotation marks into those of books. */
function quotesAdvice(text: string, column: number): string {
  const [found] =
    /^[\u2018\u2019\u201a\u201c-\u201e\u00ab\u00bb\u2032\u2033]/u.exec(text.slice(column)) ?? [];
  return found === undefined ? "" : `${found} is a quotation mark of prose. Code has " or '.`;
}
