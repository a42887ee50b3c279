import * as tf from "@tensorflow/tfjs";

const KERNELS = ["Equal", "NotEqual", "Greater", "Less", "LessEqual", "LogicalAnd", "LogicalOr"];

/** A comparison has steps and is flat between them; without this `where(greater(x, 0), ...)` has no gradient. */
export const comparisonGradients: readonly tf.GradConfig[] = KERNELS.map((kernelName) => ({
  kernelName,
  inputsToSave: ["a", "b"],
  gradFunc: (_dy, [a, b]) => ({ a: () => tf.zeros(a!.shape), b: () => tf.zeros(b!.shape) }),
}));

/** The same for what takes one tensor: a mask made by `any` stands in the way of no gradient. */
export const logicalGradients: readonly tf.GradConfig[] = ["LogicalNot", "Any", "All"].map((kernelName) => ({
  kernelName,
  inputsToSave: ["x"],
  gradFunc: (_dy, [x]) => ({ x: () => tf.zeros(x!.shape) }),
}));
