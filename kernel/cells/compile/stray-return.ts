import ts = require("typescript");

/** A `return` outside of functions: what is compiled stands in a function, where V8 would let it end that. */
export function strayReturn(file: ts.SourceFile): ts.Node | undefined {
  const find = (node: ts.Node): ts.Node | undefined => {
    if (ts.isReturnStatement(node)) return node;
    if (ts.isFunctionLike(node) || ts.isClassLike(node) || ts.isExpression(node)) return undefined;
    return ts.forEachChild(node, find);
  };
  return find(file);
}
