import * as tf from "@tensorflow/tfjs";
import { replaceKernel } from "./kernel.js";

interface HostBackend {
  readSync(dataId: object): Float32Array;
  write(values: Float32Array, shape: number[], dtype: tf.DataType): object;
}

interface Pool {
  readonly filterSize: number | [number, number];
  readonly strides: number | [number, number];
  readonly pad: "same" | "valid" | number;
  readonly dimRoundingMode?: "floor" | "round" | "ceil";
}

type Windows = ReturnType<typeof tf.backend_util.computePool2DInfo>;

/**
 * MaxPoolGrad in one walk over the windows: each hands its gradient to the first of its maxima, none where all are
 * NaN. The kernel of tfjs-backend-cpu, on which wasm falls back, looks from each pixel through all windows around it:
 * it took 400 times as long as the pooling.
 */
export function passToMaxima(backendName: string): void {
  replaceKernel(backendName, "MaxPoolGrad", () => ({ inputs, attrs, backend }) => {
    const { dy, input } = inputs as { readonly dy: tf.TensorInfo; readonly input: tf.TensorInfo };
    const { filterSize, strides, pad, dimRoundingMode } = attrs as unknown as Pool;
    const shape = input.shape as [number, number, number, number];
    const windows = tf.backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode);
    const host = backend as unknown as HostBackend;
    const dx = new Float32Array(tf.util.sizeFromShape(shape));
    walk(host.readSync(input.dataId), host.readSync(dy.dataId), dx, windows);
    return { dataId: host.write(dx, shape, "float32"), shape, dtype: "float32" };
  });
}

function walk(x: Float32Array, dy: Float32Array, dx: Float32Array, windows: Windows): void {
  const { batchSize, outHeight, outWidth, inHeight, inWidth, inChannels } = windows;
  const { strideHeight, strideWidth, filterHeight, filterWidth, padInfo } = windows;
  const best = new Int32Array(inChannels);
  let out = 0;
  for (let image = 0; image < batchSize; image++) {
    for (let row = 0; row < outHeight; row++) {
      const top = row * strideHeight - padInfo.top;
      for (let column = 0; column < outWidth; column++, out += inChannels) {
        const left = column * strideWidth - padInfo.left;
        best.fill(-1);
        for (let y = Math.max(0, top); y < Math.min(inHeight, top + filterHeight); y++) {
          for (let z = Math.max(0, left); z < Math.min(inWidth, left + filterWidth); z++) {
            const at = ((image * inHeight + y) * inWidth + z) * inChannels;
            for (let c = 0; c < inChannels; c++) {
              const largest = best[c]! < 0 ? -Infinity : x[best[c]!]!;
              if (x[at + c]! > largest) best[c] = at + c;
            }
          }
        }
        for (let c = 0; c < inChannels; c++) if (best[c]! >= 0) dx[best[c]!]! += dy[out + c]!;
      }
    }
  }
}
