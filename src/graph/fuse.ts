import * as tf from "@tensorflow/tfjs";
import { computesInHalves } from "./half-results.js";
import { type Activation, fusedConvolution, fusedDepthwise } from "./kernels/fused-convolution.js";
import type { Step } from "./program.js";
import type { GraphValue } from "./value.js";

type Constants = (GraphValue | undefined)[];

/** What is computed with a convolution's result, channel by channel: `activation(y * scale + shift)`. */
interface Tail {
  /** Null for 1. */
  readonly scale: tf.Tensor1D | null;
  /** Null for 0. */
  readonly shift: tf.Tensor1D | null;
  readonly activation: Activation | null;
  /** The last step that is part of it. */
  readonly end: Step;
  readonly absorbed: number;
}

const ACTIVATIONS = new Map([
  ["Relu", "relu"],
  ["Relu6", "relu6"],
] as const);
const PASSED = new Set(["Identity", "StopGradient"]);

/**
 * Joins a convolution with what follows it on constants (bias, batch normalization, activation): the scale goes into
 * the filter, the shift into a bias. One step in place of four, which read and write the same numbers.
 * @param constants by slot; those that this makes are appended
 */
export function fuseSteps(
  steps: readonly Step[],
  constants: Constants,
  results: readonly number[],
): readonly Step[] {
  const users = usersOf(steps, results);
  const replaced = new Map<Step, Step | null>();
  for (const step of steps) {
    const channels = channelsOf(step, constants);
    if (channels === null) continue;
    const tail = tailOf(step, channels, users, constants);
    if (tail.absorbed === 0) continue;
    const fused = joined(step, tail, channels, constants);
    for (let at: Step = step; at !== tail.end; at = users.get(at.outputs[0]!)![0]!) replaced.set(at, null);
    replaced.set(tail.end, fused);
  }
  if (replaced.size === 0) return steps;
  return withLastUses(
    steps.flatMap((step) => {
      const by = replaced.get(step);
      return by === undefined ? [step] : by === null ? [] : [by];
    }),
    results,
  );
}

/** By slot; a result of the program counts as a use by nobody, which ends a chain. */
function usersOf(steps: readonly Step[], results: readonly number[]): Map<number, (Step | null)[]> {
  const users = new Map<number, (Step | null)[]>();
  const add = (slot: number, user: Step | null): void => {
    users.set(slot, [...(users.get(slot) ?? []), user]);
  };
  for (const step of steps) for (const slot of step.inputs) add(slot, step);
  for (const slot of results) add(slot, null);
  return users;
}

/** Channels that a convolution with a constant filter gives; null for other steps. */
function channelsOf(step: Step, constants: Constants): number | null {
  const { op, inputs, attributes } = step;
  if (op !== "Conv2D" && op !== "DepthwiseConv2dNative") return null;
  // Halves are rounded after each op.
  if (computesInHalves(step)) return null;
  if (attributes.text("data_format", "NHWC") !== "NHWC") return null;
  const filter = numbersAt(inputs[1], constants);
  if (filter?.rank !== 4) return null;
  const [, , inner, outer] = filter.shape as [number, number, number, number];
  return op === "Conv2D" ? outer : inner * outer;
}

function numbersAt(slot: number | undefined, constants: Constants): tf.Tensor | null {
  const value = slot === undefined ? undefined : constants[slot];
  return value instanceof tf.Tensor && value.dtype === "float32" ? value : null;
}

/** The tensors of the tail are the caller's. */
function tailOf(...args: Parameters<typeof followed>): Tail {
  let tail!: Tail;
  const own = (x: tf.Tensor1D | null): tf.Tensor1D | null => x && tf.keep(tf.clone(x));
  tf.tidy(() => {
    const { scale, shift, ...rest } = followed(...args);
    tail = { ...rest, scale: own(scale), shift: own(shift) };
  });
  return tail;
}

function followed(
  root: Step,
  channels: number,
  users: ReadonlyMap<number, readonly (Step | null)[]>,
  constants: Constants,
): Tail {
  let tail: Tail = { scale: null, shift: null, activation: null, end: root, absorbed: 0 };
  for (;;) {
    const slot = tail.end.outputs[0] ?? -1;
    const [next, ...others] = users.get(slot) ?? [];
    if (!next || others.length > 0) return tail;
    const longer = extended(tail, next, slot, channels, constants);
    if (longer === null) return tail;
    tail = longer;
    if (tail.activation !== null) return tail;
  }
}

/** The tail with one more step; null where that is no part of it. */
function extended(tail: Tail, step: Step, slot: number, channels: number, constants: Constants): Tail | null {
  const more = { ...tail, end: step, absorbed: tail.absorbed + 1 };
  if (PASSED.has(step.op)) return { ...more, absorbed: tail.absorbed };
  const activation = ACTIVATIONS.get(step.op as "Relu");
  if (activation !== undefined) return { ...more, activation };
  if (/^FusedBatchNorm/.test(step.op)) return normalized(more, step, channels, constants);
  const first = step.inputs[0] === slot;
  const operand = numbersAt(step.inputs[first ? 1 : 0], constants);
  const each = operand && perChannel(operand, channels);
  if (!each) return null;
  switch (step.op) {
    case "Mul":
      return { ...more, scale: times(tail.scale, each), shift: tail.shift && times(tail.shift, each) };
    case "BiasAdd":
    case "Add":
    case "AddV2":
      return { ...more, shift: plus(tail.shift, each) };
    case "Sub":
      return first ? { ...more, shift: plus(tail.shift, tf.neg(each)) } : null;
    default:
      return null;
  }
}

function normalized(tail: Tail, step: Step, channels: number, constants: Constants): Tail | null {
  const used = step.outputs.slice(1).some((slot) => slot >= 0);
  const [gamma, beta, mean, variance] = step.inputs.slice(1).map((slot) => numbersAt(slot, constants));
  if (used || step.attributes.bool("is_training", true) || !gamma || !beta || !mean || !variance) return null;
  if ([gamma, beta, mean, variance].some(({ size }) => size !== channels)) return null;
  const scale = tf.mul(
    gamma,
    tf.rsqrt(tf.add(variance, step.attributes.float("epsilon", 1e-4))),
  ) as tf.Tensor1D;
  const shift = tf.sub(beta, tf.mul(mean, scale)) as tf.Tensor1D;
  return {
    ...tail,
    scale: times(tail.scale, scale),
    shift: tail.shift ? plus(times(tail.shift, scale), shift) : shift,
  };
}

/** One number for each channel, or one for all; null for a constant that varies otherwise. */
function perChannel(x: tf.Tensor, channels: number): tf.Tensor1D | null {
  if (x.rank > 4) return null;
  if (x.size === 1) return tf.fill([channels], 1).mul(tf.reshape(x, [])) as tf.Tensor1D;
  return x.size === channels && x.shape.at(-1) === channels ? tf.reshape(x, [channels]) : null;
}

function times(a: tf.Tensor1D | null, b: tf.Tensor1D): tf.Tensor1D {
  return a === null ? b : tf.mul(a, b);
}

function plus(a: tf.Tensor1D | null, b: tf.Tensor1D): tf.Tensor1D {
  return a === null ? b : tf.add(a, b);
}

function joined(root: Step, tail: Tail, channels: number, constants: Constants): Step {
  const depthwise = root.op === "DepthwiseConv2dNative";
  const filter = numbersAt(root.inputs[1], constants)!;
  const { scale } = tail;
  const scaled =
    scale && tf.tidy(() => tf.mul(filter, depthwise ? tf.reshape(scale, filter.shape.slice(2)) : scale));
  scale?.dispose();
  const add = (value: tf.Tensor): number => constants.push(tf.keep(value)) - 1;
  return {
    ...root,
    kernel: (depthwise ? fusedDepthwise : fusedConvolution)(tail.activation),
    inputs: [
      root.inputs[0]!,
      scaled === null ? root.inputs[1]! : add(scaled),
      add(tail.shift ?? tf.zeros([channels])),
    ],
    outputs: tail.end.outputs,
  };
}

/** A chain is longer than it was, so that its input is needed longer. */
function withLastUses(steps: readonly Step[], results: readonly number[]): Step[] {
  const seen = new Set(results);
  const backwards = steps.toReversed().map((step) => {
    const last = [...new Set(step.inputs)].filter((slot) => !seen.has(slot));
    last.forEach((slot) => seen.add(slot));
    return { ...step, last };
  });
  return backwards.toReversed();
}
