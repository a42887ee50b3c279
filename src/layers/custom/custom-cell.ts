import * as tf from "@tensorflow/tfjs";
import { LayerError } from "../../keras/finding.js";
import type { LayerSpec } from "../../keras/graph.js";
import { ComputedLayer, type Shape } from "../computed-layer.js";
import type { Cell, Step } from "../recurrent/recurrent-cells.js";

/** What a user's recurrent cell has besides a layer's own: the sizes of its states, as in Keras. */
interface CellMembers {
  readonly stateSize?: number | readonly (number | readonly number[])[];
  readonly outputSize?: number | readonly number[];
}

/**
 * A recurrent cell that the user registered, a class or a function. It is called on `[input, ...states]` of one step,
 * with `constants` and `training` in the second argument, and returns `[output, ...new states]`. The sizes of the
 * states are `stateSize` of the class, else `state_size`, `units` or `filters` of the saved config.
 */
export function customCell(layer: tf.layers.Layer, spec: LayerSpec): Cell {
  const members = layer as tf.layers.Layer & CellMembers;
  let sizes: readonly (number | readonly number[])[] | null = null;
  const sizesOn = (input: Shape) => (sizes ??= stateSizes(members, spec, input));
  const whole = ([batch]: Shape, size: number | readonly number[]): Shape => [
    batch!,
    ...(typeof size === "number" ? [size] : size),
  ];
  return {
    states: (input) => sizesOn(input).map((size) => whole(input, size)),
    output: (input) =>
      whole(input, members.outputSize ?? savedSize(spec, "output_size") ?? sizesOn(input)[0]!),
    weights: (input) => {
      if (!layer.built) {
        layer.build(input);
        layer.built = true;
      }
      return layer.weights.map((variable) => ({
        name: variable.originalName,
        shape: variable.shape as number[],
        variable,
      }));
    },
    project: (x) => x,
    step: (x, states, _weights, { training, constants }) => {
      const inputs = [x, ...states, ...(layer instanceof ComputedLayer ? constants : [])];
      return asStep(layer.call(inputs, { training, constants }), states.length, spec);
    },
  };
}

function stateSizes(
  members: tf.layers.Layer & CellMembers,
  spec: LayerSpec,
  input: Shape,
): readonly (number | readonly number[])[] {
  const own = members.stateSize ?? savedSize(spec, "state_size");
  if (typeof own === "number") return [own];
  if (Array.isArray(own)) return own as readonly (number | readonly number[])[];
  const size = savedSize(spec, "units") ?? savedSize(spec, "filters") ?? savedSize(spec, "hidden_size");
  if (typeof size === "number")
    return members instanceof ComputedLayer ? triedSizes(members, size, input, spec) : [size];
  throw new LayerError(
    "C21",
    undefined,
    `the cell registered for ${spec.className} does not say the sizes of its states`,
    "a recurrent layer starts from states of zeros and must know how long they are",
    "Give the class a property stateSize: a number, or a list of them.",
  );
}

/** A function does not say how many states it has: the least number on which it runs and that it returns. */
function triedSizes(layer: ComputedLayer, size: number, input: Shape, { className }: LayerSpec): number[] {
  if (!layer.built) layer.build(input);
  let first: unknown = null;
  for (const states of [[size], [size, size], [size, size, size]]) {
    try {
      const returned = tf.tidy(() => {
        const zeros = states.map((length) => tf.zeros([2, length]));
        const x = tf.zeros(input.map((length) => length ?? 2).with(0, 2));
        return [layer.call([x, ...zeros], {})].flat().length;
      });
      if (returned === states.length + 1 || (returned === 1 && states.length === 1)) return states;
    } catch (error) {
      first ??= error;
    }
  }
  throw new LayerError(
    "C21",
    undefined,
    `the cell registered for ${className} runs on no one, two or three states of ${size} numbers${first instanceof Error ? `: ${first.message}` : ""}`,
    "the file does not say how many states the cell has, nor their sizes where they are not its units",
    "Let it take [x, ...states] and return [output, ...states]; register a class with stateSize where the sizes are others.",
  );
}

function savedSize(spec: LayerSpec, key: string): number | readonly number[] | null {
  const value = spec.config[key];
  if (typeof value === "number") return value;
  return Array.isArray(value) && value.every((item) => typeof item === "number") ? value : null;
}

function asStep(result: tf.Tensor | tf.Tensor[], states: number, spec: LayerSpec): Step {
  const list = (Array.isArray(result) ? result : [result]).flat() as tf.Tensor[];
  // A cell whose output is its only state may return it once.
  if (list.length === 1 && states === 1) return { output: list[0]!, states: list };
  if (list.length === states + 1) return { output: list[0]!, states: list.slice(1) };
  throw new LayerError(
    "C21",
    undefined,
    `the cell registered for ${spec.className} returned ${list.length} tensors`,
    `it has ${states} states: the output and then each state are expected`,
    "Return [output, ...states] from its call.",
  );
}
