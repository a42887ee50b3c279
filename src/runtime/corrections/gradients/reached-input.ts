import * as tf from "@tensorflow/tfjs";
import { reachedSize, type Windowed } from "../unreached-border.js";

/**
 * A gradient on the part of the input that windows reach, zeros for the rest: TensorFlow.js counts the padding of
 * three axes as negative where strides leave out the end of an axis, and shifts every window.
 */
export function onReachedInput(own: tf.GradConfig): tf.GradConfig {
  return {
    ...own,
    gradFunc: (dy, saved, attributes) => {
      const [x, ...rest] = saved as [tf.Tensor, ...tf.Tensor[]];
      const windowed = attributes as unknown as Windowed;
      const filter = windowed.filterSize === undefined ? rest[0] : undefined;
      const reached = windowed.pad === "same" ? reachedSize(filter ? { x, filter } : { x }, windowed) : null;
      if (reached === null) return own.gradFunc(dy, saved, attributes);
      const begin = reached.map(() => 0);
      const gradients = own.gradFunc(dy, [tf.slice(x, begin, reached), ...rest], attributes);
      const missing = x.shape.map((size, i) => [0, size - reached[i]!] as [number, number]);
      return { ...gradients, x: () => tf.pad(gradients["x"]!(), missing) };
    },
  };
}
