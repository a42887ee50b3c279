import * as tf from "@tensorflow/tfjs";
import { divideNoNan } from "../divide-no-nan.js";

/** Red, green, blue in the last axis to hue, saturation, value (core/kernels/image/colorspace_op.h). */
export function toHsv(x: tf.Tensor): tf.Tensor {
  const [r, g, b] = tf.unstack(x, -1) as [tf.Tensor, tf.Tensor, tf.Tensor];
  const value = tf.maximum(tf.maximum(r, g), b);
  const range = tf.sub(value, tf.minimum(tf.minimum(r, g), b));
  // Of nothing brighter than black TensorFlow says no saturation, also below zero.
  const ratio = divideNoNan(range, value);
  const saturation = tf.where(tf.greater(value, 0), ratio, tf.zerosLike(ratio));
  const part = (a: tf.Tensor, c: tf.Tensor): tf.Tensor => divideNoNan(tf.sub(a, c), range);
  const hue = tf.where(
    tf.equal(r, value),
    part(g, b),
    tf.where(tf.equal(g, value), tf.add(part(b, r), 2), tf.add(part(r, g), 4)),
  );
  const turned = tf.div(hue, 6);
  const flat = tf.where(tf.greater(range, 0), turned, tf.zerosLike(turned));
  return tf.stack([tf.where(tf.less(flat, 0), tf.add(flat, 1), flat), saturation, value], -1);
}

/** The way back. */
export function toRgb(x: tf.Tensor): tf.Tensor {
  const [h, s, v] = tf.unstack(x, -1) as [tf.Tensor, tf.Tensor, tf.Tensor];
  const dh = tf.mul(h, 6);
  const channel = (distance: tf.Tensor): tf.Tensor =>
    tf.mul(v, tf.add(tf.sub(1, s), tf.mul(s, tf.clipByValue(distance, 0, 1))));
  const red = channel(tf.sub(tf.abs(tf.sub(dh, 3)), 1));
  const green = channel(tf.sub(2, tf.abs(tf.sub(dh, 2))));
  const blue = channel(tf.sub(2, tf.abs(tf.sub(dh, 4))));
  return tf.stack([red, green, blue], -1);
}

/** One channel of brightness, as `tf.image.rgb_to_grayscale` weighs the colours. */
export function toGray(x: tf.Tensor): tf.Tensor {
  return tf.sum(tf.mul(x, tf.tensor1d([0.2989, 0.587, 0.114])), -1, true);
}
