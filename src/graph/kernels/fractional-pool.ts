import * as tf from "@tensorflow/tfjs";
import { singles, toDouble, type Philox } from "../philox.js";
import type { Kernel, KernelTable, OpCall } from "../kernel.js";
import { seededGenerator } from "./random.js";

/**
 * Pooling whose windows are of one length or the next, in an order drawn from the seed (tensorflow/core/kernels
 * fractional_pool_common.cc, after Graham, "Fractional max-pooling", 2014).
 */
export const fractionalPool: KernelTable = {
  FractionalMaxPool: pooling((x, axes) => tf.max(x, axes)),
  FractionalAvgPool: pooling((x, axes) => tf.mean(x, axes)),
};

function pooling(pool: (window: tf.Tensor, axes: number[]) => tf.Tensor): Kernel {
  return {
    host: [],
    volatile: true,
    outputs: ["output", "row_pooling_sequence", "col_pooling_sequence"],
    run: (call) => {
      const x = call.tensor(0);
      const ratios = call.attributes.floats("pooling_ratio");
      if (x.rank !== 4 || ratios.length !== 4 || ratios[0] !== 1 || ratios[3] !== 1)
        throw call.error("G11", "it pools the rows and columns of pictures [batch, rows, columns, channels]");
      const fixed = call.attributes.bool("deterministic") || call.attributes.int("seed") !== 0;
      const generator = seededGenerator(call, fixed ? 0 : x.shape[1]! + x.shape[2]!);
      const [rows, columns] = [1, 2].map((axis) => {
        const length = x.shape[axis]!;
        const count = Math.floor(length / ratios[axis]!);
        if (!(count >= 1 && count <= length))
          throw call.error("G11", `a pooling ratio of ${ratios[axis]} leaves ${count} of ${length}`);
        return borders(length, count, generator, call.attributes.bool("pseudo_random"));
      }) as [number[], number[]];
      const alongRows = pooled(x, 1, rows, call, pool);
      const output = pooled(alongRows, 2, columns, call, pool);
      return [output, tf.tensor1d(rows, "int32"), tf.tensor1d(columns, "int32")];
    },
  };
}

/** Windows are rectangles of all pairs of a stretch of rows and one of columns, so each axis is pooled by itself. */
function pooled(
  x: tf.Tensor,
  axis: number,
  sequence: readonly number[],
  call: OpCall,
  pool: (window: tf.Tensor, axes: number[]) => tf.Tensor,
): tf.Tensor {
  const overlap = call.attributes.bool("overlapping") ? 1 : 0;
  const parts = sequence.slice(0, -1).map((from, i) => {
    const to = Math.min(sequence[i + 1]! + overlap, x.shape[axis]!);
    const [begin, size] = [x.shape.map(() => 0), [...x.shape]];
    begin[axis] = from;
    size[axis] = to - from;
    return tf.expandDims(pool(tf.slice(x, begin, size), [axis]), axis);
  });
  return tf.cast(tf.concat(parts, axis), x.dtype);
}

/** Where each window begins, and the end. */
function borders(length: number, count: number, generator: Philox, pseudo: boolean): number[] {
  const short = Math.floor(length / count);
  if (length % count === 0) return Array.from({ length: count + 1 }, (_, i) => i * short);
  return pseudo ? evenly(length, count, generator) : shuffled(length, count, generator);
}

function evenly(length: number, count: number, generator: Philox): number[] {
  const short = Math.floor(length / count);
  const alpha = length / count;
  const most = Math.min((short + 2) / alpha - 1, (length + 1 - short) / alpha - (count - 1));
  const draw = generator.clone();
  generator.skip(1n);
  const [low, high] = draw.block();
  const u = toDouble(low, high) * most;
  const inner = Array.from({ length: count - 1 }, (_, i) => Math.ceil(alpha * (i + 1 + u)) - 1);
  return [0, ...inner, length];
}

function shuffled(length: number, count: number, generator: Philox): number[] {
  const short = Math.floor(length / count);
  const lengths = Array.from({ length: count }, (_, i) => short + (i < length % count ? 1 : 0));
  const next = singles(generator.clone());
  generator.skip(BigInt(Math.ceil(count / 4)));
  for (let i = 0; i < count - 1; i++) {
    const other = i + (next() % (count - i));
    [lengths[i], lengths[other]] = [lengths[other]!, lengths[i]!];
  }
  let end = 0;
  return [0, ...lengths.map((own) => (end += own))];
}
