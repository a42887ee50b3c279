import ts = require("typescript");
import { lineOf, lineStarts } from "../cells/compile/source-map.js";
import type { Finding } from "./messages.js";
import type { CellFile, NotebookTypes } from "./notebook-types.js";
import { quickFix } from "./quick-fix.js";

/** True of modules, not of cells. */
const NOT_HERE = new Set([
  1108, // A 'return' statement can only be used within a function body: the engine says it.
  2630,
  2631,
  2632,
  2588, // Cannot assign to a function, namespace, import, constant: cells may declare anew.
  6133,
  6192,
  6196,
  7027,
  7028, // Unused and unreachable.
  80001,
  80004,
  80005,
  80006,
  80007, // Suggestions.
]);

/** A cell rarely has more that one can read. */
const MAX_FINDINGS = 10;

/** Type errors of a cell that ran. Syntax errors are left out: the cell itself fails with them. */
export function diagnoseCell(types: NotebookTypes, cell: CellFile): Finding[] {
  types.refresh();
  // Many cells have run since: it is no longer looked at.
  if (!types.service.getProgram()?.getSourceFile(cell.path)) return [];
  const findings: Finding[] = [];
  const starts = lineStarts(cell.code);
  for (const diagnostic of types.service.getSemanticDiagnostics(cell.path)) {
    const offset = (diagnostic.start ?? 0) - cell.start;
    if (NOT_HERE.has(diagnostic.code) || (isImplicitAny(diagnostic) && !types.reportsImplicitAny)) continue;
    if (offset < 0 || offset >= cell.code.length) continue;
    const line = lineOf(starts, offset);
    const sourceLine = cell.code.split("\n")[line]!;
    const column = offset - starts[line]!;
    findings.push({
      code: `TS${diagnostic.code}`,
      message: ts.flattenDiagnosticMessageText(diagnostic.messageText, "\n"),
      line: line + 1,
      column: column + 1,
      length: Math.max(1, Math.min(diagnostic.length ?? 1, sourceLine.length - column)),
      sourceLine,
      severity: diagnostic.category === ts.DiagnosticCategory.Error ? "error" : "warning",
      fix: quickFix(types, cell, diagnostic),
    });
    if (findings.length === MAX_FINDINGS) break;
  }
  return findings;
}

/** That something is `any` without a word: "Parameter 'x' implicitly has an 'any' type", and the like. */
function isImplicitAny({ code }: ts.Diagnostic): boolean {
  const isOfControlFlow = code >= 7027 && code <= 7030;
  return code >= 7005 && code < 7100 && !isOfControlFlow;
}
