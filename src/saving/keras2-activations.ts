import type { LayerSpec } from "../keras/graph.js";
import { activationName } from "../layers/activations.js";

/**
 * Activations that Keras 3 alone has, by the names that files have for them: what they return, in TensorFlow, with the
 * formulas of keras/src/activations/activations.py. The last line of each is the value.
 */
const FUNCTIONS: Readonly<Record<string, readonly string[]>> = {
  celu: ["tf.nn.elu(x)"],
  glu: ["a, b = tf.split(x, 2, axis=-1)", "a * tf.sigmoid(b)"],
  hard_shrink: ["tf.where(tf.abs(x) > 0.5, x, tf.zeros_like(x))"],
  hard_silu: ["x * tf.nn.relu6(x + 3.0) / 6.0"],
  hard_tanh: ["tf.clip_by_value(x, -1.0, 1.0)"],
  log_sigmoid: ["tf.math.log_sigmoid(x)"],
  soft_shrink: ["tf.sign(x) * tf.maximum(tf.abs(x) - 0.5, 0.0)"],
  sparse_plus: ["tf.where(x < 1.0, tf.square(tf.maximum(x + 1.0, 0.0)) / 4.0, x)"],
  sparse_sigmoid: ["tf.clip_by_value(0.5 * (x + 1.0), 0.0, 1.0)"],
  sparsemax: [
    'z = tf.sort(x, axis=-1, direction="DESCENDING")',
    "sums = tf.cumsum(z, axis=-1)",
    "ranks = tf.cast(tf.range(1, tf.shape(x)[-1] + 1), x.dtype)",
    "support = tf.cast(z - (sums - 1.0) / ranks > 0.0, x.dtype)",
    "total = tf.reduce_sum(sums * support, axis=-1, keepdims=True) - 1.0  # as Keras 3 has it",
    "tf.maximum(x - total / tf.reduce_sum(support, axis=-1, keepdims=True), 0.0)",
  ],
  squareplus: ["(x + tf.sqrt(tf.square(x) + 4.0)) / 2.0"],
  tanh_shrink: ["x - tf.tanh(x)"],
};

/** Names of files for the same function. */
const SAME: Readonly<Record<string, string>> = {
  hard_swish: "hard_silu",
  hardswish: "hard_silu",
  hardshrink: "hard_shrink",
  hardtanh: "hard_tanh",
  softshrink: "soft_shrink",
  tanhshrink: "tanh_shrink",
};

/** The Python of the functions that some of these layers name and Keras 2 lacks, by those names. */
export function keras2Activations(specs: Iterable<LayerSpec>): ReadonlyMap<string, string> {
  const names = [...specs]
    .flatMap((spec) => [spec, ...Object.values(spec.inner).flat()])
    .flatMap(({ config }) => Object.entries(config))
    .flatMap(([key, value]) => (/activation$/.test(key) ? [activationName(value) ?? ""] : []));
  return new Map(
    [...new Set(names)].sort().flatMap((name) => {
      const lines = FUNCTIONS[SAME[name] ?? name];
      return lines ? [[name, functionText(name, lines)] as const] : [];
    }),
  );
}

/** Known by its bare name, under which layers have it. */
function functionText(name: string, lines: readonly string[]): string {
  const body = lines.map((line, i) => `    ${i === lines.length - 1 ? "return " : ""}${line}`);
  return `def ${name}(x):
${body.join("\n")}


keras.utils.get_custom_objects()[${JSON.stringify(name)}] = ${name}
`;
}
