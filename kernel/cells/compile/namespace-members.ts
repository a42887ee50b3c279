import ts = require("typescript");
import { patternNames } from "./resolve-names.js";

/** What a namespace exports, types among it; a namespace in it with what that exports. */
export type Members = ReadonlyMap<string, Members | null>;

/** The namespaces at the top level of a cell; those that go with a class, a function or an enum of the name belong to it. */
export function namespaceMembers(file: ts.SourceFile): Map<string, Members> {
  const others = new Set(file.statements.flatMap((one) => (ts.isModuleDeclaration(one) ? [] : namesOf(one))));
  const found = new Map<string, Members>();
  for (const statement of file.statements) {
    if (!ts.isModuleDeclaration(statement) || !ts.isIdentifier(statement.name)) continue;
    const name = statement.name.text;
    const isGlobal = (statement.flags & ts.NodeFlags.GlobalAugmentation) !== 0;
    if (isGlobal || others.has(name)) continue;
    found.set(name, joined(found.get(name), membersOf(statement.body)));
  }
  return found;
}

/** What is exported by two blocks of one namespace; the later one says what a name is. */
export function joined(before: Members | null | undefined, now: Members): Members {
  const members = new Map(before ?? []);
  for (const [name, inner] of now) members.set(name, inner && joined(members.get(name), inner));
  return members;
}

function membersOf(body: ts.ModuleDeclaration["body"]): Members {
  if (!body || ts.isIdentifier(body)) return new Map();
  if (ts.isModuleDeclaration(body)) return new Map([[body.name.text, membersOf(body.body)]]); // `namespace A.B {}`
  let members: Members = new Map();
  for (const statement of body.statements.filter(isExported)) {
    const inner = ts.isModuleDeclaration(statement) ? membersOf(statement.body) : null;
    members = joined(members, new Map(namesOf(statement).map((name) => [name, inner])));
  }
  return members;
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
