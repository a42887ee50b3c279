import { kerasAdvice } from "./keras-advice.js";

const BROWSER = "It belongs to browsers; cells run in Node.js. html`<b>text</b>` shows HTML below the cell.";

const HELP = "Shift+Tab behind a name shows its type and documentation.";

const INPUTS = "The texts of earlier cells are not kept as variables; their results are: Out[n] and _.";

const END = "Restart Kernel, in the menu, ends what runs and forgets all variables.";

const EVAL =
  "Code in eval knows the names of the functions around it, not those of cells. Hand them over: new Function(NAME, CODE)(value).";

/** Names that other languages and places have, and what a cell has for them. */
const ADVICE: Readonly<Record<string, string>> = {
  __dirname: "A cell is an ES module: import.meta.dirname is the folder of the notebook.",
  __filename: "A cell is an ES module: import.meta.filename stands for the notebook.",
  module: "A cell is an ES module: later cells see its names without an export.",
  exports: "A cell is an ES module: later cells see its names without an export.",
  arguments: "Only inside a function (not an arrow function) are there arguments.",
  document: BROWSER,
  window: `${BROWSER} globalThis holds the global names.`,
  alert: BROWSER,
  confirm: `${BROWSER} prompt("text") asks the user.`,
  localStorage: BROWSER,
  None: "In TypeScript: null.",
  True: "In TypeScript: true.",
  False: "In TypeScript: false.",
  Temporal:
    'No Node.js before 26 has it. %npm install temporal-polyfill, then: import { Temporal } from "temporal-polyfill".',
  Deno: 'It belongs to Deno; cells run in Node.js. Files: import fs from "node:fs". Arguments and environment: process.',
  Bun: 'It belongs to Bun; cells run in Node.js. Files: import fs from "node:fs".',
  d3: 'It is a package: %npm install d3, then: import * as d3 from "d3".',
  Plot: "Observable Plot draws in browsers. A chart is an object with $schema of Vega-Lite as the last expression of a cell.",
  Inputs:
    "Observable's inputs are browsers'. Sliders and the like: widgets.floatSlider() and others of widgets.",
  Worker: 'In Node.js it is imported: import { Worker } from "node:worker_threads".',
  help: HELP,
  In: INPUTS,
  _i: INPUTS,
  _ii: INPUTS,
  _iii: INPUTS,
  _ih: INPUTS,
  _oh: "The results of earlier cells are Out[n].",
  exit: END,
  quit: END,
  np: 'NumPy is Python\'s. Tensors are in TensorFlow.js: import { tf } from "loadlab".',
  pd: "pandas is Python's. A table is an array of objects; arquero and danfojs come from npm.",
  plt: "matplotlib is Python's. A chart is an object with $schema of Vega-Lite as the last expression of a cell.",
  self: "In TypeScript: this.",
};

/** Functions of Python: only where they are called, for cells have variables of these names. */
const CALLED: Readonly<Record<string, string>> = {
  range: "In TypeScript: for (let i = 0; i < n; i++).",
  print: "In TypeScript: console.log(value).",
  len: "In TypeScript: value.length.",
  str: "In TypeScript: String(value); as a type, string.",
  int: "In TypeScript: Math.trunc(Number(value)); as a type, number.",
  float: "In TypeScript: Number(value); as a type, number.",
  bool: "In TypeScript: Boolean(value); as a type, boolean.",
  dict: "In TypeScript: { key: value } or new Map().",
  list: "In TypeScript: [...values].",
  tuple: "In TypeScript: [a, b].",
  set: "In TypeScript: new Set(values).",
  type: "In TypeScript: typeof value, or value.constructor.",
  isinstance: "In TypeScript: value instanceof Class.",
  sum: "In TypeScript: values.reduce((a, b) => a + b, 0).",
  min: "In TypeScript: Math.min(...values).",
  max: "In TypeScript: Math.max(...values).",
  abs: "In TypeScript: Math.abs(value).",
  round: "In TypeScript: Math.round(value).",
  sorted: "In TypeScript: values.toSorted((a, b) => a - b).",
  enumerate: "In TypeScript: for (const [index, value] of values.entries()).",
  zip: "In TypeScript: a.map((value, i) => [value, b[i]]).",
  open: 'In TypeScript: readFileSync(FILE, "utf8"), imported from "node:fs".',
  dir: "In TypeScript: Object.keys(value).",
};

/** Programs that notebooks of IPython take the output of: `files = !ls`. */
const PROGRAM =
  /^(?:cat|curl|df|du|echo|find|free|git|grep|head|hostname|ls|node|npm|nproc|nvidia|pip|pwd|python3?|sed|tail|uname|wc|which|whoami)$/;

/**
 * What to do about a name that is not declared; empty where nothing is known.
 * @param line of the user's text, with the place of the error in it, from 0.
 */
export function unknownNameAdvice(errorName: string, message: string, line: string, column: number): string {
  const name = /^(\S+) is not defined$/u.exec(message)?.[1];
  if (errorName === "TypeError" && /^Cannot read properties of undefined/.test(message))
    return kerasAdvice(undefined, line);
  if (errorName !== "ReferenceError" || name === undefined) return "";
  if (/^eval\b/.test(line.slice(column))) return EVAL;
  // V8 says it at the equals sign.
  const annotated = /^\s*([\p{ID_Start}$_][\p{ID_Continue}$]*)\s*:\s*[\w.]+\s*=/u.exec(line)?.[1];
  const isAssigned = /^=(?![=>])/.test(line.slice(column));
  if (isAssigned && /[(,]\s*[\p{ID_Continue}$]+\s*$/u.test(line.slice(0, column)))
    return `Arguments have no names in TypeScript; functions take objects: f(x, { ${name}: … })`;
  if (isAssigned)
    return annotated
      ? `A variable is declared before it is assigned to: let ${annotated}: number = …`
      : `A variable is declared before it is assigned to: let ${name} = …`;
  if (PROGRAM.test(name) && /(?:=\s*!|^\s*!!)\s*$/.test(line.slice(0, column)))
    return 'What a program prints: execSync("COMMAND", { encoding: "utf8" }), imported from "node:child_process".';
  const result = /^_(\d+)$/.exec(name)?.[1];
  if (result) return `The result of cell ${result} is Out[${result}].`;
  const isCalled = line
    .slice(column + name.length)
    .trimStart()
    .startsWith("(");
  if (isCalled && Object.hasOwn(CALLED, name)) return CALLED[name]!;
  return Object.hasOwn(ADVICE, name) ? ADVICE[name]! : kerasAdvice(name, line);
}

/** What to do about a line that asks for help as in IPython, `name?`; empty for others. */
export function helpAdvice(line: string): string {
  return /^\s*(?:\?{1,2}\s*[\w$.]+|[\w$.]+\s*\?{1,2})\s*;?\s*$/.test(line) ? HELP : "";
}
