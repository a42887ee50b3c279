import * as tf from "@tensorflow/tfjs";
import { replaceKernel, type KernelFunction } from "./kernel.js";

/**
 * Rounding of int32: whole already. In float32 they would lose their last digits above 2^24, and native reads the
 * bits of the integers as floats.
 */
export function keepWhole(backendName: string): void {
  for (const name of ["Round", "Floor", "Ceil"]) replaceKernel(backendName, name, kept, "whole");
}

function kept(own: KernelFunction): KernelFunction {
  return (args) => {
    const { x } = args.inputs as { x: tf.Tensor };
    return x.dtype === "int32" ? tf.clone(x) : own(args);
  };
}
