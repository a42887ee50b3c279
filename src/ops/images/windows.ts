import * as tf from "@tensorflow/tfjs";
import type { Values } from "../operation.js";
import { float, integers } from "../values.js";

/** Windows over images [batch, channels, height, width] as columns, and back (keras/ops/nn.py `unfold`, `fold`). */
interface Windows {
  readonly size: readonly [number, number];
  readonly dilation: readonly [number, number];
  readonly padding: readonly [number, number];
  readonly stride: readonly [number, number];
}

function windowsOf(values: Values): Windows {
  const pair = (name: string, otherwise: number) => {
    const list = integers(values[name] ?? otherwise);
    return [list[0]!, list[1] ?? list[0]!] as const;
  };
  return {
    size: pair("kernel_size", 1),
    dilation: pair("dilation", 1),
    padding: pair("padding", 0),
    stride: pair("stride", 1),
  };
}

/** How many windows fit into a padded length. */
function count(length: number, axis: 0 | 1, { size, dilation, stride }: Windows): number {
  return Math.floor((length - dilation[axis] * (size[axis] - 1) - 1) / stride[axis]) + 1;
}

/** The place in the padded image of each element of each window: the elements outside, the windows inside. */
function places(height: number, width: number, windows: Windows): number[] {
  const { size, dilation, stride } = windows;
  const [rows, columns] = [count(height, 0, windows), count(width, 1, windows)];
  const found: number[] = [];
  for (let i = 0; i < size[0] * size[1]; i++) {
    for (let window = 0; window < rows * columns; window++) {
      const row = Math.floor(window / columns) * stride[0] + Math.floor(i / size[1]) * dilation[0];
      const column = (window % columns) * stride[1] + (i % size[1]) * dilation[1];
      found.push(row * width + column);
    }
  }
  return found;
}

/** [batch, channels * elements of a window, windows] */
export function unfold(values: Values): tf.Tensor {
  const windows = windowsOf(values);
  const [down, right] = windows.padding;
  const x = tf.pad(float(values["x"]), [
    [0, 0],
    [0, 0],
    [down, down],
    [right, right],
  ]);
  const [batch, channels, height, width] = x.shape as [number, number, number, number];
  const flat = tf.reshape(x, [batch, channels, height * width]);
  const [rows, columns] = windows.size;
  const taken = places(height, width, windows);
  return tf.reshape(tf.gather(flat, tf.tensor1d(taken, "int32"), 2), [
    batch,
    channels * rows * columns,
    taken.length / (rows * columns),
  ]);
}

/** The image that windows overlap to: where several cover a place, their sum. */
export function fold(values: Values): tf.Tensor {
  const windows = windowsOf(values);
  const [down, right] = windows.padding;
  const [high, wide = high] = integers(values["output_size"]) as [number, number?];
  const [height, width] = [high + 2 * down, wide + 2 * right];
  const x = float(values["x"]);
  const [batch, parts, length] = x.shape as [number, number, number];
  const elements = windows.size[0] * windows.size[1];
  const expected = count(height, 0, windows) * count(width, 1, windows);
  if (parts % elements !== 0 || length !== expected)
    throw new Error(
      `${parts} rows of ${length} windows: rows must be a multiple of ${elements}, windows ${expected}`,
    );
  const channels = parts / elements;
  const rows = tf.transpose(tf.reshape(x, [batch * channels, elements * length]));
  const ids = tf.tensor1d(places(height, width, windows), "int32");
  const sums = tf.transpose(tf.unsortedSegmentSum(rows, ids, height * width));
  const whole = tf.reshape(sums, [batch, channels, height, width]);
  return tf.slice(whole, [0, 0, down, right], [batch, channels, high, wide]);
}
