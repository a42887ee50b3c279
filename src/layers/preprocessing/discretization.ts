import * as tf from "@tensorflow/tfjs";
import type { JsonValue } from "../../formats/model-file.js";
import { Arguments } from "../arguments/arguments.js";
import { encode, encodedShape } from "./categories.js";
import { ComputedLayer } from "../computed-layer.js";
import { dtypePolicy } from "../quantized/dtype-policy.js";
import type { KerasOrigin, LayerDefinition } from "../registry.js";

/**
 * keras/layers/preprocessing/discretization.py: numbers of any shape to the index of their bin, counted from 0.
 * Boundaries that Keras 3 learned stand in the config; Keras 2 stores the summary that it computes them from.
 */
export const DISCRETIZATION: LayerDefinition = {
  className: "Discretization",
  majors: [2, 3],
  arguments: ["bin_boundaries", "bins", "num_bins", "epsilon", "output_mode", "sparse"],
  create(spec, { storedShapes, origin }) {
    const args = new Arguments(spec);
    const given = boundaries(args);
    const bins = given ? given.length + 1 : args.integer("num_bins", undefined, 1);
    const mode = args.choice("output_mode", ["int", "one_hot", "multi_hot", "count"], "int");
    const isWhole = castsToWhole(spec.config, origin);
    return new ComputedLayer("Discretization", spec, {
      weights: () => (storedShapes ?? []).map((shape) => ({ name: "summary", shape, trainable: false })),
      outputShape: ([x]) => encodedShape(x!, mode, bins),
      compute: ([x], { weights }) => {
        const bounds = given ?? (weights[0] ? learned(weights[0], bins) : []);
        const numbers = tf.cast(isWhole ? tf.cast(x!, "int32") : x!, "float32");
        const reached = tf.greaterEqual(tf.expandDims(numbers, -1), tf.tensor1d(bounds));
        return encode(tf.sum(tf.cast(reached, "int32"), -1), mode, bounds.length + 1);
      },
    });
  },
};

/**
 * Whether Keras 3 casts the numbers to the layer's dtype first, which drops what is behind the point: Keras 3.0 to 3.3
 * saved `int64`, the type of the result, and later ones read it so too.
 */
export function castsToWhole(config: Readonly<Record<string, JsonValue>>, { major }: KerasOrigin): boolean {
  return major === 3 && /^u?int\d+$/.test(dtypePolicy(config)?.name ?? "");
}

/** Those that the config has; TensorFlow 2.4 calls them `bins`, as its own `preprocessing/discretization.py` does. */
function boundaries(args: Arguments): number[] | null {
  if (args.has("bin_boundaries")) return args.numbers("bin_boundaries");
  // A number says how many there are, and not which.
  return args.has("bins") && typeof args.raw("bins") !== "number" ? args.numbers("bins") : null;
}

/** Boundaries at equal shares of the weight of a summary [2, n], values over weights (`compress_summary`). */
function learned(summary: tf.Tensor, bins: number): number[] {
  const size = summary.shape[1]!;
  const data = summary.dataSync();
  const values = Array.from(data.subarray(0, size));
  if (size < bins) return values.slice(0, -1);
  let sum = 0;
  const reached = Array.from(data.subarray(size), (weight) => (sum += weight));
  const shares = reached.map((weight) => weight / sum);
  return Array.from({ length: bins - 1 }, (_, i) => Math.fround(between((i + 1) / bins, shares, values)));
}

/** Linear interpolation (`numpy.interp`): values at places that rise. */
function between(at: number, places: readonly number[], values: readonly number[]): number {
  const next = places.findIndex((place) => place >= at);
  if (next < 0) return values.at(-1)!;
  if (next === 0) return values[0]!;
  const [low, high] = [places[next - 1]!, places[next]!];
  return values[next - 1]! + ((values[next]! - values[next - 1]!) * (at - low)) / (high - low);
}
