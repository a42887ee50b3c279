import os from "node:os";
import { Completer } from "../language/complete.js";
import { diagnoseCell } from "../language/diagnose.js";
import { inspectCode } from "../language/inspect.js";
import { NotebookTypes } from "../language/notebook-types.js";
import { MAGICS } from "../magics/registry.js";
import { CELLS } from "./cells.js";

const QUESTIONS = ["[1].map((n) => n).", "JSON.str", "fs.", "", "new Poin", "import { } from 'node:p", "tf."];

/** Asks the language service for each kind of answer. */
export function answerQuestions(): void {
  const types = new NotebookTypes(os.tmpdir(), MAGICS);
  const completer = new Completer(types);
  for (const [index, code] of CELLS.entries()) diagnoseCell(types, types.add(code, index + 1));
  for (const code of QUESTIONS) completer.complete(code, code.length);
  inspectCode(types, "[1].map((n) => n)", 7, 0);
  inspectCode(types, "Math.max(1, 2", 9, 0);
}
