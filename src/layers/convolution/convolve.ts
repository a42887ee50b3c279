import * as tf from "@tensorflow/tfjs";

/** Convolutions over 1 to 3 spatial axes, channels last: [batch, ...space, channels]. */

export type Padding = "valid" | "same" | "causal";

export interface Window {
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  readonly padding: Padding;
}

/** @param kernel [...size, channels / groups, filters] */
export function convolve(x: tf.Tensor, kernel: tf.Tensor, window: Window, groups = 1): tf.Tensor {
  const { x: input, padding } = causal(x, kernel.shape.slice(0, -2), window);
  const settings = { ...window, padding };
  if (groups === 1) return plain(input, kernel, settings);
  const rank = kernel.rank - 2;
  if (kernel.shape[rank] === 1 && rank < 3) {
    // One input channel a group is a depthwise convolution; its filters come in the same order.
    const perChannel = kernel.shape[rank + 1]! / groups;
    const depthwise = tf.reshape(kernel, [...kernel.shape.slice(0, rank), groups, perChannel]);
    return depthwiseConvolve(input, depthwise, settings);
  }
  const inputs = tf.split(input, groups, input.rank - 1);
  const kernels = tf.split(kernel, groups, kernel.rank - 1);
  return tf.concat(
    inputs.map((part, i) => plain(part, kernels[i]!, settings)),
    input.rank - 1,
  );
}

/** @param kernel [...size, channels, multiplier], 1 or 2 spatial axes */
export function depthwiseConvolve(x: tf.Tensor, kernel: tf.Tensor, window: Window): tf.Tensor {
  const { x: input, padding } = causal(x, kernel.shape.slice(0, -2), window);
  if (kernel.rank === 3) {
    const wide = tf.expandDims(input, 1);
    const y = depthwise2d(wide, tf.expandDims(kernel, 0), {
      // A height of 1 takes any stride; tfjs wants equal ones for some kernels.
      strides: [window.strides[0]!, window.strides[0]!],
      dilations: [1, window.dilations[0]!],
      padding,
    });
    return tf.squeeze(y, [1]);
  }
  return depthwise2d(input, kernel, { ...window, padding });
}

function depthwise2d(x: tf.Tensor, kernel: tf.Tensor, window: Window): tf.Tensor {
  return tf.depthwiseConv2d(
    x as tf.Tensor4D,
    kernel as tf.Tensor4D,
    pair(window.strides),
    window.padding as "valid" | "same",
    "NHWC",
    pair(window.dilations),
  );
}

function plain(x: tf.Tensor, kernel: tf.Tensor, window: Window): tf.Tensor {
  const padding = window.padding as "valid" | "same";
  if (kernel.rank === 3) {
    return tf.conv1d(
      x as tf.Tensor3D,
      kernel as tf.Tensor3D,
      window.strides[0]!,
      padding,
      "NWC",
      window.dilations[0]!,
    );
  }
  if (kernel.rank === 4) {
    return tf.conv2d(
      x as tf.Tensor4D,
      kernel as tf.Tensor4D,
      pair(window.strides),
      padding,
      "NHWC",
      pair(window.dilations),
    );
  }
  // tfjs has no gradient of a dilated convolution over three axes: a kernel with zeros in between is the same.
  const dilated = window.dilations.reduce((k, dilation, axis) => spread(k, axis, dilation), kernel);
  return tf.conv3d(x as tf.Tensor5D, dilated as tf.Tensor5D, triple(window.strides), padding, "NDHWC");
}

/** Causal padding is zeros before the first step, so that no step sees a later one. */
function causal(
  x: tf.Tensor,
  size: readonly number[],
  window: Window,
): { x: tf.Tensor; padding: "valid" | "same" } {
  if (window.padding !== "causal") return { x, padding: window.padding };
  const before = (size[0]! - 1) * window.dilations[0]!;
  return {
    x: tf.pad(x, [
      [0, 0],
      [before, 0],
      [0, 0],
    ]),
    padding: "valid",
  };
}

/**
 * Transposed convolution as TensorFlow defines it: the gradient of `convolve` by its input.
 * @param kernel [...size, filters, channels]
 * @param outputSize the spatial sizes of the result, which choose among the inputs that give this gradient
 */
export function transposedConvolve(
  x: tf.Tensor,
  kernel: tf.Tensor,
  outputSize: readonly number[],
  window: Window,
): tf.Tensor {
  const rank = kernel.rank - 2;
  let stuffed = x;
  for (let axis = 1; axis <= rank; axis++) stuffed = spread(stuffed, axis, window.strides[axis - 1]!);
  const pads: [number, number][] = [[0, 0]];
  for (let i = 0; i < rank; i++) {
    const reach = (kernel.shape[i]! - 1) * window.dilations[i]! + 1;
    const total =
      window.padding === "same"
        ? Math.max((x.shape[i + 1]! - 1) * window.strides[i]! + reach - outputSize[i]!, 0)
        : 0;
    const before = reach - 1 - Math.floor(total / 2);
    const after = outputSize[i]! + reach - 1 - stuffed.shape[i + 1]! - before;
    pads.push([before, after]);
  }
  pads.push([0, 0]);
  const turned = tf.transpose(tf.reverse(kernel, range(rank)), [...range(rank), rank + 1, rank]);
  return plain(padOrCrop(stuffed, pads), turned, {
    strides: range(rank).map(() => 1),
    dilations: window.dilations,
    padding: "valid",
  });
}

/** Puts `stride - 1` zeros between the elements of an axis. */
function spread(x: tf.Tensor, axis: number, stride: number): tf.Tensor {
  if (stride === 1) return x;
  const size = x.shape[axis]!;
  const outer = product(x.shape.slice(0, axis));
  const inner = product(x.shape.slice(axis + 1));
  const padded = tf.pad(tf.reshape(x, [outer, size, 1, inner]), [
    [0, 0],
    [0, 0],
    [0, stride - 1],
    [0, 0],
  ]);
  const flat = tf.reshape(padded, [outer, size * stride, inner]);
  const cut = tf.slice(flat, [0, 0, 0], [outer, (size - 1) * stride + 1, inner]);
  return tf.reshape(cut, [...x.shape.slice(0, axis), (size - 1) * stride + 1, ...x.shape.slice(axis + 1)]);
}

/** Pads with zeros; a negative pad cuts. */
export function padOrCrop(x: tf.Tensor, pads: readonly (readonly [number, number])[]): tf.Tensor {
  const begin = pads.map(([before]) => Math.max(-before, 0));
  const size = x.shape.map((n, i) => n - begin[i]! - Math.max(-pads[i]![1], 0));
  const cut =
    begin.some((n) => n > 0) || size.some((n, i) => n !== x.shape[i]) ? tf.slice(x, begin, size) : x;
  return tf.pad(
    cut,
    pads.map(([before, after]) => [Math.max(before, 0), Math.max(after, 0)] as [number, number]),
  );
}

/** Length of a spatial axis after a convolution or pooling; null stays null. */
export function windowedLength(
  length: number | null,
  size: number,
  stride: number,
  dilation: number,
  padding: Padding,
): number | null {
  if (length === null) return null;
  const reach = (size - 1) * dilation + 1;
  const whole = padding === "valid" ? length - reach + 1 : length;
  return Math.floor((whole + stride - 1) / stride);
}

/** Length after a transposed convolution (keras/backend/common/backend_utils.py). */
export function transposedLength(
  length: number,
  size: number,
  stride: number,
  dilation: number,
  padding: Padding,
  outputPadding: number | null,
): number {
  const reach = (size - 1) * dilation + 1;
  if (outputPadding === null) {
    return padding === "valid" ? length * stride + Math.max(reach - stride, 0) : length * stride;
  }
  const pad = padding === "same" ? Math.floor(reach / 2) : 0;
  return (length - 1) * stride + reach - 2 * pad + outputPadding;
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}

function product(list: readonly number[]): number {
  return list.reduce((a, b) => a * b, 1);
}

function pair(list: readonly number[]): [number, number] {
  return [list[0]!, list[1]!];
}

function triple(list: readonly number[]): [number, number, number] {
  return [list[0]!, list[1]!, list[2]!];
}
