import * as tf from "@tensorflow/tfjs";

/** The image in the middle of a frame with the target's aspect ratio. */
export function padToRatio(
  x: tf.Tensor4D,
  [height, width]: readonly [number, number],
  fill: number,
): tf.Tensor4D {
  const [, rows, columns] = x.shape;
  const top = Math.floor((Math.max(rows, Math.floor((columns * height) / width)) - rows) / 2);
  const left = Math.floor((Math.max(columns, Math.floor((rows * width) / height)) - columns) / 2);
  return tf.pad(
    x,
    [
      [0, 0],
      [top, top],
      [left, left],
      [0, 0],
    ],
    fill,
  );
}

/**
 * The largest centred part with the target's aspect ratio, one pixel at least
 * (`resize` of keras/src/backend/tensorflow/image.py).
 */
export function cropToRatio(x: tf.Tensor4D, [height, width]: readonly [number, number]): tf.Tensor4D {
  const [batch, rows, columns, channels] = x.shape;
  const tall = Math.max(1, Math.min(rows, Math.floor((columns * height) / width)));
  const wide = Math.max(1, Math.min(columns, Math.floor((rows * width) / height)));
  const top = Math.floor((rows - tall) / 2);
  const left = Math.floor((columns - wide) / 2);
  return tf.slice(x, [0, top, left, 0], [batch, tall, wide, channels]);
}
