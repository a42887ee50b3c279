import * as tf from "@tensorflow/tfjs";
import { cpuKernel } from "../corrections/cpu-fallback.js";
import { composed, replaceKernel } from "../corrections/kernel.js";

type Shape4D = [number, number, number, number];

interface Convolution {
  readonly strides: number | [number, number];
  readonly pad: "same" | "valid" | number;
  readonly dataFormat?: "NHWC" | "NCHW";
  readonly dilations?: number | [number, number];
  readonly dimRoundingMode?: "floor" | "round" | "ceil";
  readonly inputShape: Shape4D;
}

/** Along one axis: zeros between the gradients, and around them. A negative number cuts. */
interface Spread {
  readonly stride: number;
  readonly before: number;
  readonly after: number;
}

/**
 * The gradients of a convolution's input (and so transposed convolutions) as convolutions of the gradient with the
 * turned filter, which XNNPACK computes: the back end's own kernel, and that of cpu, go number by number.
 */
export function convolveForInputs(backendName: string): void {
  for (const [kernelName, depthwise] of [
    ["Conv2DBackpropInput", false],
    ["DepthwiseConv2dNativeBackpropInput", true],
  ] as const) {
    replaceKernel(backendName, kernelName, (own) => (args) => {
      const { dy, filter } = args.inputs as { dy: tf.Tensor4D; filter: tf.Tensor4D };
      const attrs = args.attrs as unknown as Convolution;
      const spread = spreadOf(dy, filter, attrs, depthwise);
      if (!spread) return (depthwise ? cpuKernel(backendName, kernelName) : own)(args);
      const { dilations = 1 } = attrs;
      return composed(({ dy, filter }) => {
        const gradient = spreadOut(dy as tf.Tensor4D, spread);
        const turned = tf.reverse(filter as tf.Tensor4D, [0, 1]);
        return depthwise
          ? tf.depthwiseConv2d(gradient, turned, 1, "valid", "NHWC", dilations)
          : tf.conv2d(gradient, tf.transpose(turned, [0, 1, 3, 2]) as tf.Tensor4D, 1, "valid");
      })(args);
    });
  }
}

/** Null where it is no such convolution. */
function spreadOf(
  dy: tf.Tensor4D,
  filter: tf.Tensor4D,
  attrs: Convolution,
  depthwise: boolean,
): [Spread, Spread] | null {
  const { inputShape, strides, pad, dataFormat, dilations = 1, dimRoundingMode } = attrs;
  if (dataFormat === "NCHW" || dy.size === 0 || (depthwise && filter.shape[3] !== 1)) return null;
  const info = tf.backend_util.computeConv2DInfo(
    inputShape,
    filter.shape,
    strides,
    dilations,
    pad,
    dimRoundingMode,
    depthwise,
  );
  const { padInfo, strideHeight, strideWidth, effectiveFilterHeight, effectiveFilterWidth } = info;
  const along = (axis: 1 | 2, stride: number, reach: number, padding: number): Spread => ({
    stride,
    before: reach - 1 - padding,
    // What is spread ends with zeros, one fewer than the stride.
    after: inputShape[axis] + padding - dy.shape[axis] * stride,
  });
  const rows = along(1, strideHeight, effectiveFilterHeight, padInfo.top);
  const columns = along(2, strideWidth, effectiveFilterWidth, padInfo.left);
  const computable = ({ stride, before, after }: Spread) => before >= 0 && after > -stride;
  return computable(rows) && computable(columns) ? [rows, columns] : null;
}

function spreadOut(dy: tf.Tensor4D, [rows, columns]: readonly [Spread, Spread]): tf.Tensor4D {
  const [batch, height, width, channels] = dy.shape;
  const tall = apart(dy, [batch * height, 1, width * channels], rows.stride);
  const wide = apart(tall, [batch * height * rows.stride * width, 1, channels], columns.stride);
  const [h, w] = [height * rows.stride, width * columns.stride];
  const kept: Shape4D = [batch, h + Math.min(0, rows.after), w + Math.min(0, columns.after), channels];
  const cut = tf.slice4d(tf.reshape(wide, [batch, h, w, channels]), [0, 0, 0, 0], kept);
  const around = ({ before, after }: Spread): [number, number] => [before, Math.max(0, after)];
  return tf.pad(cut, [[0, 0], around(rows), around(columns), [0, 0]]);
}

function apart(x: tf.Tensor, shape: [number, number, number], stride: number): tf.Tensor {
  if (stride === 1) return x;
  return tf.pad(tf.reshape(x, shape), [
    [0, 0],
    [0, stride - 1],
    [0, 0],
  ]);
}
