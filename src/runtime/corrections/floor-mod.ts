import * as tf from "@tensorflow/tfjs";
import { replaceKernel, type KernelFunction } from "./kernel.js";

interface HostBackend {
  readSync(dataId: object): Float32Array | Int32Array;
  write(values: Float32Array | Int32Array, shape: number[], dtype: tf.DataType): object;
}

/**
 * Remainders with the sign of the divisor, as TensorFlow has them (`google_floor_fmod` in cwise_ops.h). The kernel of
 * tfjs-backend-cpu gives NaN beside an infinite divisor, where the sum of both is meant, and 0 for an integer divided
 * by 0.
 */
export function floorRemainders(backendName: string): void {
  replaceKernel(backendName, "Mod", ofNumbers, "floor");
}

function ofNumbers(own: KernelFunction): KernelFunction {
  return (args) => {
    const { a, b } = args.inputs as { a: tf.TensorInfo; b: tf.TensorInfo };
    const host = args.backend as unknown as HostBackend;
    const [x, y] = [host.readSync(a.dataId), host.readSync(b.dataId)];
    if (b.dtype === "int32" && y.includes(0))
      throw new Error(
        `mod() of int32 by 0: one of the divisors [${b.shape}] is 0. Cast both to float32 for NaN.`,
      );
    if (b.dtype !== "float32" || x.length === 0 || y.length === 0) return own(args);
    const shape = tf.broadcast_util.assertAndGetBroadcastShape(a.shape, b.shape);
    const values = new Float32Array(Math.max(x.length, y.length));
    for (let i = 0; i < values.length; i++) values[i] = floorMod(x[i % x.length]!, y[i % y.length]!);
    return { dataId: host.write(values, shape, "float32"), shape, dtype: "float32" };
  };
}

function floorMod(x: number, y: number): number {
  const rest = x % y;
  return rest !== 0 && y < 0 !== rest < 0 ? rest + y : rest;
}
