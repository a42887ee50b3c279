import * as tf from "@tensorflow/tfjs";
import { replaceKernel, type KernelFunction } from "./kernel.js";

interface HostBackend {
  readSync(dataId: object): ArrayLike<number>;
  write(values: Float32Array | Int32Array, shape: number[], dtype: tf.DataType): object;
}

/** The sign of NaN is NaN, as in TensorFlow; TensorFlow.js gives 0, in ten times the time. */
export function signOfNaN(backendName: string): void {
  replaceKernel(backendName, "Sign", () => signs);
}

const signs: KernelFunction = ({ inputs, backend }) => {
  const { dataId, shape, dtype } = inputs.x as tf.TensorInfo;
  const host = backend as unknown as HostBackend;
  const Numbers = dtype === "float32" ? Float32Array : Int32Array;
  const values = host.readSync(dataId);
  const result = new Numbers(values.length);
  for (let i = 0; i < result.length; i++) result[i] = Math.sign(values[i]!);
  return { dataId: host.write(result, shape, dtype), shape, dtype };
};
