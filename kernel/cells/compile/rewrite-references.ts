import ts = require("typescript");
import { isTarget } from "./assignment-target.js";
import { nameFunction } from "./name-function.js";
import type { Reference } from "./resolve-names.js";
import { replaceNode, type Rewriting } from "./rewriting.js";

export function rewriteReference(reference: Reference, cell: Rewriting): void {
  const { node } = reference;
  const name = node.text;
  if (name.startsWith(cell.names.runtime)) return;
  if (cell.resolved.declared.has(name) && !cell.names.isOurs(name)) return;
  if (isTarget(node)) rewriteTarget(node, cell);
  else rewriteRead(reference, cell);
}

/** Of a namespace, which an earlier cell exports: `N.a` for `a`. */
export function rewriteMember(node: ts.Identifier, member: string, cell: Rewriting): void {
  replaceNode(node, inShorthand(node, member), cell);
}

function inShorthand(node: ts.Identifier, text: string): string {
  return ts.isShorthandPropertyAssignment(node.parent) ? `${node.text}: ${text}` : text;
}

function rewriteTarget(node: ts.Identifier, cell: Rewriting): void {
  const name = node.text;
  const target = cell.names.isWritable(name)
    ? cell.names.place(node, name)
    : `${cell.names.runtime}.ref(${cell.names.pair(name)}).value`;
  replaceNode(node, inShorthand(node, target), cell);
  const assignment = node.parent;
  if (ts.isBinaryExpression(assignment) && assignment.operatorToken.kind === ts.SyntaxKind.EqualsToken)
    nameFunction(name, assignment.right, cell);
}

function rewriteRead({ node, hoisted }: Reference, cell: Rewriting): void {
  const name = node.text;
  const property = cell.names.place(node, name);
  const fallback = cell.names.fallback(node, hoisted);
  const { parent } = node;
  if (fallback && ts.isTypeOfExpression(parent)) {
    const guard = `(${JSON.stringify(name)} in ${cell.names.box(name)}?typeof ${property}:typeof ${fallback})`;
    replaceNode(parent, guard, cell);
    return;
  }
  const isCallee =
    (ts.isCallExpression(parent) && parent.expression === node) ||
    (ts.isTaggedTemplateExpression(parent) && parent.tag === node);
  let text = property;
  if (fallback) text = `(${JSON.stringify(name)} in ${cell.names.box(name)}?${property}:${fallback})`;
  else if (isCallee && property.includes(".")) text = `(0,${property})`;
  if (isCallee && text !== property) cell.calleeEnds.add(node.end);
  replaceNode(node, inShorthand(node, text), cell);
}
