import ts = require("typescript");
import { importedNames } from "./resolve-names.js";
import { importOptions } from "./rewrite-module.js";
import { replaceNode, type Rewriting } from "./rewriting.js";
import { lineOf, lineStarts, originalPosition, type Mapping } from "./source-map.js";

export function rewriteImport(statement: ts.ImportDeclaration, cell: Rewriting): void {
  const module = `${cell.names.runtime}${cell.prologue.length}`;
  const specifier = (statement.moduleSpecifier as ts.StringLiteral).text;
  const { attributes } = statement;
  const options = attributes ? `,{with:${importOptions(attributes, cell.file)}}` : "";
  const code = `const ${module}=await ${cell.names.runtime}.import(${JSON.stringify(specifier)}${options});`;
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
    specifier ? `await ${cell.names.runtime}.import(${JSON.stringify(specifier.text)});` : "",
    cell,
  );
}

/** Imports run in the first line, before the cell's text; their places are those of the statements. */
export function importMappings(text: string, cell: Rewriting): Mapping[] {
  const starts = lineStarts(cell.emitted.text);
  return cell.imports.flatMap(({ code, statement }) => {
    const offset = statement.getStart(cell.file);
    const line = lineOf(starts, offset);
    const place = originalPosition(cell.emitted.mappings, line, offset - starts[line]!);
    return place ? [{ ...place, line: 0, column: text.indexOf(code) }] : [];
  });
}
