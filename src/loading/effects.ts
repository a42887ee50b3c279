import fs from "node:fs";
import { isEdit } from "./edits/edit.js";
import { parseArguments } from "./edits/argument-edits.js";
import { checkPairs } from "./chosen-pairs.js";
import type { Problem, Remedy, Step } from "./problem.js";
import { parseShape } from "./shape-argument.js";

/** Remedies that change an earlier step than the one that offers them. */
const EFFECTS: ReadonlyMap<string, Step> = new Map<string, Step>([
  ["open", "identify"],
  ["weights", "read"],
  ["architecture", "configure"],
  ["draft", "configure"],
  ["output-shape", "resolve"],
  ["zeros", "bind"],
]);

/** The step in which a remedy takes effect; null where that is the step that offers it. */
export function effectOf(remedy: string): Step | null {
  return isEdit(remedy) ? "configure" : (EFFECTS.get(remedy) ?? null);
}

/**
 * Looks at what the user gave for a remedy before it becomes a decision.
 * @throws RangeError that says what is wrong with it
 */
export function checkArgument({ id, needs }: Remedy, text: string, { alignment = [] }: Problem): void {
  if (id === "align") checkPairs(text, alignment);
  if (id === "set") parseArguments(text);
  if (needs === "SHAPE") parseShape(text);
  const isFile = needs === "PATH" && id !== "architecture" && id !== "open";
  if (isFile && !fs.existsSync(text) && !fs.existsSync(`${text}.index`))
    throw new RangeError(`${id}: there is nothing at ${text}.`);
}
