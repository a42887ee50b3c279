import fs from "node:fs";
import type { JsonValue } from "../../formats/model-file.js";
import type { LayerSpec, ModelGraph } from "../../keras/graph.js";
import { brief } from "../../keras/json.js";
import { eachLayer } from "../../keras/read-graph.js";
import type { LayerDefinition } from "../../layers/registry.js";
import { resolveLayer } from "../../layers/resolve.js";
import { adoptedArguments } from "../weights/adopt.js";
import { storedWeights } from "../report/evidence.js";
import type { Decision } from "../problem.js";
import type { Work } from "../work.js";
import { argumentOwners, checkOwned } from "./argument-owners.js";
import { activationArguments } from "../problems/activation-arguments.js";
import { mapLayers, type Edited } from "./edited.js";

type Values = Readonly<Record<string, JsonValue>>;

/** `set units=8 use_bias=false`: arguments of the layer, as the user gives them. */
export function setArguments(graph: ModelGraph, { subject, argument }: Decision): Edited | null {
  const spec = layerAt(graph, subject);
  if (!spec) return null;
  const edits = Object.entries(parseArguments(argument ?? "")).flatMap(([key, value]) =>
    argumentOwners(spec, key).map(({ path }) => ({ path, values: { [key]: value } })),
  );
  return changedAll(graph, edits);
}

/** @throws RangeError where the layer has no such argument */
export function checkSet(graph: ModelGraph, subject: string, text: string): void {
  const values = parseArguments(text);
  const spec = layerAt(graph, subject);
  if (spec) for (const key of Object.keys(values)) checkOwned(spec, key);
}

/** Each layer's arguments in turn; null where nothing was changed. */
function changedAll(
  graph: ModelGraph,
  edits: readonly { readonly path: string; readonly values: Values }[],
): Edited | null {
  const done: string[] = [];
  let edited = graph;
  for (const { path, values } of edits) {
    const next = changed(edited, path, values, "equivalent");
    if (!next) continue;
    edited = next.graph;
    done.push(next.done);
  }
  return done.length > 0 ? { graph: edited, done: done.join("; "), fidelity: "equivalent" } : null;
}

/** `adopt`: the arguments that the stored weights imply, for the layer or another one that is named. */
export function adopt(graph: ModelGraph, { subject, argument }: Decision, work: Work): Edited | null {
  const target = argument ?? subject;
  const inside = [...eachLayer(graph)].filter(({ path }) => path === target || path.startsWith(`${target}/`));
  return changedAll(
    graph,
    inside.flatMap((spec) => {
      const values = adoptedArguments(spec, storedWeights({ ...work, graph }, spec));
      return values ? [{ path: spec.path, values }] : [];
    }),
  );
}

/** `replace NAME`: another class for the layers of a class, or another activation wherever one is named. */
export function replaceClass(graph: ModelGraph, { code, subject, argument }: Decision): Edited | null {
  if (argument === undefined) return null;
  if (code === "C16") return replaceActivation(graph, subject, argument);
  if (!isClassFor(graph, subject, argument)) return null;
  return {
    graph: mapLayers(graph, (spec) =>
      spec.className === subject || spec.path === subject
        ? { ...spec, className: argument, module: null, registeredName: null }
        : spec,
    ),
    done: `${subject} became ${argument}`,
    fidelity: "approximate",
  };
}

/** Whether Keras has a class of this name for the layers of a class, or for the one of a path. */
export function isClassFor(graph: ModelGraph, subject: string, name: string): boolean {
  return [...eachLayer(graph)]
    .filter(({ className, path }) => className === subject || path === subject)
    .some((spec) => resolveLayer({ ...spec, className: name, module: null, registeredName: null }, NONE));
}

const NONE: ReadonlyMap<string, LayerDefinition> = new Map();

function replaceActivation(graph: ModelGraph, name: string, other: string): Edited | null {
  const found = activationArguments(graph, name);
  const edited = found.reduce(
    (before, { path, key }) => changed(before, path, { [key]: other }, "approximate")?.graph ?? before,
    graph,
  );
  if (found.length === 0) return null;
  const layers = new Set(found.map(({ path }) => path)).size;
  const done = `${name} became ${other}${layers === 1 ? "" : ` in ${layers} layers`}`;
  return { graph: edited, done, fidelity: "approximate" };
}

/** `vocabulary PATH`: the words of a file that the user points to, one on each line. */
export function takeVocabulary(graph: ModelGraph, { subject, argument }: Decision): Edited | null {
  if (argument === undefined) return null;
  const words = fs
    .readFileSync(argument, "utf8")
    .replace(/\r?\n$/, "")
    .split(/\r?\n/);
  const edited = changed(graph, subject, { vocabulary: words }, "exact");
  return edited && { ...edited, done: `${words.length} words from ${argument}` };
}

function changed(
  graph: ModelGraph,
  path: string,
  values: Values,
  fidelity: Edited["fidelity"],
): Edited | null {
  const spec = layerAt(graph, path);
  if (!spec || Object.keys(values).length === 0) return null;
  const before = (key: string) => (key in spec.config ? brief(spec.config[key]) : "unsaid");
  return {
    graph: mapLayers(graph, (layer) =>
      layer.path === path ? { ...layer, config: { ...layer.config, ...values } } : layer,
    ),
    done: Object.entries(values)
      .map(([key, value]) => `${key}: ${before(key)} became ${brief(value)}`)
      .join("; "),
    fidelity,
  };
}

function layerAt(graph: ModelGraph, path: string): LayerSpec | null {
  return [...eachLayer(graph)].find((spec) => spec.path === path) ?? null;
}

/**
 * Arguments as the user types them: a JSON object, or `name=value` with values in JSON, words without quotes.
 * @throws RangeError when it is neither
 */
export function parseArguments(text: string): Values {
  const trimmed = text.trim();
  try {
    if (trimmed.startsWith("{")) return JSON.parse(trimmed) as Values;
  } catch (error) {
    throw new RangeError(`The arguments are no JSON: ${(error as Error).message}`, { cause: error });
  }
  const values: Record<string, JsonValue> = {};
  for (const part of trimmed.match(/[A-Za-z_]\w*\s*=\s*(\[[^\]]*\]|"[^"]*"|[^\s,]+)/g) ?? []) {
    const [, name, value] = /^(\w+)\s*=\s*(.*)$/s.exec(part)!;
    values[name!] = valueOf(value!);
  }
  if (Object.keys(values).length === 0)
    throw new RangeError("Arguments are given as name=value, or as a JSON object.");
  return values;
}

function valueOf(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return text === "None" ? null : text === "True" ? true : text === "False" ? false : text;
  }
}
