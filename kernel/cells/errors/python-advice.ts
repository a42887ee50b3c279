/** What cells have in place of Python's well-known packages. */
const PACKAGES: Readonly<Record<string, string>> = {
  tensorflow: 'import { tf } from "loadlab" is TensorFlow.js; %load_model FILE opens a model',
  keras: 'import { tf } from "loadlab" has tf.layers and tf.model; %load_model FILE opens a model',
  numpy: 'import { tf } from "loadlab" has tensors; math.js and ml-matrix come from npm',
  pandas: "a table is an array of objects; arquero and danfojs come from npm",
  matplotlib: "a chart is an object with $schema of Vega-Lite as the last expression of a cell",
  seaborn: "a chart is an object with $schema of Vega-Lite as the last expression of a cell",
  sklearn: "the ml-… packages and simple-statistics come from npm",
  torch: 'import { tf } from "loadlab" is TensorFlow.js',
  os: 'import fs from "node:fs", import path from "node:path", import os from "node:os"',
  sys: "process.argv, process.version, process.exit()",
  json: "JSON.parse(text), JSON.stringify(value)",
  math: "Math.sqrt(x), Math.PI",
  random: "Math.random()",
  time: "Date.now(), performance.now()",
  re: "regular expressions are /…/g",
};

/** Not said of npm, which has these names too, for other things. */
const OF_NODE: ReadonlySet<string> = new Set(["os", "sys", "json", "math", "random", "time", "re"]);

/** What to write for a package of Python that a cell imports as one of npm; empty for other names. */
export function pythonPackageAdvice(name: string): string {
  if (OF_NODE.has(name) || !Object.hasOwn(PACKAGES, name)) return "";
  return `${name} is a package of Python. Here: ${PACKAGES[name]!}.`;
}

/** Statements by how their line looks; `$1` and `$2` are what the pattern found there. */
const STATEMENTS: readonly (readonly [RegExp, string])[] = [
  [/^(?:async\s+)?def\s+(\w+)\s*\((.*?)\)/, "function $1($2) { … }"],
  [/^class\s+(\w+)\s*\(\s*([\w.]+).*\)\s*:/, "class $1 extends $2 { … }"],
  [/^class\s+(\w+)\s*(?:\(\s*\))?\s*:/, "class $1 { … }"],
  [/^print\s+([^\s=(.].*)$/, "console.log($1)"],
  [/^for\s+(\w+)\s+in\s+range\(\s*([^,()]+)\s*\)\s*:/, "for (let $1 = 0; $1 < $2; $1++) { … }"],
  [/^for\s+(\w+)\s+in\s+range\(\s*([^,()]+),\s*([^,()]+)\)\s*:/, "for (let $1 = $2; $1 < $3; $1++) { … }"],
  [/^for\s+(\w+)\s*,\s*(\w+)\s+in\s+enumerate\((.+)\)\s*:/, "for (const [$1, $2] of $3.entries()) { … }"],
  [/^for\s+(\w+)\s+in\s+(.+?)\s*:\s*(?:#.*)?$/, "for (const $1 of $2) { … }"],
  [/^for\s+(\w+(?:\s*,\s*\w+)+)\s+in\s+(.+?)\s*:\s*(?:#.*)?$/, "for (const [$1] of $2) { … }"],
  [/^if\s+.*:\s*(?:#.*)?$/, "if (condition) { … } else { … }"],
  [/^elif\b/, "else if (condition) { … }"],
  [/^else\s*:/, "else { … }"],
  [/^while\s+.*:\s*(?:#.*)?$/, "while (condition) { … }"],
  [/^(?:try|finally)\s*:|^except\b.*:/, "try { … } catch (error) { … } finally { … }"],
  [/^with\s+.+:\s*(?:#.*)?$/, "using name = …; at the end of the block it is disposed of"],
  [/^raise\s+(\w+)\((.*)\)/, "throw new Error($2)"],
  [/^raise\b/, 'throw new Error("…")'],
  [/^assert\s+(.+)$/, "console.assert($1)"],
  [/^del\s+([\w$]+)\s*$/, "$1 = undefined lets go of it"],
  [/^del\s+(.+)$/, "delete $1"],
  [/^(?:global|nonlocal)\s/, "functions see and change outer variables without a declaration"],
  [/^pass\b/, "an empty block is { }"],
  [/^not\s+([^\s=].*)$/, "!($1)"],
];

/** Expressions by how they look somewhere in a line. */
const EXPRESSIONS: readonly (readonly [RegExp, string])[] = [
  [/[[({]\s*(.+?)\s+for\s+(\w+)\s+in\s+([^\])}]+?)(?:\)\s*)?\s+if\s/, "$3.filter(($2) => …).map(($2) => $1)"],
  [/[[({]\s*(.+?)\s+for\s+(\w+)\s+in\s+range\((\w+)\)/, "Array.from({ length: $3 }, (_, $2) => $1)"],
  [/[[({]\s*(.+?)\s+for\s+(\w+)\s+in\s+([^\])}]+)[\])}]/, "$3.map(($2) => $1)"],
  [/(?:^|[^.\w])lambda\s*([\w\s,]*):\s*(.+?)\)*\s*$/, "($1) => $2"],
  [/(?:^|[=(,[\s])[fF](?:"([^"{]*)\{([^"}]*)\}|'([^'{]*)\{([^'}]*)\})/, "`$1$3$${$2$4}…`"],
  [/([\w.)\]]+)\s+is\s+not\s+None\b/, "$1 !== null"],
  [/([\w.)\]]+)\s+is\s+None\b/, "$1 === null"],
  [/([\w.)\]]+)\s+not\s+in\s+([\w.]+)/, "!$2.includes($1)"],
  [/=\s*([^\s;][^;]*?)\s+if\s+([^;{]+?)\s+else\s+([^\s;{][^;{]*)$/, "$2 ? $1 : $3"],
  [/([\w.)\]]+)\s+and\s+([\w.(!]+)/, "$1 && $2"],
  [/([\w.)\]]+)\s+or\s+([\w.(!]+)/, "$1 || $2"],
  [/\bnot\s+([\w.(]+)/, "!$1"],
];

const IMPORT = /^(?:from\s+([\w.]+)\s+import\b(.*)|import\s+([\w.]+)(?:\s+as\s+(\w+))?)\s*;?\s*$/;

/**
 * How TypeScript says what a line says in Python; empty where it does not look like Python.
 * @param line one at which the parser stopped.
 * @param column of that place, from 0.
 */
export function pythonAdvice(line: string, column: number): string {
  const rest = line.slice(column);
  if (/^#(?![\w{])|^\s*#/.test(rest) || (/^\s*$/.test(line.slice(0, column)) && rest.startsWith("#")))
    return "In TypeScript a comment begins with //.";
  if (line.includes('"""') || line.includes("'''"))
    return "In TypeScript a comment is /* … */, a text of several lines `…`.";
  const text = line.trim();
  const imported = IMPORT.exec(text);
  if (imported) return importAdvice(imported);
  return adviceFrom(STATEMENTS, text, text) || adviceFrom(EXPRESSIONS, text, withoutProse(text));
}

/** @param seen what has to match too. */
function adviceFrom(patterns: typeof STATEMENTS, text: string, seen: string): string {
  for (const [pattern, instead] of patterns) {
    const found = pattern.test(seen) ? pattern.exec(text) : null;
    if (found) return `In TypeScript: ${found[0].replace(pattern, instead)}`;
  }
  return "";
}

/** A line without its comment and what stands in its texts: there, `and` is English. */
function withoutProse(text: string): string {
  return text.replace(/(["'`])(?:\\.|(?!\1).)*\1?|\/\/.*$/g, (found, quote?: string) =>
    quote === undefined ? "" : quote + (/\{.*\}/.exec(found)?.[0] ?? "") + quote,
  );
}

function importAdvice([, from, names, whole, alias]: RegExpExecArray): string {
  const name = (from ?? whole)!;
  const [root] = name.split(".");
  if (Object.hasOwn(PACKAGES, root!)) return `${root} is a package of Python. Here: ${PACKAGES[root!]!}.`;
  const local =
    names === undefined ? `* as ${alias ?? root}` : `{ ${names.trim().replace(/^\((.*)\)$/, "$1")} }`;
  return `In TypeScript: import ${local} from "${name.replaceAll(".", "/")}"`;
}
