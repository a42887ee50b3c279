import * as tf from "@tensorflow/tfjs";
import { ownResult, replaceKernel } from "./kernel.js";

/** Kernels that turn NaN into a bound: the result is NaN wherever an input is. */
export function keepNaN(backendName: string, kernelName: string, names: readonly string[]): void {
  replaceKernel(backendName, kernelName, (own) => (args) => {
    const inputs = args.inputs as Record<string, tf.Tensor>;
    if (names.some((name) => inputs[name]!.dtype !== "float32")) return own(args);
    const { typedArrayFromHeap: onHost } = args.backend as HostMemory;
    if (onHost && !names.some((name) => hasNaN(onHost.call(args.backend, inputs[name]!)))) return own(args);
    return tf.tidy(() => {
      const result = ownResult(own, args);
      // x - x is 0 for numbers; for infinities it would be NaN, so equality is asked instead.
      return names.reduce((kept, name) => {
        const x = inputs[name]!;
        const number = tf.equal(x, x);
        const same = `${x.shape}` === `${kept.shape}`;
        return same
          ? tf.where(number, kept, x)
          : tf.where(spread(number, kept.shape), kept, spread(x, kept.shape));
      }, result);
    });
  });
}

/** A back end whose memory can be looked at, as that of wasm. */
interface HostMemory {
  typedArrayFromHeap?(tensor: tf.TensorInfo): Float32Array;
}

/**
 * Looking takes a tenth of the time that it takes to put NaN back where there may be none. The bits of a NaN without
 * its sign are above those of infinity: then the difference is negative, and so is what all differences have in common.
 */
export function hasNaN(values: Float32Array): boolean {
  return hasBitsAbove(0x7f800000, values);
}

/** NaN or an infinity. */
export function hasNonFinite(values: Float32Array): boolean {
  return hasBitsAbove(0x7f7fffff, values);
}

function hasBitsAbove(limit: number, { buffer, byteOffset, length }: Float32Array): boolean {
  const bits = new Int32Array(buffer, byteOffset, length);
  const rest = length % 4;
  let any = 0;
  for (let i = 0; i < rest; i++) any |= limit - (bits[i]! & 0x7fffffff);
  // Four at a time take half as long.
  for (let i = rest; i < length; i += 4)
    any |=
      (limit - (bits[i]! & 0x7fffffff)) |
      (limit - (bits[i + 1]! & 0x7fffffff)) |
      (limit - (bits[i + 2]! & 0x7fffffff)) |
      (limit - (bits[i + 3]! & 0x7fffffff));
  return any < 0;
}

function spread(x: tf.Tensor, shape: number[]): tf.Tensor {
  return tf.cast(tf.broadcastTo(tf.cast(x, "float32"), shape), x.dtype);
}
