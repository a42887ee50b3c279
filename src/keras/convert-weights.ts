import * as tf from "@tensorflow/tfjs";
import type { Fidelity } from "../layers/fidelity.js";
import type { KerasOrigin } from "../layers/registry.js";
import type { LayerSpec } from "./graph.js";

/** A change of layout between how an older Keras stored a layer's weights and how the layer takes them. */
export interface Conversion {
  /** Code of the taxonomy: W06, W07 or W03. */
  readonly code: string;
  readonly detail: string;
  /** How near it comes to what Keras computes; exact if absent. */
  readonly fidelity?: Fidelity;
  /** Names of arrays that the layer needs and the file leaves out. */
  readonly missing?: readonly string[];
  convert(stored: readonly tf.Tensor[]): tf.Tensor[];
}

/** Recurrent layers of Keras 1 stored each gate's kernels apart: three arrays a gate. */
const SEPARATE_GATES: ReadonlyMap<string, number> = new Map([
  ["LSTM", 12],
  ["ConvLSTM2D", 12],
  ["GRU", 9],
]);

/** The number of arrays under which Keras 1 stored what is now kernel, recurrent kernel and bias; null for others. */
export function separateCount(spec: LayerSpec): number | null {
  if (spec.className === "Bidirectional") {
    const inner = spec.inner["layer"]?.[0];
    const count = inner ? separateCount(inner) : null;
    return count === null ? null : 2 * count;
  }
  const inner = spec.className === "TimeDistributed" ? spec.inner["layer"]?.[0] : undefined;
  return inner ? separateCount(inner) : (SEPARATE_GATES.get(spec.className) ?? null);
}

/**
 * What Keras's own loader does to the weights of older files (tf_keras/saving/legacy/hdf5_format.py
 * `preprocess_weights_for_loading`, `_convert_rnn_weights`; keras 2.2.4 engine/saving.py), or null where the stored
 * weights fit as they are.
 * @param wanted shapes of the layer's variables
 * @param stored shapes in the file
 */
export function conversionOf(
  spec: LayerSpec,
  wanted: readonly (readonly (number | null)[])[],
  stored: readonly (readonly number[])[],
  origin: KerasOrigin,
): Conversion | null {
  const inner = spec.inner["layer"]?.[0];
  if (spec.className === "TimeDistributed" && inner) return conversionOf(inner, wanted, stored, origin);
  if (spec.className === "Bidirectional" && inner) {
    // A backward layer of another class came with TensorFlow 2, which stores it as it is.
    const backward = spec.inner["backward_layer"]?.[0]?.className ?? inner.className;
    return backward === inner.className ? bothDirections(inner, wanted, stored, origin) : null;
  }
  return (
    recurrent(spec, wanted, stored) ??
    convolutional(spec, wanted, stored, origin) ??
    withoutOnes(spec, wanted, stored)
  );
}

/** A bias that another program stored as a row, [1, units]: the numbers are the same, in the same order. */
function withoutOnes(
  spec: LayerSpec,
  wanted: readonly (readonly (number | null)[])[],
  stored: readonly (readonly number[])[],
): Conversion | null {
  const text = (shape: readonly (number | null)[]) => shape.filter((n) => n !== 1).join();
  const same = (i: number) => String(wanted[i]) === String(stored[i]);
  const fits = wanted.map((shape, i) => {
    const other = stored[i];
    const reshaped = other !== undefined && other.length !== shape.length && text(other) === text(shape);
    return !shape.includes(null) && (same(i) || reshaped);
  });
  if (wanted.length !== stored.length || fits.includes(false) || wanted.every((_, i) => same(i))) return null;
  return {
    code: "W03",
    detail: `weights of ${spec.className} stored with axes of length 1 more or fewer: the numbers in their order`,
    // As data of their own: kernels of wasm go by the shape that the data were made with.
    convert: (list) => list.map((weight, i) => tf.mul(tf.reshape(weight, wanted[i] as number[]), 1)),
  };
}

function bothDirections(
  inner: LayerSpec,
  wanted: readonly (readonly (number | null)[])[],
  stored: readonly (readonly number[])[],
  origin: KerasOrigin,
): Conversion | null {
  const half = (list: readonly unknown[]) => list.length / 2;
  const one = conversionOf(inner, wanted.slice(0, half(wanted)), stored.slice(0, half(stored)), origin);
  return (
    one && {
      ...one,
      convert: (list) => [...one.convert(list.slice(0, half(list))), ...one.convert(list.slice(half(list)))],
    }
  );
}

function recurrent(
  spec: LayerSpec,
  wanted: readonly (readonly (number | null)[])[],
  stored: readonly (readonly number[])[],
): Conversion | null {
  const name = spec.className.replace(/^CuDNN|^Unified|V[12]$/g, "");
  if (stored.length === SEPARATE_GATES.get(name) && wanted.length === 3) {
    return {
      code: "W03",
      detail: `Keras 1 stored each gate of ${spec.className} apart: joined in today's order`,
      convert: (list) => joinGates(list, stored.length === 9 ? [0, 3, 6] : [0, 6, 3, 9]),
    };
  }
  const gates = name === "LSTM" ? 4 : name === "GRU" ? 3 : 0;
  const units = wanted[1]?.[0];
  if (gates === 0 || typeof units !== "number" || wanted.length !== 3 || stored.length !== 3) return null;
  if (stored[2]!.length !== 1 || stored[2]![0] !== 2 * gates * units) return null;
  return {
    code: "W07",
    detail: `weights of the cuDNN kernel of ${name}: each gate turned, biases ${gates === 4 ? "added" : "paired"}`,
    convert: ([kernel, recurrentKernel, bias]) => [
      eachGate(kernel!, gates, (k) => tf.transpose(tf.reshape(k, [k.shape[1]!, k.shape[0]!]))),
      eachGate(recurrentKernel!, gates, (k) => tf.transpose(k)),
      gates === 4 ? tf.add(...halves(bias!)) : tf.reshape(bias!, [2, 3 * units]),
    ],
  };
}

/** Kernel, recurrent kernel and bias from triples a gate; `order` has the first index of each triple. */
function joinGates(list: readonly tf.Tensor[], order: readonly number[]): tf.Tensor[] {
  return [0, 1, 2].map((part) => {
    const gates = order.map((first) => list[first + part]!);
    return tf.concat(gates, gates[0]!.rank - 1);
  });
}

function eachGate(kernel: tf.Tensor, gates: number, change: (gate: tf.Tensor) => tf.Tensor): tf.Tensor {
  return tf.concat(tf.split(kernel, gates, 1).map(change), 1);
}

function halves(x: tf.Tensor): [tf.Tensor, tf.Tensor] {
  const [first, second] = tf.split(x, 2, 0);
  return [first!, second!];
}

const CONVOLUTIONS =
  /^(Conv(olution)?[123]D(Transpose)?|Deconv(olution)?2D|AtrousConv(olution)?[12]D|ConvLSTM2D|Separable\w+)$/;

function convolutional(
  spec: LayerSpec,
  wanted: readonly (readonly (number | null)[])[],
  stored: readonly (readonly number[])[],
  origin: KerasOrigin,
): Conversion | null {
  if (!CONVOLUTIONS.test(spec.className) || wanted.length === 0) return null;
  const order = kernelOrder(spec, wanted[0]!, stored[0] ?? [], origin);
  const flip = origin.backend === "theano";
  if (order === null && !flip) return null;
  // Of a recurrent and of a separable convolution both kernels change, of the others the first alone.
  const kernels = spec.className === "ConvLSTM2D" || spec.className.startsWith("Separable") ? 2 : 1;
  const parts = [
    order === null ? "" : "the kernel's axes put in today's order",
    flip ? "the kernel turned round, since Theano convolves where TensorFlow correlates" : "",
  ];
  return {
    code: "W03",
    detail: parts.filter((part) => part !== "").join("; "),
    convert: (list) =>
      list.map((weight, i) => {
        if (i >= kernels) return weight;
        const ordered = order === null ? weight : inOrder(weight, order, wanted[i]!);
        const space = Array.from({ length: ordered.rank - 2 }, (_, axis) => axis);
        return flip ? tf.reverse(ordered, space) : ordered;
      }),
  };
}

function inOrder(weight: tf.Tensor, order: readonly number[], shape: readonly (number | null)[]): tf.Tensor {
  return tf.reshape(tf.transpose(weight, [...order]), shape as number[]);
}

/** The permutation that brings a stored kernel to [...space, in, out]; null where it is so already. */
function kernelOrder(
  spec: LayerSpec,
  wanted: readonly (number | null)[],
  stored: readonly number[],
  origin: KerasOrigin,
): readonly number[] | null {
  const fits = (order: readonly number[]) =>
    order.length === stored.length &&
    same(
      order.map((axis) => stored[axis]!).filter((n, i) => !(dropped(wanted, stored) && i === 1 && n === 1)),
      wanted,
    );
  const asStored = stored.map((_, i) => i);
  const old = origin.major === 1 ? kerasOneOrder(spec, stored) : null;
  if (old && fits(old)) return old;
  if (same(stored, wanted)) return null;
  return [asStored, [2, 3, 1, 0], [3, 2, 0, 1], [2, 3, 4, 1, 0]].find(fits) ?? null;
}

/** A kernel over one axis was stored with a second axis of length 1. */
function dropped(wanted: readonly unknown[], stored: readonly unknown[]): boolean {
  return wanted.length === 3 && stored.length === 4;
}

/** Keras 1 on channels first: [filters, channels, ...space]; transposed convolutions had channels and filters swapped. */
function kerasOneOrder(spec: LayerSpec, stored: readonly number[]): readonly number[] | null {
  const format = spec.config["data_format"] ?? spec.config["dim_ordering"];
  const first = format === "channels_first" || format === "th";
  if (/Transpose|Deconv/.test(spec.className)) return first ? [2, 3, 0, 1] : [0, 1, 3, 2];
  if (!first) return null;
  return stored.length === 5 ? [2, 3, 4, 1, 0] : [2, 3, 1, 0];
}

function same(a: readonly (number | null)[], b: readonly (number | null)[]): boolean {
  return a.length === b.length && a.every((n, i) => n === b[i]);
}
