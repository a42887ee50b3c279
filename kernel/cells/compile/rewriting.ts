import ts = require("typescript");
import type { BoxedNames } from "./boxed-names.js";
import type { EmittedJavaScript } from "./emit-javascript.js";
import type { ResolvedNames } from "./resolve-names.js";
import type { TextEdits } from "./text-edits.js";

/** A cell while it is rewritten: what its steps read, and where they write. */
export interface Rewriting {
  readonly file: ts.SourceFile;
  readonly emitted: EmittedJavaScript;
  readonly resolved: ResolvedNames;
  readonly names: BoxedNames;
  readonly edits: TextEdits;
  /** Statements that run before the cell's text. */
  readonly prologue: string[];
  /** Those of the prologue that import, and the statement each comes from. */
  readonly imports: { readonly code: string; readonly statement: ts.Statement }[];
  /** Where called names end in the emitted text. */
  readonly calleeEnds: Set<number>;
}

export function replaceNode(node: ts.Node, text: string, cell: Rewriting): void {
  cell.edits.replace(node.getStart(cell.file), node.end, text);
}
