import * as tf from "@tensorflow/tfjs";
import { asTensor, type Kind, type Term, type Value } from "./value.js";

/** A function of Keras's backend, `keras.ops`, TensorFlow or NumPy, in TensorFlow.js. */
export interface TensorFunction {
  /** Parameters in Python's order; the first takes any keyword. */
  readonly parameters: readonly string[];
  readonly result: Kind;
  /** True where two runs differ. */
  readonly random?: boolean;
  text(given: readonly (Term | undefined)[]): string;
  run(given: readonly Value[]): Value;
}

export const functions = new Map<string, TensorFunction>();

/** Keras's backend of Keras 1 and 2, `keras.ops`, NumPy, TensorFlow. */
export type Family = "K" | "ops" | "np" | "tf";

/** The function that a dotted name ends in: `K.mean`, `tf.math.reduce_mean`, `keras.ops.mean`. */
export function functionNamed(name: string, family: Family = "tf"): TensorFunction | undefined {
  return functions.get(`${family}:${name}`) ?? functions.get(name);
}

/** Whether a dotted name is one of a known module; `backend` is Keras's, whatever Keras is imported as. */
export function isOfModule(path: readonly string[]): boolean {
  if (MODULES.has(path[0]!) || (path.length === 3 && path[1] === "backend")) return true;
  return path[0] === "imagenet_utils" && path.length === 2;
}

/**
 * Where a function is what its last name says. Elsewhere the same name is another function: `tf.image.transpose` turns
 * pictures over, `tf.strings.split` splits texts.
 */
const PLAIN_OWNERS = new RegExp(
  [
    String.raw`^((tf|tensorflow)\.)?((keras|tf_keras|keras_core|K)\.)?(backend|K|T)$|^\w+\.backend$|^[KT]$`,
    String.raw`^((tf|tensorflow)\.)?((keras|tf_keras|keras_core|K)\.)?(ops(\.(numpy|nn|math|linalg|image|core))?|activations)$`,
    String.raw`^(tf|tensorflow)(\.compat\.v1)?(\.(math|nn|linalg|dtypes|quantization|debugging))?$`,
    String.raw`^(tf|tensorflow)\.(experimental\.numpy|contrib\.\w+)$`,
    String.raw`^(np|numpy)(\.linalg)?$|^math$|^nn$`,
  ].join("|"),
);
const IMAGES = /^(resize\w*|flip_left_right|flip_up_down|rgb_to_grayscale|per_image_standardization)$/;
const RANDOM = /^(normal|uniform|random_normal|random_uniform)$/;

/** Whether a dotted name is the function that its last part names. */
export function isPlainlyNamed(path: readonly string[]): boolean {
  if (path.length === 1) return true;
  const [owner, name] = [path.slice(0, -1).join("."), path.at(-1)!];
  if (/^(tf|tensorflow)(\.compat\.v1)?\.image$/.test(owner)) return IMAGES.test(name);
  if (/^(tf|tensorflow|keras)(\.compat\.v1)?\.random$/.test(owner)) return RANDOM.test(name);
  return PLAIN_OWNERS.test(owner);
}

/** Modules whose functions are known. */
export const MODULES: ReadonlySet<string> = new Set([
  "K",
  "T",
  "tf",
  "tensorflow",
  "keras",
  "tf_keras",
  "keras_core",
  "backend",
  "ops",
  "np",
  "numpy",
  "math",
  "nn",
]);

/** Other spellings of parameters, in TensorFlow 1 and NumPy. */
export const PARAMETER_ALIASES: ReadonlyMap<string, string> = new Map([
  ["keep_dims", "keepdims"],
  ["reduction_indices", "axis"],
  ["axes", "axis"],
  ["dim", "axis"],
  ["depth", "num_classes"],
  ["clip_value_min", "min"],
  ["clip_value_max", "max"],
  ["min_value", "min"],
  ["max_value", "max"],
  ["a_min", "min"],
  ["a_max", "max"],
  ["x_min", "min"],
  ["x_max", "max"],
  ["perm", "pattern"],
  ["multiples", "n"],
  ["newshape", "shape"],
]);

export function define(names: string, definition: TensorFunction): void {
  for (const name of names.split(" ")) functions.set(name, definition);
}

/** `tf.NAME(x, ...)` with the arguments as they stand; those not given at the end are left out. */
export function direct(
  names: string,
  tfName: string,
  parameters: string,
  run: (given: readonly Value[]) => Value,
): void {
  define(names, {
    parameters: parameters.split(" "),
    result: "tensor",
    text: (given) => callText(tfName, given.map(stackedWhere(parameters.split(" ")))),
    run,
  });
}

/** Python makes a tensor of a list of tensors where one is wanted; TensorFlow.js does of numbers alone. */
function stackedWhere(
  parameters: readonly string[],
): (term: Term | undefined, i: number) => Term | undefined {
  return (term, i) =>
    term?.kind === "list" && term.constant === undefined && term.items && ONE_TENSOR.has(parameters[i]!)
      ? { ...term, text: `tf.stack(${term.text})` }
      : term;
}

const ONE_TENSOR = new Set(["x", "y", "condition", "bias"]);

export function callText(tfName: string, given: readonly (Term | undefined)[]): string {
  const last = given.findLastIndex((term) => term !== undefined && term.constant !== null);
  const texts = given
    .slice(0, last + 1)
    .map((term) => (term && term.constant !== null ? term.text : "undefined"));
  return `tf.${tfName}(${texts.join(", ")})`;
}

export function unary(names: string, tfName: string, run: (x: tf.Tensor) => tf.Tensor): void {
  direct(names, tfName, "x", ([x]) => run(asTensor(x)));
}
