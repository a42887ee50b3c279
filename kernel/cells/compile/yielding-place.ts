import ts = require("typescript");
import { parse } from "./emit-javascript.js";

/**
 * Whether the statement at a place may hand a value out of a plain generator, which then stands still until somebody
 * asks for the next one.
 * @param line from 0
 * @param column from 0
 * @param calls whether one that calls a function first counts.
 */
export function mayYield(text: string, line: number, column: number, calls: boolean): boolean {
  const file = parse(text, ts.ScriptKind.TSX);
  if (line >= file.getLineStarts().length) return false;
  const position = file.getLineStarts()[line]! + column;
  const statement = innermostStatement(file, position, file);
  return statement !== null && yields(statement, calls);
}

function innermostStatement(node: ts.Node, position: number, file: ts.SourceFile): ts.Node | null {
  let found: ts.Node | null = null;
  ts.forEachChild(node, (child) => {
    if (child.getStart(file) > position || child.end <= position) return;
    found = innermostStatement(child, position, file) ?? (ts.isStatement(child) ? child : null);
  });
  return found;
}

function yields(statement: ts.Node, calls: boolean): boolean {
  let generator: ts.Node = statement;
  while (generator.parent && !ts.isFunctionLike(generator)) generator = generator.parent;
  const { asteriskToken, modifiers } = generator as ts.FunctionDeclaration;
  if (!asteriskToken || modifiers?.some(({ kind }) => kind === ts.SyntaxKind.AsyncKeyword)) return false;
  let hasYield = false;
  let hasCall = false;
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) || ts.isStatement(node)) return;
    if (ts.isYieldExpression(node)) hasYield = true;
    if (ts.isCallExpression(node) || ts.isNewExpression(node) || ts.isTaggedTemplateExpression(node))
      hasCall = true;
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(statement, visit);
  return hasYield && (calls || !hasCall);
}
