import * as tf from "@tensorflow/tfjs";
import { transposedMap, type AxisMap } from "./linear-map.js";

/** What was mirrored has two gradients or more; TensorFlow.js keeps the one in the middle. */
export const mirrorPadGradient: tf.GradConfig = {
  kernelName: "MirrorPad",
  inputsToSave: ["x"],
  gradFunc: (dy, [x], attrs) => ({
    x: () => {
      const { paddings, mode } = attrs as unknown as {
        paddings: [number, number][];
        mode: "reflect" | "symmetric";
      };
      return paddings.reduce(
        (gradient, [before, after], axis) =>
          before + after === 0
            ? gradient
            : transposedMap(gradient, axis, mirrored(x!.shape[axis]!, before, after, mode)),
        dy as tf.Tensor,
      );
    },
  }),
};

function mirrored(inputs: number, before: number, after: number, mode: "reflect" | "symmetric"): AxisMap {
  const edge = mode === "reflect" ? 0 : 1;
  const rows = Array.from({ length: before + inputs + after }, (_, o) => {
    const i = o - before;
    const inside = i < 0 ? -i - edge : i >= inputs ? 2 * (inputs - 1) - i + edge : i;
    return [[inside, 1]] as const;
  });
  return { inputs, rows };
}
