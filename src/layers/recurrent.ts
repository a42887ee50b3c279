import * as tf from "@tensorflow/tfjs";
import type { LayerSpec } from "../keras/graph.js";
import { Arguments } from "./arguments.js";
import { ComputedLayer, type CallValue, type Computation, type Shape } from "./computed-layer.js";
import { convLstmCell } from "./conv-lstm-cell.js";
import { cellOf, stackedCells, type Cell, type Step } from "./recurrent-cells.js";
import type { LayerContext, LayerDefinition } from "./registry.js";

const LOOP = [
  "return_sequences",
  "return_state",
  "go_backwards",
  "stateful",
  "unroll",
  "zero_output_for_mask",
  "time_major",
];
const INERT = [
  "implementation",
  "dropout",
  "recurrent_dropout",
  "seed",
  "unit_forget_bias",
  "consume_less",
  "input_length",
];
const CONVOLUTION = [
  "filters",
  "kernel_size",
  "strides",
  "padding",
  "data_format",
  "dilation_rate",
  "activation",
  "recurrent_activation",
  "use_bias",
];
const CELL = ["units", "activation", "recurrent_activation", "use_bias", "reset_after"];

/** keras/layers/rnn. */
export const RECURRENT: readonly LayerDefinition[] = [
  ...["SimpleRNN", "LSTM", "GRU"].map((className): LayerDefinition => ({
    className,
    aliases: className === "SimpleRNN" ? [] : [`${className}V1`, `${className}V2`, `Unified${className}`],
    majors: [1, 2, 3],
    arguments: [...CELL, ...LOOP],
    inert: INERT,
    namedArguments: ["mask", "initial_state"],
    create(spec, context) {
      reportStateful(spec, context);
      return new ComputedLayer(className, spec, recurrence(spec, cellOf(spec, context)));
    },
  })),
  // Layers that only ran on a GPU: their weights are turned into those of the ordinary layer when they are bound.
  ...["LSTM", "GRU"].map((name): LayerDefinition => ({
    className: `CuDNN${name}`,
    majors: [2],
    arguments: ["units", "use_bias", ...LOOP],
    inert: INERT,
    namedArguments: ["mask", "initial_state"],
    create(spec, context) {
      const fixed = {
        activation: "tanh",
        recurrent_activation: "sigmoid",
        reset_after: true,
        use_bias: true,
      };
      const plain = { ...spec, className: name, config: { ...spec.config, ...fixed } };
      return new ComputedLayer(spec.className, spec, recurrence(plain, cellOf(plain, context)));
    },
  })),
  {
    className: "RNN",
    majors: [2, 3],
    arguments: ["cell", ...LOOP],
    inert: INERT,
    namedArguments: ["mask", "initial_state"],
    create(spec, context) {
      const cells = (spec.inner["cell"] ?? []).map((inner) => cellOf(inner, context));
      if (cells.length === 0) throw new Arguments(spec).wrong("cell", "a recurrent cell or a list of them");
      return new ComputedLayer(
        "RNN",
        spec,
        recurrence(spec, cells.length === 1 ? cells[0]! : stackedCells(cells)),
      );
    },
  },
  ...[1, 2, 3].map((rank): LayerDefinition => ({
    className: `ConvLSTM${rank}D`,
    majors: [2, 3],
    arguments: [...CONVOLUTION, ...LOOP],
    inert: INERT,
    namedArguments: ["mask", "initial_state"],
    create: (spec, context) =>
      new ComputedLayer(`ConvLSTM${rank}D`, spec, recurrence(spec, convLstmCell(spec, context, rank))),
  })),
];

function reportStateful(spec: LayerSpec, context: LayerContext): void {
  if (spec.config["stateful"] !== true) return;
  context.adjust({
    code: "A06",
    argument: "stateful",
    detail: "states are not kept from one call to the next: each call starts from zeros",
    fidelity: "approximate",
  });
}

/** What a layer does with a cell over the steps of a sequence (keras/src/backend/tensorflow/rnn.py). */
export function recurrence(spec: LayerSpec, cell: Cell): Computation {
  const args = new Arguments(spec);
  const settings: Loop = {
    backwards: args.flag("go_backwards", false),
    sequences: args.flag("return_sequences", false),
    zeroForMask: args.flag("zero_output_for_mask", false),
  };
  const withState = args.flag("return_state", false);
  const timeMajor = args.flag("time_major", false);
  const batchFirst = (shape: Shape): Shape => (timeMajor ? [shape[1]!, shape[0]!, ...shape.slice(2)] : shape);
  const oneStep = (shape: Shape): Shape => [shape[0]!, ...shape.slice(2)];
  return {
    weights: ([x]) => cell.weights(oneStep(batchFirst(x!))),
    outputShape: ([x]) => {
      const shape = batchFirst(x!);
      const step = oneStep(shape);
      const [batch, ...rest] = cell.output(step);
      const output = settings.sequences ? batchFirst([batch!, shape[1]!, ...rest]) : [batch!, ...rest];
      return withState ? [output, ...cell.states(step)] : output;
    },
    compute: (inputs, { weights, named }) => {
      const x = timeMajor ? tf.transpose(inputs[0]!, [1, 0, 2]) : inputs[0]!;
      const initial = [...inputs.slice(1), ...tensorsIn(named["initial_state"])];
      const mask = named["mask"] instanceof tf.Tensor ? named["mask"] : null;
      const result = loop(cell, x, weights, initial, mask, settings);
      const output = timeMajor && settings.sequences ? tf.transpose(result.output, [1, 0, 2]) : result.output;
      return withState ? [output, ...result.states] : output;
    },
  };
}

interface Loop {
  readonly backwards: boolean;
  readonly sequences: boolean;
  readonly zeroForMask: boolean;
}

/** @param mask [batch, time], true where a step counts; a step that does not repeats the output before it */
function loop(
  cell: Cell,
  x: tf.Tensor,
  weights: readonly tf.Tensor[],
  initial: readonly tf.Tensor[],
  mask: tf.Tensor | null,
  { backwards, sequences, zeroForMask }: Loop,
): Step {
  const step = [x.shape[0]!, ...x.shape.slice(2)];
  const steps = tf.unstack(cell.project(x, weights), 1);
  const kept = mask ? tf.unstack(tf.cast(mask, "float32"), 1) : null;
  let states: readonly tf.Tensor[] = cell
    .states(step)
    .map((shape, i) => initial[i] ?? tf.zeros(shape as number[]));
  let output: tf.Tensor = tf.zeros(cell.output(step) as number[]);
  const outputs: tf.Tensor[] = [];
  for (let n = 0; n < steps.length; n++) {
    const i = backwards ? steps.length - 1 - n : n;
    const next = cell.step(steps[i]!, states, weights);
    if (kept) {
      const choose = (now: tf.Tensor, before: tf.Tensor) => {
        const keep = tf.reshape(kept[i]!, [now.shape[0]!, ...now.shape.slice(1).map(() => 1)]);
        return tf.add(tf.mul(now, keep), tf.mul(before, tf.sub(1, keep)));
      };
      const before = states;
      states = next.states.map((state, k) => choose(state, before[k]!));
      output = choose(next.output, zeroForMask ? tf.zerosLike(output) : output);
    } else {
      states = next.states;
      output = next.output;
    }
    if (sequences) outputs.push(output);
  }
  return { output: sequences ? tf.stack(outputs, 1) : output, states };
}

function tensorsIn(value: CallValue | undefined): tf.Tensor[] {
  if (value instanceof tf.Tensor) return [value];
  return Array.isArray(value) ? value.flatMap(tensorsIn) : [];
}
