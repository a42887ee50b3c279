import * as tf from "@tensorflow/tfjs";
import { replaceKernel, type KernelFunction } from "./kernel.js";
import { aroundAxis } from "./rank-above-four.js";

interface Scan {
  readonly axis: number;
  readonly exclusive: boolean;
  readonly reverse: boolean;
}

/**
 * Cumulative sums and products on WebGPU. A shader is compiled with the length of the axis in it and then found
 * again under a name without it, so that a reversed or exclusive scan of another length is wrong; and there is
 * none above rank 4. Here the kernel's own code does the plain scan, at rank 3; the rest is slices and reversals.
 */
export function plainScan(backendName: string): void {
  replaceKernel(backendName, "Cumsum", (own) => scan(own, 0));
  replaceKernel(backendName, "Cumprod", (own) => scan(own, 1));
}

function scan(own: KernelFunction, start: number): KernelFunction {
  return (args) => {
    const { axis, exclusive, reverse } = args.attrs as unknown as Scan;
    const { x } = args.inputs as { x: tf.Tensor };
    const along = axis < 0 ? axis + x.rank : axis;
    return tf.tidy(() => {
      const part = tf.transpose(aroundAxis(x, x.shape, along), [0, 2, 1]);
      const forward = reverse ? tf.reverse(part, 2) : part;
      const inclusive = plain(own, args.backend, forward);
      const shifted = exclusive ? shift(inclusive, start) : inclusive;
      const backward = reverse ? tf.reverse(shifted, 2) : shifted;
      return tf.reshape(tf.transpose(backward, [0, 2, 1]), x.shape);
    });
  };
}

function plain(
  own: KernelFunction,
  backend: Parameters<KernelFunction>[0]["backend"],
  x: tf.Tensor,
): tf.Tensor3D {
  const info = own({ inputs: { x }, backend, attrs: { axis: 2, exclusive: false, reverse: false } });
  return tf.engine().makeTensorFromTensorInfo(info as tf.TensorInfo) as tf.Tensor3D;
}

/** Each sum without its own number: one place on, from the neutral element. */
function shift(x: tf.Tensor3D, start: number): tf.Tensor3D {
  const [outer, inner, length] = x.shape;
  const first = tf.fill([outer, inner, 1], start, x.dtype as "float32");
  return tf.concat([first, tf.slice(x, [0, 0, 0], [outer, inner, length - 1])], 2) as tf.Tensor3D;
}
