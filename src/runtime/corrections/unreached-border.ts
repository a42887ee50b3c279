import * as tf from "@tensorflow/tfjs";
import { dilationsOf } from "./dilated-filter.js";
import { type KernelFunction, ownResult, replaceKernel } from "./kernel.js";

export interface Windowed {
  readonly pad?: unknown;
  readonly strides: number | readonly number[];
  readonly dilations?: unknown;
  readonly filterSize?: number | readonly number[];
  readonly dataFormat?: string;
}

interface Shaped {
  readonly shape: readonly number[];
}

/**
 * With padding "same" and strides longer than the window, the last pixels of an axis are under no window, and no
 * padding is needed. tfjs counts the padding as negative there: XNNPACK then writes nothing, and the 3D pools shift
 * their windows. Without those pixels the count is right.
 */
export function cutUnreachedBorder(backendName: string, kernelNames: readonly string[]): void {
  for (const kernelName of kernelNames) {
    if (!tf.getKernel(kernelName, backendName)) continue;
    replaceKernel(backendName, kernelName, (own) => overReached(backendName, own));
  }
}

/** A kernel that sees only what its windows reach, for one that is corrected in other ways too. */
export function overReached(backendName: string, own: KernelFunction): KernelFunction {
  return (args) => {
    const inputs = args.inputs as { x: tf.Tensor; filter?: tf.Tensor };
    const attributes = args.attrs as unknown as Windowed;
    const reached = attributes.pad === "same" ? reachedSize(inputs, attributes) : null;
    if (reached === null) return own(args);
    // By the back end's own kernel: this one may run for another back end, whose tensors are elsewhere.
    const slice = tf.getKernel("Slice", backendName).kernelFunc;
    const begin = reached.map(() => 0);
    const cut = slice({ inputs: { x: inputs.x }, attrs: { begin, size: reached }, backend: args.backend });
    const x = tf.engine().makeTensorFromTensorInfo(cut as tf.TensorInfo, args.backend as tf.KernelBackend);
    try {
      return own({ ...args, inputs: { ...args.inputs, x } });
    } finally {
      x.dispose();
    }
  };
}

/** The size of the input that windows reach; null where they reach all of it, or the layout is channels first. */
export function reachedSize(
  { x, filter }: { readonly x: Shaped; readonly filter?: Shaped },
  attributes: Windowed,
): number[] | null {
  if (attributes.dataFormat?.startsWith("NC")) return null;
  const axes = x.shape.length - 2;
  const perAxis = (value: number | readonly number[]) =>
    typeof value === "number" ? Array<number>(axes).fill(value) : value;
  const sizes = filter ? filter.shape.slice(0, axes) : perAxis(attributes.filterSize!);
  const strides = perAxis(attributes.strides);
  const dilations = dilationsOf(attributes.dilations, axes);
  const reached = x.shape.map((length, axis) => {
    const i = axis - 1;
    if (i < 0 || i >= axes) return length;
    const outputs = Math.ceil(length / strides[i]!);
    return Math.min(length, (outputs - 1) * strides[i]! + (sizes[i]! - 1) * dilations[i]! + 1);
  });
  return tf.util.arraysEqual(reached, [...x.shape]) ? null : reached;
}

/** The transposed convolution in three dimensions: nothing comes to pixels that no window reached. */
export function zeroUnreachedBorder(backendName: string): void {
  replaceKernel(backendName, "Conv3DBackpropInputV2", (own) => (args) => {
    const { filter } = args.inputs as { filter: tf.Tensor };
    const attributes = args.attrs as unknown as Windowed & { readonly inputShape: number[] };
    const shape = attributes.inputShape;
    const reached = attributes.pad === "same" ? reachedSize({ x: { shape }, filter }, attributes) : null;
    if (reached === null) return own(args);
    return withZeros(ownResult(own, { ...args, attrs: { ...args.attrs, inputShape: reached } }), shape);
  });
}

function withZeros(x: tf.Tensor, shape: readonly number[]): tf.Tensor {
  return tf.tidy(() =>
    tf.pad(
      x,
      shape.map((length, axis) => [0, length - x.shape[axis]!] as [number, number]),
    ),
  );
}
