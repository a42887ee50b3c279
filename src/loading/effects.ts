import fs from "node:fs";
import { isEdit } from "./edits/edit.js";
import { similarLayers } from "../layers/resolve.js";
import type { ModelGraph } from "../keras/graph.js";
import { activationNames, isActivationName } from "../layers/activations.js";
import { checkSet, isClassFor } from "./edits/argument-edits.js";
import { eachLayer } from "../keras/read-graph.js";
import { nearestNames } from "../names/nearest-names.js";
import { checkPairs } from "./weights/chosen-pairs.js";
import type { Problem, Remedy, Step } from "./problem.js";
import { parseVariables } from "./custom/given-variables.js";
import { parseShape } from "./shapes/shape-argument.js";

/** Remedies that change an earlier step than the one that offers them. */
const EFFECTS: ReadonlyMap<string, Step> = new Map<string, Step>([
  ["open", "identify"],
  ["weights", "read"],
  ["architecture", "configure"],
  ["draft", "configure"],
  ["output-shape", "resolve"],
  ["variables", "resolve"],
  ["zeros", "bind"],
]);

/** The step in which a remedy takes effect; null where that is the step that offers it. */
export function effectOf(remedy: string): Step | null {
  return isEdit(remedy) ? "configure" : (EFFECTS.get(remedy) ?? null);
}

/**
 * Looks at what the user gave for a remedy before it becomes a decision.
 * @param graph of the model, where there is one
 * @throws RangeError that says what is wrong with it
 */
export function checkArgument(
  { id, needs }: Remedy,
  text: string,
  { alignment = [], subject }: Problem,
  graph: ModelGraph | undefined,
): void {
  if (id === "align") checkPairs(text, alignment);
  if (id === "set" && graph) checkSet(graph, subject, text);
  if (needs === "LAYER" && graph) checkLayer(id, text, graph);
  if (needs === "SHAPE") parseShape(text);
  if (needs === "ACTIVATION" && !isActivationName(text))
    throw new RangeError(
      `${id}: there is no activation ${text}.${nearest(nearestNames(text, activationNames()))}`,
    );
  if (needs === "CLASS" && graph && !isClassFor(graph, subject, text))
    throw new RangeError(`${id}: Keras has no layer class ${text}.${nearest(similarLayers(text))}`);
  if (id === "variables") parseVariables(text);
  const isFile = needs === "PATH" && id !== "architecture" && id !== "open";
  if (isFile && !fs.existsSync(text) && !fs.existsSync(`${text}.index`))
    throw new RangeError(`${id}: there is nothing at ${text}.`);
}

/** A layer by its name or path; for `connect`, with the number of one of its calls. */
function checkLayer(remedy: string, text: string, graph: ModelGraph): void {
  const names = [...eachLayer(graph)].flatMap(({ name, path }) => [name, path]);
  if (names.includes(text) || (remedy === "connect" && names.includes(text.replace(/:\d+$/, "")))) return;
  throw new RangeError(`${remedy}: the model has no layer ${text}.${nearest(nearestNames(text, names))}`);
}

function nearest(near: readonly string[]): string {
  return near.length > 0 ? ` The nearest: ${near.join(", ")}.` : "";
}

/** Remedies that another one builds on: they settle nothing alone. */
export const PREPARING: ReadonlySet<string> = new Set(["output-shape", "variables"]);
