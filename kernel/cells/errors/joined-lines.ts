import ts = require("typescript");
import type { SourcePlace } from "../compile/compiled-sources.js";
import { parse } from "../compile/emit-javascript.js";

const JOINING = /^\s*[[(`]/m;

/**
 * Says where a line goes on with the one above, which has no semicolon: `const a = b` and `[c, d] = [d, c]` below it
 * are one statement. Empty where no such line is around the place of an error.
 */
export function joinedLinesAdvice(
  { code, lineOffset }: SourcePlace["source"],
  { line, column }: Pick<SourcePlace, "line" | "column">,
): string {
  if (!JOINING.test(code)) return "";
  const file = parse(code, ts.ScriptKind.TSX);
  const starts = file.getLineStarts();
  const start = starts[line - 1 - lineOffset];
  if (start === undefined) return "";
  const place = start + column - 1;
  const joined = joinedLine(file, statementAt(file, place), place);
  if (joined === undefined) return "";
  return `Line ${joined + 1 + lineOffset} goes on with the line above, which has no semicolon at its end.`;
}

/** The innermost statement around a place. */
function statementAt(node: ts.Node, place: number): ts.Node {
  const inner = ts.forEachChild(node, (child) =>
    child.pos <= place && place < child.end ? child : undefined,
  );
  if (!inner) return node;
  const found = statementAt(inner, place);
  return ts.isStatement(found) || !ts.isStatement(node) ? found : node;
}

/** The first line in a statement that begins with what belongs to the line above, if it begins before a place. */
function joinedLine(file: ts.SourceFile, statement: ts.Node, place: number): number | undefined {
  const at = joinedAt(statement, file);
  if (at !== undefined) {
    const { line } = file.getLineAndCharacterOfPosition(at);
    const start = file.getLineStarts()[line]!;
    if (start <= place && file.text.slice(start, at).trim() === "") return line;
  }
  return ts.forEachChild(statement, (child) => joinedLine(file, child, place));
}

/** Where the bracket is, or the template, that makes more of the expression before it. */
function joinedAt(node: ts.Node, file: ts.SourceFile): number | undefined {
  if (ts.isTaggedTemplateExpression(node)) return node.template.getStart(file);
  if (!ts.isElementAccessExpression(node) && !ts.isCallExpression(node)) return undefined;
  return node.questionDotToken
    ? undefined
    : file.text.slice(node.expression.end).search(/[[(]/) + node.expression.end;
}
