import ts = require("typescript");

/** A piece of a cell, in the order in which it runs. `line` counts from 0 in the user's cell. */
export type CellPart =
  | { readonly kind: "code"; readonly code: string; readonly line: number }
  | { readonly kind: "line"; readonly name: string; readonly text: string; readonly line: number }
  | {
      readonly kind: "cell";
      readonly name: string;
      readonly text: string;
      readonly body: string;
      readonly line: number;
    };

const CELL_MAGIC = /^\s*%%([A-Za-z_]\w*)[ \t]*(.*)$/;
const LINE_MAGIC = /^%([A-Za-z_]\w*)[ \t]*(.*)$/;
/** `!command` is `%bash command`; `!` before a bracket or a keyword is TypeScript's negation. */
const SHELL = /^!(?![=(![]|(?:function|async|await|new|this|typeof)\b)(.+)$/;
/** `%name?` and `?%name` ask for help, as in IPython. */
const HELP = /^(?:%{1,2}([A-Za-z_]\w*)\?|\?%{1,2}([A-Za-z_]\w*))\s*$/;

/**
 * Takes a cell apart into code and magics.
 * A cell whose first line that is not blank starts with `%%name` is one cell magic. Elsewhere a line that starts
 * in its first column with `%name` is a line magic, unless it lies inside a template string, a comment or an open
 * bracket. (The remainder operator is safe as long as it is not the first character of a line before a letter.)
 */
export function splitCell(code: string): CellPart[] {
  const lines = code.split("\n");
  const first = lines.findIndex((line) => line.trim() !== "");
  const help = first >= 0 && HELP.exec(lines[first]!.trim());
  if (help && lines.slice(first + 1).every((line) => line.trim() === "")) {
    return [{ kind: "line", name: (help[1] ?? help[2])!, text: "-h", line: first }];
  }
  const cellMagic = first >= 0 && CELL_MAGIC.exec(lines[first]!);
  if (cellMagic) {
    const [, name, text] = cellMagic;
    const body = lines.slice(first + 1).join("\n");
    return [{ kind: "cell", name: name!, text: text!.trim(), body, line: first }];
  }
  if (!lines.some((line) => /^[%!]/.test(line))) return [{ kind: "code", code, line: 0 }];
  return splitLines(lines);
}

function splitLines(lines: readonly string[]): CellPart[] {
  const parts: CellPart[] = [];
  let pending: string[] = [];
  let start = 0;
  const flush = () => {
    if (pending.some((line) => line.trim() !== "")) {
      parts.push({ kind: "code", code: pending.join("\n"), line: start });
    }
    pending = [];
  };
  for (const [index, line] of lines.entries()) {
    const magic = lineMagic(line);
    if (magic && !insideToken(pending)) {
      flush();
      parts.push({ kind: "line", ...magic, line: index });
      start = index + 1;
    } else {
      pending.push(line);
    }
  }
  flush();
  return parts;
}

function lineMagic(line: string): { name: string; text: string } | null {
  const shell = SHELL.exec(line);
  if (shell) return { name: "bash", text: shell[1]!.trim() };
  const magic = LINE_MAGIC.exec(line);
  return magic ? { name: magic[1]!, text: magic[2]!.trim() } : null;
}

/** True when the text so far ends inside a template string, a block comment or an unclosed bracket. */
function insideToken(lines: readonly string[]): boolean {
  if (lines.length === 0) return false;
  const scanner = ts.createScanner(
    ts.ScriptTarget.Latest,
    true,
    ts.LanguageVariant.Standard,
    lines.join("\n"),
  );
  // One entry for each open bracket; "`" stands for the `${` of a template.
  const open: string[] = [];
  for (let token = scanner.scan(); token !== ts.SyntaxKind.EndOfFileToken; token = scanner.scan()) {
    if (token === ts.SyntaxKind.CloseBraceToken && open.at(-1) === "`") {
      token = scanner.reScanTemplateToken(false);
      if (token === ts.SyntaxKind.TemplateTail) open.pop();
    } else if (token === ts.SyntaxKind.TemplateHead) open.push("`");
    else if (OPENERS.has(token)) open.push("(");
    else if (CLOSERS.has(token)) open.pop();
    if (scanner.isUnterminated()) return true;
  }
  return open.length > 0 || endsInComment(lines);
}

const OPENERS = new Set([
  ts.SyntaxKind.OpenBraceToken,
  ts.SyntaxKind.OpenBracketToken,
  ts.SyntaxKind.OpenParenToken,
]);
const CLOSERS = new Set([
  ts.SyntaxKind.CloseBraceToken,
  ts.SyntaxKind.CloseBracketToken,
  ts.SyntaxKind.CloseParenToken,
]);

/** The scanner skips comments, an unclosed one too; scanning once more without skipping tells it. */
function endsInComment(lines: readonly string[]): boolean {
  const scanner = ts.createScanner(
    ts.ScriptTarget.Latest,
    false,
    ts.LanguageVariant.Standard,
    lines.join("\n"),
  );
  let last = scanner.scan();
  let unterminated = false;
  while (last !== ts.SyntaxKind.EndOfFileToken) {
    unterminated = last === ts.SyntaxKind.MultiLineCommentTrivia && scanner.isUnterminated();
    last = scanner.scan();
  }
  return unterminated;
}
