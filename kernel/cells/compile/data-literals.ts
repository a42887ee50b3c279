import ts = require("typescript");

/** Characters from which on a literal is looked at: below, the walks are as fast. */
const BIG = 1000;

const found = new WeakMap<ts.Node, boolean>();

/**
 * Calls `visit` with the children of a node as `ts.forEachChild` does, but not with those of large data: a cell may
 * hold megabytes of it, and every walk over the syntax tree would go through each number.
 */
export function forEachCodeChild<T>(node: ts.Node, visit: (child: ts.Node) => T | undefined): T | undefined {
  return isLargeData(node) ? undefined : ts.forEachChild(node, visit);
}

/** An array or object literal with nothing but literals in it, as in JSON. */
function isLargeData(node: ts.Node): boolean {
  if (!isLiteral(node) || node.end - node.pos < BIG) return false;
  const known = found.get(node);
  if (known !== undefined) return known;
  const isData = ts.forEachChild(node, holdsCode) !== true;
  found.set(node, isData);
  return isData;
}

function holdsCode(node: ts.Node): boolean {
  if (node.kind === ts.SyntaxKind.NumericLiteral || node.kind === ts.SyntaxKind.StringLiteral) return false;
  if (ts.isPropertyAssignment(node))
    return ts.isComputedPropertyName(node.name) || holdsCode(node.initializer);
  if (isLiteral(node))
    return node.end - node.pos < BIG ? ts.forEachChild(node, holdsCode) === true : !isLargeData(node);
  return !isConstant(node);
}

function isLiteral(node: ts.Node): boolean {
  return ts.isArrayLiteralExpression(node) || ts.isObjectLiteralExpression(node);
}

/** `true`, `false`, `null`, `-1` */
function isConstant(node: ts.Node): boolean {
  if (ts.isPrefixUnaryExpression(node)) return ts.isNumericLiteral(node.operand);
  const { kind } = node;
  return (
    kind === ts.SyntaxKind.TrueKeyword ||
    kind === ts.SyntaxKind.FalseKeyword ||
    kind === ts.SyntaxKind.NullKeyword
  );
}
