const BROWSER = "It belongs to browsers; cells run in Node.js. html`<b>text</b>` shows HTML below the cell.";

const HELP = "Shift+Tab behind a name shows its type and documentation.";

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
  print: "In TypeScript: console.log(value).",
  len: "In TypeScript: value.length.",
  range: "In TypeScript: for (let i = 0; i < n; i++).",
  None: "In TypeScript: null.",
  True: "In TypeScript: true.",
  False: "In TypeScript: false.",
  help: HELP,
};

/**
 * What to do about a name that is not declared; empty where nothing is known.
 * @param text what the user wrote from the place of the error on.
 */
export function unknownNameAdvice(errorName: string, message: string, text: string): string {
  const name = /^(\S+) is not defined$/u.exec(message)?.[1];
  if (errorName !== "ReferenceError" || name === undefined) return "";
  // V8 says it at the equals sign.
  if (/^=(?![=>])/.test(text)) return `A variable is declared before it is assigned to: let ${name} = …`;
  return Object.hasOwn(ADVICE, name) ? ADVICE[name]! : "";
}

/** What to do about a line that asks for help as in IPython, `name?`; empty for others. */
export function helpAdvice(line: string): string {
  return /^\s*(?:\?{1,2}\s*[\w$.]+|[\w$.]+\s*\?{1,2})\s*;?\s*$/.test(line) ? HELP : "";
}
