import ts = require("typescript");
import { forEachCodeChild } from "./data-literals.js";

/** What the identifiers of a JavaScript file refer to. */
export interface ResolvedNames {
  /** Declared at the top level: the name and how. */
  readonly declared: ReadonlyMap<string, DeclarationKind>;
  /** Identifiers that stand for a top-level or an undeclared name, in text order. */
  readonly references: readonly Reference[];
  /** `import(...)` calls: the keyword. */
  readonly dynamicImports: readonly ts.Node[];
  /** `import.meta` */
  readonly importMetas: readonly ts.Node[];
  /** Lists of `var` that belong to the top level, however deep in blocks. */
  readonly topLevelVars: readonly ts.VariableDeclarationList[];
}

export type DeclarationKind = "var" | "let" | "const" | "function" | "class" | "import";

export interface Reference {
  readonly node: ts.Identifier;
  /** Inside a function that is hoisted, so that it can run before the text above it has. */
  readonly hoisted: boolean;
  /** Inside any function. */
  readonly nested: boolean;
}

interface LocalScope {
  readonly names: Set<string>;
  readonly parent: LocalScope | null;
}

/** Names that the language fixes. */
const FIXED = new Set(["undefined", "NaN", "Infinity", "globalThis", "eval"]);

export function resolveNames(file: ts.SourceFile): ResolvedNames {
  const declared = new Map<string, DeclarationKind>();
  const references: Reference[] = [];
  const dynamicImports: ts.Node[] = [];
  const importMetas: ts.Node[] = [];
  const topLevelVars: ts.VariableDeclarationList[] = [];

  for (const statement of file.statements) declareStatement(statement, declared);
  for (const list of varLists(file)) {
    topLevelVars.push(list);
    for (const name of boundNames(list)) if (!declared.has(name)) declared.set(name, "var");
  }

  let functionDepth = 0;
  let hoistedDepth = 0;
  /** Functions around that have `arguments`: at the top level there are none. */
  let argumentsDepth = 0;

  const visitAll = (nodes: readonly ts.Node[] | undefined, scope: LocalScope | null) => {
    for (const node of nodes ?? []) visit(node, scope);
  };

  const visitName = (name: ts.Node | undefined, scope: LocalScope | null) => {
    if (name && ts.isComputedPropertyName(name)) visit(name.expression, scope);
  };

  const visitFunction = (node: ts.FunctionLikeDeclaration, scope: LocalScope | null) => {
    // Defaults of parameters do not see what the body declares.
    const outer: LocalScope = { names: new Set(), parent: scope };
    const inner: LocalScope = { names: new Set(), parent: outer };
    if (ts.isFunctionExpression(node) && node.name) outer.names.add(node.name.text);
    for (const parameter of node.parameters)
      for (const name of patternNames(parameter.name)) outer.names.add(name);
    if (node.body) {
      for (const list of varLists(node.body)) for (const name of boundNames(list)) inner.names.add(name);
      if (ts.isBlock(node.body)) addBlockNames(node.body.statements, inner.names);
    }
    visitName(node.name, scope);
    functionDepth++;
    const own = ts.isArrowFunction(node) ? 0 : 1;
    argumentsDepth += own;
    const hoisted = ts.isFunctionDeclaration(node) && (functionDepth === 1 || hoistedDepth > 0);
    if (hoisted) hoistedDepth++;
    for (const parameter of node.parameters) {
      visitPattern(parameter.name, outer);
      if (parameter.initializer) visit(parameter.initializer, outer);
    }
    if (node.body) {
      if (ts.isBlock(node.body)) visitAll(node.body.statements, inner);
      else visit(node.body, inner);
    }
    if (hoisted) hoistedDepth--;
    argumentsDepth -= own;
    functionDepth--;
  };

  /** Defaults and computed keys of a binding pattern; the bound names themselves are no references. */
  const visitPattern = (name: ts.BindingName, scope: LocalScope | null) => {
    if (ts.isIdentifier(name)) return;
    for (const element of name.elements) {
      if (ts.isOmittedExpression(element)) continue;
      visitName(element.propertyName, scope);
      visitPattern(element.name, scope);
      if (element.initializer) visit(element.initializer, scope);
    }
  };

  const visitClass = (node: ts.ClassLikeDeclaration, scope: LocalScope | null) => {
    const inner: LocalScope = { names: new Set(node.name ? [node.name.text] : []), parent: scope };
    visitAll(node.heritageClauses, inner);
    for (const member of node.members) {
      if (ts.isPropertyDeclaration(member)) {
        visitName(member.name, inner);
        functionDepth++;
        if (member.initializer) visit(member.initializer, inner);
        functionDepth--;
      } else if (ts.isClassStaticBlockDeclaration(member)) {
        const block: LocalScope = { names: new Set(), parent: inner };
        for (const list of varLists(member.body)) for (const name of boundNames(list)) block.names.add(name);
        addBlockNames(member.body.statements, block.names);
        functionDepth++;
        visitAll(member.body.statements, block);
        functionDepth--;
      } else visit(member, inner);
    }
  };

  const block = (statements: readonly ts.Node[], scope: LocalScope | null): LocalScope => {
    const inner: LocalScope = { names: new Set(), parent: scope };
    addBlockNames(statements, inner.names);
    return inner;
  };

  const visit = (node: ts.Node, scope: LocalScope | null): void => {
    if (ts.isIdentifier(node)) {
      const fixed = FIXED.has(node.text) || (node.text === "arguments" && argumentsDepth > 0);
      if (!fixed && !isLocal(node.text, scope))
        references.push({ node, hoisted: hoistedDepth > 0, nested: functionDepth > 0 });
    } else if (ts.isPropertyAccessExpression(node)) visit(node.expression, scope);
    else if (ts.isPropertyAssignment(node)) {
      visitName(node.name, scope);
      visit(node.initializer, scope);
    } else if (ts.isShorthandPropertyAssignment(node)) {
      visit(node.name, scope);
      if (node.objectAssignmentInitializer) visit(node.objectAssignmentInitializer, scope);
    } else if (ts.isMetaProperty(node)) {
      if (node.keywordToken === ts.SyntaxKind.ImportKeyword) importMetas.push(node);
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      dynamicImports.push(node.expression);
      visitAll(node.arguments, scope);
    } else if (ts.isFunctionLike(node)) visitFunction(node as ts.FunctionLikeDeclaration, scope);
    else if (ts.isClassLike(node)) visitClass(node, scope);
    else if (ts.isVariableDeclaration(node)) {
      visitPattern(node.name, scope);
      if (node.initializer) visit(node.initializer, scope);
    } else if (ts.isBlock(node)) visitAll(node.statements, block(node.statements, scope));
    else if (ts.isCaseBlock(node)) {
      const inner = block(
        node.clauses.flatMap((clause) => [...clause.statements]),
        scope,
      );
      visitAll(node.clauses, inner);
    } else if (ts.isCatchClause(node)) {
      const names = node.variableDeclaration ? patternNames(node.variableDeclaration.name) : [];
      const inner: LocalScope = { names: new Set(names), parent: scope };
      if (node.variableDeclaration) visitPattern(node.variableDeclaration.name, inner);
      visit(node.block, inner);
    } else if (ts.isForStatement(node) || ts.isForInStatement(node) || ts.isForOfStatement(node)) {
      const inner: LocalScope = { names: new Set(), parent: scope };
      if (node.initializer && ts.isVariableDeclarationList(node.initializer) && isLexical(node.initializer))
        for (const name of boundNames(node.initializer)) inner.names.add(name);
      ts.forEachChild(node, (child) => visit(child, inner));
    } else if (ts.isLabeledStatement(node)) visit(node.statement, scope);
    else if (ts.isBreakOrContinueStatement(node)) return;
    else if (ts.isImportDeclaration(node)) return;
    else if (ts.isExportDeclaration(node)) return;
    else {
      forEachCodeChild(node, (child) => visit(child, scope));
    }
  };

  visitAll(file.statements, null);
  return { declared, references, dynamicImports, importMetas, topLevelVars };
}

function isLocal(name: string, scope: LocalScope | null): boolean {
  for (let at = scope; at; at = at.parent) if (at.names.has(name)) return true;
  return false;
}

export function isLexical(list: ts.VariableDeclarationList): boolean {
  return (list.flags & ts.NodeFlags.BlockScoped) !== 0;
}

function declareStatement(statement: ts.Statement, declared: Map<string, DeclarationKind>): void {
  if (ts.isVariableStatement(statement)) {
    const list = statement.declarationList;
    const kind = !isLexical(list) ? "var" : list.flags & ts.NodeFlags.Const ? "const" : "let";
    for (const name of boundNames(list)) declared.set(name, kind);
  } else if (ts.isFunctionDeclaration(statement) && statement.name)
    declared.set(statement.name.text, "function");
  else if (ts.isClassDeclaration(statement) && statement.name) declared.set(statement.name.text, "class");
  else if (ts.isImportDeclaration(statement))
    for (const { local } of importedNames(statement)) declared.set(local, "import");
}

/** What an import statement binds; `*` stands for the namespace. */
export function importedNames(node: ts.ImportDeclaration): { local: string; exported: string }[] {
  const clause = node.importClause;
  if (!clause) return [];
  const names: { local: string; exported: string }[] = [];
  if (clause.name) names.push({ local: clause.name.text, exported: "default" });
  const bindings = clause.namedBindings;
  if (bindings && ts.isNamespaceImport(bindings)) names.push({ local: bindings.name.text, exported: "*" });
  if (bindings && ts.isNamedImports(bindings))
    for (const { name, propertyName } of bindings.elements)
      names.push({ local: name.text, exported: (propertyName ?? name).text });
  return names;
}

export function boundNames(list: ts.VariableDeclarationList): string[] {
  return list.declarations.flatMap((declaration) => patternNames(declaration.name));
}

export function patternNames(name: ts.BindingName): string[] {
  if (ts.isIdentifier(name)) return [name.text];
  return name.elements.flatMap((element) =>
    ts.isOmittedExpression(element) ? [] : patternNames(element.name),
  );
}

/** `let`, `const`, `class` and `function` that belong to a block. */
function addBlockNames(statements: readonly ts.Node[], names: Set<string>): void {
  for (const statement of statements) {
    if (ts.isVariableStatement(statement) && isLexical(statement.declarationList))
      for (const name of boundNames(statement.declarationList)) names.add(name);
    else if ((ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) && statement.name)
      names.add(statement.name.text);
    else if (ts.isLabeledStatement(statement)) addBlockNames([statement.statement], names);
  }
}

/** The `var` lists of a function or file, not those of functions inside it. */
function varLists(root: ts.Node): ts.VariableDeclarationList[] {
  const lists: ts.VariableDeclarationList[] = [];
  const walk = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) || ts.isClassLike(node) || ts.isExpression(node)) return;
    if (ts.isVariableDeclarationList(node) && !isLexical(node)) lists.push(node);
    ts.forEachChild(node, walk);
  };
  ts.forEachChild(root, walk);
  return lists;
}
