import * as tf from "@tensorflow/tfjs";
import type { LayerSpec } from "../../keras/graph.js";
import { activationOf } from "../activations.js";
import { Arguments } from "../arguments/arguments.js";
import type { Shape } from "../computed-layer.js";
import { convolve, windowedLength, type Window } from "../convolution/convolve.js";
import { asChannelsLast, channelsFirst, shapeAsChannelsLast } from "../layout.js";
import { recurrentActivation } from "./cell-parts.js";
import { withDropout, type Cell } from "./recurrent-cells.js";
import type { LayerContext } from "../registry.js";

/** An LSTM whose products with the kernels are convolutions, gates in the order i, f, c, o (conv_lstm.py). */
export function convLstmCell(spec: LayerSpec, { origin }: LayerContext, rank: number): Cell {
  const args = new Arguments(spec);
  const filters = args.integer("filters", undefined, 1);
  const size = args.integers("kernel_size", rank);
  const bias = args.flag("use_bias", true);
  const first = channelsFirst(args);
  const activation = activationOf(args.raw("activation") ?? "tanh", origin);
  const gate = recurrentActivation(args, "ConvLSTM", origin);
  const window: Window = {
    strides: args.integers("strides", rank, 1),
    dilations: args.integers("dilation_rate", rank, 1),
    padding: args.choice("padding", ["valid", "same"], "valid"),
  };
  const recurrent: Window = { strides: size.map(() => 1), dilations: size.map(() => 1), padding: "same" };
  const state = (input: Shape): Shape =>
    shapeAsChannelsLast(input, first, (shape) => [
      shape[0]!,
      ...shape
        .slice(1, -1)
        .map((n, i) => windowedLength(n, size[i]!, window.strides[i]!, window.dilations[i]!, window.padding)),
      filters,
    ]);
  return withDropout(
    {
      states: (input) => [state(input), state(input)],
      output: state,
      weights: (input) => [
        {
          name: "kernel",
          shape: [...size, (first ? input[1] : input.at(-1)) ?? 0, 4 * filters],
          initializer: "glorotUniform",
        },
        { name: "recurrent_kernel", shape: [...size, filters, 4 * filters], initializer: "orthogonal" },
        ...(bias ? [{ name: "bias", shape: [4 * filters] }] : []),
      ],
      project: (x, weights) => {
        const [batch, steps, ...rest] = x.shape as [number, number, ...number[]];
        const flat = asChannelsLast(tf.reshape(x, [batch * steps, ...rest]), first, (input) => {
          const y = convolve(input, weights[0]!, window);
          return weights[2] ? tf.add(y, weights[2]) : y;
        });
        return tf.reshape(flat, [batch, steps, ...flat.shape.slice(1)]);
      },
      step: (x, [h, c], weights) => {
        const inner = asChannelsLast(h!, first, (input) => convolve(input, weights[1]!, recurrent));
        const gates = tf.split(tf.add(x, inner), 4, first ? 1 : x.rank - 1);
        const kept = tf.mul(gate.apply(gates[1]!), c!);
        const carry = tf.add(kept, tf.mul(gate.apply(gates[0]!), activation.apply(gates[2]!)));
        const output = tf.mul(gate.apply(gates[3]!), activation.apply(carry));
        return { output, states: [output, carry] };
      },
    },
    args,
  );
}
