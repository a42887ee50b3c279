import ts = require("typescript");

/** Name of the last class, function or variable that a piece of code declares at its top level; null for none. */
export function lastDeclaredName(code: string): string | null {
  const file = ts.createSourceFile("cell.ts", code, ts.ScriptTarget.Latest);
  const names = file.statements.flatMap((statement) => {
    if (ts.isClassDeclaration(statement) || ts.isFunctionDeclaration(statement)) {
      return statement.name ? [statement.name.text] : [];
    }
    if (!ts.isVariableStatement(statement)) return [];
    return statement.declarationList.declarations.flatMap(({ name }) =>
      ts.isIdentifier(name) ? [name.text] : [],
    );
  });
  return names.at(-1) ?? null;
}
