import * as tf from "@tensorflow/tfjs";
import { ownResult, replaceKernel } from "./kernel.js";

/** Kernels that turn NaN into a bound: the result is NaN wherever an input is. */
export function keepNaN(backendName: string, kernelName: string, names: readonly string[]): void {
  replaceKernel(backendName, kernelName, (own) => (args) => {
    const inputs = args.inputs as Record<string, tf.Tensor>;
    if (names.some((name) => inputs[name]!.dtype !== "float32")) return own(args);
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

function spread(x: tf.Tensor, shape: number[]): tf.Tensor {
  return tf.cast(tf.broadcastTo(tf.cast(x, "float32"), shape), x.dtype);
}
