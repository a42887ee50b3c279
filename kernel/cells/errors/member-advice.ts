import { types } from "node:util";
import { nearestNames } from "../../../src/names/nearest-names.js";

const NAME = String.raw`[\p{ID_Start}$_][\p{ID_Continue}$]*`;
const OF_CALL = new RegExp(`^(${NAME})((?:\\.${NAME}|\\[\\d+\\])*) is not a function$`, "u");

/** Names that Python, NumPy and TensorFlow have for what a value here may have under another. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  append: "push",
  extend: "push",
  index: "indexOf",
  contains: "includes",
  upper: "toUpperCase",
  lower: "toLowerCase",
  strip: "trim",
  lstrip: "trimStart",
  rstrip: "trimEnd",
  numpy: "arraySync",
  astype: "cast",
  multiply: "mul",
  subtract: "sub",
  divide: "div",
  fit_generator: "fitDataset",
};

/** What is done in another way here, by the method that tells of what: TensorFlow.js's loadWeights takes tensors. */
const OTHERWISE: Readonly<Record<string, readonly [of: string, advice: string]>> = {
  load_weights: [
    "loadWeights",
    "%load_model FILE opens a file of weights with the architecture that lies beside it.",
  ],
  adapt: [
    "countParams",
    "Layers do not learn from data here; a model of Keras brings what its layers have learnt.",
  ],
};

/**
 * Which member was meant by one that a value does not have, such as `get_layer` for `getLayer`, and how a model is
 * called; empty for other errors.
 * @param scope the notebook's variables; no getter of what they hold is run.
 */
export function memberAdvice(message: string, scope: Readonly<Record<string, unknown>>): string {
  const [, name, path] = OF_CALL.exec(message) ?? [];
  if (name === undefined || path === undefined) return "";
  const steps = path.match(/[^.[\]]+/gu) ?? [];
  const values = [scope[name]];
  for (const step of steps) values.push(dataOf(values.at(-1), step));
  const wanted = steps.at(-1);
  if (wanted === undefined || values.at(-1) !== undefined) return callAdvice(name + path, values.at(-1));
  const methods = methodsOf(values.at(-2));
  const otherwise = Object.hasOwn(OTHERWISE, wanted) ? OTHERWISE[wanted]! : null;
  if (otherwise && methods.has(otherwise[0])) return otherwise[1];
  const elsewhere = Object.hasOwn(ELSEWHERE, wanted) ? ELSEWHERE[wanted]! : "";
  const meant = methods.has(elsewhere)
    ? elsewhere
    : nearestNames(wanted.replace(/^reduce_/, ""), methods, 1)[0];
  return meant === undefined ? "" : `Did you mean ${name}${path.slice(0, -wanted.length)}${meant}?`;
}

/** In Keras models and layers are functions. */
function callAdvice(name: string, value: unknown): string {
  const methods = methodsOf(value);
  if (methods.has("predict") && methods.has("apply"))
    return `A model is called by ${name}.predict(x), or by ${name}.apply(x) where gradients are wanted.`;
  return methods.has("apply") && methods.has("countParams") ? `A layer is called by ${name}.apply(x).` : "";
}

function dataOf(value: unknown, key: string): unknown {
  for (const each of chainOf(value)) {
    const found = Object.getOwnPropertyDescriptor(each, key);
    if (found) return found.value;
  }
  return undefined;
}

function methodsOf(value: unknown): ReadonlySet<string> {
  const [first, ...prototypes] = chainOf(value);
  const chain = first && !isOfItems(first) ? [first, ...prototypes] : prototypes;
  const names = chain.flatMap((each) =>
    Object.entries(Object.getOwnPropertyDescriptors(each))
      .filter(([name, { value: method }]) => typeof method === "function" && name !== "constructor")
      .map(([name]) => name),
  );
  return new Set(names);
}

/** What has a property of its own for each of its items, of which there may be millions. */
function isOfItems(value: object): boolean {
  return Array.isArray(value) || ArrayBuffer.isView(value) || types.isStringObject(value);
}

/** A value and its prototypes but for Object's; none of a proxy, whose code would run. */
function chainOf(value: unknown): object[] {
  if (value === null || value === undefined) return [];
  const chain: object[] = [];
  for (let at: object | null = Object(value) as object; at && at !== Object.prototype;) {
    if (types.isProxy(at)) return [];
    chain.push(at);
    at = Object.getPrototypeOf(at) as object | null;
  }
  return chain;
}
