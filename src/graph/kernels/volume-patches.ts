import * as tf from "@tensorflow/tfjs";
import type { KernelTable, OpCall } from "../kernel.js";

/** Blocks of a volume [batch, planes, rows, columns, channels], each laid into the channels of one place. */
export const volumePatches: KernelTable = {
  ExtractVolumePatches: { work: (call) => windows(call).size, run: extract },
};

/** Along each of the three axes; what is before and behind a volume counts as zeros. */
interface Window {
  readonly length: number;
  readonly stride: number;
  readonly count: number;
  readonly padding: [before: number, behind: number];
}

function windows(call: OpCall): { axes: Window[]; size: number } {
  const { attributes } = call;
  const shape = call.shapeOf(0);
  if (shape.length !== 5)
    throw call.error("G11", "it takes volumes [batch, planes, rows, columns, channels]");
  const same = attributes.text("padding") === "SAME";
  const [lengths, strides] = [attributes.ints("ksizes"), attributes.ints("strides")];
  const axes = [1, 2, 3].map((axis): Window => {
    const [length, stride, own] = [lengths[axis] ?? 0, strides[axis] ?? 0, shape[axis]!];
    if (!(length >= 1 && stride >= 1)) throw call.error("G11", "ksizes and strides are from 1");
    const count = Math.max(0, Math.ceil((same ? own : own - length + 1) / stride));
    const lacking = same ? Math.max(0, (count - 1) * stride + length - own) : 0;
    const before = Math.floor(lacking / 2);
    return { length, stride, count, padding: [before, lacking - before] };
  });
  const size = axes.reduce((n, { length, count }) => n * length * count, shape[0]! * shape[4]!);
  return { axes, size };
}

function extract(call: OpCall): tf.Tensor {
  const { axes } = windows(call);
  const [planes, rows, columns] = axes as [Window, Window, Window];
  const x = tf.pad(call.tensor(0), [[0, 0], ...axes.map(({ padding }) => padding), [0, 0]]);
  const [batch, , , , channels] = x.shape as [number, number, number, number, number];
  const shape = [batch, ...axes.map(({ count }) => count), channels];
  const taps: tf.Tensor[] = [];
  for (let plane = 0; plane < planes.length; plane++)
    for (let row = 0; row < rows.length; row++)
      for (let column = 0; column < columns.length; column++)
        taps.push(tapAt(x, [plane, row, column], axes, shape));
  return tf.concat(taps, 4);
}

/** What one place of the window sees from all positions. */
function tapAt(x: tf.Tensor, at: number[], axes: readonly Window[], shape: readonly number[]): tf.Tensor {
  const last = axes.map(({ stride, count }, i) => at[i]! + (count - 1) * stride + 1);
  const strides = [1, ...axes.map(({ stride }) => stride), 1];
  if (shape.includes(0)) return tf.zeros([...shape], x.dtype);
  return tf.stridedSlice(x, [0, ...at, 0], [shape[0]!, ...last, shape[4]!], strides);
}
