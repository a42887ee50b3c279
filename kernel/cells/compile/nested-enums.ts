import ts = require("typescript");

/** Text of an emitted cell that keeps the members an enum had before: `N.E || ` in `(E = N.E || (N.E = {}))`. */
export interface KeptMembers {
  readonly start: number;
  readonly end: number;
}

/**
 * Where the enums of namespaces go on with what an earlier cell declared under their name: an enum that a cell declares
 * is that cell's alone. One that several blocks of a cell declare goes on with the first.
 */
export function keptEnumMembers(file: ts.SourceFile): KeptMembers[] {
  const found: KeptMembers[] = [];
  const declared = new Set<string>();
  const visit = (node: ts.Node, path: readonly string[]): void => {
    const block = declaredBlock(node);
    if (!block) {
      ts.forEachChild(node, (child) => visit(child, path));
      return;
    }
    const { name, body, before } = block;
    const inner = [...path, name];
    if (before && isEnum(body, name) && !declared.has(inner.join("."))) {
      declared.add(inner.join("."));
      found.push({ start: before.left.getStart(file), end: before.right.getStart(file) });
    }
    visit(body, inner);
  };
  visit(file, []);
  return found;
}

/** `(function (E) { ... })(E || (E = {}))`, or with `E = N.E || (N.E = {})` inside of a namespace. */
function declaredBlock(node: ts.Node) {
  if (!ts.isCallExpression(node) || node.arguments.length !== 1) return null;
  const callee = ts.isParenthesizedExpression(node.expression) ? node.expression.expression : null;
  if (!callee || !ts.isFunctionExpression(callee)) return null;
  const [parameter] = callee.parameters;
  if (!parameter || !ts.isIdentifier(parameter.name)) return null;
  const [given] = node.arguments;
  const isNested = ts.isBinaryExpression(given!) && given.operatorToken.kind === ts.SyntaxKind.EqualsToken;
  const before = isNested && ts.isBinaryExpression(given.right) ? given.right : null;
  const isKept = before?.operatorToken.kind === ts.SyntaxKind.BarBarToken;
  return { name: parameter.name.text, body: callee.body, before: isKept ? before : null };
}

/** An enum's block does nothing but `E[...] = ...`. */
function isEnum({ statements }: ts.Block, name: string): boolean {
  return statements.every(
    (statement) =>
      ts.isExpressionStatement(statement) &&
      ts.isBinaryExpression(statement.expression) &&
      ts.isElementAccessExpression(statement.expression.left) &&
      ts.isIdentifier(statement.expression.left.expression) &&
      statement.expression.left.expression.text === name,
  );
}
