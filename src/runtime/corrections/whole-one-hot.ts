import * as tf from "@tensorflow/tfjs";
import { replaceKernel } from "./kernel.js";

interface HostBackend {
  readSync(dataId: object): Int32Array;
  write(values: Int32Array, shape: number[], dtype: tf.DataType): object;
}

interface OneHot {
  readonly depth: number;
  readonly onValue: number;
  readonly offValue: number;
  readonly dtype?: tf.DataType;
}

/** OneHot of int32, which the kernel of tfjs-backend-cpu fills as float32: above 2^24 the last digits were lost. */
export function keepWholeOneHot(backendName: string): void {
  replaceKernel(
    backendName,
    "OneHot",
    (own) => (args) => {
      const { depth, onValue, offValue, dtype } = args.attrs as unknown as OneHot;
      if (dtype !== "int32") return own(args);
      const { indices } = args.inputs as { indices: tf.TensorInfo };
      const host = args.backend as unknown as HostBackend;
      const from = host.readSync(indices.dataId);
      const values = new Int32Array(from.length * depth).fill(offValue);
      from.forEach((place, row) => {
        if (place >= 0 && place < depth) values[row * depth + place] = onValue;
      });
      const shape = [...indices.shape, depth];
      return { dataId: host.write(values, shape, "int32"), shape, dtype: "int32" };
    },
    "int32",
  );
}
