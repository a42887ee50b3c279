import * as tf from "@tensorflow/tfjs";
import type { KernelTable, OpCall } from "../kernel.js";

/** The nearest series that never rises, row by row, by pooling neighbours that do (isotonic_regression_op.cc). */
export const isotonic: KernelTable = {
  IsotonicRegression: { host: [0], run: regression, outputs: ["output", "segments"] },
};

function regression(call: OpCall): tf.Tensor[] {
  const values = call.numbers(0);
  const shape = [...call.shapeOf(0)];
  const width = Math.max(1, shape.at(-1) ?? 1);
  const output = new Float32Array(values.length);
  const segments = new Int32Array(values.length);
  for (let row = 0; row < values.length; row += width) {
    stretches(values.slice(row, row + width)).forEach(({ from, to, sum }, segment) => {
      output.fill(sum / (to - from), row + from, row + to);
      segments.fill(segment, row + from, row + to);
    });
  }
  return [tf.tensor(output, shape), tf.tensor(segments, shape, "int32")];
}

interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly sum: number;
}

function stretches(values: readonly number[]): Stretch[] {
  const found: Stretch[] = [];
  values.forEach((value, at) => {
    let last: Stretch = { from: at, to: at + 1, sum: value };
    for (let before = found.at(-1); before && mean(before) < mean(last); before = found.at(-1)) {
      found.pop();
      last = { from: before.from, to: last.to, sum: before.sum + last.sum };
    }
    found.push(last);
  });
  return found;
}

function mean({ from, to, sum }: Stretch): number {
  return sum / (to - from);
}
