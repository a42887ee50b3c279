import type * as tf from "@tensorflow/tfjs";
import { replaceKernel, type KernelArguments } from "./kernel.js";

const LEAST = -(2 ** 31);

interface HostBackend {
  readSync(dataId: object): ArrayLike<number>;
  write(values: Int32Array, shape: number[], dtype: tf.DataType): object;
}

/**
 * Floats as whole numbers, as TensorFlow has them on a CPU: NaN and what int32 has no room for are its least number.
 * JavaScript keeps the last 32 bits of them: of 3e9 some number below zero, of NaN 0.
 */
export function castToWholeNumbers(backendName: string): void {
  replaceKernel(
    backendName,
    "Cast",
    (own) => (args) => {
      const x = args.inputs.x as tf.TensorInfo;
      const { dtype } = args.attrs as unknown as { dtype: tf.DataType };
      return x.dtype === "float32" && dtype === "int32" ? wholeNumbers(x, args) : own(args);
    },
    "whole numbers",
  );
}

function wholeNumbers(x: tf.TensorInfo, { backend }: KernelArguments): tf.TensorInfo {
  const host = backend as unknown as HostBackend;
  const values = host.readSync(x.dataId);
  const result = new Int32Array(values.length);
  for (let i = 0; i < result.length; i++) {
    const value = values[i]!;
    result[i] = value >= LEAST && value < -LEAST ? value | 0 : LEAST;
  }
  return { dataId: host.write(result, x.shape, "int32"), shape: x.shape, dtype: "int32" };
}
