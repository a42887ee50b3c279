import * as tf from "@tensorflow/tfjs";
import type { LayerSpec } from "../../keras/graph.js";
import { Arguments } from "../arguments/arguments.js";
import type { LookupTap, WeightSpec } from "../computed-layer.js";

/**
 * Low-rank adaptation as `enable_lora` of Keras 3 has it (keras/src/layers/core/dense.py): the layer's matrix stands
 * still, and the product of two small ones that train, times `lora_alpha / lora_rank`, is added to it.
 */
export interface Lora {
  /**
   * A layer's weights, its matrix first, with the two of the adaptation behind them: [..., rank] and [rank, last axis].
   * The matrix is saved with their product added, as Keras does, and they are not saved.
   */
  weights(own: readonly WeightSpec[]): WeightSpec[];
  /** The product in the shape of the matrix, from the values of the layer's weights. */
  product(weights: readonly tf.Tensor[]): tf.Tensor;
  /** The product's rows of the first axis at the indices, [...indices, last axis]: what an embedding looks up. */
  rows(weights: readonly tf.Tensor[], indices: tf.Tensor, tap?: LookupTap | null): tf.Tensor;
}

/** Null for a layer whose config has no `lora_rank`. */
export function loraOf(spec: LayerSpec, of: "kernel" | "embeddings" = "kernel"): Lora | null {
  const args = new Arguments(spec);
  if (!args.has("lora_rank")) return null;
  const rank = args.integer("lora_rank", undefined, 1);
  const scale = args.number("lora_alpha", rank) / rank;
  let at = 0;
  const pair = (weights: readonly tf.Tensor[]) => [weights[at]!, weights[at + 1]!] as const;
  const product = (weights: readonly tf.Tensor[]) => {
    const [a, b] = pair(weights);
    return tf.mul(rowsTimes(a, b as tf.Tensor2D), scale);
  };
  return {
    weights: ([matrix, ...others]) => {
      at = 1 + others.length;
      const { shape } = matrix!;
      const saved = (weights: readonly tf.Tensor[]) => tf.add(weights[0]!, product(weights));
      return [
        { ...matrix!, trainable: false, saved },
        ...others,
        {
          name: `lora_${of}_a`,
          shape: [...shape.slice(0, -1), rank],
          initializer: "glorotUniform",
          saved: null,
        },
        { name: `lora_${of}_b`, shape: [rank, shape.at(-1)!], saved: null },
      ];
    },
    product,
    rows: (weights, indices, tap) => {
      const [a, b] = pair(weights);
      const found = tf.gather(a, indices);
      return tf.mul(rowsTimes(tap?.(found, indices) ?? found, b as tf.Tensor2D), scale);
    },
  };
}

/** [..., rank] times [rank, columns]. */
function rowsTimes(a: tf.Tensor, b: tf.Tensor2D): tf.Tensor {
  const [rank, columns] = b.shape;
  const flat = tf.reshape(a, [a.size / rank, rank]) as tf.Tensor2D;
  return tf.reshape(tf.matMul(flat, b), [...a.shape.slice(0, -1), columns]);
}
