import * as tf from "@tensorflow/tfjs";
import { aroundAxis } from "../rank-above-four.js";

/** How one axis of length `inputs` becomes another: `rows[o]` lists the inputs of output o with their weights. */
export interface AxisMap {
  readonly inputs: number;
  readonly rows: readonly (readonly (readonly [input: number, weight: number])[])[];
}

/** The gradient of a linear map along one axis: the product with its transposed matrix. */
export function transposedMap(dy: tf.Tensor, axis: number, { inputs, rows }: AxisMap): tf.Tensor {
  const matrix = new Float32Array(inputs * rows.length);
  for (const [o, row] of rows.entries())
    for (const [i, weight] of row) matrix[i * rows.length + o]! += weight;
  const part = tf.transpose(aroundAxis(dy, dy.shape, axis), [1, 0, 2]);
  const [, outer, inner] = part.shape as [number, number, number];
  const flat = tf.reshape(part, [rows.length, outer * inner]);
  const product = tf.matMul(tf.tensor2d(matrix, [inputs, rows.length]), flat);
  const shape = dy.shape.map((size, i) => (i === axis ? inputs : size));
  return tf.reshape(tf.transpose(tf.reshape(product, [inputs, outer, inner]), [1, 0, 2]), shape);
}
