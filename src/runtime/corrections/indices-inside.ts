import * as tf from "@tensorflow/tfjs";
import { replaceKernel, type KernelFunction } from "./kernel.js";

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

/** These read their indices to check them, which is no part of what they compute. */
export const CHECKING_INDICES: readonly string[] = ["GatherV2", ...KERNELS.map(([kernelName]) => kernelName)];

/** Refuses indices that lie outside, where a back end would read and write beside the tensor. */
export function refuseIndicesOutside(backendName: string): void {
  for (const [kernelName, name, shapeOf] of KERNELS) {
    const checked = (own: KernelFunction): KernelFunction => {
      return (args) => {
        const inputs = args.inputs as Record<string, tf.Tensor>;
        const attributes = (args.attrs ?? {}) as Record<string, unknown>;
        requireInside(kernelName, inputs[name]!, shapeOf(inputs, attributes));
        return own(args);
      };
    };
    replaceKernel(backendName, kernelName, checked, "inside");
  }
}

/** The same for rows that are gathered, in whose place a GPU gives zeros. */
export function refuseRowsOutside(backendName: string): void {
  const checked = (own: KernelFunction): KernelFunction => {
    return (args) => {
      const { x, indices } = args.inputs as { x: tf.Tensor; indices: tf.Tensor };
      const { axis } = args.attrs as unknown as { axis: number };
      const length = x.shape[tf.util.parseAxisParam(axis, x.shape)[0]!]!;
      const outside = indices.dataSync().find((row) => row < 0 || row >= length);
      if (outside !== undefined)
        throw new Error(`GatherV2: the index value ${outside} is not in [0, ${length - 1}]`);
      return own(args);
    };
  };
  replaceKernel(backendName, "GatherV2", checked, "inside");
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
