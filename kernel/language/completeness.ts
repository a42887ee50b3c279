import ts from "typescript";
import { splitCell } from "../magics/split-cell.js";

export type Completeness =
  { readonly status: "complete" | "invalid" } | { readonly status: "incomplete"; readonly indent: string };

/** A string or a regular expression cannot go on in the next line. */
const ENDS_WITH_LINE = new Set([1002, 1161]);

/**
 * Whether a cell can run as it stands. It is incomplete when the first thing that the parser misses is missing at
 * the end of the text.
 */
export function completeness(cell: string): Completeness {
  const code = splitCell(cell)
    .map((part) => (part.kind === "code" ? part.code : ""))
    .join("\n");
  const [first] = (ts.transpileModule(code, OPTIONS).diagnostics ?? []).toSorted(
    (a, b) => a.start! - b.start!,
  );
  if (!first) return { status: "complete" };
  if (first.start! < code.trimEnd().length || ENDS_WITH_LINE.has(first.code)) return { status: "invalid" };
  return { status: "incomplete", indent: indentAfter(code) };
}

const OPTIONS: ts.TranspileOptions = {
  reportDiagnostics: true,
  compilerOptions: { target: ts.ScriptTarget.ESNext, module: ts.ModuleKind.ESNext },
};

/** As the last line, and two spaces more behind an opening bracket. */
function indentAfter(code: string): string {
  const last = code.trimEnd().split("\n").at(-1)!;
  const indent = /^\s*/.exec(last)![0];
  return /[([{]$/.test(last) ? `${indent}  ` : indent;
}
