import * as tf from "@tensorflow/tfjs";
import { Arguments } from "../arguments/arguments.js";
import { ComputedLayer, type WeightSpec } from "../computed-layer.js";
import type { LayerDefinition } from "../registry.js";

/** tensorflow_addons/layers/multihead_attention.py: [query, key] or [query, key, value], one kernel a head. */
export const addonsMultiHeadAttention: LayerDefinition = {
  className: "Addons>MultiHeadAttention",
  majors: [2],
  arguments: ["head_size", "num_heads", "output_size", "dropout", "use_projection_bias", "return_attn_coef"],
  namedArguments: ["mask", "training"],
  create(spec) {
    const args = new Arguments(spec);
    const size = args.integer("head_size", undefined, 1);
    const heads = args.integer("num_heads", undefined, 1);
    const bias = args.flag("use_projection_bias", true);
    const coefficients = args.flag("return_attn_coef", false);
    const dropout = args.number("dropout", 0);
    const output = (features: number) =>
      args.has("output_size") ? args.integer("output_size", undefined, 1) : features;
    return new ComputedLayer(spec.className, spec, {
      weights: ([query, key, value = key]) => {
        const width = output(value!.at(-1) ?? 0);
        const kernel = (name: string, shape: number[]): WeightSpec => ({
          name: `${name}_kernel`,
          shape: [heads, ...shape],
          initializer: "glorotUniform",
        });
        return [
          kernel("query", [query!.at(-1) ?? 0, size]),
          kernel("key", [key!.at(-1) ?? 0, size]),
          kernel("value", [value!.at(-1) ?? 0, size]),
          kernel("projection", [size, width]),
          ...(bias ? [{ name: "projection_bias", shape: [width] }] : []),
        ];
      },
      outputShape: ([query, key, value = key]) => {
        const whole = [...query!.slice(0, -1), output(value!.at(-1) ?? 0)];
        return coefficients ? [whole, [...query!.slice(0, -2), heads, query!.at(-2)!, key!.at(-2)!]] : whole;
      },
      compute: ([query, key, value = key], { weights, named, training }) => {
        const q = tf.div(inHeads(query!, weights[0]!), Math.sqrt(size));
        let scores: tf.Tensor = tf.matMul(q, inHeads(key!, weights[1]!), false, true);
        const mask = named["mask"];
        if (mask instanceof tf.Tensor) {
          const wide = mask.rank === scores.rank ? mask : tf.expandDims(mask, -3);
          scores = tf.sub(scores, tf.mul(1e10, tf.sub(1, tf.cast(wide, "float32"))));
        }
        const shares = tf.softmax(scores);
        const kept = training && dropout > 0 ? tf.dropout(shares, dropout) : shares;
        const whole = joined(tf.matMul(kept, inHeads(value!, weights[2]!)), weights[3]!);
        const projected = bias ? tf.add(whole, weights[4]!) : whole;
        return coefficients ? [projected, shares] : projected;
      },
    });
  },
};

/** [..., positions, features] by [heads, features, size] to [..., heads, positions, size]. */
function inHeads(x: tf.Tensor, kernel: tf.Tensor): tf.Tensor {
  const [heads, features, size] = kernel.shape as [number, number, number];
  const flat = tf.reshape(tf.transpose(kernel, [1, 0, 2]), [features, heads * size]) as tf.Tensor2D;
  const product = tf.matMul(tf.reshape(x, [-1, features]) as tf.Tensor2D, flat);
  return swapped(tf.reshape(product, [...x.shape.slice(0, -1), heads, size]));
}

/** [..., heads, positions, size] by [heads, size, width] to [..., positions, width], added up over the heads. */
function joined(x: tf.Tensor, kernel: tf.Tensor): tf.Tensor {
  const [heads, size, width] = kernel.shape as [number, number, number];
  const flat = tf.reshape(kernel, [heads * size, width]) as tf.Tensor2D;
  const turned = swapped(x);
  const product = tf.matMul(tf.reshape(turned, [-1, heads * size]) as tf.Tensor2D, flat);
  return tf.reshape(product, [...turned.shape.slice(0, -2), width]);
}

/** Swaps the two axes before the last. */
function swapped(x: tf.Tensor): tf.Tensor {
  const order = x.shape.map((_, axis) => axis);
  order.splice(x.rank - 3, 2, x.rank - 2, x.rank - 3);
  return tf.transpose(x, order);
}
