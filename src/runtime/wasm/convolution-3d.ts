import * as tf from "@tensorflow/tfjs";
import { runKernel } from "../corrections/gradients/run-kernel.js";
import { composed, type KernelFunction, replaceKernel } from "../corrections/kernel.js";

type Triple = [number, number, number];
type Shape5D = [number, number, number, number, number];

interface Convolution {
  readonly strides: number | Triple;
  readonly pad: "same" | "valid";
  readonly dilations?: number | Triple;
}

/** How the windows lie along the depth. */
interface Depth {
  readonly steps: number;
  readonly dilation: number;
  readonly stride: number;
  readonly outputs: number;
  readonly size: number;
  /** Zeros before and behind, so that each step finds `outputs` times `stride` planes. */
  readonly front: number;
  readonly back: number;
}

/**
 * Convolutions in three dimensions and their gradients as sums of those in two, one for each step of the filter along
 * the depth, which XNNPACK computes: the back end's own kernel goes number by number, and took a hundred times as long.
 */
export function convolvePlanes(backendName: string): void {
  const replace = (kernelName: string, make: (own: KernelFunction) => KernelFunction) =>
    replaceKernel(backendName, kernelName, make, "planes");
  replace("Conv3D", (own) => (args) => {
    const { strides, dilations = 1 } = args.attrs as unknown as Convolution;
    const apart = triple(dilations).some((dilation) => dilation > 1);
    // Two dimensions have either in TensorFlow.js.
    if (apart && triple(strides).some((stride) => stride > 1)) return own(args);
    return composed<Convolution>(({ x, filter }, attrs) => forward(x!, filter!, attrs))(args);
  });
  replace("Conv3DBackpropFilterV2", () =>
    composed<Convolution & { filterShape: Shape5D }>(({ x, dy }, attrs) => forFilter(x!, dy!, attrs)),
  );
  replace("Conv3DBackpropInputV2", () =>
    composed<Convolution & { inputShape: Shape5D }>(({ dy, filter }, attrs) => forInput(dy!, filter!, attrs)),
  );
}

/** x [batch, depth, height, width, in], filter [depth, height, width, in, out] */
function forward(x: tf.Tensor, filter: tf.Tensor, attrs: Convolution): tf.Tensor {
  const depth = along(x.shape, filter.shape, attrs);
  const [, ...strides] = triple(attrs.strides);
  const [, ...dilations] = triple(attrs.dilations ?? 1);
  const padded = padDepth(x, depth);
  const sum = sumOfSteps(depth, (step) =>
    tf.conv2d(planesAt(padded, step, depth), filterAt(filter, step), strides, attrs.pad, "NHWC", dilations),
  );
  return tf.reshape(sum, [x.shape[0]!, depth.outputs, ...sum.shape.slice(1)]);
}

/** dy [batch, depth, rows, columns, out] */
function forFilter(
  x: tf.Tensor,
  dy: tf.Tensor,
  attrs: Convolution & { readonly filterShape: Shape5D },
): tf.Tensor {
  const { pad, filterShape } = attrs;
  const depth = along(x.shape, filterShape, attrs);
  const [, ...strides] = triple(attrs.strides);
  const padded = padDepth(x, depth);
  const gradient = mergeDepth(dy);
  const plane = { strides, pad, dataFormat: "NHWC", filterShape: filterShape.slice(1) };
  return tf.stack(
    steps(depth).map((step) =>
      tf.tidy(() =>
        runKernel("Conv2DBackpropFilter", { x: planesAt(padded, step, depth), dy: gradient }, plane),
      ),
    ),
  );
}

function forInput(
  dy: tf.Tensor,
  filter: tf.Tensor,
  attrs: Convolution & { readonly inputShape: Shape5D },
): tf.Tensor {
  const { pad, inputShape } = attrs;
  const depth = along(inputShape, filter.shape, attrs);
  const [, ...strides] = triple(attrs.strides);
  const gradient = mergeDepth(dy);
  const [batch, , ...place] = inputShape;
  const plane = {
    strides,
    pad,
    dataFormat: "NHWC",
    inputShape: [batch * depth.outputs, ...place],
  };
  const whole = sumOfSteps(depth, (step) => {
    const planes = runKernel("Conv2DBackpropInput", { dy: gradient, filter: filterAt(filter, step) }, plane);
    return spreadPlanes(planes, step, batch, depth);
  });
  const size = whole.shape[2]!;
  return tf.reshape(tf.slice(whole, [0, depth.front, 0], [batch, depth.size, size]), inputShape);
}

function along(xShape: number[], filterShape: number[], attrs: Convolution): Depth {
  const { strides, dilations = 1, pad } = attrs;
  const info = tf.backend_util.computeConv3DInfo(
    xShape as Shape5D,
    filterShape as Shape5D,
    strides,
    dilations,
    pad,
  );
  const { strideDepth: stride, dilationDepth: dilation, outDepth: outputs } = info;
  const taps = filterShape[0]!;
  const size = xShape[1]!;
  // Negative where the last planes are under no window.
  const front = Math.max(0, info.padInfo.front);
  const back = Math.max(0, (taps - 1) * dilation + outputs * stride - size - front);
  return { steps: taps, dilation, stride, outputs, size, front, back };
}

function steps(depth: Depth): number[] {
  return Array.from({ length: depth.steps }, (_, step) => step);
}

function sumOfSteps(depth: Depth, part: (step: number) => tf.Tensor): tf.Tensor {
  return steps(depth).reduce<tf.Tensor | null>((before, step) => {
    const sum = tf.tidy(() => (before ? tf.add(before, part(step)) : part(step)));
    before?.dispose();
    return sum;
  }, null)!;
}

function padDepth(x: tf.Tensor, { front, back }: Depth): tf.Tensor {
  const none: [number, number] = [0, 0];
  return tf.pad(x, [none, [front, back], none, none, none]);
}

/** What one step of the filter sees: [batch x outputs, height, width, channels]. */
function planesAt(padded: tf.Tensor, step: number, { dilation, stride, outputs }: Depth): tf.Tensor4D {
  const [batch, , height, width, channels] = padded.shape as Shape5D;
  const seen = tf.slice(
    padded,
    [0, step * dilation, 0, 0, 0],
    [batch, outputs * stride, height, width, channels],
  );
  const strided = tf.reshape(seen, [batch * outputs, stride, height * width * channels]);
  const planes = tf.slice(strided, [0, 0, 0], [batch * outputs, 1, height * width * channels]);
  return tf.reshape(planes, [batch * outputs, height, width, channels]);
}

/** The planes where the step had seen them: [batch, front + depth + back, height x width x channels]. */
function spreadPlanes(planes: tf.Tensor, step: number, batch: number, depth: Depth): tf.Tensor {
  const { dilation, stride, outputs, size, front, back } = depth;
  const numbers = planes.size / (batch * outputs);
  const none: [number, number] = [0, 0];
  const apart = tf.pad(tf.reshape(planes, [batch * outputs, 1, numbers]), [none, [0, stride - 1], none]);
  const before = step * dilation;
  const behind = front + size + back - before - outputs * stride;
  return tf.pad(tf.reshape(apart, [batch, outputs * stride, numbers]), [none, [before, behind], none]);
}

function filterAt(filter: tf.Tensor, step: number): tf.Tensor4D {
  const [, ...plane] = filter.shape as Shape5D;
  return tf.reshape(tf.slice(filter, step, 1), plane);
}

/** [batch, depth, ...] to [batch x depth, ...] */
function mergeDepth(x: tf.Tensor): tf.Tensor4D {
  const [batch, depth, ...plane] = x.shape as Shape5D;
  return tf.reshape(x, [batch * depth, ...plane]);
}

function triple(value: number | readonly number[]): Triple {
  return (typeof value === "number" ? [value, value, value] : [...value]) as Triple;
}
