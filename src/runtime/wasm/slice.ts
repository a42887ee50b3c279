import * as tf from "@tensorflow/tfjs";
import { replaceKernel } from "../corrections/kernel.js";
import type { WasmBackend } from "./wasm-backend.js";

/** Copied number by number below as many: a call of `set` costs as much. */
const SHORT = 8;

/** Cuts tensors in the memory. The back end's own kernel takes all of `x` out of it first, for each slice. */
export function sliceInMemory(backendName: string): void {
  replaceKernel(backendName, "Slice", (own) => (args) => {
    const { x } = args.inputs as { x: tf.TensorInfo };
    const { begin, size } = args.attrs as unknown as { begin: number | number[]; size: number | number[] };
    if (x.dtype === "string" || x.shape.length === 0) return own(args);
    const [from, lengths] = tf.slice_util.parseSliceParams(x as tf.Tensor, begin, size) as [
      number[],
      number[],
    ];
    tf.slice_util.assertParamsValid(x as tf.Tensor, from, lengths);
    const wasm = args.backend as unknown as WasmBackend;
    const result = wasm.makeOutput(lengths, x.dtype);
    if (!lengths.includes(0)) {
      copy(wasm.typedArrayFromHeap(x), wasm.typedArrayFromHeap(result), x.shape, from, lengths);
    }
    return result;
  });
}

/** Goes over the runs that lie together in `x`: all axes from the last one that is cut. */
function copy(
  x: Float32Array,
  out: Float32Array,
  shape: readonly number[],
  begin: readonly number[],
  size: readonly number[],
): void {
  let axis = shape.length - 1;
  while (axis > 0 && size[axis] === shape[axis]) axis--;
  const strides = tf.util.computeStrides([...shape]);
  const run = size[axis]! * (strides[axis] ?? 1);
  const start = begin.reduce((sum, first, i) => sum + first * (strides[i] ?? 1), 0);
  const places = size.slice(0, axis).map(() => 0);
  let from = start;
  for (let to = 0; to < out.length; to += run) {
    if (run < SHORT) for (let i = 0; i < run; i++) out[to + i] = x[from + i]!;
    else out.set(x.subarray(from, from + run), to);
    for (let i = axis - 1; i >= 0; i--) {
      from += strides[i]!;
      places[i]!++;
      if (places[i]! < size[i]!) break;
      from -= places[i]! * strides[i]!;
      places[i] = 0;
    }
  }
}
