import * as tf from "@tensorflow/tfjs";
import { mirrorPad } from "./mirror-pad.js";
import type { CallValue } from "../layers/computed-layer.js";
import { operation, type Operation, type Values } from "./operation.js";
import { float, integers, number, tensors } from "./values.js";

/** A complex value as Keras passes it: its real and its imaginary part. */
type Complex = readonly [real: tf.Tensor, imaginary: tf.Tensor];

/** keras/ops/math.py: Fourier transforms, and what goes with them. */
export const SIGNALS: readonly Operation[] = [
  operation("FFT", "x", ({ x }) => [...along(complex(x), [-1], 1)]),
  operation("FFT2", "x", ({ x }) => [...along(complex(x), [-1, -2], 1)]),
  operation("IFFT2", "x", ({ x }) => [...along(complex(x), [-1, -2], -1)]),
  operation("RFFT", "x fft_length", ({ x, fft_length: length }) => {
    const value = float(x);
    return [...halved(fitted(value, number(length, value.shape.at(-1)!)))];
  }),
  operation("IRFFT", "x fft_length", ({ x, fft_length: length }) => {
    const value = complex(x);
    return realOf(value, number(length, 2 * (value[0].shape.at(-1)! - 1)));
  }),
  operation("STFT", "x sequence_length sequence_stride fft_length", (values) => {
    const [length, stride, size] = ["sequence_length", "sequence_stride", "fft_length"].map((name) =>
      number(values[name], 1),
    ) as [number, number, number];
    const given = float(values["x"]);
    const x = values["center"] === false ? given : mirrored(given, Math.floor(size / 2));
    const before = Math.floor((size - length) / 2);
    const window = windowOf(values["window"], length);
    const padded = tf.pad(window, [[before, size - length - before]]);
    return [...halved(tf.mul(frames(x, size, stride), padded))];
  }),
  operation("ISTFT", "x sequence_length sequence_stride fft_length length window center", inverseStft),
  operation("ExtractSequences", "x sequence_length sequence_stride", (values) =>
    frames(float(values["x"]), number(values["sequence_length"], 1), number(values["sequence_stride"], 1)),
  ),
];

/** Real values from the half of a transform that the other half mirrors. */
function realOf([real, imaginary]: Complex, size: number): tf.Tensor {
  const half = Math.floor(size / 2) + 1;
  const parts = [fitted(real, half), fitted(imaginary, half)] as const;
  // The other half mirrors the first, conjugate.
  const rest = size - half;
  const mirror = (part: tf.Tensor) =>
    tf.reverse(cut(part, half - rest - (size % 2 === 0 ? 1 : 0), rest), part.rank - 1);
  const whole: Complex = [
    tf.concat([parts[0], mirror(parts[0])], parts[0].rank - 1),
    tf.concat([parts[1], tf.neg(mirror(parts[1]))], parts[1].rank - 1),
  ];
  return along(whole, [-1], -1)[0];
}

/** Overlapping frames joined again, with the window divided by what of it falls on one sample (tf.signal). */
function inverseStft(values: Values): tf.Tensor {
  const [length, stride, size] = ["sequence_length", "sequence_stride", "fft_length"].map((name) =>
    number(values[name], 1),
  ) as [number, number, number];
  const parts = realOf(complex(values["x"]), size);
  const before = Math.floor((size - length) / 2);
  const windowed =
    values["window"] === null
      ? parts
      : tf.mul(
          parts,
          inverseWindow(
            tf.pad(windowOf(values["window"], length), [[before, size - length - before]]),
            stride,
          ),
        );
  const whole = overlapped(windowed, stride);
  const centre = values["center"] !== false;
  const start = centre ? Math.floor(size / 2) : 0;
  const all = whole.shape.at(-1)!;
  const asked = values["length"];
  const end = typeof asked === "number" ? Math.min(start + asked, all) : centre ? all - start : all;
  return cut(whole, start, end - start);
}

function inverseWindow(window: tf.Tensor1D, stride: number): tf.Tensor {
  const [size] = window.shape;
  const overlaps = Math.ceil(size / stride);
  const squares = tf.pad(tf.square(window), [[0, overlaps * stride - size]]);
  const sums = tf.tile(tf.sum(tf.reshape(squares, [overlaps, stride]), 0), [overlaps]);
  return tf.div(window, tf.slice(sums, [0], [size]));
}

/** Frames [..., count, size], each `stride` after the one before, added up: [..., (count - 1) * stride + size]. */
export function overlapped(x: tf.Tensor, stride: number): tf.Tensor {
  const [count, size] = x.shape.slice(-2) as [number, number];
  const around = x.shape.slice(0, -2).map((): [number, number] => [0, 0]);
  const apart = tf
    .unstack(x, x.rank - 2)
    .map((frame, i) => tf.pad(frame, [...around, [i * stride, (count - 1 - i) * stride]]));
  return size === 0 ? apart[0]! : tf.addN(apart);
}

function complex(value: CallValue | undefined): Complex {
  const [real, imaginary] = tensors(value);
  return [float(real), imaginary ? float(imaginary) : tf.zerosLike(float(real))];
}

/** By products with the matrix of e^(-+2 pi i jk/n), one axis after another. */
function along(x: Complex, axes: readonly number[], direction: 1 | -1): Complex {
  return axes.reduce<Complex>(([real, imaginary], axis) => {
    const d = real.rank + axis;
    const n = real.shape[d]!;
    const order = [...real.shape.map((_, i) => i).filter((i) => i !== d), d];
    const back = order.map((_, i) => order.indexOf(i));
    const wave = (turn: (angle: number) => number) =>
      tf.tensor2d(
        Array.from({ length: n }, (_, j) =>
          Array.from({ length: n }, (_, k) => turn((-direction * 2 * Math.PI * ((j * k) % n)) / n)),
        ),
      );
    const [cos, sin] = [wave(Math.cos), wave(Math.sin)];
    const moved = [real, imaginary].map((part) => tf.transpose(part, order));
    const [a, b] = moved.map((part) => tf.reshape(part, [-1, n])) as [tf.Tensor, tf.Tensor];
    const restore = (part: tf.Tensor) =>
      tf.transpose(tf.reshape(direction === 1 ? part : tf.div(part, n), moved[0]!.shape), back);
    return [
      restore(tf.sub(tf.matMul(a, cos), tf.matMul(b, sin))),
      restore(tf.add(tf.matMul(a, sin), tf.matMul(b, cos))),
    ];
  }, x);
}

/** The transform of real values: the first half of it, the rest mirrors that. */
function halved(x: tf.Tensor): Complex {
  const bins = Math.floor(x.shape.at(-1)! / 2) + 1;
  const [real, imaginary] = along([x, tf.zerosLike(x)], [-1], 1);
  return [cut(real, 0, bins), cut(imaginary, 0, bins)];
}

function cut(x: tf.Tensor, from: number, length: number): tf.Tensor {
  const last = x.rank - 1;
  return tf.slice(
    x,
    x.shape.map((_, i) => (i === last ? from : 0)),
    x.shape.map((n, i) => (i === last ? length : n)),
  );
}

/** The last axis cut, or filled up with zeros, to a length. */
function fitted(x: tf.Tensor, length: number): tf.Tensor {
  const size = x.shape.at(-1)!;
  if (size >= length) return cut(x, 0, length);
  return tf.pad(
    x,
    x.shape.map((_, i): [number, number] => [0, i === x.rank - 1 ? length - size : 0]),
  );
}

function mirrored(x: tf.Tensor, by: number): tf.Tensor {
  return mirrorPad(
    x,
    x.shape.map((_, i): [number, number] => (i === x.rank - 1 ? [by, by] : [0, 0])),
    "reflect",
  );
}

/** Overlapping parts of the last axis: [..., count, length]. */
export function frames(x: tf.Tensor, length: number, stride: number): tf.Tensor {
  const count = Math.max(0, 1 + Math.floor((x.shape.at(-1)! - length) / stride));
  const places = Array.from(
    { length: count * length },
    (_, i) => Math.floor(i / length) * stride + (i % length),
  );
  return tf.gather(x, tf.tensor2d(places, [count, length], "int32"), x.rank - 1);
}

/** TensorFlow's: of an even length it is periodic, of an odd one symmetric (window_ops.py). */
export function raisedCosine(base: number, length: number): tf.Tensor1D {
  const period = Math.max(1, length - (length % 2));
  const wave = Array.from({ length }, (_, i) => base - (1 - base) * Math.cos((2 * Math.PI * i) / period));
  return length === 1 ? tf.ones([1]) : tf.tensor1d(wave);
}

function windowOf(value: CallValue | undefined, length: number): tf.Tensor1D {
  if (value === undefined || value === "hann" || value === "hamming") {
    return raisedCosine(value === "hamming" ? 0.54 : 0.5, length);
  }
  if (value === null) return tf.ones([length]);
  return value instanceof tf.Tensor ? (value as tf.Tensor1D) : tf.tensor1d(integers(value));
}
