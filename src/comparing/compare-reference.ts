import { readFile } from "node:fs/promises";
import * as tf from "@tensorflow/tfjs";
import { parseJson } from "../formats/json.js";
import type { JsonValue, StoredWeight } from "../formats/model-file.js";
import { openModelFile } from "../formats/open.js";
import { isObject } from "../keras/json.js";
import type { LoadedGraph } from "../graph/loaded-graph.js";
import { compared, type ComparedRow, type Comparison } from "./compare-models.js";
import { difference } from "./difference.js";
import { scoped } from "./scoped.js";

/** Inputs and what a model returned for them, from a file. */
export interface Reference {
  readonly inputs: readonly tf.Tensor[];
  readonly outputs: readonly tf.Tensor[];
}

/**
 * Reads a reference: `.npz` or `.h5` with arrays named `x`, `x_0`, `input...` and `y`, `y_0`, `output...`, or JSON
 * `{"inputs": [...], "outputs": [...]}` with nested lists or `{shape, values, dtype}`.
 * @throws RangeError that says what the file has instead
 */
export async function readReference(path: string): Promise<Reference> {
  if (/\.json$/i.test(path)) return fromJson(parseJson(await readFile(path, "utf8")));
  const file = await openModelFile(path);
  try {
    const weights = file.layers.flatMap((layer) =>
      layer.weights.map((weight) => ({ key: `${layer.name}/${weight.name}`, weight })),
    );
    const named = (pattern: RegExp) =>
      weights.filter(({ key }) => pattern.test(key)).toSorted((a, b) => ORDER.compare(a.key, b.key));
    const inputs = await Promise.all(named(INPUT).map(({ weight }) => tensorOf(weight)));
    const outputs = await Promise.all(named(OUTPUT).map(({ weight }) => tensorOf(weight)));
    if (inputs.length > 0 && outputs.length > 0) return { inputs, outputs };
    throw new RangeError(
      `it has ${
        weights
          .map(({ key }) => key)
          .slice(0, 8)
          .join(", ") || "no arrays"
      }; inputs are to be named x or input, outputs y or output.`,
    );
  } finally {
    file.close();
  }
}

const INPUT = /(^|\/)(x|inputs?)([_.-]?\d+)?(\/|$)/i;
const OUTPUT = /(^|\/)(y|outputs?|predictions?)([_.-]?\d+)?(\/|$)/i;
const ORDER = new Intl.Collator("en", { numeric: true });

async function tensorOf(weight: StoredWeight): Promise<tf.Tensor> {
  const values = await weight.read();
  const numbers = Array.isArray(values)
    ? values
    : Float32Array.from(values as ArrayLike<number | bigint>, Number);
  return tf.tensor(numbers, [...weight.shape], Array.isArray(values) ? "string" : "float32");
}

function fromJson(value: JsonValue): Reference {
  const list = (key: string) => {
    const items = isObject(value) ? value[key] : undefined;
    if (!Array.isArray(items))
      throw new RangeError(`its JSON has no list "${key}"; {"inputs": [...], "outputs": [...]} is read.`);
    return items.map(fromItem);
  };
  return { inputs: list("inputs"), outputs: list("outputs") };
}

function fromItem(item: JsonValue): tf.Tensor {
  if (!isObject(item)) return tf.tensor(item as number[]);
  const dtype = item["dtype"] === "int32" || item["dtype"] === "string" ? item["dtype"] : "float32";
  return tf.tensor(item["values"] as number[], item["shape"] as number[], dtype);
}

/** @throws RangeError that says both, where the reference's inputs are others than the model's */
function requireInputs(
  model: tf.LayersModel,
  inputs: readonly tf.Tensor[],
  [name, reference]: readonly [string, string],
): void {
  const fits = model.inputs.every(({ shape }, i) => {
    const given = inputs[i]?.shape;
    if (given?.length !== shape.length) return given !== undefined;
    return shape.every((size, axis) => axis === 0 || size === null || size === given[axis]);
  });
  if (fits && inputs.length === model.inputs.length) return;
  const said = (all: readonly { readonly shape: readonly (number | null)[] }[]) =>
    all.map(({ shape }) => `[${shape.map(String).join(", ")}]`).join(" and ") || "none";
  throw new RangeError(
    `${name} takes ${said(model.inputs)}, the inputs of ${reference} are ${said(inputs)}: they are taken by their names, in order.`,
  );
}

/** Predicts from the reference's inputs, by layers or by a graph's signature, and compares with its outputs. */
export function compareWithReference(
  model: tf.LayersModel | LoadedGraph,
  { inputs, outputs }: Reference,
  names: readonly [string, string],
  tolerance = 1e-5,
): Comparison {
  if (model instanceof tf.LayersModel) requireInputs(model, inputs, names);
  return scoped(() => {
    const predicted = outputsOf(model, inputs);
    const rows = predicted.map(({ name, value }, i): ComparedRow => {
      const expected = outputs[i];
      return {
        name,
        className: "output",
        difference: expected ? difference(value, expected) : null,
        note: expected ? "" : "the reference has no such output",
      };
    });
    return compared(`${names[0]} and the reference ${names[1]}`, rows, tolerance);
  });
}

function outputsOf(
  model: tf.LayersModel | LoadedGraph,
  inputs: readonly tf.Tensor[],
): { readonly name: string; readonly value: tf.Tensor }[] {
  const given = inputs.length === 1 ? inputs[0]! : [...inputs];
  if (model instanceof tf.LayersModel)
    return [model.predict(given)]
      .flat()
      .map((value, i) => ({ name: model.outputNames[i] ?? `output ${i}`, value }));
  const predicted = model.predict(given);
  const named = predicted instanceof tf.Tensor ? { [model.outputs[0]!.name]: predicted } : predicted;
  return Object.entries(named).map(([name, value]) => ({ name, value }));
}
