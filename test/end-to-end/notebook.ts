import assert from "node:assert/strict";
import { cpSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { root } from "./jupyter-server.js";

/** Puts the repository's notebooks into a folder, where they find the packages that they import. */
export function copyNotebooks(folder: string): void {
  cpSync(join(root, "notebooks"), folder, {
    recursive: true,
    filter: (file) => !file.startsWith(join(root, "notebooks", "scratch")),
  });
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"), "junction");
}

/** A notebook file (nbformat 4), as far as the tests look into it. */
export interface Notebook {
  readonly cells: readonly NotebookCell[];
}

export interface NotebookCell {
  readonly cell_type: "code" | "markdown" | "raw";
  readonly source: string | readonly string[];
  readonly outputs?: readonly Output[];
}

export interface Output {
  readonly output_type: string;
  readonly [field: string]: unknown;
}

export function readNotebook(path: string): Notebook {
  return JSON.parse(readFileSync(path, "utf8")) as Notebook;
}

export function codeCells(notebook: Notebook): NotebookCell[] {
  return notebook.cells.filter((cell) => cell.cell_type === "code");
}

export function sourceOf(cell: NotebookCell): string {
  return joined(cell.source);
}

/** Fails with the cell's text when outputs are not what the notebook has stored; numbers may differ by rounding. */
export function assertOutputs(actual: readonly Output[], cell: NotebookCell): void {
  const [got, expected] = [shown(actual), shown(cell.outputs ?? [])];
  const message = `In the cell\n${sourceOf(cell)}\n`;
  assert.equal(withoutNumbers(got), withoutNumbers(expected), message);
  const expectedNumbers = numbers(expected);
  for (const [i, value] of numbers(got).entries()) {
    const near = Math.abs(value - expectedNumbers[i]!) <= 1e-4 * Math.max(1, Math.abs(value));
    assert.ok(near, `${message}number ${i + 1} is ${value}, not ${expectedNumbers[i]}`);
  }
}

/** What a reader sees, as text: streams in order, plain and HTML representations, errors without colours. */
function shown(outputs: readonly Output[]): string {
  return outputs.map(shownOutput).join("");
}

function shownOutput(output: Output): string {
  if (output.output_type === "stream") return joined(output["text"]);
  if (output.output_type === "error")
    return `\n${stripVTControlCharacters((output["traceback"] as string[]).join("\n"))}\n`;
  const data = output["data"] as Record<string, unknown>;
  const html = data["text/html"] === undefined ? "" : `\n${textOf(joined(data["text/html"]))}`;
  return `\n[${output.output_type}] ${joined(data["text/plain"])}${html}\n`;
}

/** HTML without its tags: how it is drawn is looked at in the browser. */
function textOf(html: string): string {
  return html.replace(/<[^>]*>/g, " ").replace(/\s+/g, " ");
}

/** nbformat writes text as a string or as a list of lines. */
function joined(text: unknown): string {
  return Array.isArray(text) ? text.join("") : String(text);
}

const NUMBER = /-?\d+(\.\d+)?(e[+-]?\d+)?/g;

function withoutNumbers(text: string): string {
  return text.replace(NUMBER, "#");
}

function numbers(text: string): number[] {
  return (text.match(NUMBER) ?? []).map(Number);
}

/** The text of a notebook file of code cells, not run yet. */
export function notebookOf(sources: readonly string[]): string {
  const cells = sources.map((source, index) => ({
    cell_type: "code",
    id: `cell-${index}`,
    metadata: {},
    execution_count: null,
    outputs: [],
    source,
  }));
  const kernelspec = { name: "loadlab", display_name: "TypeScript (loadlab)", language: "typescript" };
  const metadata = { kernelspec, language_info: { name: "typescript" } };
  return JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata, cells });
}
