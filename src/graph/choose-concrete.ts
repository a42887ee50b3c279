import * as tf from "@tensorflow/tfjs";
import type { PythonValue } from "../formats/proto/structured-value.js";
import type { ConcreteFunction } from "./concrete-functions.js";
import { GraphError } from "./graph-error.js";
import { checkGiven, fitsShape, showSpec, type GraphInputs, type TensorSpec } from "./signature.js";
import { tensorType } from "./tensors.js";

/** What a saved function is called with: tensors, and by name the Python values that it was traced for. */
export type FunctionInputs = GraphInputs | Readonly<Record<string, tf.Tensor | PythonValue>>;

/** What choosing looks at. */
type Candidate = Pick<ConcreteFunction, "inputs" | "options">;

interface Given {
  readonly tensors: GraphInputs;
  readonly options: ReadonlyMap<string, PythonValue>;
}

/**
 * The concrete function that takes what a user gives: its tensors by name or order, shape and type, its Python
 * arguments as given, else by their defaults. Of several, the one whose types are nearest, then the first saved.
 * TensorFlow chooses likewise (saved_model/function_deserialization.py, `restored_function_body`).
 * @throws GraphError G11 that names all signatures when none fits, or when a Python argument has to be given.
 */
export function chooseConcrete<C extends Candidate>(
  path: string,
  candidates: readonly C[],
  inputs: FunctionInputs,
): { chosen: C; tensors: GraphInputs } {
  checkGiven(path, candidates[0]!.inputs, inputs);
  const { tensors, options } = split(inputs);
  // What is alone says itself what does not fit it.
  const only = candidates.length === 1 && agrees(candidates[0]!, options) ? candidates : null;
  const ways = candidates
    .map((candidate, place) => ({ candidate, place, distance: distanceOf(candidate, tensors) }))
    .filter(({ candidate, distance }) => distance !== null && agrees(candidate, options))
    .sort((a, b) => a.distance! - b.distance! || a.place - b.place)
    .map(({ candidate }) => candidate);
  const [chosen] = only ?? ways.filter((way) => isUsual(way, options));
  if (chosen === undefined) throw noneFits(path, candidates, ways.length);
  return { chosen, tensors };
}

/** `(x: float32 [?, 3], training = false)` */
export function showSignature({ inputs, options }: Candidate): string {
  const values = options.map(({ name, value }) => `${name} = ${JSON.stringify(value)}`);
  return `(${[...inputs.map(showSpec), ...values].join(", ")})`;
}

function split(inputs: FunctionInputs): Given {
  if (inputs instanceof tf.Tensor || Array.isArray(inputs)) {
    return { tensors: inputs as GraphInputs, options: new Map() };
  }
  const entries = Object.entries(inputs as Readonly<Record<string, tf.Tensor | PythonValue>>);
  const isOption = (value: unknown): boolean => value === null || typeof value !== "object";
  return {
    tensors: Object.fromEntries(entries.filter(([, value]) => !isOption(value))) as GraphInputs,
    options: new Map(entries.filter(([, value]) => isOption(value)) as [string, PythonValue][]),
  };
}

function agrees({ options }: Candidate, given: Given["options"]): boolean {
  return [...given].every(([name, value]) =>
    options.some((option) => option.name === name && option.value === value),
  );
}

/** Whether the Python arguments that are not given have their defaults. */
function isUsual({ options }: Candidate, given: Given["options"]): boolean {
  return options.every(({ name, isDefault }) => isDefault || given.has(name));
}

/** How far the types of the tensors are from those that a function takes; null where it does not take them. */
function distanceOf({ inputs }: Candidate, given: GraphInputs): number | null {
  const tensors = inOrder(inputs, given);
  if (tensors?.length !== inputs.length) return null;
  const distances = tensors.map((tensor, i) => {
    if (!(tensor instanceof tf.Tensor) || !fitsShape(inputs[i]!, tensor)) return null;
    return typeDistance(inputs[i]!, tensor.dtype);
  });
  return distances.reduce((sum, one) => (sum === null || one === null ? null : sum + one), 0);
}

function inOrder(
  specs: readonly TensorSpec[],
  given: GraphInputs,
): readonly (tf.Tensor | undefined)[] | null {
  if (given instanceof tf.Tensor) return [given];
  if (Array.isArray(given)) return given as tf.Tensor[];
  const map = given as Readonly<Record<string, tf.Tensor>>;
  return Object.keys(map).length === specs.length ? specs.map(({ name }) => map[name]) : null;
}

/**
 * 0 for the same type, 1 for the same in fewer bits, 2 for one that holds its values, 3 for whole numbers of floats, 4 for
 * those of text.
 */
function typeDistance(spec: TensorSpec, given: tf.DataType): number | null {
  const wanted = tensorType(spec.type);
  if (given === "string" && spec.dtype === "int64") return 4;
  if (wanted === given) return spec.dtype === given ? 0 : 1;
  const order: readonly tf.DataType[] = ["bool", "int32", "float32"];
  const [from, to] = [order.indexOf(given), order.indexOf(wanted)];
  if (from < 0 || to < 0) return null;
  return from < to ? 2 : 3;
}

function noneFits(path: string, candidates: readonly Candidate[], fitting: number): GraphError {
  const list = `It takes ${candidates.map(showSignature).join(" or ")}.`;
  if (fitting === 0) {
    const detail = `none of its ${candidates.length} signatures takes what is given`;
    return new GraphError("G11", path, detail, list);
  }
  const detail = `${fitting} of its signatures take${fitting === 1 ? "s" : ""} these tensors, with a Python argument that is not given`;
  return new GraphError("G11", path, detail, `Give it by name, beside the tensors. ${list}`);
}
