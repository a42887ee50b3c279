import path from "node:path";
import ts = require("typescript");
import type { Members } from "../cells/compile/namespace-members.js";
import type { DeclaredName } from "./declared-names.js";

/** Where a name of the notebook was declared last. */
export interface Origin extends DeclaredName {
  /** Empty for what a magic bound. */
  readonly file: string;
  /** Of a namespace: what it exports, with what it took over from earlier cells. */
  readonly members?: Members;
}

export type UsedNames = readonly (readonly [name: string, origin: Origin])[];

/** What names begin with that completion hides. */
const HIDDEN = "__";

/** How a cell exports what its last expression is. */
export const RESULT = "__result";

/** Characters of a last expression that is written twice, to have a name for its type. */
const LONGEST_RESULT = 2000;

/** Exports the value of a cell: of its last expression. */
export function resultOf(cell: ts.SourceFile): string {
  const last = cell.statements.at(-1);
  if (!last || !ts.isExpressionStatement(last)) return "";
  const text = last.expression.getText(cell);
  return text.length > LONGEST_RESULT ? "" : `export const ${RESULT} = (${text});\n`;
}

/** For a cell that runs: each name from the cell that declared it last. */
export function importEach(used: UsedNames): string {
  return used
    .map(([name, { file, access }]) => {
      if (file === "") return untyped(name);
      const from = specifierOf(file);
      return access === "import"
        ? `import { ${name} } from ${from};`
        : `declare let ${name}: typeof import(${from}).${name};`;
    })
    .join("");
}

/** For the cell that is being written: one import, whatever it uses. */
export function importFromOne(
  used: UsedNames,
  namesFile: string,
  liveTypeOf: (name: string, origin: Origin) => string | undefined,
): string {
  const imported: string[] = [];
  let variables = "";
  for (const [name, origin] of used) {
    const { file, access } = origin;
    const live = liveTypeOf(name, origin);
    if (live !== undefined) variables += `declare let ${name}: ${live};`;
    else if (file === "") variables += untyped(name);
    else if (access === "import") imported.push(name);
    else {
      imported.push(`${name} as ${HIDDEN}${name}`);
      variables += `declare let ${name}: typeof ${HIDDEN}${name};`;
    }
  }
  return `import { ${imported.join(", ")} } from ${specifierOf(namesFile)};${variables}`;
}

export function untyped(name: string): string {
  return `declare let ${name}: any;`;
}

/** Without the extension, lest completion of the user's own imports imitates it. */
export function specifierOf(file: string): string {
  return JSON.stringify(`./${path.parse(file).name}`);
}

/** The latest results, as cells name them. */
export const LATEST = ["_", "__", "___"];

/**
 * Declares `_` and `Out`, if a text has them, by the types of the cells that they come from.
 * @param latest numbers of the cells that had the latest results, the last one first.
 * @param files of cells with a result.
 */
export function importResults(
  text: string,
  isDeclared: (name: string) => boolean,
  latest: readonly number[],
  files: ReadonlyMap<number, string>,
): string {
  const typeOf = (executionCount: number | undefined) => {
    const file = executionCount === undefined ? undefined : files.get(executionCount);
    return file === undefined ? "any" : `typeof import(${specifierOf(file)}).${RESULT}`;
  };
  const isUsed = (name: string) => !isDeclared(name) && new RegExp(`\\b${name}\\b`).test(text);
  const results = LATEST.map((name, at) =>
    isUsed(name) ? `declare let ${name}: ${typeOf(latest[at])};` : "",
  );
  if (!isUsed("Out")) return results.join("");
  const numbers = new Set([...text.matchAll(/\bOut\[(\d+)\]/g)].map(([, number]) => Number(number)));
  const members = [...numbers].map((number) => `${number}: ${typeOf(number)};`);
  return `${results.join("")}declare const Out: { ${members.join(" ")} [n: number]: any };`;
}
