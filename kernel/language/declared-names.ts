import ts from "typescript";

/** How later cells get at a name that a cell declares. */
export type NameKind =
  /** By `import`, which keeps its type, value and documentation together. */
  | "import"
  /** By `declare let x: typeof ...`, so that it can be assigned. */
  | "variable";

/** The top-level names of a cell, as TypeScript declares them. */
export function declaredNames(file: ts.SourceFile): Map<string, NameKind> {
  const names = new Map<string, NameKind>();
  for (const statement of file.statements) {
    if (ts.isVariableStatement(statement)) {
      const constant = (statement.declarationList.flags & ts.NodeFlags.Const) !== 0;
      for (const { name } of statement.declarationList.declarations)
        for (const bound of boundNames(name)) names.set(bound, constant ? "import" : "variable");
    } else if (isNamedDeclaration(statement)) {
      if (statement.name && ts.isIdentifier(statement.name)) names.set(statement.name.text, "import");
    } else if (ts.isImportDeclaration(statement))
      for (const name of importedNames(statement)) names.set(name, "import");
    else for (const name of nestedVars(statement)) names.set(name, "variable");
  }
  return names;
}

function isNamedDeclaration(
  node: ts.Statement,
): node is
  | ts.FunctionDeclaration
  | ts.ClassDeclaration
  | ts.InterfaceDeclaration
  | ts.TypeAliasDeclaration
  | ts.EnumDeclaration
  | ts.ModuleDeclaration
  | ts.ImportEqualsDeclaration {
  return (
    ts.isFunctionDeclaration(node) ||
    ts.isClassDeclaration(node) ||
    ts.isInterfaceDeclaration(node) ||
    ts.isTypeAliasDeclaration(node) ||
    ts.isEnumDeclaration(node) ||
    ts.isModuleDeclaration(node) ||
    ts.isImportEqualsDeclaration(node)
  );
}

function boundNames(name: ts.BindingName): string[] {
  if (ts.isIdentifier(name)) return [name.text];
  return name.elements.flatMap((element) =>
    ts.isOmittedExpression(element) ? [] : boundNames(element.name),
  );
}

function importedNames({ importClause }: ts.ImportDeclaration): string[] {
  const names = importClause?.name ? [importClause.name.text] : [];
  const bindings = importClause?.namedBindings;
  if (bindings && ts.isNamespaceImport(bindings)) names.push(bindings.name.text);
  if (bindings && ts.isNamedImports(bindings)) names.push(...bindings.elements.map(({ name }) => name.text));
  return names;
}

/** `var` in blocks and loops. */
function nestedVars(statement: ts.Statement): string[] {
  const names: string[] = [];
  const walk = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) || ts.isClassLike(node)) return;
    if (ts.isVariableDeclarationList(node) && !(node.flags & ts.NodeFlags.BlockScoped))
      for (const { name } of node.declarations) names.push(...boundNames(name));
    ts.forEachChild(node, walk);
  };
  walk(statement);
  return names;
}
