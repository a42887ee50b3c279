import ts = require("typescript");
import { nameFunction } from "./name-function.js";
import { boundNames, isLexical, patternNames } from "./resolve-names.js";
import { rewriteExport, rewriteImport } from "./rewrite-imports.js";
import { replaceNode, type Rewriting } from "./rewriting.js";

export function rewriteStatement(statement: ts.Statement, cell: Rewriting): void {
  if (ts.isVariableStatement(statement)) {
    dropModifiers(statement, statement.declarationList.getStart(cell.file), cell);
    if (isLexical(statement.declarationList)) rewriteLexicalList(statement.declarationList, cell);
  } else if (ts.isFunctionDeclaration(statement)) rewriteFunction(statement, cell);
  else if (ts.isClassDeclaration(statement)) rewriteClass(statement, cell);
  else if (ts.isImportDeclaration(statement)) rewriteImport(statement, cell);
  else if (ts.isExportDeclaration(statement)) rewriteExport(statement, cell);
  else if (ts.isExportAssignment(statement))
    cell.edits.replace(statement.getStart(cell.file), statement.expression.getStart(cell.file), "void ");
}

/** `export` means nothing in a cell: every top-level name is seen by the others anyway. */
function dropModifiers(statement: ts.Statement, end: number, cell: Rewriting): void {
  const start = statement.getStart(cell.file);
  if (start < end) cell.edits.replace(start, end, "");
}

function rewriteFunction(statement: ts.FunctionDeclaration, cell: Rewriting): void {
  const modifiers = statement.modifiers ?? [];
  const exports = modifiers.filter(
    ({ kind }) => kind === ts.SyntaxKind.ExportKeyword || kind === ts.SyntaxKind.DefaultKeyword,
  );
  for (const modifier of exports) replaceNode(modifier, "", cell);
  if (statement.name && cell.names.isOurs(statement.name.text))
    cell.prologue.push(
      `${cell.names.runtime}.let(${cell.names.pair(statement.name.text)},${statement.name.text});`,
    );
  else if (!statement.name) cell.edits.insert(statement.getStart(cell.file), "void ");
}

function rewriteClass(statement: ts.ClassDeclaration, cell: Rewriting): void {
  const start = statement.getStart(cell.file);
  const keyword = statement.getChildren(cell.file).find(({ kind }) => kind === ts.SyntaxKind.ClassKeyword)!;
  const name = statement.name?.text;
  const prefix =
    name && cell.names.isOurs(name) ? `${cell.names.runtime}.let(${cell.names.pair(name)},` : "void (";
  cell.edits.replace(start, keyword.getStart(cell.file), prefix);
  cell.edits.insert(statement.end, ");");
}

/** `let x = 1, {y} = o` -> `$_.let($_x,"x",1), ({y: $_y.y} = $_.open(o, $_y,"y"))` */
function rewriteLexicalList(list: ts.VariableDeclarationList, cell: Rewriting): void {
  if (!boundNames(list).some((name) => cell.names.isOurs(name))) return;
  const constant = (list.flags & ts.NodeFlags.Const) !== 0;
  cell.edits.replace(list.getStart(cell.file), list.declarations[0]!.getStart(cell.file), "");
  for (const { name, initializer } of list.declarations) {
    if (ts.isIdentifier(name)) {
      const call = `${cell.names.runtime}.${constant ? "const" : "let"}(${cell.names.pair(name.text)},`;
      if (!initializer) replaceNode(name, `${call}void 0)`, cell);
      else {
        cell.edits.replace(name.getStart(cell.file), initializer.getStart(cell.file), call);
        nameFunction(name.text, initializer, cell);
        cell.edits.insert(initializer.end, ")");
      }
    } else if (initializer) {
      const pairs = patternNames(name).map((bound) => cell.names.pair(bound));
      cell.edits.insert(name.getStart(cell.file), "(");
      rewritePattern(name, cell);
      cell.edits.replace(name.end, initializer.getStart(cell.file), ` = ${cell.names.runtime}.open(`);
      cell.edits.insert(initializer.end, `${["", ...pairs].join(",")}))`);
      if (constant) cell.edits.insert(initializer.end, `,${cell.names.runtime}.seal(${pairs.join(",")})`);
    }
  }
}

export function rewriteVarList(list: ts.VariableDeclarationList, cell: Rewriting): void {
  const names = boundNames(list);
  if (!names.some((name) => cell.names.isOurs(name))) return;
  for (const name of names)
    cell.prologue.push(
      cell.names.isOurs(name) ? `${cell.names.runtime}.var(${cell.names.pair(name)});` : `var ${name};`,
    );
  const inLoopHead = ts.isForInStatement(list.parent) || ts.isForOfStatement(list.parent);
  cell.edits.replace(list.getStart(cell.file), list.declarations[0]!.getStart(cell.file), "");
  for (const { name, initializer } of list.declarations) {
    if (ts.isIdentifier(name)) {
      if (initializer) {
        if (cell.names.isOurs(name.text)) replaceNode(name, cell.names.place(name, name.text), cell);
        nameFunction(name.text, initializer, cell);
      } else if (inLoopHead) replaceNode(name, cell.names.place(name, name.text), cell);
      else if (cell.names.isFresh(name.text))
        replaceNode(name, `${cell.names.runtime}.let(${cell.names.pair(name.text)},void 0)`, cell);
      else replaceNode(name, "void 0", cell);
    } else {
      if (!inLoopHead) cell.edits.insert(name.getStart(cell.file), "(");
      rewritePattern(name, cell);
      if (initializer) cell.edits.insert(initializer.end, ")");
    }
  }
}

/** Binding pattern -> assignment pattern; the syntax is the same but for the names. */
function rewritePattern(pattern: ts.BindingPattern, cell: Rewriting): void {
  for (const element of pattern.elements) {
    if (ts.isOmittedExpression(element)) continue;
    if (!ts.isIdentifier(element.name)) {
      rewritePattern(element.name, cell);
      continue;
    }
    const bound = element.name.text;
    const target = cell.names.isOurs(bound) ? cell.names.place(element.name, bound) : bound;
    const shorthand = ts.isObjectBindingPattern(pattern) && !element.propertyName && !element.dotDotDotToken;
    replaceNode(element.name, shorthand ? `${bound}: ${target}` : target, cell);
    if (element.initializer) nameFunction(bound, element.initializer, cell);
  }
}
