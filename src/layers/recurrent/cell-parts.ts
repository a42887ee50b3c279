import * as tf from "@tensorflow/tfjs";
import { activationOf } from "../activations.js";
import type { Arguments } from "../arguments/arguments.js";
import type { WeightSpec } from "../computed-layer.js";
import { gateDefaults } from "./gate-defaults.js";
import type { Cell } from "./recurrent-cells.js";
import type { KerasOrigin } from "../registry.js";

/** The function of a cell's gates, by the release's default where the config does not name it. */
export function recurrentActivation(args: Arguments, className: string, origin: KerasOrigin) {
  const saved = args.raw("recurrent_activation") ?? gateDefaults(className, origin).recurrent_activation;
  return activationOf(saved, origin, "recurrent_activation");
}

export function kernels(
  features: number,
  units: number,
  columns: number,
  bias: readonly number[] | null,
): WeightSpec[] {
  const list: WeightSpec[] = [
    { name: "kernel", shape: [features, columns], initializer: "glorotUniform" },
    { name: "recurrent_kernel", shape: [units, columns], initializer: "orthogonal" },
  ];
  return bias ? [...list, { name: "bias", shape: bias }] : list;
}

export function oneState(units: number): Pick<Cell, "states" | "output"> {
  return { states: ([batch]) => [[batch!, units]], output: ([batch]) => [batch!, units] };
}

export function affine(x: tf.Tensor, kernel: tf.Tensor, bias: tf.Tensor | undefined): tf.Tensor {
  const [batch, steps, features] = x.shape as [number, number, number];
  const flat = tf.matMul(tf.reshape(x, [batch * steps, features]) as tf.Tensor2D, kernel as tf.Tensor2D);
  return tf.reshape(bias ? tf.add(flat, bias) : flat, [batch, steps, kernel.shape[1]!]);
}
