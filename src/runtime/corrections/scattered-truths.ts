import * as tf from "@tensorflow/tfjs";
import { replaceKernel } from "./kernel.js";

interface HostBackend {
  readSync(dataId: object): Uint8Array;
  write(values: Uint8Array, shape: number[], dtype: tf.DataType): object;
}

/** Booleans scattered to one place are true where any of them is; the kernel counts them. */
export function scatterTruths(backendName: string): void {
  replaceKernel(
    backendName,
    "ScatterNd",
    (own) => (args) => {
      const result = own(args) as tf.TensorInfo;
      if (result.dtype !== "bool") return result;
      const host = args.backend as unknown as HostBackend & { disposeData(dataId: object): boolean };
      const values = Uint8Array.from(host.readSync(result.dataId), (value) => (value === 0 ? 0 : 1));
      host.disposeData(result.dataId);
      return { ...result, dataId: host.write(values, result.shape, "bool") };
    },
    "bool",
  );
}
