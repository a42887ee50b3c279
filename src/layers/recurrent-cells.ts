import * as tf from "@tensorflow/tfjs";
import { LayerError } from "../keras/finding.js";
import type { LayerSpec } from "../keras/graph.js";
import { activationOf } from "./activations.js";
import { Arguments } from "./arguments.js";
import type { WeightSpec } from "./computed-layer.js";
import type { KerasOrigin, LayerContext } from "./registry.js";

/** One step of a recurrence: what GRUCell, LSTMCell and SimpleRNNCell are. */
export interface Cell {
  readonly stateSizes: readonly number[];
  readonly outputSize: number;
  weights(features: number): WeightSpec[];
  /** Everything that does not depend on the state, for all steps at once: [batch, time, features] in. */
  project(inputs: tf.Tensor3D, weights: readonly tf.Tensor[]): tf.Tensor3D;
  /** @param input one step of what `project` gave */
  step(
    input: tf.Tensor2D,
    states: readonly tf.Tensor2D[],
    weights: readonly tf.Tensor[],
  ): { output: tf.Tensor2D; states: tf.Tensor2D[] };
}

/** The cell of a layer or cell class by Keras's name, from its saved arguments. */
export function cellOf(spec: LayerSpec, context: LayerContext): Cell {
  const args = new Arguments(spec);
  switch (spec.className.replace(/Cell$/, "").replace(/^Unified|V[12]$/g, "")) {
    case "SimpleRNN":
      return simple(args, context.origin);
    case "LSTM":
      return lstm(args, context.origin);
    case "GRU":
      return gru(args, context);
    default:
      throw new LayerError(
        "C01",
        undefined,
        `recurrent cell of class ${spec.className}`,
        "no cell of this name is known",
        `Register ${spec.className}.`,
      );
  }
}

function simple(args: Arguments, origin: KerasOrigin): Cell {
  const units = args.integer("units", undefined, 1);
  const bias = args.flag("use_bias", true);
  const activation = activationOf(args.raw("activation") ?? "tanh", origin);
  return {
    stateSizes: [units],
    outputSize: units,
    weights: (features) => kernels(features, units, units, bias ? [units] : null),
    project: (x, w) => affine(x, w[0]!, w[2]),
    step: (x, [h], w) => {
      const output = activation.apply(tf.add(x, tf.matMul(h!, w[1] as tf.Tensor2D))) as tf.Tensor2D;
      return { output, states: [output] };
    },
  };
}

/** Gates in the order i, f, c, o (keras/layers/rnn/lstm.py). */
function lstm(args: Arguments, origin: KerasOrigin): Cell {
  const units = args.integer("units", undefined, 1);
  const bias = args.flag("use_bias", true);
  const activation = activationOf(args.raw("activation") ?? "tanh", origin);
  const gate = recurrentActivation(args, origin);
  return {
    stateSizes: [units, units],
    outputSize: units,
    weights: (features) => kernels(features, units, 4 * units, bias ? [4 * units] : null),
    project: (x, w) => affine(x, w[0]!, w[2]),
    step: (x, [h, c], w) => {
      const gates = tf.split(tf.add(x, tf.matMul(h!, w[1] as tf.Tensor2D)), 4, 1);
      const kept = tf.mul(gate.apply(gates[1]!), c!);
      const carry = tf.add(kept, tf.mul(gate.apply(gates[0]!), activation.apply(gates[2]!))) as tf.Tensor2D;
      const output = tf.mul(gate.apply(gates[3]!), activation.apply(carry)) as tf.Tensor2D;
      return { output, states: [output, carry] };
    },
  };
}

/** Gates in the order z, r, h (keras/layers/rnn/gru.py). */
function gru(args: Arguments, context: LayerContext): Cell {
  const units = args.integer("units", undefined, 1);
  const bias = args.flag("use_bias", true);
  const activation = activationOf(args.raw("activation") ?? "tanh", context.origin);
  const gate = recurrentActivation(args, context.origin);
  const resetAfter = args.flag("reset_after", resetAfterByDefault(context));
  const biasShape = resetAfter ? [2, 3 * units] : [3 * units];
  return {
    stateSizes: [units],
    outputSize: units,
    weights: (features) => kernels(features, units, 3 * units, bias ? biasShape : null),
    project: (x, w) => {
      const inputBias =
        w[2] && resetAfter ? tf.reshape(tf.slice(w[2], [0, 0], [1, 3 * units]), [3 * units]) : w[2];
      return affine(x, w[0]!, inputBias);
    },
    step: (x, [h], w) => {
      const [xz, xr, xh] = tf.split(x, 3, 1);
      const recurrent = w[1] as tf.Tensor2D;
      let z: tf.Tensor, candidate: tf.Tensor;
      if (resetAfter) {
        const product = tf.matMul(h!, recurrent);
        const inner = w[2] ? tf.add(product, tf.slice(w[2], [1, 0], [1, 3 * units])) : product;
        const [hz, hr, hh] = tf.split(inner, 3, 1);
        z = gate.apply(tf.add(xz!, hz!));
        const r = gate.apply(tf.add(xr!, hr!));
        candidate = activation.apply(tf.add(xh!, tf.mul(r, hh!)));
      } else {
        const [uz, ur, uh] = tf.split(recurrent, 3, 1);
        z = gate.apply(tf.add(xz!, tf.matMul(h!, uz!)));
        const r = gate.apply(tf.add(xr!, tf.matMul(h!, ur!)));
        candidate = activation.apply(tf.add(xh!, tf.matMul(tf.mul(r, h!) as tf.Tensor2D, uh!)));
      }
      const output = tf.add(tf.mul(z, h!), tf.mul(tf.sub(1, z), candidate)) as tf.Tensor2D;
      return { output, states: [output] };
    },
  };
}

/** Files of before TensorFlow 2 do not say which variant they hold; the rank of the stored bias does. */
function resetAfterByDefault(context: LayerContext): boolean {
  const bias = context.storedShapes?.[2];
  return bias ? bias.length === 2 : context.origin.major === 3;
}

/** hard_sigmoid was the default before Keras 2.3; every file since then says which it is. */
function recurrentActivation(args: Arguments, origin: KerasOrigin) {
  const saved = args.raw("recurrent_activation") ?? (origin.major === 3 ? "sigmoid" : "hard_sigmoid");
  return activationOf(saved, origin, "recurrent_activation");
}

function kernels(
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

function affine(x: tf.Tensor3D, kernel: tf.Tensor, bias: tf.Tensor | undefined): tf.Tensor3D {
  const [batch, steps, features] = x.shape;
  const flat = tf.matMul(tf.reshape(x, [batch * steps, features]) as tf.Tensor2D, kernel as tf.Tensor2D);
  return tf.reshape(bias ? tf.add(flat, bias) : flat, [batch, steps, kernel.shape[1]!]);
}
