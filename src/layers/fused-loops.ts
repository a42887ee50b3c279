import * as tf from "@tensorflow/tfjs";
import { Products } from "./products.js";
import type { Step } from "./recurrent-cells.js";
import type { KerasOrigin } from "./registry.js";

/**
 * All steps of a recurrence at once, on the numbers themselves instead of a tensor operation for each step: on back
 * ends in main memory the operations' own cost is most of a recurrence's. It has no gradient, so it gives way (null)
 * while one is recorded, and on back ends whose numbers are on a device.
 *
 * @param projected [batch, time, gates x units], what does not depend on the state
 */
export type FusedLoop = (
  projected: tf.Tensor,
  states: readonly tf.Tensor[],
  weights: readonly tf.Tensor[],
  backwards: boolean,
  sequences: boolean,
) => Step | null;

type Scalar = (x: number) => number;

const sigmoid: Scalar = (x) => 1 / (1 + Math.exp(-x));
const relu: Scalar = (x) => (x > 0 ? x : 0);

function scalar(name: string, origin: KerasOrigin | null): Scalar | null {
  switch (name) {
    case "tanh":
      return Math.tanh;
    case "sigmoid":
      return sigmoid;
    case "relu":
      return relu;
    case "linear":
      return (x) => x;
    case "hard_sigmoid":
      return origin?.major === 3
        ? (x) => Math.min(Math.max(x + 3, 0), 6) / 6
        : (x) => Math.min(Math.max(0.2 * x + 0.5, 0), 1);
    default:
      return null;
  }
}

/** Gates i, f, c, o; states h and c. */
export function fusedLstm(activation: string, gate: string, origin: KerasOrigin): { fused?: FusedLoop } {
  const act = scalar(activation, origin);
  const open = scalar(gate, origin);
  if (!act || !open) return {};
  const step: RowStep = (z, units, h, c) => {
    for (let k = 0; k < units; k++) {
      const carry = open(z[units + k]!) * c![k]! + open(z[k]!) * act(z[2 * units + k]!);
      c![k] = carry;
      h[k] = open(z[3 * units + k]!) * act(carry);
    }
  };
  return { fused: fusedLoop(4, step, () => null, false) };
}

/** Gates z, r, h with the reset gate after the product; the second bias belongs to the recurrent product. */
export function fusedGru(activation: string, gate: string, origin: KerasOrigin): { fused?: FusedLoop } {
  const act = scalar(activation, origin);
  const open = scalar(gate, origin);
  if (!act || !open) return {};
  const step: RowStep = (inner, units, h, _c, x) => {
    for (let k = 0; k < units; k++) {
      const z = open(x[k]! + inner[k]!);
      const r = open(x[units + k]! + inner[units + k]!);
      const candidate = act(x[2 * units + k]! + r * inner[2 * units + k]!);
      h[k] = z * h[k]! + (1 - z) * candidate;
    }
  };
  const innerBias = (weights: readonly tf.Tensor[]) => {
    const bias = weights[2];
    return bias ? (bias.dataSync() as Float32Array).subarray(bias.size / 2) : null;
  };
  return { fused: fusedLoop(3, step, innerBias, true) };
}

/** Gates z, r, h with the reset gate before the product: that of the candidate waits for r. */
export function fusedGruResetBefore(
  activation: string,
  gate: string,
  origin: KerasOrigin,
): { fused?: FusedLoop } {
  const act = scalar(activation, origin);
  const open = scalar(gate, origin);
  if (!act || !open) return {};
  const step: RowStep = (z, units, h, _c, _x, products, reset) => {
    for (let k = 0; k < units; k++) reset[k] = h[k]! * open(z[units + k]!);
    products.add(reset, 2 * units, 3 * units);
    for (let k = 0; k < units; k++) {
      const kept = open(z[k]!);
      h[k] = kept * h[k]! + (1 - kept) * act(z[2 * units + k]!);
    }
  };
  return { fused: fusedLoop(3, step, () => null, false, 2) };
}

export function fusedSimple(activation: string): { fused?: FusedLoop } {
  const act = scalar(activation, null);
  if (!act || activation === "hard_sigmoid") return {};
  const step: RowStep = (z, units, h) => {
    for (let k = 0; k < units; k++) h[k] = act(z[k]!);
  };
  return { fused: fusedLoop(1, step, () => null, false) };
}

/**
 * One step of one row: from the products to the new states, in place.
 * @param z h U, with x W added where the input is not kept apart
 * @param x the projected input, where it is kept apart
 * @param scratch a row that may be multiplied too
 */
type RowStep = (
  z: Float32Array,
  units: number,
  h: Float32Array,
  c: Float32Array | null,
  x: Float32Array,
  products: Products,
  scratch: Float32Array,
) => void;

/** Whose numbers are in main memory. */
const HERE: ReadonlySet<string> = new Set(["cpu", "wasm"]);

function fusedLoop(
  gates: number,
  step: RowStep,
  innerBias: (weights: readonly tf.Tensor[]) => Float32Array | null,
  apart: boolean,
  multiplied = gates,
): FusedLoop {
  return (projected, states, weights, backwards, sequences) => {
    const [batch, time, columns] = projected.shape as [number, number, number];
    const units = columns / gates;
    if (!runsHere()) return null;
    const x = projected.dataSync() as Float32Array;
    const kernel = weights[1]!.dataSync() as Float32Array;
    const bias = innerBias(weights);
    const c = states[1] ? Float32Array.from(states[1].dataSync()) : null;
    const outputs = new Float32Array(batch * units * (sequences ? time : 1));
    const products = new Products(kernel, columns, (batch + 1) * units);
    const { z, rows } = products;
    const h = rows.subarray(0, batch * units);
    const scratch = rows.subarray(batch * units);
    h.set(states[0]!.dataSync());
    for (let row = 0; row < batch; row++) {
      const state = h.subarray(row * units, (row + 1) * units);
      const carry = c?.subarray(row * units, (row + 1) * units) ?? null;
      for (let n = 0; n < time; n++) {
        const at = (row * time + (backwards ? time - 1 - n : n)) * columns;
        const input = x.subarray(at, at + columns);
        if (bias) z.set(bias);
        else if (apart) z.fill(0);
        else z.set(input);
        products.add(state, 0, multiplied * units);
        step(z, units, state, carry, input, products, scratch);
        if (sequences) outputs.set(state, (row * time + n) * units);
      }
    }
    if (!sequences) outputs.set(h);
    const shape = [batch, units];
    return {
      output: tf.tensor(outputs, sequences ? [batch, time, units] : shape),
      states: [tf.tensor(h.slice(), shape), ...(c ? [tf.tensor(c, shape)] : [])],
    };
  };
}

function runsHere(): boolean {
  return HERE.has(tf.getBackend()) && tf.engine().state.gradientDepth === 0;
}
