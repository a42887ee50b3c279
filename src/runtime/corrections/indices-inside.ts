import * as tf from "@tensorflow/tfjs";
import { replaceKernel } from "./kernel.js";

/** Kernels that go by rows of indices, the input with those, and the shape that they count in. */
const KERNELS: readonly (readonly [
  kernelName: string,
  indices: string,
  shape: (inputs: Record<string, tf.Tensor>, attrs: Record<string, unknown>) => readonly number[],
])[] = [
  ["GatherNd", "indices", ({ params }) => params!.shape],
  ["ScatterNd", "indices", (_, { shape }) => shape as number[]],
  ["SparseToDense", "sparseIndices", (_, { outputShape }) => outputShape as number[]],
  ["TensorScatterUpdate", "indices", ({ tensor }) => tensor!.shape],
];

/** Refuses indices that lie outside, where a back end would read and write beside the tensor. */
export function refuseIndicesOutside(backendName: string): void {
  for (const [kernelName, name, shapeOf] of KERNELS) {
    replaceKernel(backendName, kernelName, (own) => (args) => {
      const inputs = args.inputs as Record<string, tf.Tensor>;
      requireInside(
        kernelName,
        inputs[name]!,
        shapeOf(inputs, (args.attrs ?? {}) as Record<string, unknown>),
      );
      return own(args);
    });
  }
}

function requireInside(kernelName: string, indices: tf.Tensor, shape: readonly number[]): void {
  const values = indices.dataSync();
  // A vector is one index for GatherNd; to the others it is a column of them.
  const depth = indices.rank < 2 && kernelName !== "GatherNd" ? 1 : indices.shape.at(-1)!;
  for (let i = 0; i < values.length; i++) {
    const [value, size] = [values[i]!, shape[i % depth]!];
    if (value >= 0 && value < size) continue;
    const at = i % depth;
    throw new Error(
      `${kernelName}: the index ${value} is not in [0, ${size - 1}], axis ${at} of the shape [${shape.join(", ")}]`,
    );
  }
}
