import ts = require("typescript");
import { parse, parseErrors } from "./emit-javascript.js";
import { splitCell } from "../../magics/split-cell.js";

/** Content of `is_complete_reply`. */
export type Completeness =
  | { readonly status: "complete" }
  | { readonly status: "incomplete"; readonly indent: string }
  | { readonly status: "invalid" };

/** Only the end of the text can end these. */
const OPEN_AT_END = new Set([
  1160, // Unterminated template literal.
  1010, // '*/' expected.
]);

/** These end with their line. */
const ENDS_WITH_LINE = new Set([
  1002, // Unterminated string literal.
  1161, // Unterminated regular expression literal.
]);

/** A JSX element or fragment that nothing closes; open where the parser also misses something at the very end. */
const UNCLOSED_JSX = new Set([17008, 17014]);

const INDENT = "  ";

/**
 * Says whether a console should run the text or offer another line.
 * Incomplete is what more text could mend: the first error stands at the very end, or something opened is never
 * closed. Needs no engine: it only parses.
 */
export function isComplete(code: string): Completeness {
  const parts = splitCell(code);
  // A cell magic's body is not TypeScript; as in IPython, an empty line ends it.
  if (parts.some(({ kind }) => kind === "cell"))
    return /\n[ \t]*\n?$/.test(code) ? { status: "complete" } : { status: "incomplete", indent: "" };
  const typeScript = parts.map((part) => (part.kind === "code" ? part.code : ";")).join("\n");
  const file = parse(typeScript, ts.ScriptKind.TSX);
  const errors = [...parseErrors(file)].sort((a, b) => a.start - b.start);
  const [first] = errors;
  if (!first)
    return isOpenDeclaration(file) ? { status: "incomplete", indent: INDENT } : { status: "complete" };
  const end = typeScript.trimEnd().length;
  if (ENDS_WITH_LINE.has(first.code)) return { status: "invalid" };
  const atEnd = UNCLOSED_JSX.has(first.code) ? errors.at(-1)!.start : first.start;
  const begins =
    first.start + first.length >= end && /^(?:im|ex)port$/.test(typeScript.slice(first.start, end));
  const open = errors.some(({ code }) => OPEN_AT_END.has(code)) || atEnd >= end || begins;
  return open ? { status: "incomplete", indent: nextIndent(typeScript) } : { status: "invalid" };
}

/** `const`, `const x`: the parser takes it, and no cell can run it. */
function isOpenDeclaration(file: ts.SourceFile): boolean {
  const last = file.statements.at(-1);
  if (!last || !ts.isVariableStatement(last) || last.end < file.text.trimEnd().length) return false;
  const { declarations, flags } = last.declarationList;
  const latest = declarations.at(-1);
  if (!latest) return true;
  const isConst = (flags & ts.NodeFlags.BlockScoped) === ts.NodeFlags.Const;
  const isAmbient = last.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.DeclareKeyword);
  return isConst && !isAmbient && !latest.initializer && !file.text.trimEnd().endsWith(";");
}

/** The last line's indent, one step deeper after an opening bracket. */
function nextIndent(code: string): string {
  const last = code.trimEnd().split("\n").at(-1) ?? "";
  const indent = /^\s*/.exec(last)![0];
  return /[{([]$/.test(last.replace(/\/\/.*$/, "").trimEnd()) ? indent + INDENT : indent;
}
