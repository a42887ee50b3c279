import * as tf from "@tensorflow/tfjs";
import { composed, replaceKernel } from "./kernel.js";

/** The floored quotient of floats is a float; the kernels call it int32, which cuts what no integer holds. */
export function divideFloatsToFloats(backendName: string): void {
  const floored = composed(({ a, b }) => tf.floor(tf.div(a!, b!)));
  replaceKernel(
    backendName,
    "FloorDiv",
    (own) => (args) => ((args.inputs["a"] as tf.TensorInfo).dtype === "float32" ? floored(args) : own(args)),
    "floats",
  );
}
