import ts from "typescript";
import { parse } from "./emit-javascript.js";

/** A magic as written in a cell. */
export interface MagicCommand {
  /** `line`: `%name ...` or `!command`; `cell`: `%%name ...` with the cell's body. */
  readonly kind: "line" | "cell";
  /** Without percent signs; `!` for a shell command. */
  readonly name: string;
  /** What follows the name on its line, trimmed. `%name?` is asked as `-h`. */
  readonly rest: string;
  /** The text below a `%%name` line; null for a line magic. */
  readonly body: string | null;
  /** 1-based line in the cell. */
  readonly line: number;
}

const CELL_MAGIC = /^%%([A-Za-z_]\w*)(\??)[ \t]*(.*)$/;
const LINE_MAGIC = /^%([A-Za-z_]\w*)(\??)(?:[ \t]+(.*))?$/;
const SHELL = /^!(?![=(]|function\b|async\b|new\b)(.+)$/;

/** The cell magic that the whole cell is, or null. It stands on the first line that is not blank. */
export function cellMagic(code: string): MagicCommand | null {
  const lines = code.split(/\r?\n/);
  const at = lines.findIndex((line) => line.trim() !== "");
  const match = CELL_MAGIC.exec(lines[at] ?? "");
  if (!match) return null;
  const [, name, help, rest] = match;
  return {
    kind: "cell",
    name: name!,
    rest: help ? "-h" : rest!.trim(),
    body: lines.slice(at + 1).join("\n"),
    line: at + 1,
  };
}

export interface CodeWithMagics {
  /** TypeScript with the same lines, where each magic has become a call. */
  readonly code: string;
  readonly magics: readonly MagicCommand[];
}

/**
 * Replaces each line magic by `call(its index)`. A line counts where a statement can begin: in a string, a
 * template, a comment or in the middle of an expression, `%` and `!` are what they are in TypeScript.
 */
export function replaceLineMagics(
  code: string,
  prefix: string,
  call: (index: number) => string,
): CodeWithMagics {
  const lines = code.split("\n");
  const candidates = new Map<number, MagicCommand>();
  for (const [index, line] of lines.entries()) {
    const magic = lineMagic(line.replace(/\r$/, ""), index + 1);
    if (magic) candidates.set(index, magic);
  }
  if (candidates.size === 0) return { code, magics: [] };

  const placeholder = (index: number) => `${prefix}line${index}`;
  const probe = lines
    .map((line, index) => (candidates.has(index) ? `${placeholder(index)};` : line))
    .join("\n");
  const statements = statementNames(parse(probe, ts.ScriptKind.TS));

  const magics: MagicCommand[] = [];
  const replaced = lines.map((line, index) => {
    const magic = candidates.get(index);
    if (!magic || !statements.has(placeholder(index))) return line;
    magics.push(magic);
    return `${call(magics.length - 1)};`;
  });
  return { code: replaced.join("\n"), magics };
}

function lineMagic(line: string, number: number): MagicCommand | null {
  const magic = LINE_MAGIC.exec(line);
  if (magic) {
    const [, name, help, rest] = magic;
    return { kind: "line", name: name!, rest: help ? "-h" : (rest ?? "").trim(), body: null, line: number };
  }
  const shell = SHELL.exec(line);
  return shell ? { kind: "line", name: "!", rest: shell[1]!.trim(), body: null, line: number } : null;
}

/** Identifiers that are a whole statement. */
function statementNames(file: ts.SourceFile): Set<string> {
  const names = new Set<string>();
  const walk = (node: ts.Node): void => {
    if (ts.isExpressionStatement(node) && ts.isIdentifier(node.expression)) names.add(node.expression.text);
    else ts.forEachChild(node, walk);
  };
  walk(file);
  return names;
}
