import ts = require("typescript");
import type { Rewriting } from "./rewriting.js";

/** A function without a name takes that of the variable; a property's name does the same here. */
export function nameFunction(name: string, value: ts.Expression, cell: Rewriting): void {
  let inner = value;
  while (ts.isParenthesizedExpression(inner)) inner = inner.expression;
  const anonymous =
    ts.isArrowFunction(inner) ||
    ((ts.isFunctionExpression(inner) || ts.isClassExpression(inner)) && !inner.name);
  if (!anonymous || !cell.names.isOurs(name)) return;
  const key = JSON.stringify(name);
  cell.edits.insert(value.getStart(cell.file), `({[${key}]:`);
  cell.edits.insert(value.end, `})[${key}]`);
}
