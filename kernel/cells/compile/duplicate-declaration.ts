import ts = require("typescript");
import { importedNames, isLexical, patternNames, type DeclarationKind } from "./resolve-names.js";

/** A top-level name that is declared twice in one cell. */
export class DuplicateDeclaration extends Error {
  constructor(
    readonly declaredName: string,
    /** Offset in the emitted JavaScript. */
    readonly offset: number,
  ) {
    super(`Identifier '${declaredName}' has already been declared`);
  }
}

export function checkDuplicates(file: ts.SourceFile): void {
  const seen = new Map<string, DeclarationKind>();
  const check = (name: string, kind: DeclarationKind, node: ts.Node) => {
    const before = seen.get(name);
    const both = (kind === "function" || kind === "var") && (before === "function" || before === "var");
    if (before && !both) throw new DuplicateDeclaration(name, node.getStart(file));
    seen.set(name, kind);
  };
  for (const statement of file.statements) {
    if (ts.isVariableStatement(statement)) {
      const list = statement.declarationList;
      for (const { name } of list.declarations)
        for (const bound of patternNames(name)) check(bound, isLexical(list) ? "let" : "var", name);
    } else if (ts.isClassDeclaration(statement) && statement.name)
      check(statement.name.text, "class", statement.name);
    else if (ts.isFunctionDeclaration(statement) && statement.name)
      check(statement.name.text, "function", statement.name);
    else if (ts.isImportDeclaration(statement))
      for (const { local } of importedNames(statement)) check(local, "import", statement);
  }
}
