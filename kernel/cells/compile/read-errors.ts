import ts = require("typescript");
import { isTarget } from "./assignment-target.js";
import { forEachCodeChild } from "./data-literals.js";
import type { TextEdits } from "./text-edits.js";

/** Where the calls of the runtime are added. */
interface Place {
  readonly file: ts.SourceFile;
  readonly edits: TextEdits;
  /** The runtime object's name. */
  readonly runtime: string;
}

/** `catch (e) { $_.caught(e); ... }`, and so in what is given to a promise's `catch` and `then`. */
export function readErrors(node: ts.Node, place: Place): void {
  const { file, edits, runtime } = place;
  const [name, body] = handlerOf(node);
  if (name && body) {
    const call = `${runtime}.caught(${name})`;
    if (ts.isBlock(body)) edits.insertFirst(body.getStart(file) + 1, `${call};`);
    else {
      edits.insertFirst(body.getStart(file), `(${call},`);
      edits.insert(body.end, ")");
    }
  }
  forEachCodeChild(node, (child) => readErrors(child, place));
}

/** `catch (e) { console.log($_.caught(e).message) }` */
export function readErrorsInPlace(node: ts.Node, place: Place, names: readonly string[] = []): void {
  const { file, edits, runtime } = place;
  const [name, body] = handlerOf(node);
  const inside = name && body ? [...names, name] : names;
  if (ts.isIdentifier(node) && names.includes(node.text) && isRead(node))
    edits.replace(node.getStart(file), node.end, `${runtime}.caught(${node.text})`);
  forEachCodeChild(node, (child) => readErrorsInPlace(child, place, child === body ? inside : names));
}

/** What takes an error: its name there, and the code that has it. */
function handlerOf(node: ts.Node): readonly [name: string | undefined, body: ts.ConciseBody | undefined] {
  const name = caughtName(node);
  if (ts.isCatchClause(node)) return [name, node.block];
  const body = ts.isArrowFunction(node) || ts.isFunctionExpression(node) ? node.body : undefined;
  return [name, body];
}

/** Where a value is used in a way in which a call may stand for its name. */
function isRead(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent) || ts.isElementAccessExpression(parent))
    return parent.expression === node;
  if (ts.isCallExpression(parent) || ts.isNewExpression(parent)) return parent.expression !== node;
  if (ts.isVariableDeclaration(parent) || ts.isPropertyAssignment(parent))
    return parent.initializer === node && !isTarget(node);
  return ts.isTemplateSpan(parent) || ts.isReturnStatement(parent) || ts.isConditionalExpression(parent);
}

/** The name that a `catch` gives its error, or a function that stands where a promise takes one for its error. */
function caughtName(node: ts.Node): string | undefined {
  const isHandler = ts.isArrowFunction(node) || ts.isFunctionExpression(node);
  if (!isHandler && !ts.isCatchClause(node)) return undefined;
  const name = isHandler ? handledName(node) : node.variableDeclaration?.name;
  return name && ts.isIdentifier(name) ? name.text : undefined;
}

function handledName(node: ts.ArrowFunction | ts.FunctionExpression): ts.BindingName | undefined {
  const { parent: call } = node;
  if (!ts.isCallExpression(call) || !ts.isPropertyAccessExpression(call.expression)) return undefined;
  const taking = { catch: 0, then: 1 }[call.expression.name.text];
  return taking !== undefined && call.arguments[taking] === node ? node.parameters[0]?.name : undefined;
}
