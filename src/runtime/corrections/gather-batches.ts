import * as tf from "@tensorflow/tfjs";
import { ownResult, replaceKernel } from "./kernel.js";

/**
 * Back ends that read beside the tensor when each batch is gathered by its own indices: the batches are laid after each
 * other, and their indices counted on. A negative axis counts from the end.
 */
export function gatherAcrossBatches(backendName: string): void {
  replaceKernel(backendName, "GatherV2", (own) => (args) => {
    const attrs = args.attrs as unknown as { axis: number; batchDims: number };
    const { x, indices } = args.inputs as { x: tf.Tensor; indices: tf.Tensor };
    const batchDims = attrs.batchDims < 0 ? attrs.batchDims + indices.rank : attrs.batchDims;
    const axis = (attrs.axis + x.rank) % x.rank;
    if (batchDims === 0) return own({ ...args, attrs: { ...attrs, axis } });
    const shape = [...x.shape.slice(0, axis), ...indices.shape.slice(batchDims), ...x.shape.slice(axis + 1)];
    if (shape.includes(0)) return tf.tensor([], shape, x.dtype);
    const sizeOf = (shape: readonly number[]): number => shape.reduce((n, dim) => n * dim, 1);
    const batch = sizeOf(x.shape.slice(0, batchDims));
    const outer = sizeOf(x.shape.slice(batchDims, axis));
    const dim = x.shape[axis]!;
    const inner = sizeOf(x.shape.slice(axis + 1));
    return tf.tidy(() => {
      const rows = tf.reshape(tf.transpose(tf.reshape(x, [batch, outer, dim, inner]), [0, 2, 1, 3]), [
        batch * dim,
        outer * inner,
      ]);
      const starts = tf.reshape(tf.range(0, batch * dim, Math.max(1, dim), "int32"), [-1, 1]);
      const all = tf.reshape(tf.add(tf.reshape(indices, [batch, -1]), starts), [-1]);
      const taken = ownResult(own, {
        ...args,
        inputs: { x: rows, indices: all },
        attrs: { axis: 0, batchDims: 0 },
      });
      const count = all.size / Math.max(1, batch);
      const back = tf.transpose(tf.reshape(taken, [batch, count, outer, inner]), [0, 2, 1, 3]);
      return tf.reshape(back, shape);
    });
  });
}
