import ts = require("typescript");
import { parse } from "./emit-javascript.js";

/**
 * Whether an error thrown at a place of a JavaScript text is caught in the function around it: by `try` with
 * `catch`, or by `.catch(...)` on the promise that the place makes.
 * @param line from 0
 * @param column from 0
 */
export function isGuarded(text: string, line: number, column: number): boolean {
  const file = parse(text, ts.ScriptKind.JS);
  const starts = file.getLineStarts();
  const offset = (starts[Math.min(line, starts.length - 1)] ?? 0) + column;
  for (let node = innermost(file, offset); !ts.isSourceFile(node); node = node.parent) {
    const { parent } = node;
    if (ts.isTryStatement(parent) && node === parent.tryBlock && keeps(parent.catchClause)) return true;
    if (isCatchCall(parent) && node === parent.expression) return true;
    if (ts.isFunctionLike(node)) return false;
  }
  return false;
}

/** A `catch` that ends by throwing only tidies up. */
function keeps(clause: ts.CatchClause | undefined): boolean {
  const last = clause?.block.statements.at(-1);
  return clause !== undefined && !(last && ts.isThrowStatement(last));
}

function innermost(file: ts.SourceFile, offset: number): ts.Node {
  const find = (node: ts.Node): ts.Node =>
    ts.forEachChild(node, (child) => (child.pos <= offset && offset < child.end ? find(child) : undefined)) ??
    node;
  return find(file);
}

function isCatchCall(node: ts.Node): node is ts.CallExpression {
  return (
    ts.isCallExpression(node) &&
    ts.isPropertyAccessExpression(node.expression) &&
    node.expression.name.text === "catch"
  );
}
