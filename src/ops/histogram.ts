import * as tf from "@tensorflow/tfjs";
import type { Values } from "./operation.js";
import { integers, number, tensor } from "./values.js";

/** keras/ops/math.py `histogram` of a vector: how many fall into each of `bins`, and the edges between them. */
export function histogram(values: Values): tf.Tensor[] {
  const x = tensor(values["x"]);
  if (x.rank > 1) throw new Error(`it takes a vector, not a tensor of ${x.rank} axes`);
  const bins = number(values["bins"], 10);
  const numbers = x.dataSync();
  const given = integers(values["range"]);
  const [low, high] = (given.length === 2 ? given : [least(numbers), -least(numbers.map((n) => -n))]) as [
    number,
    number,
  ];
  const step = (high - low) / bins;
  const whole = x.dtype === "int32";
  const edges = Float32Array.from({ length: bins + 1 }, (_, i) =>
    i === bins ? high : whole ? Math.trunc(low + i * step) : low + i * step,
  );
  const counts = new Float32Array(bins);
  const inner = edges.subarray(1, -1);
  for (const n of numbers) if (n >= low && n <= high) counts[inner.filter((edge) => edge <= n).length]!++;
  return [tf.tensor1d(counts, whole ? "int32" : "float32"), tf.tensor1d(edges, whole ? "int32" : "float32")];
}

function least(numbers: ArrayLike<number>): number {
  return Array.prototype.reduce.call(
    numbers,
    (a, b) => Math.min(a as number, b as number),
    Infinity,
  ) as number;
}
