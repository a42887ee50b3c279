import ts = require("typescript");
import { forEachCodeChild } from "./data-literals.js";
import type { TextEdits } from "./text-edits.js";

interface Place {
  readonly file: ts.SourceFile;
  readonly edits: TextEdits;
  /** The runtime object's name. */
  readonly runtime: string;
  /** Line and column in the user's text, from 0. */
  sourceOf(node: ts.Node): readonly [number, number] | null;
}

/** `throw $_.thrown(("x"),2,0)`: a value that is no error knows nothing of where it was thrown. */
export function placeThrows(node: ts.Node, place: Place): void {
  const { file, edits, runtime } = place;
  const at = ts.isThrowStatement(node) && !ts.isNewExpression(node.expression) ? place.sourceOf(node) : null;
  if (at) {
    const { expression } = node as ts.ThrowStatement;
    edits.insertFirst(expression.getStart(file), `${runtime}.thrown((`);
    edits.insert(expression.end, `),${at.join(",")})`);
  }
  forEachCodeChild(node, (child) => placeThrows(child, place));
}
