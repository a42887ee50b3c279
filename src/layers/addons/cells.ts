import * as tf from "@tensorflow/tfjs";
import { activationOf } from "../activations.js";
import type { Arguments } from "../arguments/arguments.js";
import type { WeightSpec } from "../computed-layer.js";
import { affine, kernels, oneState, recurrentActivation } from "../recurrent/cell-parts.js";
import type { Cell, CellMaker } from "../recurrent/recurrent-cells.js";

/** The recurrent cells of TensorFlow Addons 0.23 (tensorflow_addons/rnn), by their names without `Addons>` and `Cell`. */
export const ADDONS_CELLS: ReadonlyMap<string, CellMaker> = new Map<string, CellMaker>([
  ["ESN", (args, { origin }) => echoState(args, activationOf(args.raw("activation") ?? "tanh", origin))],
  ["NAS", (args) => architectureSearch(args)],
  ["PeepholeLSTM", (args, { origin }) => peephole(args, gates(args, origin))],
  ["LayerNormLSTM", (args, { origin }) => normalizedLstm(args, gates(args, origin))],
  [
    "LayerNormSimpleRNN",
    (args, { origin }) => normalizedSimple(args, activationOf(args.raw("activation") ?? "tanh", origin)),
  ],
]);

type Act = ReturnType<typeof activationOf>;

function gates(args: Arguments, origin: Parameters<typeof activationOf>[1]): { activation: Act; gate: Act } {
  return {
    activation: activationOf(args.raw("activation") ?? "tanh", origin),
    gate: recurrentActivation(args, "LSTM", origin),
  };
}

function product(h: tf.Tensor, kernel: tf.Tensor): tf.Tensor {
  return tf.matMul(h as tf.Tensor2D, kernel as tf.Tensor2D);
}

/** A reservoir: fixed weights, and a state that leaks into the next. */
function echoState(args: Arguments, activation: Act): Cell {
  const units = args.integer("units", undefined, 1);
  const bias = args.flag("use_bias", true);
  const leaky = args.number("leaky", 1);
  return {
    ...oneState(units),
    weights: (input) => {
      const fixed = (name: string, shape: number[]): WeightSpec => ({ name, shape, trainable: false });
      return [
        { ...fixed("recurrent_kernel", [units, units]), initializer: "glorotUniform" },
        { ...fixed("kernel", [input.at(-1) ?? 0, units]), initializer: "glorotUniform" },
        ...(bias ? [fixed("bias", [units])] : []),
      ];
    },
    project: (x, w) => affine(x, w[1]!, w[2]),
    step: (x, [h], w) => {
      const next = activation.apply(tf.add(x, product(h!, w[0]!)));
      const output = tf.add(tf.mul(1 - leaky, h!), tf.mul(leaky, next));
      return { output, states: [output] };
    },
  };
}

/** The cell found by neural architecture search (Zoph and Le, arXiv 1611.01578); states c and m. */
function architectureSearch(args: Arguments): Cell {
  const units = args.integer("units", undefined, 1);
  const projection = args.has("projection") ? args.integer("projection", undefined, 1) : null;
  const bias = args.flag("use_bias", false);
  const width = projection ?? units;
  return {
    states: ([batch]) => [
      [batch!, units],
      [batch!, width],
    ],
    output: ([batch]) => [batch!, width],
    weights: (input) => [
      { name: "recurrent_kernel", shape: [width, 8 * units], initializer: "glorotUniform" },
      { name: "kernel", shape: [input.at(-1) ?? 0, 8 * units], initializer: "glorotUniform" },
      ...(bias ? [{ name: "bias", shape: [8 * units] }] : []),
      ...(projection === null
        ? []
        : [
            {
              name: "projection_weights",
              shape: [units, projection],
              initializer: "glorotUniform" as const,
            },
          ]),
    ],
    project: (x, w) => affine(x, w[1]!, undefined),
    step: (x, [c, m], w) => {
      const inner = product(m!, w[0]!);
      const a = tf.split(x, 8, 1);
      const b = tf.split(bias ? tf.add(inner, w[2]!) : inner, 8, 1);
      const sum = (i: number) => tf.add(a[i]!, b[i]!);
      const first = tf.tanh(tf.mul(tf.sigmoid(sum(0)), tf.relu(sum(1))));
      const second = tf.tanh(tf.add(tf.sigmoid(sum(2)), tf.relu(tf.mul(a[3]!, b[3]!))));
      const third = tf.tanh(tf.mul(tf.tanh(sum(4)), tf.sigmoid(sum(5))));
      const fourth = tf.sigmoid(tf.add(tf.tanh(sum(6)), tf.sigmoid(sum(7))));
      const carry = tf.mul(tf.tanh(tf.add(first, c!)), second);
      const whole = tf.tanh(tf.mul(carry, tf.tanh(tf.add(third, fourth))));
      const output = projection === null ? whole : product(whole, w.at(-1)!);
      return { output, states: [carry, output] };
    },
  };
}

function lstmWeights(args: Arguments, units: number, features: number): WeightSpec[] {
  return kernels(features, units, 4 * units, args.flag("use_bias", true) ? [4 * units] : null);
}

/** An LSTM whose gates see the carry too (Gers and Schmidhuber). */
function peephole(args: Arguments, { activation, gate }: { activation: Act; gate: Act }): Cell {
  const units = args.integer("units", undefined, 1);
  const bias = args.flag("use_bias", true);
  return {
    ...oneState(units),
    states: ([batch]) => [
      [batch!, units],
      [batch!, units],
    ],
    weights: (input) => [
      ...lstmWeights(args, units, input.at(-1) ?? 0),
      ...["input", "forget", "output"].map((name) => ({
        name: `${name}_gate_peephole_weights`,
        shape: [units],
      })),
    ],
    project: (x, w) => affine(x, w[0]!, bias ? w[2] : undefined),
    step: (x, [h, c], w) => {
      const [i, f, g, o] = tf.split(tf.add(x, product(h!, w[1]!)), 4, 1);
      const [inputPeep, forgetPeep, outputPeep] = w.slice(-3) as [tf.Tensor, tf.Tensor, tf.Tensor];
      const opened = gate.apply(tf.add(i!, tf.mul(inputPeep, c!)));
      const kept = tf.mul(gate.apply(tf.add(f!, tf.mul(forgetPeep, c!))), c!);
      const carry = tf.add(kept, tf.mul(opened, activation.apply(g!)));
      const output = tf.mul(gate.apply(tf.add(o!, tf.mul(outputPeep, carry))), activation.apply(carry));
      return { output, states: [output, carry] };
    },
  };
}

/** An LSTM that normalises its two products and its carry (Ba et al., arXiv 1607.06450). */
function normalizedLstm(args: Arguments, { activation, gate }: { activation: Act; gate: Act }): Cell {
  const units = args.integer("units", undefined, 1);
  const bias = args.flag("use_bias", true);
  const epsilon = args.number("norm_epsilon", 1e-3);
  const first = bias ? 3 : 2;
  const norm = (name: string, size: number): WeightSpec[] => [
    { name: `${name}/gamma`, shape: [size], initializer: "ones" },
    { name: `${name}/beta`, shape: [size] },
  ];
  return {
    ...oneState(units),
    states: ([batch]) => [
      [batch!, units],
      [batch!, units],
    ],
    weights: (input) => [
      ...lstmWeights(args, units, input.at(-1) ?? 0),
      ...norm("kernel_norm", 4 * units),
      ...norm("recurrent_norm", 4 * units),
      ...norm("state_norm", units),
    ],
    project: (x, w) => normalized(affine(x, w[0]!, undefined), epsilon, w[first]!, w[first + 1]),
    step: (x, [h, c], w) => {
      const inner = normalized(product(h!, w[1]!), epsilon, w[first + 2]!, w[first + 3]);
      const sum = tf.add(x, inner);
      const [i, f, g, o] = tf.split(bias ? tf.add(sum, w[2]!) : sum, 4, 1);
      const mixed = tf.add(tf.mul(gate.apply(f!), c!), tf.mul(gate.apply(i!), activation.apply(g!)));
      const carry = normalized(mixed, epsilon, w[first + 4]!, w[first + 5]);
      const output = tf.mul(gate.apply(o!), activation.apply(carry));
      return { output, states: [output, carry] };
    },
  };
}

function normalizedSimple(args: Arguments, activation: Act): Cell {
  const units = args.integer("units", undefined, 1);
  const bias = args.flag("use_bias", true);
  const epsilon = args.number("layernorm_epsilon", 1e-5);
  return {
    ...oneState(units),
    weights: (input) => [
      ...kernels(input.at(-1) ?? 0, units, units, bias ? [units] : null),
      { name: "layer_normalization/gamma", shape: [units], initializer: "ones" },
    ],
    project: (x, w) => affine(x, w[0]!, undefined),
    step: (x, [h], w) => {
      const sum = normalized(tf.add(x, product(h!, w[1]!)), epsilon, w.at(-1)!, undefined);
      const output = activation.apply(bias ? tf.add(sum, w[2]!) : sum);
      return { output, states: [output] };
    },
  };
}

function normalized(x: tf.Tensor, epsilon: number, gamma: tf.Tensor, beta: tf.Tensor | undefined): tf.Tensor {
  const { mean, variance } = tf.moments(x, -1, true);
  const scaled = tf.mul(tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, epsilon))), gamma);
  return beta ? tf.add(scaled, beta) : scaled;
}
