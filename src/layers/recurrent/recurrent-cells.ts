import * as tf from "@tensorflow/tfjs";
import type { LayerSpec } from "../../keras/graph.js";
import { activationOf } from "../activations.js";
import { ADDONS_CELLS } from "../addons/cells.js";
import { Arguments } from "../arguments/arguments.js";
import type { Shape, WeightSpec } from "../computed-layer.js";
import { affine, kernels, oneState, recurrentActivation } from "./cell-parts.js";
import { customCell } from "../custom/custom-cell.js";
import { fusedGru, fusedGruResetBefore, fusedLstm, fusedSimple, type FusedLoop } from "./fused-loops.js";
import type { KerasOrigin, LayerContext } from "../registry.js";
import { gateDefaults } from "./gate-defaults.js";
import { wholeLstm, type WholeLoop } from "./whole-lstm.js";

/** One step of a recurrence: what GRUCell, LSTMCell, SimpleRNNCell and the convolutional cells are. */
export interface Cell {
  /** Shapes of the states, from that of one step's input [batch, ...]. */
  states(input: Shape): Shape[];
  /** Shape of one step's output. */
  output(input: Shape): Shape;
  weights(input: Shape): WeightSpec[];
  /** Everything that does not depend on the state, for all steps at once: [batch, time, ...] in and out. */
  project(inputs: tf.Tensor, weights: readonly tf.Tensor[]): tf.Tensor;
  /** @param input one step of what `project` gave */
  step(input: tf.Tensor, states: readonly tf.Tensor[], weights: readonly tf.Tensor[], call: CellCall): Step;
  /** The cell for one call of the layer: with fresh dropout masks when it trains. */
  begin?(input: readonly number[], training: boolean): Cell;
  /** Runs all steps at once, faster than step by step; null where it cannot. */
  readonly fused?: FusedLoop;
  /** The same before anything is projected, on back ends that have a kernel for it. */
  readonly whole?: WholeLoop | undefined;
}

/** What is the same for all steps of one call. */
export interface CellCall {
  readonly training: boolean;
  /** Tensors that the call hands to every step, besides the states. */
  readonly constants: readonly tf.Tensor[];
}

/** Makes a cell of a class by its saved arguments. */
export type CellMaker = (args: Arguments, context: LayerContext, spec: LayerSpec) => Cell;

export interface Step {
  readonly output: tf.Tensor;
  readonly states: readonly tf.Tensor[];
}

/** The cells of Keras itself, by what their layer is called. */
const KERAS_CELLS: ReadonlyMap<string, CellMaker> = new Map<string, CellMaker>([
  ["SimpleRNN", (args, { origin }) => simple(args, origin)],
  ["LSTM", (args, { origin }) => lstm(args, origin)],
  ["GRU", (args, context) => gru(args, context)],
]);

/**
 * The cell of a layer or cell class by its saved name, from its saved arguments: the user's own class first.
 * @throws LayerError C01 for a cell that no one knows
 */
export function cellOf(spec: LayerSpec, context: LayerContext): Cell {
  const args = new Arguments(spec);
  const own = context.custom?.(spec) ?? false;
  if (!own && /^(\w+>)?StackedRNNCells$/.test(spec.className)) {
    const cells = cellsOf(spec.inner["cells"] ?? [], context);
    if (cells.length === 0) throw args.wrong("cells", "a list of recurrent cells");
    return stackedCells(cells);
  }
  const name = spec.className.replace(/^Addons>|Cell$/g, "").replace(/^Unified|V[12]$/g, "");
  const make = own ? undefined : (KERAS_CELLS.get(name) ?? ADDONS_CELLS.get(name));
  return make ? withDropout(make(args, context, spec), args) : customCell(context.build(spec), spec);
}

/** Of several cells each is made by its own part of the stored weights, where Keras's classes tell how many it has. */
export function cellsOf(specs: readonly LayerSpec[], context: LayerContext): Cell[] {
  const counts = specs.map(weightsOfCell);
  const known = counts.every((count) => count !== null);
  let next = 0;
  return specs.map((spec, i) => {
    const from = next;
    next += counts[i] ?? 0;
    const whole = specs.length === 1;
    const storedShapes = !known ? null : (context.storedShapes?.slice(from, next) ?? null);
    return cellOf(spec, whole ? context : { ...context, storedShapes });
  });
}

/** How many weights a cell of Keras has; null for any other layer. */
export function weightsOfCell({ className, config }: LayerSpec): number | null {
  if (!/^(SimpleRNN|GRU|LSTM)Cell$/.test(className)) return null;
  return config["use_bias"] === false ? 2 : 3;
}

/** Masks of dropout, the same for all steps of a call, when the layer trains (keras/layers/rnn/dropout_rnn_cell.py). */
export function withDropout(cell: Cell, args: Arguments): Cell {
  const rate = args.number("dropout", 0);
  const recurrentRate = args.number("recurrent_dropout", 0);
  for (const [name, value] of [
    ["dropout", rate],
    ["recurrent_dropout", recurrentRate],
  ] as const) {
    if (value < 0 || value > 1) throw args.wrong(name, "between 0 and 1");
  }
  if (rate === 0 && recurrentRate === 0) return cell;
  return {
    ...cell,
    begin: (input, training) => (training ? droppedOut(cell, input, rate, recurrentRate) : cell),
  };
}

function droppedOut(cell: Cell, input: readonly number[], rate: number, recurrentRate: number): Cell {
  const mask = (shape: number[], share: number) =>
    share === 0 ? null : share === 1 ? tf.zeros(shape) : tf.dropout(tf.ones(shape), share);
  const inputs = mask([input[0]!, 1, ...input.slice(1)], rate);
  const state = mask(cell.states([...input])[0] as number[], recurrentRate);
  return {
    ...cell,
    whole: undefined,
    project: (x, weights) => cell.project(inputs ? tf.mul(x, inputs) : x, weights),
    step: (x, [first, ...others], weights, call) =>
      cell.step(x, [state ? tf.mul(first!, state) : first!, ...others], weights, call),
  };
}

function simple(args: Arguments, origin: KerasOrigin): Cell {
  const units = args.integer("units", undefined, 1);
  const bias = args.flag("use_bias", true);
  const activation = activationOf(args.raw("activation") ?? "tanh", origin);
  return {
    ...oneState(units),
    weights: (input) => kernels(input.at(-1) ?? 0, units, units, bias ? [units] : null),
    project: (x, w) => affine(x, w[0]!, w[2]),
    ...fusedSimple(activation.kerasName),
    step: (x, [h], w) => {
      const output = activation.apply(tf.add(x, tf.matMul(h as tf.Tensor2D, w[1] as tf.Tensor2D)));
      return { output, states: [output] };
    },
  };
}

/** Gates in the order i, f, c, o (keras/layers/rnn/lstm.py). */
function lstm(args: Arguments, origin: KerasOrigin): Cell {
  const units = args.integer("units", undefined, 1);
  const bias = args.flag("use_bias", true);
  const activation = activationOf(args.raw("activation") ?? "tanh", origin);
  const gate = recurrentActivation(args, "LSTM", origin);
  return {
    ...oneState(units),
    states: ([batch]) => [
      [batch!, units],
      [batch!, units],
    ],
    weights: (input) => {
      const list = kernels(input.at(-1) ?? 0, units, 4 * units, bias ? [4 * units] : null);
      // The forget gate starts open.
      const open = args.flag("unit_forget_bias", true);
      return list.map((weight) =>
        open && weight.name === "bias" ? { ...weight, initializer: "forgetBias" } : weight,
      );
    },
    project: (x, w) => affine(x, w[0]!, w[2]),
    ...fusedLstm(activation.kerasName, gate.kerasName, origin),
    ...wholeLstm(activation.kerasName, gate.kerasName),
    step: (x, [h, c], w) => {
      const gates = tf.split(tf.add(x, tf.matMul(h as tf.Tensor2D, w[1] as tf.Tensor2D)), 4, 1);
      const kept = tf.mul(gate.apply(gates[1]!), c!);
      const carry = tf.add(kept, tf.mul(gate.apply(gates[0]!), activation.apply(gates[2]!)));
      const output = tf.mul(gate.apply(gates[3]!), activation.apply(carry));
      return { output, states: [output, carry] };
    },
  };
}

/** Gates in the order z, r, h (keras/layers/rnn/gru.py). */
function gru(args: Arguments, context: LayerContext): Cell {
  const units = args.integer("units", undefined, 1);
  const bias = args.flag("use_bias", true);
  const activation = activationOf(args.raw("activation") ?? "tanh", context.origin);
  const gate = recurrentActivation(args, "GRU", context.origin);
  const resetAfter =
    storedResetAfter(context) ?? args.flag("reset_after", gateDefaults("GRU", context.origin).reset_after);
  const biasShape = resetAfter ? [2, 3 * units] : [3 * units];
  return {
    ...oneState(units),
    weights: (input) => kernels(input.at(-1) ?? 0, units, 3 * units, bias ? biasShape : null),
    project: (x, w) => {
      const inputBias =
        w[2] && resetAfter ? tf.reshape(tf.slice(w[2], [0, 0], [1, 3 * units]), [3 * units]) : w[2];
      return affine(x, w[0]!, inputBias);
    },
    ...(resetAfter ? fusedGru : fusedGruResetBefore)(activation.kerasName, gate.kerasName, context.origin),
    step: (x, [h], w) => {
      const [xz, xr, xh] = tf.split(x, 3, 1);
      const recurrent = w[1] as tf.Tensor2D;
      let z: tf.Tensor, candidate: tf.Tensor;
      if (resetAfter) {
        const product = tf.matMul(h as tf.Tensor2D, recurrent);
        const inner = w[2] ? tf.add(product, tf.slice(w[2], [1, 0], [1, 3 * units])) : product;
        const [hz, hr, hh] = tf.split(inner, 3, 1);
        z = gate.apply(tf.add(xz!, hz!));
        const r = gate.apply(tf.add(xr!, hr!));
        candidate = activation.apply(tf.add(xh!, tf.mul(r, hh!)));
      } else {
        const [uz, ur, uh] = tf.split(recurrent, 3, 1);
        z = gate.apply(tf.add(xz!, tf.matMul(h as tf.Tensor2D, uz!)));
        const r = gate.apply(tf.add(xr!, tf.matMul(h as tf.Tensor2D, ur!)));
        candidate = activation.apply(tf.add(xh!, tf.matMul(tf.mul(r, h!) as tf.Tensor2D, uh!)));
      }
      const output = tf.add(tf.mul(z, h!), tf.mul(tf.sub(1, z), candidate));
      return { output, states: [output] };
    },
  };
}

/**
 * Files of before TensorFlow 2 do not say which variant they hold, and an edited config may say the wrong one; the rank
 * of the stored bias tells. Null where there is none.
 */
function storedResetAfter(context: LayerContext): boolean | null {
  const bias = context.storedShapes?.[2];
  if (!bias) return null;
  // cuDNN keeps two biases in one row.
  return bias.length === 2 || bias[0] === 2 * (context.storedShapes?.[1]?.[1] ?? 0);
}

/** Several cells as one: each takes the output of the one before (stacked_rnn_cells.py). */
export function stackedCells(
  cells: readonly Cell[],
  sizes: { weights: number; states: number }[] = [],
): Cell {
  const inputs = (input: Shape): Shape[] =>
    cells.reduce<Shape[]>((list, cell) => [...list, cell.output(list.at(-1)!)], [input]).slice(0, -1);
  let counts = sizes;
  return {
    states: (input) => inputs(input).flatMap((shape, i) => cells[i]!.states(shape)),
    output: (input) => cells.at(-1)!.output(inputs(input).at(-1)!),
    weights: (input) => {
      const lists = inputs(input).map((shape, i) => cells[i]!.weights(shape));
      counts = lists.map((list, i) => ({ weights: list.length, states: cells[i]!.states(input).length }));
      return lists.flatMap((list, i) =>
        list.map((weight) => ({ ...weight, name: `cell_${i}/${weight.name}` })),
      );
    },
    project: (x, weights) => cells[0]!.project(x, weights.slice(0, counts[0]!.weights)),
    begin: (input, training) => {
      const shapes = inputs([...input]) as number[][];
      return stackedCells(
        cells.map((cell, i) => cell.begin?.(shapes[i]!, training) ?? cell),
        counts,
      );
    },
    step: (x, states, weights, call) => {
      let output = x;
      const next: tf.Tensor[] = [];
      let weight = 0;
      for (const [i, cell] of cells.entries()) {
        const own = weights.slice(weight, (weight += counts[i]!.weights));
        const input = i === 0 ? output : tf.squeeze(cell.project(tf.expandDims(output, 1), own), [1]);
        const result = cell.step(
          input,
          states.slice(next.length, next.length + counts[i]!.states),
          own,
          call,
        );
        output = result.output;
        next.push(...result.states);
      }
      return { output, states: next };
    },
  };
}
