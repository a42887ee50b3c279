import * as tf from "@tensorflow/tfjs";
import type { LayerSpec } from "../keras/graph.js";
import { Arguments } from "./arguments.js";
import { ComputedLayer, type CallValue, type Computation, type Shape } from "./computed-layer.js";
import { cellOf, type Cell } from "./recurrent-cells.js";
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
const CELL = ["units", "activation", "recurrent_activation", "use_bias", "reset_after"];

/** keras/layers/rnn. */
export const RECURRENT: readonly LayerDefinition[] = ["SimpleRNN", "LSTM", "GRU"].map((className) => ({
  className,
  aliases: className === "SimpleRNN" ? [] : [`${className}V1`, `${className}V2`, `Unified${className}`],
  majors: [1, 2, 3],
  arguments: [...CELL, ...LOOP],
  inert: INERT,
  callArguments: ["inputs", "sequence"],
  namedArguments: ["mask", "initial_state"],
  create: (spec, context) => {
    const layer = new ComputedLayer(className, spec, recurrence(spec, cellOf(spec, context)));
    return layer;
  },
}));

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
  return {
    weights: ([x]) => cell.weights(x!.at(-1) ?? 0),
    outputShape: ([x]) => {
      const [batch, steps] = timeMajor ? [x![1]!, x![0]!] : [x![0]!, x![1]!];
      const sequence: Shape = timeMajor ? [steps, batch, cell.outputSize] : [batch, steps, cell.outputSize];
      const output: Shape = settings.sequences ? sequence : [batch, cell.outputSize];
      return withState ? [output, ...cell.stateSizes.map((size): Shape => [batch, size])] : output;
    },
    compute: (inputs, { weights, named }) => {
      const x = timeMajor ? tf.transpose(inputs[0]!, [1, 0, 2]) : inputs[0]!;
      const initial = [...inputs.slice(1), ...tensorsIn(named["initial_state"])];
      const mask = named["mask"] instanceof tf.Tensor ? named["mask"] : null;
      const result = loop(cell, x as tf.Tensor3D, weights, initial as tf.Tensor2D[], mask, settings);
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
  x: tf.Tensor3D,
  weights: readonly tf.Tensor[],
  initial: readonly tf.Tensor2D[],
  mask: tf.Tensor | null,
  { backwards, sequences, zeroForMask }: Loop,
): { output: tf.Tensor; states: tf.Tensor2D[] } {
  const batch = x.shape[0];
  const steps = tf.unstack(cell.project(x, weights), 1) as tf.Tensor2D[];
  const kept = mask ? (tf.unstack(tf.cast(mask, "float32"), 1) as tf.Tensor1D[]) : null;
  let states = cell.stateSizes.map((size, i) => initial[i] ?? tf.zeros<tf.Rank.R2>([batch, size]));
  let output: tf.Tensor2D = tf.zeros([batch, cell.outputSize]);
  const outputs: tf.Tensor2D[] = [];
  const order = steps.map((_, i) => (backwards ? steps.length - 1 - i : i));
  for (const i of order) {
    const next = cell.step(steps[i]!, states, weights);
    if (kept) {
      const keep = tf.expandDims(kept[i]!, 1) as tf.Tensor2D;
      const choose = (now: tf.Tensor2D, before: tf.Tensor2D) =>
        tf.add(tf.mul(now, keep), tf.mul(before, tf.sub(1, keep))) as tf.Tensor2D;
      states = next.states.map((state, k) => choose(state, states[k]!));
      output = zeroForMask ? (tf.mul(next.output, keep) as tf.Tensor2D) : choose(next.output, output);
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

export type { LayerContext };
