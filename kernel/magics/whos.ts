import { columns, fitted, TEXT_WIDTH } from "../../src/display/text.js";
import { describe } from "../cells/values/describe.js";
import type { Magic } from "./magic.js";

const HEAD = ["Variable", "Type", "Value"];

export const whos: Magic = {
  name: "whos",
  kinds: ["line"],
  summary: "Lists the variables of the notebook with their types and values.",
  arguments: [{ name: "TYPE", summary: "only those whose type begins so: `Tensor`, `number`", type: "rest" }],
  examples: ["%whos", "%whos Tensor"],
  async run({ arguments: given }, { engine, output }) {
    const wanted = String(given["TYPE"] ?? "").toLowerCase();
    const rows = Object.keys(engine.scope)
      .map((name) => row(name, engine.scope))
      .filter(([, type]) => type.toLowerCase().startsWith(wanted));
    output.stream("stdout", `${rows.length > 0 ? table(rows) : nothing(wanted)}\n`);
    return undefined;
  },
};

type Row = readonly [name: string, type: string, value: string];

function row(name: string, scope: Readonly<Record<string, unknown>>): Row {
  try {
    const value = scope[name];
    const { type = value === null ? "null" : typeof value, value: text } = describe(value);
    return [name, type, text === type ? "" : text];
  } catch {
    return [name, "", "(no value)"]; // an import that its module does not have
  }
}

function table(rows: readonly Row[]): string {
  const least = [
    [2, 30],
    [1, 12],
    [0, 12],
  ] as const;
  return columns(fitted([HEAD, ...rows], TEXT_WIDTH, least)).join("\n");
}

function nothing(wanted: string): string {
  return wanted === "" ? "No cell has declared a variable yet." : `No variable's type begins with ${wanted}.`;
}
