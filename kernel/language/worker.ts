/** The language worker: a thread of the kernel process, so that it answers whatever a cell does. */
import "../code-cache/use.js";
import { parentPort, workerData } from "node:worker_threads";
import type { Magic } from "../magics/magic.js";
import { MAGICS } from "../magics/registry.js";
import { helpText } from "../magics/show-help.js";
import { Completer } from "./complete.js";
import { completeLayer } from "./complete-layer.js";
import { completeMagic } from "./complete-magic.js";
import { completePath } from "./complete-path.js";
import { diagnoseCell } from "./diagnose.js";
import { inspectCode } from "./inspect.js";
import type { Answers, Completions, Inspection, Question } from "./messages.js";
import { type CellFile, NotebookTypes } from "./notebook-types.js";

const { folder } = workerData as { readonly folder: string };
const magics: ReadonlyMap<string, Magic> = MAGICS;
const types = new NotebookTypes(folder, magics);
const completer = new Completer(types);
const cells = new Map<number, CellFile>();
/** More than are checked. */
const REMEMBERED_CELLS = 150;

function answer(question: Question): Answers[Question["type"]] {
  switch (question.type) {
    case "add":
      cells.set(question.executionCount, types.add(question.code, question.executionCount));
      cells.delete(question.executionCount - REMEMBERED_CELLS);
      return types.sweep().map(executionCountOf);
    case "refine":
      types.refine(question.values, question.unset);
      return null;
    case "forget":
      types.forget();
      cells.clear();
      return null;
    case "result":
      types.result(question.executionCount);
      return null;
    case "complete":
      return complete(question.code, question.cursor);
    case "inspect":
      return (
        inspectMagic(question.code, question.cursor) ??
        inspectCode(types, question.code, question.cursor, question.level)
      );
    case "diagnose":
      return question.executionCounts.map((executionCount) => {
        const cell = cells.get(executionCount);
        return cell ? diagnoseCell(types, cell) : [];
      });
  }
}

/** Of the cell that a file is named for. */
function executionCountOf(file: string): number {
  return Number(/\[(\d+)\]\.tsx?$/.exec(file)?.[1]);
}

function complete(code: string, cursor: number): Completions {
  const magic = completeMagic(code, cursor, magics, folder, types.questions());
  if (magic) return magic;
  const layers = completeLayer(code, cursor, (name) => types.layersOf(name));
  if (layers) return layers;
  const found = completer.complete(code, cursor);
  const path = found.items.length === 0 ? pathInString(code, cursor) : null;
  return path ?? found;
}

/** In a string that has no completions of its own, names of files. */
function pathInString(code: string, cursor: number): Completions | null {
  const line = code.slice(code.lastIndexOf("\n", cursor - 1) + 1, cursor);
  const typed = /["'`]([^"'`\s]*)$/.exec(line)?.[1];
  if (typed === undefined) return null;
  return { start: cursor - typed.length, end: cursor, items: completePath(typed, folder) };
}

function inspectMagic(code: string, cursor: number): Inspection | null {
  const start = code.lastIndexOf("\n", cursor - 1) + 1;
  const name = /^%{1,2}(\w+)/.exec(code.slice(start))?.[1];
  const magic = name === undefined ? undefined : magics.get(name);
  if (!magic) return null;
  const plain = helpText(magic);
  return { plain, markdown: `\`\`\`text\n${plain}\n\`\`\`` };
}

/** Quiet for so long after a cell was added, the program is brought up to date: the next question finds it so. */
const QUIET_MS = 100;
let quiet: NodeJS.Timeout | undefined;
let next: NodeJS.Immediate | undefined;

/** In small steps, with questions in between. */
function warm(): void {
  types.refresh();
  clearImmediate(next);
  const steps = types.warm();
  const step = () => {
    if (!steps.next().done) next = setImmediate(step);
  };
  step();
}

parentPort!.on("message", ({ id, question }: { id: number; question: Question }) => {
  clearTimeout(quiet);
  quiet = setTimeout(warm, QUIET_MS);
  try {
    parentPort!.postMessage({ id, answer: answer(question) });
  } catch (error) {
    parentPort!.postMessage({ id, error: (error as Error).stack });
  }
});
// The first question is answered from what is loaded by then.
completer.complete("const warm = [1]; warm.", 23);
completer.complete("", 0);
inspectCode(types, "[1].map((n) => n)", 7, 0);
parentPort!.postMessage({ ready: true });
