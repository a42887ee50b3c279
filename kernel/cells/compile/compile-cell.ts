import ts = require("typescript");
import { CellSyntaxError } from "../errors/cell-syntax-error.js";
import { syntaxAdvice } from "../errors/syntax-advice.js";
import type { KnownNames } from "./boxed-names.js";
import { contentsOf } from "./contents.js";
import { forEachCodeChild } from "./data-literals.js";
import { DuplicateDeclaration } from "./duplicate-declaration.js";
import { emitJavaScript, parse, parseErrors } from "./emit-javascript.js";
import { namespaceMembers } from "./namespace-members.js";
import { objectLiteral } from "./object-literal.js";
import { plainJavaScript } from "./plain-javascript.js";
import { emitOptions, hasJsx } from "../modules/project-options.js";
import { rewriteCell, type RewrittenCell } from "./rewrite-cell.js";
import { lineOf, lineStarts, originalPosition } from "./source-map.js";
import { strayReturn } from "./stray-return.js";

export interface CompiledCell extends RewrittenCell {
  /** Names of the cell that are nothing but namespaces. */
  readonly namespaces: ReadonlySet<string>;
  /** Starts every identifier that is not the user's. */
  readonly prefix: string;
}

const TOO_DEEP =
  "Nested too deeply to be compiled, as thousands of operands in one expression are. Split it up, or build it in a loop.";

/**
 * From a cell's text (without magics) to JavaScript over boxes.
 * @throws CellSyntaxError
 */
export function compileCell(
  code: string,
  executionCount: number,
  lineOffset: number,
  known: KnownNames,
  project: ts.CompilerOptions = {},
): CompiledCell {
  try {
    return compile(code, executionCount, lineOffset, known, project);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error; // of the compiler, which ran out of stack
    throw new CellSyntaxError(TOO_DEEP, 1 + lineOffset, 1, code.split(/\r?\n/)[0]!, executionCount);
  }
}

function compile(
  code: string,
  executionCount: number,
  lineOffset: number,
  known: KnownNames,
  project: ts.CompilerOptions,
): CompiledCell {
  const prefix = unusedPrefix(code);
  const fail = (message: string, line: number, column: number) =>
    new CellSyntaxError(
      message,
      line + 1 + lineOffset,
      column + 1,
      code.split(/\r?\n/)[line] ?? "",
      executionCount,
      syntaxAdvice(code, line, column),
    );
  const failAt = (message: string, offset: number) => {
    const starts = lineStarts(code);
    const line = lineOf(starts, offset);
    return fail(message, line, offset - starts[line]!);
  };

  // A cell may have been a script: its first line is a comment then, as long as before.
  const object = objectLiteral(code);
  // On its own line columns move by one.
  const source = object ? `${object.before}(${object.literal})` : code.replace(/^#!/, "//");
  const jsx = hasJsx(code, project);
  const compilerOptions = emitOptions(project);
  const file = parse(source, jsx ? ts.ScriptKind.TSX : ts.ScriptKind.TS);
  const plain = parseErrors(file).length === 0 ? plainJavaScript(file, compilerOptions) : null;
  const emitted =
    plain ?? emitJavaScript(source, jsx ? "cell.tsx" : "cell.ts", { returnLast: true, compilerOptions });
  const [error] = emitted.diagnostics;
  if (error) throw failAt(ts.flattenDiagnosticMessageText(error.messageText, "\n"), error.start);
  const contents = contentsOf(file);
  const reserved = contents.names.has("await") ? awaitAsName(file) : undefined;
  if (reserved)
    throw failAt(
      "'await' is a keyword in a cell, which is a module; no name can be called so.",
      reserved.getStart(file),
    );
  const stray = strayReturn(file);
  if (stray)
    throw failAt(
      "A 'return' statement can only be used within a function body. A cell's result is its last expression.",
      stray.getStart(file),
    );

  try {
    const namespaces = new Set(namespaceMembers(file).keys());
    const goesOn = new Set([...namespaces].filter((name) => known.namespaceOf(name)));
    const fresh = new Set(enumsAndNamespaces(file).filter((name) => !goesOn.has(name)));
    const names = { written: contents.names, fresh, goesOn, prefix };
    return { ...rewriteCell(emitted, names, known), prefix, namespaces };
  } catch (problem) {
    if (!(problem instanceof DuplicateDeclaration)) throw problem;
    const starts = lineStarts(emitted.text);
    const line = lineOf(starts, problem.offset);
    const place = originalPosition(emitted.mappings, line, problem.offset - starts[line]!);
    throw fail(problem.message, place?.sourceLine ?? 0, place?.sourceColumn ?? 0);
  }
}

function unusedPrefix(code: string): string {
  let prefix = "$_";
  while (code.includes(prefix)) prefix += "_";
  return prefix;
}

function enumsAndNamespaces(file: ts.SourceFile): string[] {
  return file.statements.flatMap((statement) => {
    if (!ts.isEnumDeclaration(statement) && !ts.isModuleDeclaration(statement)) return [];
    let { name } = statement as { name: ts.Node };
    while (ts.isQualifiedName(name)) name = name.left;
    return ts.isIdentifier(name) ? [name.text] : [];
  });
}

/** `await` where a variable, parameter, function or class is named; as a property it is free. */
function awaitAsName(file: ts.SourceFile): ts.Node | undefined {
  const find = (node: ts.Node): ts.Node | undefined => {
    const { name } = node as { name?: ts.Node };
    const isMember = ts.isClassElement(node) || ts.isTypeElement(node) || ts.isObjectLiteralElement(node);
    const declares = name && !isMember && !ts.isPropertyAccessExpression(node) && !ts.isEnumMember(node);
    if (declares && ts.isIdentifier(name) && name.text === "await") return name;
    return forEachCodeChild(node, find);
  };
  return find(file);
}
