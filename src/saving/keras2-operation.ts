import type { JsonValue } from "../formats/model-file.js";
import type { LayerSpec } from "../keras/graph.js";

const BINARY: Readonly<Record<string, string>> = {
  Add: "tf.add(a, b)",
  Subtract: "tf.subtract(a, b)",
  Multiply: "tf.multiply(a, b)",
  Maximum: "tf.maximum(a, b)",
  Minimum: "tf.minimum(a, b)",
};

const UNARY: Readonly<Record<string, string>> = {
  Abs: "tf.abs(inputs)",
  Absolute: "tf.abs(inputs)",
  Negative: "tf.negative(inputs)",
  Square: "tf.square(inputs)",
  Sqrt: "tf.sqrt(inputs)",
  Exp: "tf.exp(inputs)",
  Log: "tf.math.log(inputs)",
  Sin: "tf.sin(inputs)",
  Cos: "tf.cos(inputs)",
  Tanh: "tf.tanh(inputs)",
  Sigmoid: "tf.sigmoid(inputs)",
  Relu: "tf.nn.relu(inputs)",
};

const REDUCTIONS: Readonly<Record<string, string>> = {
  Mean: "mean",
  Sum: "sum",
  Max: "max",
  Min: "min",
};

/**
 * What an operation of Keras 3 between the layers computes, as the lines of `call` of a Keras 2 layer; null where it is to
 * be written. Keras 2 hands the operands in one list, with numbers for the constants among them.
 */
export function keras2Operation({ className, module, config }: LayerSpec): readonly string[] | null {
  if (!/\.ops\./.test(module ?? "")) return null;
  if (Object.hasOwn(BINARY, className)) {
    return [
      "a, b = [tf.convert_to_tensor(x) for x in inputs]",
      "dtype = a.dtype if a.dtype.is_floating else b.dtype",
      "a, b = tf.cast(a, dtype), tf.cast(b, dtype)",
      `return ${BINARY[className]!}`,
    ];
  }
  if (Object.hasOwn(UNARY, className)) return [`return ${UNARY[className]!}`];
  const axis = axes(config["axis"] ?? null);
  if (!Object.hasOwn(REDUCTIONS, className) || axis === null || config["initial"] != null) return null;
  const keep = config["keepdims"] === true ? "True" : "False";
  // TensorFlow's mean of whole numbers is one.
  const x =
    className === "Mean" ? 'inputs if inputs.dtype.is_floating else tf.cast(inputs, "float32")' : "inputs";
  return [`x = ${x}`, `return tf.reduce_${REDUCTIONS[className]!}(x, axis=${axis}, keepdims=${keep})`];
}

/** As Python writes them; null for what are none. */
function axes(value: JsonValue): string | null {
  if (value === null) return "None";
  const list = Array.isArray(value) ? value : [value];
  return list.every((n) => Number.isInteger(n)) ? JSON.stringify(value) : null;
}
