import * as tf from "@tensorflow/tfjs";
import type { Logs } from "../training/running-logs.js";

/** Reads what is still a tensor, and puts the number in its place (tfjs-layers/src/logs.ts). */
export async function numbersIn(logs: Logs = {}): Promise<Record<string, number>> {
  const tensors = Object.entries(logs).filter(
    (entry): entry is [string, tf.Scalar] => entry[1] instanceof tf.Tensor,
  );
  const values = await Promise.all(tensors.map(([, tensor]) => tensor.data()));
  tensors.forEach(([name, tensor], i) => {
    logs[name] = values[i]![0]!;
    tensor.dispose();
  });
  return logs as Record<string, number>;
}
