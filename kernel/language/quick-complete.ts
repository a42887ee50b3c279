import ts = require("typescript");
import type { NotebookTypes } from "./notebook-types.js";
import { typeScriptOfCell } from "./typescript-of-cell.js";

/** One name that is offered. */
export interface QuickEntry {
  readonly name: string;
  /** As JupyterLab draws it. */
  readonly type: string;
}

/** What is being written, where the answer needs no new program. */
export type QuickPlace =
  | { readonly kind: "member"; readonly entries: readonly QuickEntry[] }
  /** An expression begins; names of the cell that are seen there. */
  | { readonly kind: "name"; readonly locals: readonly QuickEntry[] };

/**
 * Most completions go on from a name of an earlier cell (`model.layers.`) or begin a name. The types of earlier cells
 * do not change while one types, so these are answered from the checker that knows them; TypeScript would build a
 * program and a checker anew for each text. Null for all else: the slow way knows it.
 * @param start where the word at the cursor begins.
 */
export function quickPlace(
  types: NotebookTypes,
  code: string,
  start: number,
  word: string,
): QuickPlace | null {
  const { text, bound } = typeScriptOfCell(code, types.magics);
  const file = ts.createSourceFile("cell.ts", text, ts.ScriptTarget.Latest, true);
  const node = nodeAt(file, start);
  if (!node) return null;
  if (ts.isPropertyAccessExpression(node)) {
    const chain = chainOf(node.expression);
    if (!chain || bound.includes(chain[0]!) || declaresAnywhere(file, chain[0]!)) return null;
    const entries = membersOf(types, chain);
    return entries && { kind: "member", entries };
  }
  if (word === "" || !isExpression(node)) return null;
  return { kind: "name", locals: [...bound.map((name) => ({ name, type: "variable" })), ...localsAt(node)] };
}

/**
 * The name in a cell, if it is one of an earlier cell with a type that the code around it says no more about; else null.
 * @param at offset of the name.
 */
export function settledNameAt(types: NotebookTypes, code: string, at: number): string | null {
  const file = ts.createSourceFile("cell.ts", code, ts.ScriptTarget.Latest, true);
  const node = nodeAt(file, at);
  if (!node || !ts.isIdentifier(node) || !isValue(node) || declaresAnywhere(file, node.text)) return null;
  const { checker, exports } = types.settled(node.text);
  const symbol = exports.get(node.text);
  if (!symbol || isNarrowable(checker.getTypeOfSymbol(resolved(checker, symbol)))) return null;
  return node.text;
}

/** Also `f` of `f(` and `o` of `o.a`. */
function isValue(node: ts.Identifier): boolean {
  const { parent } = node;
  return isExpression(node) || (ts.isPropertyAccessExpression(parent) && parent.expression === node);
}

/** The access whose name, or the identifier that itself begins here. */
function nodeAt(file: ts.SourceFile, start: number): ts.PropertyAccessExpression | ts.Identifier | null {
  let found: ts.PropertyAccessExpression | ts.Identifier | null = null;
  const walk = (node: ts.Node): void => {
    if (node.pos > start || node.end < start) return;
    if (ts.isPropertyAccessExpression(node) && node.name.getStart(file) === start) found = node;
    else if (ts.isIdentifier(node) && node.getStart(file) === start && node.end > start && !found)
      found = node;
    ts.forEachChild(node, walk);
  };
  walk(file);
  return found;
}

/** `a.b.c` as its names. */
function chainOf(node: ts.Expression): string[] | null {
  if (ts.isIdentifier(node)) return [node.text];
  if (!ts.isPropertyAccessExpression(node) || node.questionDotToken || !ts.isIdentifier(node.name))
    return null;
  const before = chainOf(node.expression);
  return before && [...before, node.name.text];
}

function declaresAnywhere(file: ts.SourceFile, name: string): boolean {
  const declares = (node: ts.Node): boolean =>
    (ts.isIdentifier(node) && node.text === name && isDeclarationName(node)) ||
    ts.forEachChild(node, declares) === true;
  return declares(file);
}

function isDeclarationName(node: ts.Identifier): boolean {
  const { parent } = node;
  return "name" in parent && parent.name === node && !ts.isPropertyAccessExpression(parent);
}

function membersOf(types: NotebookTypes, [root, ...names]: readonly string[]): QuickEntry[] | null {
  const { checker, exports } = types.settled(root!);
  const symbol = exports.get(root!);
  if (!symbol) return null;
  let type = checker.getTypeOfSymbol(resolved(checker, symbol));
  for (const name of names) {
    const property = checker.getPropertyOfType(type, name);
    if (!property || isNarrowable(type)) return null;
    type = checker.getTypeOfSymbol(resolved(checker, property));
  }
  if (isNarrowable(type)) return null;
  return type
    .getApparentProperties()
    .filter((property) => isOffered(property))
    .map((property) => ({ name: property.name, type: kindOf(resolved(checker, property)) }));
}

function resolved(checker: ts.TypeChecker, symbol: ts.Symbol): ts.Symbol {
  return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
}

/** What the code around may say more about, or live values. */
function isNarrowable(type: ts.Type): boolean {
  const { Any, Unknown, Never, Null, Undefined, Union, TypeParameter } = ts.TypeFlags;
  const isBoolean = (type.flags & ts.TypeFlags.Boolean) !== 0;
  return (
    !isBoolean && (type.flags & (Any | Unknown | Never | Null | Undefined | Union | TypeParameter)) !== 0
  );
}

function isOffered({ name, declarations = [] }: ts.Symbol): boolean {
  const hidden = declarations.some(
    (declaration) =>
      ts.getCombinedModifierFlags(declaration) & ts.ModifierFlags.NonPublicAccessibilityModifier,
  );
  return !hidden && /^(?!__)[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name);
}

function kindOf({ flags }: ts.Symbol): string {
  const { Method, Function, Class, Enum, EnumMember, Property, Accessor, Module } = ts.SymbolFlags;
  if (flags & Method) return "method";
  if (flags & Function) return "function";
  if (flags & Class) return "class";
  if (flags & EnumMember) return "enum_member";
  if (flags & Enum) return "enum";
  if (flags & (Property | Accessor)) return "property";
  return flags & Module ? "module" : "variable";
}

/** An identifier that is a value: neither a declared name, a key, a type nor a part of an import. */
function isExpression(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isVariableDeclaration(parent) || ts.isPropertyAssignment(parent)) return parent.initializer === node;
  if (ts.isArrowFunction(parent)) return parent.body === node;
  return EXPRESSION_PARENTS.has(parent.kind);
}

const EXPRESSION_PARENTS: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.ExpressionStatement,
  ts.SyntaxKind.ParenthesizedExpression,
  ts.SyntaxKind.BinaryExpression,
  ts.SyntaxKind.CallExpression,
  ts.SyntaxKind.ReturnStatement,
  ts.SyntaxKind.AwaitExpression,
  ts.SyntaxKind.SpreadElement,
  ts.SyntaxKind.TemplateSpan,
  ts.SyntaxKind.PrefixUnaryExpression,
  ts.SyntaxKind.ConditionalExpression,
  ts.SyntaxKind.ElementAccessExpression,
  ts.SyntaxKind.ArrayLiteralExpression,
  ts.SyntaxKind.IfStatement,
  ts.SyntaxKind.WhileStatement,
]);

/** Names that the cell itself declares around a node. */
function localsAt(node: ts.Node): QuickEntry[] {
  const locals = new Map<string, string>();
  for (let at = node.parent; at; at = at.parent)
    if (ts.isFunctionLike(at) || ts.isBlock(at) || ts.isSourceFile(at) || ts.isIterationStatement(at, false))
      ts.forEachChild(at, (child) => collect(child, locals));
  return [...locals].map(([name, type]) => ({ name, type }));
}

/** Names that a statement or parameter declares, and the `var`s inside it. */
function collect(node: ts.Node, locals: Map<string, string>): void {
  const declared = node as ts.NamedDeclaration;
  if (ts.isFunctionDeclaration(node) || ts.isClassDeclaration(node) || ts.isEnumDeclaration(node)) {
    if (declared.name && ts.isIdentifier(declared.name))
      locals.set(
        declared.name.text,
        ts.isFunctionDeclaration(node) ? "function" : ts.isClassDeclaration(node) ? "class" : "enum",
      );
    return;
  }
  if (ts.isVariableDeclaration(node) || ts.isParameter(node) || ts.isBindingElement(node)) {
    if (ts.isIdentifier(node.name)) {
      const constant = (ts.getCombinedNodeFlags(node) & ts.NodeFlags.Const) !== 0;
      locals.set(node.name.text, constant ? "constant" : "variable");
    } else ts.forEachChild(node.name, (child) => collect(child, locals));
    return;
  }
  if (ts.isImportSpecifier(node) || ts.isImportClause(node) || ts.isNamespaceImport(node)) {
    if (node.name) locals.set(node.name.text, "reference");
    if (!ts.isImportClause(node)) return;
  }
  const isTransparent =
    ts.isVariableStatement(node) ||
    ts.isVariableDeclarationList(node) ||
    ts.isImportDeclaration(node) ||
    ts.isImportClause(node) ||
    ts.isNamedImports(node);
  if (isTransparent) ts.forEachChild(node, (child) => collect(child, locals));
}
