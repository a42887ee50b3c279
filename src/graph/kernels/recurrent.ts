import * as tf from "@tensorflow/tfjs";
import type { KernelTable, OpCall } from "../kernel.js";

/** Whole recurrent layers as one op: those of cuDNN, and TF1's block cells. */
export const recurrent: KernelTable = {
  CudnnRNN: { run: cudnn, outputs: ["output", "output_h", "output_c", "reserve_space"] },
  CudnnRNNV2: { run: cudnn, outputs: ["output", "output_h", "output_c", "reserve_space", "host_reserved"] },
  CudnnRNNV3: {
    host: [4],
    run: cudnn,
    outputs: ["output", "output_h", "output_c", "reserve_space", "host_reserved"],
  },
  BlockLSTM: {
    host: [0],
    run: (call) => blockLstm(call, "ICFO"),
    outputs: ["i", "cs", "f", "o", "ci", "co", "h"],
  },
  BlockLSTMV2: {
    host: [0],
    run: (call) => blockLstm(call, "IFCO"),
    outputs: ["i", "cs", "f", "o", "ci", "co", "h"],
  },
  GRUBlockCell: { run: gruBlockCell, outputs: ["r", "u", "c", "h"] },
  LSTMBlockCell: { run: blockCell, outputs: ["i", "cs", "f", "o", "ci", "co", "h"] },
};

interface State {
  readonly h: tf.Tensor;
  readonly c: tf.Tensor;
}

/**
 * cuDNN's canonical weights: for each gate its input matrix, then its recurrent one, then all biases in that order.
 * Gates are i, f, c, o for LSTM, and r, z, h for GRU.
 */
function cudnn(call: OpCall): tf.Tensor[] {
  const { attributes } = call;
  refuseVariants(call);
  const mode = attributes.text("rnn_mode", "lstm");
  const timeMajor = attributes.bool("time_major", true);
  const both = attributes.text("direction", "unidirectional") === "bidirectional";
  // By time, or layers and directions in the place of time, before the batch.
  const ordered = (value: tf.Tensor): tf.Tensor => (timeMajor ? value : tf.transpose(value, [1, 0, 2]));
  const x = ordered(call.tensor(0));
  const [steps, batch, inputSize] = x.shape as [number, number, number];
  const units = call.shapeOf(1).at(-1)!;
  const directions = both ? 2 : 1;
  const layers = call.shapeOf(1).reduce((n, dim) => n * dim, 1) / (batch * units * directions);
  const gates = mode === "lstm" ? 4 : mode === "gru" ? 3 : 1;
  const starts = (index: number): tf.Tensor[] =>
    tf.unstack(tf.reshape(ordered(call.tensor(index)), [layers * directions, batch, units]));
  const [h0, c0] = [starts(1), mode === "lstm" ? starts(2) : []];
  const weights = readWeights(call.tensor(3), layers, directions, gates, inputSize, units);
  const within = withinLengths(call, steps);
  const ends: State[] = [];
  let sequence = tf.unstack(x);
  for (let layer = 0; layer < layers; layer++) {
    const runs = Array.from({ length: directions }, (_, d) => {
      const at = layer * directions + d;
      const start = { h: h0[at]!, c: c0[at] ?? h0[at]! };
      const times = [...sequence.keys()];
      if (d === 1) times.reverse();
      const inputs = times.map((t) => ({ x: sequence[t]!, within: within?.[t] ?? null }));
      const { outputs, end } = unroll(mode, inputs, start, weights[at]!);
      ends.push(end);
      return d === 1 ? outputs.reverse() : outputs;
    });
    sequence = Array.from({ length: steps }, (_, t) =>
      both ? tf.concat([runs[0]![t]!, runs[1]![t]!], -1) : runs[0]![t]!,
    );
  }
  const output = ordered(tf.stack(sequence));
  const h = ordered(tf.stack(ends.map((end) => end.h)));
  const c = ordered(tf.stack(ends.map((end) => end.c)));
  return [output, h, c, tf.zeros([0]), tf.zeros([0], "int32")];
}

/** Two settings change the weights' layout: a projection, and inputs that go to the gates without weights. */
function refuseVariants(call: OpCall): void {
  const { attributes, op } = call.step;
  const advice = `Register a function for it: %%register_custom ${op}.`;
  const projection = attributes.int("num_proj");
  if (projection > 0)
    throw call.error(
      "O07",
      `num_proj = ${projection} projects the state, which is not computed here`,
      advice,
    );
  const mode = attributes.text("input_mode", "linear_input");
  if (mode === "skip_input") throw call.error("O07", "input_mode = skip_input is not computed here", advice);
}

/** For each time the rows whose sequence has not ended, as a column; null where all have the full length. */
function withinLengths(call: OpCall, steps: number): tf.Tensor[] | null {
  if (call.step.op !== "CudnnRNNV3") return null;
  const lengths = call.numbers(4);
  if (lengths.every((length) => length >= steps)) return null;
  return Array.from({ length: steps }, (_, t) =>
    tf.tensor2d(
      lengths.map((length) => Number(t < length)),
      [lengths.length, 1],
      "bool",
    ),
  );
}

interface GateWeights {
  readonly input: readonly tf.Tensor[];
  readonly recurrent: readonly tf.Tensor[];
  readonly inputBias: readonly tf.Tensor[];
  readonly recurrentBias: readonly tf.Tensor[];
}

function readWeights(
  flat: tf.Tensor,
  layers: number,
  directions: number,
  gates: number,
  inputSize: number,
  units: number,
): GateWeights[] {
  let at = 0;
  const take = (shape: [number, number] | [number]): tf.Tensor => {
    const size = shape.reduce((n, dim) => n * dim, 1);
    const part = tf.reshape(tf.slice(flat, [at], [size]), shape);
    at += size;
    return part;
  };
  const matrices = Array.from({ length: layers * directions }, (_, i) => {
    const width = i < directions ? inputSize : units * directions;
    const input = Array.from({ length: gates }, () => take([units, width]));
    return { input, recurrent: Array.from({ length: gates }, () => take([units, units])) };
  });
  return matrices.map((own) => ({
    ...own,
    inputBias: Array.from({ length: gates }, () => take([units])),
    recurrentBias: Array.from({ length: gates }, () => take([units])),
  }));
}

function unroll(
  mode: string,
  inputs: readonly { readonly x: tf.Tensor; readonly within: tf.Tensor | null }[],
  start: State,
  weights: GateWeights,
): { outputs: tf.Tensor[]; end: State } {
  let state = start;
  const outputs = inputs.map(({ x, within }) => {
    const fromInput = weights.input.map((w, g) =>
      tf.add(tf.matMul(x, w, false, true), weights.inputBias[g]!),
    );
    const fromState = weights.recurrent.map((w, g) =>
      tf.add(tf.matMul(state.h, w, false, true), weights.recurrentBias[g]!),
    );
    const next = step(mode, fromInput, fromState, state);
    if (within === null) {
      state = next;
      return next.h;
    }
    // Beyond the end of its sequence a row's state stays, and its output is 0.
    state = { h: tf.where(within, next.h, state.h), c: tf.where(within, next.c, state.c) };
    return tf.where(within, next.h, tf.zerosLike(next.h));
  });
  return { outputs, end: state };
}

function step(mode: string, x: readonly tf.Tensor[], r: readonly tf.Tensor[], { h, c }: State): State {
  const sum = (gate: number): tf.Tensor => tf.add(x[gate]!, r[gate]!);
  if (mode === "lstm") {
    const cell = tf.add(tf.mul(tf.sigmoid(sum(1)), c), tf.mul(tf.sigmoid(sum(0)), tf.tanh(sum(2))));
    return { h: tf.mul(tf.sigmoid(sum(3)), tf.tanh(cell)), c: cell };
  }
  if (mode === "gru") {
    const update = tf.sigmoid(sum(1));
    const candidate = tf.tanh(tf.add(x[2]!, tf.mul(tf.sigmoid(sum(0)), r[2]!)));
    return { h: tf.add(tf.mul(tf.sub(1, update), candidate), tf.mul(update, h)), c };
  }
  return { h: mode === "rnn_relu" ? tf.relu(sum(0)) : tf.tanh(sum(0)), c };
}

interface BlockWeights {
  readonly w: tf.Tensor;
  /** Peepholes from the cell state to the gates i, f and o; null without them. */
  readonly peepholes: readonly [tf.Tensor, tf.Tensor, tf.Tensor] | null;
  readonly b: tf.Tensor;
  readonly forgetBias: number;
  readonly clip: number;
  /** Order of the gates in the columns of `w`. */
  readonly order: string;
}

function blockWeights(call: OpCall, from: number, order: string): BlockWeights {
  const { attributes } = call;
  const [w, wci, wcf, wco, b] = [0, 1, 2, 3, 4].map((i) => call.tensor(from + i)) as [
    tf.Tensor,
    tf.Tensor,
    tf.Tensor,
    tf.Tensor,
    tf.Tensor,
  ];
  // The whole layer's second version adds no bias of its own.
  const second = call.step.op === "BlockLSTMV2";
  return {
    w,
    peepholes: attributes.bool("use_peephole") ? [wci, wcf, wco] : null,
    b,
    forgetBias: second ? 0 : attributes.float("forget_bias", 1),
    clip: attributes.float("cell_clip", second ? 0 : 3),
    order,
  };
}

/** Inputs: x, cs_prev, h_prev, then the weights. */
function blockCell(call: OpCall): tf.Tensor[] {
  const [x, cs, h] = [call.tensor(0), call.tensor(1), call.tensor(2)];
  return blockStep(x, cs, h, blockWeights(call, 3, "ICFO"));
}

/** i, cs, f, o, ci, co, h after one step. */
function blockStep(x: tf.Tensor, before: tf.Tensor, h: tf.Tensor, weights: BlockWeights): tf.Tensor[] {
  const { w, b, peepholes, forgetBias, clip, order } = weights;
  const parts = tf.split(tf.add(tf.matMul(tf.concat([x, h], 1), w), b), 4, 1);
  const gate = (name: string): tf.Tensor => parts[order.indexOf(name)]!;
  const look = (value: tf.Tensor, which: 0 | 1 | 2, cell: tf.Tensor): tf.Tensor =>
    peepholes === null ? value : tf.add(value, tf.mul(cell, peepholes[which]));
  const i = tf.sigmoid(look(gate("I"), 0, before));
  const ci = tf.tanh(gate("C"));
  const f = tf.sigmoid(look(tf.add(gate("F"), forgetBias), 1, before));
  const sum = tf.add(tf.mul(ci, i), tf.mul(before, f));
  const cs = clip > 0 ? tf.clipByValue(sum, -clip, clip) : sum;
  const o = tf.sigmoid(look(gate("O"), 2, cs));
  const co = tf.tanh(cs);
  return [i, cs, f, o, ci, co, tf.mul(co, o)];
}

/** A whole layer. Inputs: seq_len_max, x of shape [time, batch, features], cs_prev, h_prev, then the weights. */
function blockLstm(call: OpCall, order: string): tf.Tensor[] {
  const steps = tf.unstack(call.tensor(1));
  const weights = blockWeights(call, 4, order);
  const length = call.number(0);
  let [cs, h] = [call.tensor(2), call.tensor(3)];
  const outputs = steps.map((x, t) => {
    // Beyond the longest sequence everything is 0.
    if (t >= length) return new Array<tf.Tensor>(7).fill(tf.zerosLike(h));
    const made = blockStep(x, cs, h, weights);
    [cs, h] = [made[1]!, made[6]!];
    return made;
  });
  return Array.from({ length: 7 }, (_, output) => tf.stack(outputs.map((made) => made[output]!)));
}

/** Inputs: x, h_prev, weights of the gates r and u, of the candidate, and their biases. */
function gruBlockCell(call: OpCall): tf.Tensor[] {
  const [x, h, gates, candidate, gateBias, bias] = call.tensors() as [
    tf.Tensor,
    tf.Tensor,
    tf.Tensor,
    tf.Tensor,
    tf.Tensor,
    tf.Tensor,
  ];
  const both = tf.sigmoid(tf.add(tf.matMul(tf.concat([x, h], 1), gates), gateBias));
  const [r, u] = tf.split(both, 2, 1) as [tf.Tensor, tf.Tensor];
  const c = tf.tanh(tf.add(tf.matMul(tf.concat([x, tf.mul(r, h)], 1), candidate), bias));
  return [r, u, c, tf.add(tf.mul(u, h), tf.mul(tf.sub(1, u), c))];
}
