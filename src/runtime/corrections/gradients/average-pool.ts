import * as tf from "@tensorflow/tfjs";
import { runKernel } from "./run-kernel.js";

interface Pool {
  readonly filterSize: number | number[];
  readonly strides: number | number[];
  readonly pad: "same" | "valid" | number;
  readonly dimRoundingMode?: "floor" | "round" | "ceil";
}

/** One spatial axis of a pooling. */
interface Window {
  readonly size: number;
  readonly outputs: number;
  readonly filter: number;
  readonly stride: number;
  readonly before: number;
}

/**
 * Average pooling with padding divides by the cells that lie inside; the gradient kernels of cpu, wasm and WebGPU
 * divide by all. Here the gradient is scaled first, and pooled back over the padded input without padding.
 */
export const averagePoolGradients: readonly tf.GradConfig[] = [
  gradient("AvgPool", "AvgPoolGrad", windows2d),
  gradient("AvgPool3D", "AvgPool3DGrad", windows3d),
];

function gradient(
  kernelName: string,
  toInput: string,
  windowsOf: (x: tf.Tensor, pool: Pool) => Window[],
): tf.GradConfig {
  return {
    kernelName,
    inputsToSave: ["x"],
    gradFunc: (dy, [x], attrs) => ({
      x: () => {
        const pool = attrs as unknown as Pool;
        const windows = windowsOf(x!, pool);
        const scaled = windows.reduce(
          (result, window, i) => tf.mul(result, alongAxis(scales(window), i + 1, x!.rank)),
          dy as tf.Tensor,
        );
        const spatial = windows.map(({ outputs, stride, filter }) => (outputs - 1) * stride + filter);
        const padded = tf.zeros([x!.shape[0]!, ...spatial, x!.shape.at(-1)!]);
        const whole = runKernel(toInput, { dy: scaled, input: padded }, { ...pool, pad: "valid" });
        return cut(whole, x!.shape, windows);
      },
    }),
  };
}

/** How much larger the divisor of the kernel is than the count of cells inside. */
function scales({ size, outputs, filter, stride, before }: Window): number[] {
  return Array.from({ length: outputs }, (_, o) => {
    const start = o * stride - before;
    return filter / (Math.min(start + filter, size) - Math.max(start, 0));
  });
}

function alongAxis(values: number[], axis: number, rank: number): tf.Tensor {
  return tf.tensor(
    values,
    Array.from({ length: rank }, (_, i) => (i === axis ? values.length : 1)),
  );
}

/** Takes the padding off again; where strides left out the end of the input, its gradient is 0. */
function cut(whole: tf.Tensor, shape: number[], windows: readonly Window[]): tf.Tensor {
  const begin = [0, ...windows.map(({ before }) => before), 0];
  const length = shape.map((size, i) => Math.min(size, whole.shape[i]! - begin[i]!));
  const inside = tf.slice(whole, begin, length);
  const missing = shape.map((size, i) => [0, size - length[i]!] as [number, number]);
  return missing.every(([, after]) => after === 0) ? inside : tf.pad(inside, missing);
}

function windows2d(x: tf.Tensor, { filterSize, strides, pad, dimRoundingMode }: Pool): Window[] {
  const info = tf.backend_util.computePool2DInfo(
    x.shape as [number, number, number, number],
    filterSize as [number, number],
    strides as [number, number],
    1,
    pad,
    dimRoundingMode,
  );
  return planeWindows(info);
}

function windows3d(x: tf.Tensor, { filterSize, strides, pad, dimRoundingMode }: Pool): Window[] {
  const info = tf.backend_util.computePool3DInfo(
    x.shape as [number, number, number, number, number],
    filterSize as [number, number, number],
    strides as [number, number, number],
    1,
    pad,
    dimRoundingMode,
  );
  return [
    {
      size: info.inDepth,
      outputs: info.outDepth,
      filter: info.filterDepth,
      stride: info.strideDepth,
      before: info.padInfo.front,
    },
    ...planeWindows(info),
  ];
}

/** Of rows and columns. */
function planeWindows(info: tf.backend_util.Conv2DInfo | tf.backend_util.Conv3DInfo): Window[] {
  return [
    {
      size: info.inHeight,
      outputs: info.outHeight,
      filter: info.filterHeight,
      stride: info.strideHeight,
      before: info.padInfo.top,
    },
    {
      size: info.inWidth,
      outputs: info.outWidth,
      filter: info.filterWidth,
      stride: info.strideWidth,
      before: info.padInfo.left,
    },
  ];
}
