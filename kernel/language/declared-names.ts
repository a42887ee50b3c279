import ts = require("typescript");

/** A top-level name of a cell. */
export interface DeclaredName {
  /**
   * How later cells get at it: by `import`, which keeps its type, value and documentation together, or by
   * `declare let x: typeof ...`, so that it can be assigned.
   */
  readonly access: "import" | "variable";
  /** As JupyterLab's completer names it. */
  readonly kind: string;
}

const VARIABLE: DeclaredName = { access: "variable", kind: "variable" };
const CONSTANT: DeclaredName = { access: "import", kind: "constant" };
const IMPORTED: DeclaredName = { access: "import", kind: "reference" };

/** The top-level names of a cell, as TypeScript declares them. */
export function declaredNames(file: ts.SourceFile): Map<string, DeclaredName> {
  const names = new Map<string, DeclaredName>();
  for (const statement of file.statements) {
    if (ts.isVariableStatement(statement)) {
      const constant = (statement.declarationList.flags & ts.NodeFlags.Const) !== 0;
      for (const { name } of statement.declarationList.declarations)
        for (const bound of boundNames(name)) names.set(bound, constant ? CONSTANT : VARIABLE);
    } else if (isNamedDeclaration(statement)) {
      if (statement.name && ts.isIdentifier(statement.name))
        names.set(statement.name.text, { access: "import", kind: kindOf(statement) });
    } else if (ts.isImportDeclaration(statement))
      for (const name of importedNames(statement)) names.set(name, IMPORTED);
    else for (const name of nestedVars(statement)) names.set(name, VARIABLE);
  }
  return names;
}

/** Names that a cell exports itself, as a module would. */
export function exportedNames(file: ts.SourceFile): Set<string> {
  return new Set(
    file.statements.flatMap((statement) => {
      if (ts.isExportDeclaration(statement)) {
        const { exportClause } = statement;
        return exportClause && ts.isNamedExports(exportClause)
          ? exportClause.elements.map(({ name }) => name.text)
          : [];
      }
      const modifiers = ts.canHaveModifiers(statement) ? (ts.getModifiers(statement) ?? []) : [];
      const has = (kind: ts.SyntaxKind) => modifiers.some((modifier) => modifier.kind === kind);
      if (!has(ts.SyntaxKind.ExportKeyword) || has(ts.SyntaxKind.DefaultKeyword)) return [];
      if (ts.isVariableStatement(statement))
        return statement.declarationList.declarations.flatMap(({ name }) => boundNames(name));
      return isNamedDeclaration(statement) && statement.name ? [statement.name.text] : [];
    }),
  );
}

function kindOf(statement: ts.Statement): string {
  if (ts.isFunctionDeclaration(statement)) return "function";
  if (ts.isClassDeclaration(statement)) return "class";
  if (ts.isEnumDeclaration(statement)) return "enum";
  if (ts.isModuleDeclaration(statement)) return "module";
  return ts.isImportEqualsDeclaration(statement) ? "reference" : "interface";
}

/** Every identifier in a text. */
export function writtenNames(file: ts.SourceFile): Set<string> {
  const names = new Set<string>();
  const walk = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) names.add(node.text);
    ts.forEachChild(node, walk);
  };
  walk(file);
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
