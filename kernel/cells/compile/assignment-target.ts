import ts = require("typescript");

/** Whether a value is assigned to this identifier. */
export function isTarget(node: ts.Node): boolean {
  const { parent } = node;
  if (ts.isBinaryExpression(parent)) return parent.left === node && isAssignment(parent.operatorToken.kind);
  if (ts.isPrefixUnaryExpression(parent) || ts.isPostfixUnaryExpression(parent))
    return (
      parent.operator === ts.SyntaxKind.PlusPlusToken || parent.operator === ts.SyntaxKind.MinusMinusToken
    );
  if (ts.isForInStatement(parent) || ts.isForOfStatement(parent)) return parent.initializer === node;
  if (ts.isParenthesizedExpression(parent)) return isTarget(parent);
  return isPatternElement(node) && isAssignmentPattern(patternOf(node));
}

function isAssignment(operator: ts.SyntaxKind): boolean {
  return operator >= ts.SyntaxKind.FirstAssignment && operator <= ts.SyntaxKind.LastAssignment;
}

/** `x`, `x = 1`, `...x`, `k: x`, `{x}` in something that may be an assignment pattern. */
function isPatternElement(node: ts.Node): boolean {
  const { parent } = node;
  return (
    ts.isArrayLiteralExpression(parent) ||
    (ts.isSpreadElement(parent) && ts.isArrayLiteralExpression(parent.parent)) ||
    ts.isSpreadAssignment(parent) ||
    (ts.isPropertyAssignment(parent) && parent.initializer === node) ||
    (ts.isShorthandPropertyAssignment(parent) && parent.name === node)
  );
}

function patternOf(node: ts.Node): ts.Node {
  let at = node.parent;
  while (!ts.isArrayLiteralExpression(at) && !ts.isObjectLiteralExpression(at)) at = at.parent;
  return at;
}

function isAssignmentPattern(literal: ts.Node): boolean {
  const { parent } = literal;
  if (ts.isBinaryExpression(parent) && parent.left === literal)
    return parent.operatorToken.kind === ts.SyntaxKind.EqualsToken;
  if ((ts.isForOfStatement(parent) || ts.isForInStatement(parent)) && parent.initializer === literal)
    return true;
  return isPatternElement(literal) && isAssignmentPattern(patternOf(literal));
}
