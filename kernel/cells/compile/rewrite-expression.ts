import ts = require("typescript");
import { emitJavaScript, parse } from "./emit-javascript.js";
import { resolveNames } from "./resolve-names.js";
import { TextEdits } from "./text-edits.js";

/** V8 has no way from an expression of the debugger's to Node's loader. */
const NO_IMPORT =
  "import() is not to be had while the program is stopped: import the module in the cell, or in an earlier one, and " +
  "use its name here.";

const NO_AWAIT =
  "await is not to be had while the program is stopped: nothing that is waited for goes on. A promise shows what it has.";

/**
 * A piece of TypeScript as it can be evaluated in paused code: the notebook's names become properties of an object,
 * all others stay.
 * @param isNotebookName whether a free name of the text is the notebook's, where it stands.
 * @param scope expression whose properties are the notebook's variables.
 * @throws SyntaxError when the text does not parse.
 */
export function rewriteExpression(
  text: string,
  isNotebookName: (name: string) => boolean,
  scope: string,
): string {
  const source = /^\s*\{/.test(text) ? `(${text})` : text;
  const emitted = emitJavaScript(source, "expression.ts");
  const [error] = emitted.diagnostics;
  if (error) throw new SyntaxError(ts.flattenDiagnosticMessageText(error.messageText, "\n"));
  const file = parse(emitted.text.replace(/^export \{\};\s*$/m, ""), ts.ScriptKind.JS);
  const edits = new TextEdits();
  const { references, dynamicImports } = resolveNames(file);
  if (dynamicImports.length > 0) throw new SyntaxError(NO_IMPORT);
  if (hasAwait(file)) throw new SyntaxError(NO_AWAIT);
  for (const { node } of references) {
    if (!isNotebookName(node.text)) continue;
    const short = ts.isShorthandPropertyAssignment(node.parent) ? `${node.text}: ` : "";
    edits.replace(node.getStart(file), node.end, `${short}${scope}.${node.text}`);
  }
  return edits.apply(file.text).text;
}

/** Outside of functions. */
function hasAwait(node: ts.Node): boolean {
  if (ts.isAwaitExpression(node)) return true;
  return !ts.isFunctionLike(node) && (ts.forEachChild(node, hasAwait) ?? false);
}
