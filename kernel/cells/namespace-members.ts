import ts = require("typescript");
import { patternNames } from "./resolve-names.js";

/** The namespaces at the top level of a cell, each with the names that it exports, types among them. */
export function namespaceMembers(file: ts.SourceFile): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const statement of file.statements) {
    if (!ts.isModuleDeclaration(statement) || !ts.isIdentifier(statement.name)) continue;
    if (statement.flags & ts.NodeFlags.GlobalAugmentation) continue;
    const name = statement.name.text;
    found.set(name, new Set([...(found.get(name) ?? []), ...exportedNames(statement.body)]));
  }
  return found;
}

/** Whether a namespace goes on with that of an earlier cell; one that declares a name again replaces it. */
export function isContinued(before: ReadonlySet<string>, now: ReadonlySet<string>): boolean {
  return [...now].every((name) => !before.has(name));
}

function exportedNames(body: ts.ModuleDeclaration["body"]): string[] {
  if (!body || ts.isIdentifier(body)) return [];
  if (ts.isModuleDeclaration(body)) return [body.name.text]; // `namespace A.B {}`: A exports B
  return body.statements.filter(isExported).flatMap(namesOf);
}

function isExported(statement: ts.Statement): boolean {
  return (
    ts.canHaveModifiers(statement) &&
    (ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false)
  );
}

function namesOf(statement: ts.Statement): string[] {
  if (ts.isVariableStatement(statement))
    return statement.declarationList.declarations.flatMap(({ name }) => patternNames(name));
  const { name } = statement as ts.DeclarationStatement;
  return name && ts.isIdentifier(name) ? [name.text] : [];
}
