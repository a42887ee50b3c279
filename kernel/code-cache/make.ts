/**
 * `node OPTIONS make.js FOLDER PART`: keeps the code of TypeScript for processes with the same options of Node.
 * Does nothing where it is there already.
 */
import fs from "node:fs";
import { codeFile, evaluateTypescript, type Part, writeCode } from "./typescript-code.js";
import { setV8Flags } from "./v8-flags.js";

const [folder, part] = process.argv.slice(2) as [string, Part];
const file = codeFile(folder, part);
if (!fs.existsSync(file)) {
  setV8Flags(part);
  const script = evaluateTypescript();
  // What V8 compiles meanwhile is kept with it.
  if (part === "cells") (await import("./compile-cells.js")).compileCells();
  else (await import("./answer-questions.js")).answerQuestions();
  writeCode(file, script);
}
