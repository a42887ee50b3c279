import * as tf from "@tensorflow/tfjs";
import { STRETCHED } from "../../layers/images/resize.js";
import type { Values } from "../operation.js";
import { float, integers, tensor } from "../values.js";

/** Other names of two kernels. */
const METHODS: ReadonlyMap<string, string> = new Map([
  ...["linear", "bilinear", "trilinear", "triangle"].map((name) => [name, "bilinear"] as const),
  ...["cubic", "bicubic", "tricubic"].map((name) => [name, "bicubic"] as const),
  ["lanczos3", "lanczos3"],
  ["lanczos5", "lanczos5"],
]);

/** keras/ops/image.py `scale_and_translate`: each of `spatial_dims` scaled and moved by its own numbers. */
export function scaledAndMoved(values: Values): tf.Tensor {
  const given = tensor(values["images"]);
  const sizes = integers(values["output_shape"]);
  const [scale, translation] = ["scale", "translation"].map((name) => float(values[name]).dataSync());
  const name = String(values["method"]);
  const kernel = STRETCHED.get(METHODS.get(name) ?? "");
  if (!kernel)
    throw new Error(`method = "${name.slice(0, 40)}" must be one of ${[...METHODS.keys()].join(", ")}`);
  const result = integers(values["spatial_dims"]).reduce((x, dim, i) => {
    const at = dim < 0 ? dim + x.rank : dim;
    const along = {
      scale: scale![i]!,
      translation: translation![i]!,
      antialias: values["antialias"] !== false,
    };
    return alongAxis(x, at, weights(x.shape[at]!, sizes[at]!, along, kernel));
  }, float(given));
  if (given.dtype !== "int32") return result;
  return tf.cast(tf.maximum(tf.minimum(tf.round(result), tf.max(given)), tf.min(given)), "int32");
}

interface Along {
  readonly scale: number;
  readonly translation: number;
  readonly antialias: boolean;
}

/** [from, to]: the share of each input in each output (`_compute_weight_mat`). */
function weights(
  from: number,
  to: number,
  { scale, translation, antialias }: Along,
  { kernel, radius }: { readonly kernel: (distance: number) => number; readonly radius: number },
): tf.Tensor2D {
  const wide = antialias ? Math.max(1 / scale, 1) : 1;
  const columns = Array.from({ length: to }, (_, k) => {
    const sample = (k + 0.5 - translation) / scale - 0.5;
    const shares = Array.from({ length: from }, (_, j) => {
      const distance = Math.abs(sample - j) / wide;
      return distance > radius ? 0 : kernel(distance);
    });
    const total = shares.reduce((sum, share) => sum + share, 0);
    const inside = sample >= -0.5 && sample <= from - 0.5 && Math.abs(total) > 1000 * 2 ** -23;
    return shares.map((share) => (inside ? share / total : 0));
  });
  return tf.transpose(tf.tensor2d(columns, [to, from]));
}

function alongAxis(x: tf.Tensor, at: number, matrix: tf.Tensor2D): tf.Tensor {
  const order = [...x.shape.map((_, i) => i).filter((i) => i !== at), at];
  const moved = tf.transpose(x, order);
  const [from, to] = matrix.shape;
  const product = tf.reshape(tf.matMul(tf.reshape(moved, [-1, from]), matrix), [
    ...moved.shape.slice(0, -1),
    to,
  ]);
  return tf.transpose(
    product,
    order.map((_, i) => order.indexOf(i)),
  );
}
