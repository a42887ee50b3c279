import ts = require("typescript");
import { forEachCodeChild } from "./data-literals.js";

/** What a file is made of, so that a walk for what does not occur in it can be left out. */
export interface Contents {
  readonly kinds: ReadonlySet<ts.SyntaxKind>;
  /** Its identifiers. */
  readonly names: ReadonlySet<string>;
}

export function contentsOf(file: ts.SourceFile): Contents {
  const kinds = new Set<ts.SyntaxKind>();
  const names = new Set<string>();
  const walk = (node: ts.Node): void => {
    kinds.add(node.kind);
    if (ts.isIdentifier(node)) names.add(node.text);
    forEachCodeChild(node, walk);
  };
  walk(file);
  return { kinds, names };
}
