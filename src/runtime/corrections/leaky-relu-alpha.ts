import { adjustAttributes, type KernelArguments } from "./kernel.js";

const KERNELS = ["FusedConv2D", "FusedDepthwiseConv2D", "_FusedMatMul"];

/** A fused leaky ReLU without a slope has 0.2, as `tf.leakyRelu` does; without this it gives NaN. */
export function defaultLeakyReluAlpha(backendName: string): void {
  for (const kernelName of KERNELS) {
    adjustAttributes(backendName, kernelName, leakyReluAlpha);
  }
}

/** The attribute as it should be, for kernels that are corrected in other ways too. */
export function leakyReluAlpha({ attrs }: KernelArguments): { leakyreluAlpha: number } {
  const { leakyreluAlpha } = attrs as { leakyreluAlpha?: number };
  return { leakyreluAlpha: leakyreluAlpha ?? 0.2 };
}
