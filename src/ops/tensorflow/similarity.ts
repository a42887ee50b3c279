import * as tf from "@tensorflow/tfjs";
import type { TensorFlowFunctions, Values } from "../operation.js";
import { float, integers, number } from "../values.js";

/** tensorflow/python/ops/image_ops_impl.py: how alike pictures [..., rows, columns, channels] are. */
export const TENSORFLOW_SIMILARITY: TensorFlowFunctions = {
  "image.ssim": [
    "img1 img2 max_val filter_size filter_sigma k1 k2 return_index_map",
    (values) => similarity(float(values["img1"]), float(values["img2"]), values),
  ],
  "image.ssim_multiscale": ["img1 img2 max_val power_factors filter_size filter_sigma k1 k2", multiscale],
};

/** For each picture, or each of its places. */
export function similarity(a: tf.Tensor, b: tf.Tensor, values: Values): tf.Tensor {
  const { index } = compared(a, b, values);
  return tf.mean(values["return_index_map"] === true ? index : overSpace(index), -1);
}

function overSpace(x: tf.Tensor): tf.Tensor {
  return tf.mean(x, [x.rank - 3, x.rank - 2]);
}

/** Means under a bell of `filter_size` pixels, channel by channel. */
function blurred(x: tf.Tensor, values: Values): tf.Tensor {
  const size = number(values["filter_size"], 11);
  const channels = x.shape.at(-1)!;
  if (x.shape.slice(-3, -1).some((n) => n < size))
    throw new Error(`the pictures are smaller than filter_size = ${size}`);
  const sigma = number(values["filter_sigma"], 1.5);
  const squares = Array.from({ length: size }, (_, i) => -((i - (size - 1) / 2) ** 2) / (2 * sigma ** 2));
  const bell = tf.softmax(tf.tensor1d(squares.flatMap((a) => squares.map((b) => a + b))));
  const kernel = tf.tile(tf.reshape<tf.Rank.R4>(bell, [size, size, 1, 1]), [1, 1, channels, 1]);
  const flat = tf.reshape<tf.Rank.R4>(x, [-1, ...x.shape.slice(-3)] as [number, number, number, number]);
  const y = tf.depthwiseConv2d(flat, kernel, 1, "valid");
  return tf.reshape(y, [...x.shape.slice(0, -3), ...y.shape.slice(1)]);
}

/** For each place and channel: the index, and its share that comes of contrast and structure. */
function compared(a: tf.Tensor, b: tf.Tensor, values: Values) {
  const most = number(values["max_val"], 1);
  const c1 = (number(values["k1"], 0.01) * most) ** 2;
  const c2 = (number(values["k2"], 0.03) * most) ** 2;
  const blur = (x: tf.Tensor) => blurred(x, values);
  const [meanA, meanB] = [blur(a), blur(b)];
  const product = tf.mul(tf.mul(meanA, meanB), 2);
  const squares = tf.add(tf.square(meanA), tf.square(meanB));
  const luminance = tf.div(tf.add(product, c1), tf.add(squares, c1));
  const covariance = tf.sub(tf.mul(blur(tf.mul(a, b)), 2), product);
  const variance = tf.sub(blur(tf.add(tf.square(a), tf.square(b))), squares);
  const structure = tf.div(tf.add(covariance, c2), tf.add(variance, c2));
  return { index: tf.mul(luminance, structure), structure };
}

/** Half as large, an odd row or column mirrored at the edge first. */
function halved(x: tf.Tensor): tf.Tensor {
  const flat = tf.reshape<tf.Rank.R4>(x, [-1, ...x.shape.slice(-3)] as [number, number, number, number]);
  const [, rows, columns] = flat.shape;
  const even = tf.mirrorPad(
    flat,
    [
      [0, 0],
      [0, rows % 2],
      [0, columns % 2],
      [0, 0],
    ],
    "symmetric",
  );
  const y = tf.avgPool(even, 2, 2, "valid");
  return tf.reshape(y, [...x.shape.slice(0, -3), ...y.shape.slice(1)]);
}

const POWERS = [0.0448, 0.2856, 0.3001, 0.2363, 0.1333];

function multiscale(values: Values): tf.Tensor {
  const powers = values["power_factors"] === undefined ? POWERS : integers(values["power_factors"]);
  let pair = [float(values["img1"]), float(values["img2"])] as const;
  const factors = powers.map((power, k) => {
    if (k > 0) pair = [halved(pair[0]), halved(pair[1])];
    const { index, structure } = compared(...pair, values);
    return tf.pow(tf.relu(overSpace(k === powers.length - 1 ? index : structure)), power);
  });
  return tf.mean(
    factors.reduce<tf.Tensor>((product, factor) => tf.mul(product, factor), tf.scalar(1)),
    -1,
  );
}
