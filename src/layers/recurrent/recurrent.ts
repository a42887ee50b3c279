import * as tf from "@tensorflow/tfjs";
import { LayerError } from "../../keras/finding.js";
import type { LayerSpec } from "../../keras/graph.js";
import { Arguments } from "../arguments/arguments.js";
import { ComputedLayer, type CallValue, type Computation, type Shape } from "../computed-layer.js";
import { convLstmCell } from "./conv-lstm-cell.js";
import { ADDONS_CELLS } from "../addons/cells.js";
import { cellOf, cellsOf, stackedCells, type Cell, type CellCall, type Step } from "./recurrent-cells.js";
import type { KerasOrigin, LayerContext, LayerDefinition } from "../registry.js";

const LOOP = [
  "return_sequences",
  "return_state",
  "go_backwards",
  "stateful",
  "unroll",
  "zero_output_for_mask",
  "time_major",
  "dropout",
  "recurrent_dropout",
];
const INERT = [
  "implementation",
  "seed",
  "unit_forget_bias",
  "consume_less",
  "input_dim",
  "input_length",
  "use_cudnn",
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
/** What cells of TensorFlow Addons take besides. */
const ADDONS_CELL = ["projection", "leaky", "norm_epsilon", "layernorm_epsilon"];
const NAMED = ["mask", "initial_state", "constants", "training"];

/** keras/layers/rnn. */
export const RECURRENT: readonly LayerDefinition[] = [
  ...["SimpleRNN", "LSTM", "GRU"].map((className): LayerDefinition => ({
    className,
    aliases: className === "SimpleRNN" ? [] : [`${className}V1`, `${className}V2`, `Unified${className}`],
    majors: [1, 2, 3],
    arguments: [...CELL, ...LOOP],
    inert: INERT,
    namedArguments: NAMED,
    create: (spec, context) =>
      new ComputedLayer(
        className,
        spec,
        recurrence(spec, cellOf(kerasOwn(spec, className), context), context),
      ),
  })),
  // Layers that only ran on a GPU: their weights are turned into those of the ordinary layer when they are bound.
  ...["LSTM", "GRU"].map((name): LayerDefinition => ({
    className: `CuDNN${name}`,
    majors: [2],
    arguments: ["units", "use_bias", ...LOOP],
    inert: INERT,
    namedArguments: NAMED,
    create(spec, context) {
      const fixed = {
        activation: "tanh",
        recurrent_activation: "sigmoid",
        reset_after: true,
        use_bias: true,
      };
      const plain = { ...kerasOwn(spec, name), config: { ...spec.config, ...fixed } };
      return new ComputedLayer(spec.className, spec, recurrence(plain, cellOf(plain, context), context));
    },
  })),
  ...["SimpleRNN", "LSTM", "GRU"].map((name): LayerDefinition => ({
    className: `${name}Cell`,
    majors: [2, 3],
    arguments: [...CELL, "dropout", "recurrent_dropout"],
    inert: INERT,
    callArguments: ["inputs", "states"],
    namedArguments: ["training"],
    create: (spec, context) => oneStep(spec, cellOf(kerasOwn(spec, name), context)),
  })),
  ...[...ADDONS_CELLS].map(([name]): LayerDefinition => ({
    className: `Addons>${name}Cell`,
    majors: [2],
    arguments: [...CELL, "dropout", "recurrent_dropout", ...ADDONS_CELL],
    inert: [...INERT, "connectivity", "spectral_radius", "use_norm2"],
    callArguments: ["inputs", "states"],
    namedArguments: ["training"],
    create: (spec, context) => oneStep(spec, cellOf(spec, context)),
  })),
  {
    className: "StackedRNNCells",
    majors: [2, 3],
    arguments: ["cells"],
    inert: ["reverse_state_order"],
    callArguments: ["inputs", "states"],
    namedArguments: ["constants", "training"],
    create: (spec, context) => oneStep(spec, cellOf(kerasOwn(spec, "StackedRNNCells"), context)),
  },
  {
    className: "RNN",
    majors: [2, 3],
    arguments: ["cell", "num_constants", ...LOOP],
    inert: INERT,
    namedArguments: NAMED,
    create(spec, context) {
      const cells = cellsOf(spec.inner["cell"] ?? [], context);
      if (cells.length === 0) throw new Arguments(spec).wrong("cell", "a recurrent cell or a list of them");
      return new ComputedLayer(
        "RNN",
        spec,
        recurrence(spec, cells.length === 1 ? cells[0]! : stackedCells(cells), context),
      );
    },
  },
  ...[1, 2, 3].map((rank): LayerDefinition => ({
    className: `ConvLSTM${rank}D`,
    majors: [1, 2, 3],
    arguments: [...CONVOLUTION, ...LOOP],
    inert: INERT,
    namedArguments: NAMED,
    create: (spec, context) =>
      new ComputedLayer(
        `ConvLSTM${rank}D`,
        spec,
        recurrence(spec, convLstmCell(spec, context, rank), context),
      ),
  })),
];

/** The layer's own cell, by Keras's name for it: a class that the user registered under the name is not meant. */
function kerasOwn(spec: LayerSpec, className: string): LayerSpec {
  return { ...spec, className, path: `${spec.path}/cell` };
}

/** A cell called by itself: one step, `cell(x, states)` to the output and the new states. */
function oneStep(spec: LayerSpec, cell: Cell): ComputedLayer {
  return new ComputedLayer(spec.className, spec, {
    weights: ([x]) => cell.weights(x!),
    outputShape: ([x]) => [cell.output(x!), ...cell.states(x!)],
    compute: ([x, ...states], { weights, named, training }) => {
      const call: CellCall = { training, constants: tensorsIn(named["constants"]) };
      const own = cell.begin?.(x!.shape, training) ?? cell;
      const input = tf.squeeze(own.project(tf.expandDims(x!, 1), weights), [1]);
      const next = own.step(input, states, weights, call);
      return [next.output, ...next.states];
    },
  });
}

/** What a layer does with a cell over the steps of a sequence (keras/src/backend/tensorflow/rnn.py). */
export function recurrence(spec: LayerSpec, cell: Cell, { origin }: LayerContext): Computation {
  const args = new Arguments(spec);
  const settings: Loop = {
    backwards: args.flag("go_backwards", false),
    sequences: args.flag("return_sequences", false),
    zeroForMask: args.flag("zero_output_for_mask", false),
    unrolled: args.flag("unroll", false),
  };
  const withState = args.flag("return_state", false);
  const timeMajor = args.flag("time_major", false);
  const constantCount = args.integer("num_constants", 0, 0);
  const kept = args.flag("stateful", false) ? new KeptStates(spec) : null;
  const batchFirst = (shape: Shape): Shape => (timeMajor ? [shape[1]!, shape[0]!, ...shape.slice(2)] : shape);
  const oneStepOf = (shape: Shape): Shape => [shape[0]!, ...shape.slice(2)];
  return {
    weights: ([x]) => cell.weights(oneStepOf(batchFirst(sequence(x!, spec)))),
    outputShape: ([x]) => {
      const shape = batchFirst(sequence(x!, spec));
      const step = oneStepOf(shape);
      const [batch, ...rest] = cell.output(step);
      const output = settings.sequences ? batchFirst([batch!, shape[1]!, ...rest]) : [batch!, ...rest];
      return withState ? [output, ...cell.states(step)] : output;
    },
    compute: (inputs, { weights, named, training }) => {
      const x = timeMajor ? swapped(inputs[0]!) : inputs[0]!;
      const more = inputs.slice(1);
      const constants = [...more.splice(more.length - constantCount), ...tensorsIn(named["constants"])];
      const given = [...more, ...tensorsIn(named["initial_state"])];
      const mask = maskOf(named["mask"], timeMajor);
      const recorded = kept?.of(x.shape[0]!) ?? [];
      const takesRecorded = given.length === 0 || (recordedFirst(origin) && !allZero(recorded));
      const initial = takesRecorded ? recorded : given;
      const result = loop(cell, x, weights, initial, mask, settings, { training, constants });
      kept?.keep(result.states);
      const output = timeMajor && settings.sequences ? swapped(result.output) : result.output;
      return withState ? [output, ...result.states] : output;
    },
    ...(kept ? { reset: () => kept.forget() } : {}),
  };
}

function sequence(shape: Shape, spec: LayerSpec): Shape {
  if (shape.length >= 3) return shape;
  throw new LayerError(
    "G11",
    undefined,
    `an input of shape [${shape.map((n) => n ?? "?").join(", ")}]`,
    `${spec.className} takes sequences: [batch, steps, features]`,
    "Check the layer before it: its return_sequences may have to be true.",
  );
}

/** [time, batch, ...] to [batch, time, ...] and back. */
function swapped(x: tf.Tensor): tf.Tensor {
  return tf.transpose(x, [1, 0, ...Array.from({ length: x.rank - 2 }, (_, i) => i + 2)]);
}

function maskOf(value: CallValue | undefined, timeMajor: boolean): tf.Tensor | null {
  const mask = Array.isArray(value) ? (value[0] as CallValue) : value;
  if (!(mask instanceof tf.Tensor)) return null;
  return timeMajor ? tf.transpose(mask, [1, 0]) : mask;
}

/** TensorFlow's Keras 2 takes the states that it is given as long as its own are zeros (base_rnn.py). */
function recordedFirst({ major, version }: KerasOrigin): boolean {
  const minor = Number(/^2\.(\d+)/.exec(version ?? "")?.[1] ?? 4);
  return major === 2 && (minor >= 4 || version!.endsWith("-tf"));
}

function allZero(states: readonly tf.Tensor[]): boolean {
  return states.every((state) => state.dataSync().every((value) => value === 0));
}

/** The states of a stateful layer between its calls. */
class KeptStates {
  private states: tf.Tensor[] = [];

  constructor(private readonly spec: LayerSpec) {}

  of(batch: number): readonly tf.Tensor[] {
    const before = this.states[0]?.shape[0];
    if (before === undefined || before === batch) return this.states;
    throw new LayerError(
      "G11",
      undefined,
      `a batch of ${batch} after one of ${before}`,
      `"${this.spec.name}" is stateful: each row goes on from the state of the same row before`,
      "Call resetStates() on the model to start anew, or keep the batch size.",
    );
  }

  /** Takes over new states; runs inside `tf.tidy`. */
  keep(states: readonly tf.Tensor[]): void {
    const next = states.map((state) => tf.keep(tf.clone(state)));
    this.replace(next);
  }

  forget(): void {
    this.replace([]);
  }

  /** In this order: a stop between the two leaves states that can be read. */
  private replace(next: tf.Tensor[]): void {
    const before = this.states;
    this.states = next;
    tf.dispose(before);
  }
}

interface Loop {
  readonly backwards: boolean;
  readonly sequences: boolean;
  readonly zeroForMask: boolean;
  /** Changes nothing but the order in which Keras makes outputs zero. */
  readonly unrolled: boolean;
}

/** @param mask [batch, time], true where a step counts; a step that does not repeats the output before it */
function loop(
  layerCell: Cell,
  x: tf.Tensor,
  weights: readonly tf.Tensor[],
  initial: readonly tf.Tensor[],
  mask: tf.Tensor | null,
  settings: Loop,
  call: CellCall,
): Step {
  const { backwards, sequences, unrolled } = settings;
  const zeroForMask = settings.zeroForMask && !unrolled;
  const stepShape = [x.shape[0]!, ...x.shape.slice(2)];
  const cell = layerCell.begin?.(stepShape, call.training) ?? layerCell;
  const shapes = cell.states(stepShape) as number[][];
  let states: readonly tf.Tensor[] = shapes.map((shape, i) => initial[i] ?? tf.zeros(shape));
  const whole = mask === null ? cell.whole?.(x, states, weights, backwards, sequences) : null;
  if (whole) return whole;
  const projected = cell.project(x, weights);
  const zeroedAfterwards = mask !== null && settings.zeroForMask && unrolled;
  const fused = zeroedAfterwards
    ? null
    : cell.fused?.(projected, states, weights, { backwards, sequences, mask, zeroForMask });
  if (fused) return fused;
  const steps = tf.unstack(projected, 1);
  const kept = mask ? tf.unstack(tf.cast(mask, "bool"), 1) : null;
  let output: tf.Tensor = tf.zeros(cell.output(stepShape) as number[]);
  const outputs: tf.Tensor[] = [];
  for (let n = 0; n < steps.length; n++) {
    const i = backwards ? steps.length - 1 - n : n;
    const next = cell.step(steps[i]!, states, weights, call);
    if (kept) {
      const keep = kept[i]!;
      const before = states;
      states = next.states.map((state, k) => chosen(keep, state, before[k]!));
      output = chosen(keep, next.output, zeroForMask ? tf.zerosLike(output) : output);
    } else {
      states = next.states;
      output = next.output;
    }
    if (sequences) outputs.push(output);
  }
  if (kept && settings.zeroForMask && unrolled) {
    // An unrolled loop of Keras zeroes at the end, and whole sequences by the mask in its own order, not reversed.
    const zeroed = (y: tf.Tensor, i: number) => chosen(kept[i]!, y, tf.zerosLike(y));
    if (sequences) outputs.forEach((y, i) => (outputs[i] = zeroed(y, i)));
    else output = zeroed(output, backwards ? 0 : steps.length - 1);
  }
  return { output: sequences ? tf.stack(outputs, 1) : output, states };
}

/** The rows of `now` where the mask holds, those of `before` elsewhere: what is no number there stays without effect. */
function chosen(mask: tf.Tensor, now: tf.Tensor, before: tf.Tensor): tf.Tensor {
  const keep = tf.reshape(mask, [mask.shape[0]!, ...now.shape.slice(1).map(() => 1)]);
  return tf.where(keep, now, before);
}

function tensorsIn(value: CallValue | undefined): tf.Tensor[] {
  if (value instanceof tf.Tensor) return [value];
  return Array.isArray(value) ? value.flatMap(tensorsIn) : [];
}
