import ts = require("typescript");
import { debugHook } from "../debug-hook.js";
import { importedNames } from "./resolve-names.js";
import { importOptions } from "./rewrite-module.js";
import { replaceNode, type Rewriting } from "./rewriting.js";
import { originalPosition, type Mapping } from "./source-map.js";

export function rewriteImport(statement: ts.ImportDeclaration, cell: Rewriting): void {
  const module = `${cell.names.runtime}${cell.prologue.length}`;
  const specifier = (statement.moduleSpecifier as ts.StringLiteral).text;
  const { attributes } = statement;
  const options = attributes ? `,{with:${importOptions(attributes, cell.file)}}` : "";
  const code = `const ${module}=${imported(statement, JSON.stringify(specifier) + options, cell)};`;
  cell.prologue.push(code);
  cell.imports.push({ code, statement });
  for (const { local, exported } of importedNames(statement))
    cell.prologue.push(
      !cell.names.isOurs(local)
        ? `const ${local}=${exported === "*" ? module : `${module}[${JSON.stringify(exported)}]`};`
        : `${cell.names.runtime}.bind(${cell.names.pair(local)},${module},${JSON.stringify(exported)},${JSON.stringify(specifier)});`,
    );
  replaceNode(statement, "", cell);
}

export function rewriteExport(statement: ts.ExportDeclaration, cell: Rewriting): void {
  const specifier = statement.moduleSpecifier as ts.StringLiteral | undefined;
  replaceNode(
    statement,
    specifier ? `${imported(statement, JSON.stringify(specifier.text), cell)};` : "",
    cell,
  );
}

/** What waits for a module, as any other `await` does: a cell that was stopped meanwhile goes no further. */
function imported(statement: ts.Statement, given: string, cell: Rewriting): string {
  const { runtime } = cell.names;
  const awaited = `await ${runtime}.import(${given})`;
  if (debugHook.current?.on) return awaited; // a step would stop there
  const { sourceLine, sourceColumn } = sourceOf(statement, cell) ?? {};
  return `${runtime}.resumed(${runtime}.awaits(${sourceLine},${sourceColumn}),${awaited},true)`;
}

function sourceOf(statement: ts.Statement, { file, emitted }: Rewriting) {
  const { line, character } = file.getLineAndCharacterOfPosition(statement.getStart(file));
  return originalPosition(emitted.mappings, line, character);
}

/** Imports run in the first line, before the cell's text; their places are those of the statements. */
export function importMappings(text: string, cell: Rewriting): Mapping[] {
  return cell.imports.flatMap(({ code, statement }) => {
    const place = sourceOf(statement, cell);
    return place ? [{ ...place, line: 0, column: text.indexOf(code) }] : [];
  });
}
