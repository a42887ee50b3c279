import * as tf from "@tensorflow/tfjs";
import { replaceKernel } from "./kernel.js";

/**
 * `where` of a condition with numbers and values without: TensorFlow.js does not spread to an axis of length 0, and the
 * kernel is given a condition of another size. The one of wasm then writes as many values as there are conditions.
 */
export function chooseNothing(backendName: string): void {
  replaceKernel(
    backendName,
    "Select",
    (own) => (args) => {
      const { condition, t, e } = args.inputs as Record<string, tf.TensorInfo>;
      const shapes = [condition!, t!, e!].map(({ shape }) => shape);
      if (!shapes.some((shape) => shape.includes(0))) return own(args);
      return tf.tensor([], shapes.reduce(tf.broadcast_util.assertAndGetBroadcastShape), t!.dtype);
    },
    "nothing",
  );
}
