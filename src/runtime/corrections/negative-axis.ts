import type * as tf from "@tensorflow/tfjs";
import { adjustAttributes } from "./kernel.js";

/** Kernels that take a negative axis as it stands, and the input that it counts from the end of. */
const KERNELS = [
  ["Cumsum", "x"],
  ["Cumprod", "x"],
  ["GatherV2", "x"],
] as const;

/**
 * Counts a negative axis from the end before the kernel sees it: cumsum over axis -1 gives a tensor of shape
 * [undefined, ...] on cpu and writes outside its memory on wasm.
 */
export function countAxisFromEnd(backendName: string): void {
  for (const [kernelName, input] of KERNELS) {
    adjustAttributes(backendName, kernelName, ({ inputs, attrs }) => {
      const { axis } = attrs as { axis: number };
      return { axis: axis < 0 ? axis + (inputs[input] as tf.TensorInfo).shape.length : axis };
    });
  }
}
