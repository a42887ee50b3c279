import * as tf from "@tensorflow/tfjs";
import { RowArithmetic } from "./row-arithmetic.js";
import type { Step } from "./recurrent-cells.js";
import type { KerasOrigin } from "../registry.js";

/**
 * All steps of a recurrence at once, on the numbers themselves instead of a tensor operation for each step: on back
 * ends in main memory the operations' own cost is most of a recurrence's. It has no gradient, so it gives way (null)
 * while one is recorded, on back ends whose numbers are on a device, and to native where the products are large.
 *
 * @param projected [batch, time, gates x units], what does not depend on the state
 * @param mask [batch, time], 0 where a step leaves the state
 * @param zeroForMask a step that does not count gives out zeros instead of the output before it
 */
export type FusedLoop = (
  projected: tf.Tensor,
  states: readonly tf.Tensor[],
  weights: readonly tf.Tensor[],
  settings: FusedSettings,
) => Step | null;

export interface FusedSettings {
  readonly backwards: boolean;
  readonly sequences: boolean;
  readonly mask: tf.Tensor | null;
  readonly zeroForMask: boolean;
}

/** Of a row in place, which is a part of what `arithmetic` holds. */
type Activation = (row: Float32Array, arithmetic: RowArithmetic) => void;

const tanh: Activation = (row, arithmetic) => arithmetic.tanh(row);
const sigmoid: Activation = (row, arithmetic) => arithmetic.sigmoid(row);

/** A function of single numbers, applied to each. */
function each(compute: (x: number) => number): Activation {
  return (row) => {
    for (let k = 0; k < row.length; k++) row[k] = compute(row[k]!);
  };
}

function activation(name: string, origin: KerasOrigin | null): Activation | null {
  switch (name) {
    case "tanh":
      return tanh;
    case "sigmoid":
      return sigmoid;
    case "relu":
      return each((x) => (x <= 0 ? 0 : x));
    case "linear":
      return () => undefined;
    case "hard_sigmoid":
      return origin?.major === 3
        ? each((x) => Math.min(Math.max(x + 3, 0), 6) / 6)
        : each((x) => Math.min(Math.max(0.2 * x + 0.5, 0), 1));
    default:
      return null;
  }
}

/** Gates i, f, c, o; states h and c. */
export function fusedLstm(name: string, gate: string, origin: KerasOrigin): { fused?: FusedLoop } {
  const act = activation(name, origin);
  const open = activation(gate, origin);
  if (!act || !open) return {};
  const step: RowStep = ({ z, units, h, c, arithmetic, scratch }) => {
    open(z.subarray(0, 2 * units), arithmetic);
    act(z.subarray(2 * units, 3 * units), arithmetic);
    open(z.subarray(3 * units), arithmetic);
    for (let k = 0; k < units; k++) {
      const carry = z[units + k]! * c![k]! + z[k]! * z[2 * units + k]!;
      c![k] = carry;
      scratch[k] = carry;
    }
    act(scratch, arithmetic);
    for (let k = 0; k < units; k++) h[k] = z[3 * units + k]! * scratch[k]!;
  };
  return { fused: fusedLoop(4, step, () => null, false) };
}

/** Gates z, r, h with the reset gate after the product; the second bias belongs to the recurrent product. */
export function fusedGru(name: string, gate: string, origin: KerasOrigin): { fused?: FusedLoop } {
  const act = activation(name, origin);
  const open = activation(gate, origin);
  if (!act || !open) return {};
  const step: RowStep = ({ z, units, h, x, arithmetic }) => {
    for (let k = 0; k < 2 * units; k++) z[k] = x[k]! + z[k]!;
    open(z.subarray(0, 2 * units), arithmetic);
    for (let k = 2 * units; k < 3 * units; k++) z[k] = x[k]! + z[k - units]! * z[k]!;
    act(z.subarray(2 * units), arithmetic);
    forget(z, units, h);
  };
  const innerBias = (weights: readonly tf.Tensor[]) => {
    const bias = weights[2];
    return bias ? (bias.dataSync() as Float32Array).subarray(bias.size / 2) : null;
  };
  return { fused: fusedLoop(3, step, innerBias, true) };
}

/** Gates z, r, h with the reset gate before the product: that of the candidate waits for r. */
export function fusedGruResetBefore(name: string, gate: string, origin: KerasOrigin): { fused?: FusedLoop } {
  const act = activation(name, origin);
  const open = activation(gate, origin);
  if (!act || !open) return {};
  const step: RowStep = ({ z, units, h, arithmetic, scratch }) => {
    open(z.subarray(0, 2 * units), arithmetic);
    for (let k = 0; k < units; k++) scratch[k] = h[k]! * z[units + k]!;
    arithmetic.add(scratch, 2 * units, 3 * units);
    act(z.subarray(2 * units), arithmetic);
    forget(z, units, h);
  };
  return { fused: fusedLoop(3, step, () => null, false, 2) };
}

/** GRU's new state: by gate z the old one, else the candidate. */
function forget(z: Float32Array, units: number, h: Float32Array): void {
  for (let k = 0; k < units; k++) h[k] = z[k]! * h[k]! + (1 - z[k]!) * z[2 * units + k]!;
}

export function fusedSimple(name: string): { fused?: FusedLoop } {
  const act = activation(name, null);
  if (!act || name === "hard_sigmoid") return {};
  const step: RowStep = ({ z, h, arithmetic }) => {
    act(z, arithmetic);
    h.set(z);
  };
  return { fused: fusedLoop(1, step, () => null, false) };
}

/** One row at one step, all of it in `arithmetic`'s memory but `c` and `x`. */
interface Row {
  /** h U, with x W added where the input is not kept apart. */
  readonly z: Float32Array;
  readonly units: number;
  readonly h: Float32Array;
  readonly c: Float32Array | null;
  /** The projected input, where it is kept apart. */
  readonly x: Float32Array;
  readonly arithmetic: RowArithmetic;
  readonly scratch: Float32Array;
}

/** From the products to the new states, in place. */
type RowStep = (row: Row) => void;

/** Whose numbers are in main memory, and whose own operations gain nothing on a loop here. */
const HERE: ReadonlySet<string> = new Set(["cpu", "wasm"]);

/** Products of a step from which on the operations of a back end that has more to offer are quicker, for all their cost. */
const LARGE = 2 ** 20;

const beside = new Map<string, () => boolean>();

/** Told by a back end whose operations cost more than the work of a small step. @param may whether it can be read now */
export function runSmallLoopsBeside(backend: string, may: () => boolean): void {
  beside.set(backend, may);
}

function fusedLoop(
  gates: number,
  step: RowStep,
  innerBias: (weights: readonly tf.Tensor[]) => Float32Array | null,
  apart: boolean,
  multiplied = gates,
): FusedLoop {
  return (projected, states, weights, { backwards, sequences, mask, zeroForMask }) => {
    const [batch, time, columns] = projected.shape as [number, number, number];
    const units = columns / gates;
    if (!runsHere(batch * units * columns)) return null;
    const counts = mask && tf.tidy(() => tf.cast(mask, "bool").dataSync());
    const x = projected.dataSync() as Float32Array;
    const kernel = weights[1]!.dataSync() as Float32Array;
    const bias = innerBias(weights);
    const c = states[1] ? Float32Array.from(states[1].dataSync()) : null;
    const outputs = new Float32Array(batch * units * (sequences ? time : 1));
    const arithmetic = new RowArithmetic(kernel, columns, (batch + 1) * units);
    const { z, rows } = arithmetic;
    const h = rows.subarray(0, batch * units);
    const scratch = rows.subarray(batch * units);
    h.set(states[0]!.dataSync());
    for (let row = 0; row < batch; row++) {
      const state = h.subarray(row * units, (row + 1) * units);
      const carry = c?.subarray(row * units, (row + 1) * units) ?? null;
      for (let n = 0; n < time; n++) {
        const place = row * time + (backwards ? time - 1 - n : n);
        const own = (sequences ? row * time + n : row) * units;
        if (counts && !counts[place]) {
          if (zeroForMask) outputs.fill(0, own, own + units);
          else if (sequences && n > 0) outputs.copyWithin(own, own - units, own);
          continue;
        }
        const input = x.subarray(place * columns, (place + 1) * columns);
        if (bias) z.set(bias);
        else if (apart) z.fill(0);
        else z.set(input);
        arithmetic.add(state, 0, multiplied * units);
        step({ z, units, h: state, c: carry, x: input, arithmetic, scratch });
        if (sequences || n === time - 1 || counts) outputs.set(state, own);
      }
    }
    const shape = [batch, units];
    return {
      output: tf.tensor(outputs, sequences ? [batch, time, units] : shape),
      states: [tf.tensor(h.slice(), shape), ...(c ? [tf.tensor(c, shape)] : [])],
    };
  };
}

function runsHere(products: number): boolean {
  if (tf.engine().state.gradientDepth > 0) return false;
  const backend = tf.getBackend();
  return HERE.has(backend) || (products < LARGE && beside.get(backend)?.() === true);
}
