import * as tf from "@tensorflow/tfjs";
import type { Arguments } from "../arguments/arguments.js";

export type ValueRange = readonly [low: number, high: number];

/** The range of an image layer's colours, sorted; 0 to 255 unless the config says otherwise. */
export function valueRange(args: Arguments): ValueRange {
  const [low, high] = args.numbers("value_range", [0, 255]);
  if (low === undefined || high === undefined) throw args.wrong("value_range", "two numbers");
  return [Math.min(low, high), Math.max(low, high)];
}

/** Colours from one range to another (base_image_preprocessing_layer.py `_transform_value_range`). */
export function rescaled(images: tf.Tensor, from: ValueRange, to: ValueRange): tf.Tensor {
  if (from[0] === to[0] && from[1] === to[1]) return images;
  return tf.add(tf.mul(tf.div(tf.sub(images, from[0]), from[1] - from[0]), to[1] - to[0]), to[0]);
}
