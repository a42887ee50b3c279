import * as tf from "@tensorflow/tfjs";
import type { CallValue } from "../../layers/computed-layer.js";
import { graphTensor } from "../graph-op.js";
import type { TensorFlowFunctions, Values } from "../operation.js";
import { frames, overlapped, raisedCosine } from "../signals.js";
import { besselI } from "../numerics/special-functions.js";
import { axis, float, int, integers, number, tensor } from "../values.js";

/** tensorflow/python/ops/signal, and complex numbers: what a complex tensor is, tfjs knows as complex64. */
export const TENSORFLOW_SIGNALS: TensorFlowFunctions = {
  "dtypes.complex": ["real imag", ({ real, imag }) => graphTensor("Complex", [float(real), float(imag)])],
  "math.real": ["input", ({ input }) => part("Real", tensor(input))],
  "math.imag": ["input", ({ input }) => part("Imag", tensor(input))],
  "math.conj": ["x", ({ x }) => (isComplex(tensor(x)) ? graphTensor("Conj", [tensor(x)]) : tensor(x))],
  "math.angle": ["input", ({ input }) => graphTensor("Angle", [tensor(input)])],
  "signal.fft": ["input", ({ input }) => graphTensor("FFT", [tensor(input)])],
  "signal.fft2d": ["input", ({ input }) => graphTensor("FFT2D", [tensor(input)])],
  "signal.fft3d": ["input", ({ input }) => graphTensor("FFT3D", [tensor(input)])],
  "signal.ifft": ["input", ({ input }) => graphTensor("IFFT", [tensor(input)])],
  "signal.ifft2d": ["input", ({ input }) => graphTensor("IFFT2D", [tensor(input)])],
  "signal.ifft3d": ["input", ({ input }) => graphTensor("IFFT3D", [tensor(input)])],
  "signal.rfft": ["input_tensor fft_length", (values) => ofReal("RFFT", 1, values)],
  "signal.rfft2d": ["input_tensor fft_length", (values) => ofReal("RFFT2D", 2, values)],
  "signal.rfft3d": ["input_tensor fft_length", (values) => ofReal("RFFT3D", 3, values)],
  "signal.irfft": ["input_tensor fft_length", (values) => toReal("IRFFT", 1, values)],
  "signal.irfft2d": ["input_tensor fft_length", (values) => toReal("IRFFT2D", 2, values)],
  "signal.irfft3d": ["input_tensor fft_length", (values) => toReal("IRFFT3D", 3, values)],
  "signal.fftshift": ["x axes", (values) => shifted(values, (n) => Math.floor(n / 2))],
  "signal.ifftshift": ["x axes", (values) => shifted(values, (n) => -Math.floor(n / 2))],
  "signal.dct": ["input type n axis norm", (values) => cosines(values)],
  "signal.idct": ["input type n axis norm", inverseCosines],
  "signal.frame": ["signal frame_length frame_step pad_end pad_value axis", framed],
  "signal.overlap_and_add": [
    "signal frame_step",
    ({ signal, frame_step: step }) => overlapped(float(signal), number(step, 1)),
  ],
  "signal.stft": ["signals frame_length frame_step fft_length window_fn pad_end", shortTime],
  "signal.inverse_stft": ["stfts frame_length frame_step fft_length window_fn", inverseShortTime],
  "signal.mdct": ["signals frame_length window_fn pad_end norm", lappedCosines],
  "signal.inverse_mdct": ["mdcts window_fn norm", inverseLappedCosines],
  "signal.mfccs_from_log_mel_spectrograms": [
    "log_mel_spectrograms",
    ({ log_mel_spectrograms: given }) => {
      const x = float(given);
      return tf.mul(cosines({ input: x }), (2 * x.shape.at(-1)!) ** -0.5);
    },
  ],
};

export function isComplex(x: tf.Tensor): boolean {
  return x.dtype === "complex64";
}

function part(op: "Real" | "Imag", x: tf.Tensor): tf.Tensor {
  if (isComplex(x)) return graphTensor(op, [x]);
  return op === "Real" ? tf.clone(x) : tf.zerosLike(x);
}

function ofReal(op: string, rank: number, { input_tensor: given, fft_length: length }: Values): tf.Tensor {
  const x = float(given);
  const lengths = length === undefined || length === null ? x.shape.slice(-rank) : integers(length);
  return graphTensor(op, [x, int(lengths)]);
}

/** Of the half that the other half mirrors; without a length, that of an even number of samples. */
function toReal(op: string, rank: number, { input_tensor: given, fft_length: length }: Values): tf.Tensor {
  const x = tensor(given);
  const sizes = x.shape.slice(-rank);
  const even = [...sizes.slice(0, -1), Math.max(0, 2 * (sizes.at(-1)! - 1))];
  const lengths = length === undefined || length === null ? even : integers(length);
  return graphTensor(op, [x, int(lengths)]);
}

function shifted({ x, axes }: Values, by: (length: number) => number): tf.Tensor {
  const value = tensor(x);
  const over =
    axes === undefined || axes === null
      ? value.shape.map((_, i) => i)
      : integers(axes).map((at) => axis(at, value.rank, 0));
  const shift = over.map((at) => by(value.shape[at]!));
  return graphTensor("Roll", [value, int(shift), int(over)]);
}

/** Cut, or filled up with zeros, to a length along the last axis. */
function fitted(x: tf.Tensor, length: number): tf.Tensor {
  const size = x.shape.at(-1)!;
  const last = x.rank - 1;
  if (size >= length)
    return tf.slice(
      x,
      x.shape.map(() => 0),
      x.shape.map((n, i) => (i === last ? length : n)),
    );
  return tf.pad(
    x,
    x.shape.map((_, i): [number, number] => [0, i === last ? length - size : 0]),
  );
}

/** What each output takes of each input, for the cosine transforms of type 1 to 4 (dct_ops.py). */
function cosineAt(type: number, n: number): (input: number, output: number) => number {
  const angle = (input: number, output: number) => Math.cos((Math.PI * input * output) / n);
  switch (type) {
    case 1:
      return (j, k) => (j === 0 || j === n - 1 ? 1 : 2) * Math.cos((Math.PI * j * k) / (n - 1));
    case 2:
      return (j, k) => 2 * angle(j + 0.5, k);
    case 3:
      return (j, k) => (j === 0 ? 1 : 2 * angle(j, k + 0.5));
    default:
      return (j, k) => 2 * angle(j + 0.5, k + 0.5);
  }
}

/** With "ortho", lengths stay: each row and column by the root of its share. */
function orthogonal(type: number, n: number, input: number, output: number): number {
  const half = Math.sqrt(0.5);
  const base = Math.sqrt(0.5 / n);
  if (type === 2) return base * (output === 0 ? half : 1);
  if (type === 3) return base * (input === 0 ? 2 * half : 1);
  return base;
}

function cosines({ input, type: kind, n: length, axis: along, norm }: Values): tf.Tensor {
  const type = number(kind, 2);
  if (typeof along === "number" && along !== -1)
    throw new Error("a cosine transform goes along the last axis");
  if (type === 1 && norm === "ortho") throw new Error("the transform of type 1 has no orthogonal form");
  const whole = float(input);
  const x = fitted(whole, number(length, whole.shape.at(-1)!));
  const n = x.shape.at(-1)!;
  const at = cosineAt(type, n);
  const values = Float32Array.from({ length: n * n }, (_, i) => {
    const [from, to] = [Math.floor(i / n), i % n];
    return at(from, to) * (norm === "ortho" ? orthogonal(type, n, from, to) : 1);
  });
  const product = tf.matMul(tf.reshape(x, [-1, n]), tf.tensor2d(values, [n, n]));
  return tf.reshape(product, x.shape);
}

/** The inverse of each type is another, up to a factor: TensorFlow leaves the factor out. */
function inverseCosines(values: Values): tf.Tensor {
  const type = number(values["type"], 2);
  return cosines({ ...values, type: [1, 3, 2, 4][type - 1] ?? type });
}

function framed({ signal, frame_length: length, frame_step: step, ...rest }: Values): tf.Tensor {
  const x = tensor(signal);
  const at = axis(rest["axis"], x.rank, -1);
  const order = [...x.shape.map((_, i) => i).filter((i) => i !== at), at];
  const moved = tf.transpose(x, order);
  const [size, hop] = [number(length, 1), number(step, 1)];
  const cut = frames(
    rest["pad_end"] === true ? padded(moved, size, hop, number(rest["pad_value"], 0)) : moved,
    size,
    hop,
  );
  // [..., frames, length] with the other axes first: both go to where the samples were.
  const others = x.rank - 1;
  const places = x.shape.flatMap((_, i) => (i === at ? [others, others + 1] : [i < at ? i : i - 1]));
  return tf.transpose(cut, places);
}

/** So much behind the end that every step begins a frame. */
function padded(x: tf.Tensor, length: number, step: number, value: number): tf.Tensor {
  const samples = x.shape.at(-1)!;
  const more = Math.max(0, length + step * (Math.ceil(samples / step) - 1) - samples);
  return tf.pad(
    x,
    x.shape.map((_, i): [number, number] => [0, i === x.rank - 1 ? more : 0]),
    value,
  );
}

/** Windows by the names of their functions (window_ops.py). */
const WINDOWS: ReadonlyMap<string, (length: number) => tf.Tensor1D> = new Map([
  ["hann_window", (length) => raisedCosine(0.5, length)],
  ["hamming_window", (length) => raisedCosine(0.54, length)],
  ["kaiser_window", (length) => tf.tensor1d(kaiser(length))],
  ["kaiser_bessel_derived_window", besselDerived],
  ["vorbis_window", vorbis],
]);

/** With TensorFlow's beta of 12. */
function kaiser(length: number): number[] {
  if (length === 1) return [1];
  const middle = (length - 1) / 2;
  return Array.from({ length }, (_, i) => {
    const place = (i - middle) / middle;
    return besselI(0, 12 * Math.sqrt(Math.max(0, 1 - place ** 2))) / besselI(0, 12);
  });
}

function besselDerived(length: number): tf.Tensor1D {
  let sum = 0;
  const sums = kaiser(Math.floor(length / 2) + 1).map((value) => (sum += value));
  const half = sums.slice(0, -1).map((value) => Math.sqrt(value / sum));
  return tf.tensor1d([...half, ...half.toReversed()]);
}

function vorbis(length: number): tf.Tensor1D {
  const wave = (i: number) => Math.sin((Math.PI / length) * (i + 0.5)) ** 2;
  return tf.tensor1d(Array.from({ length }, (_, i) => Math.sin((Math.PI / 2) * wave(i))));
}

/** A window by the name of its function; a name is all that a file has of it. */
function windowOf(
  name: CallValue | undefined,
  length: number,
  otherwise = "hann_window",
): tf.Tensor1D | null {
  if (name === null) return null;
  const window = WINDOWS.get(name === undefined ? otherwise : String(name));
  if (window !== undefined) return window(length);
  const given = JSON.stringify(name)?.slice(0, 40);
  throw new Error(`the window ${given} is not known: ${[...WINDOWS.keys()].join(", ")} are`);
}

/** The smallest power of 2 that holds a frame, unless it is said. */
function transformed(length: number, given: CallValue | undefined): number {
  return number(given, 2 ** Math.ceil(Math.log2(length)));
}

function shortTime(values: Values): tf.Tensor {
  const length = number(values["frame_length"], 1);
  const cut = framed({
    signal: values["signals"],
    frame_length: length,
    frame_step: values["frame_step"],
    pad_end: values["pad_end"] ?? false,
  });
  const window = windowOf(values["window_fn"], length);
  const x = window === null ? float(cut) : tf.mul(cut, window);
  return ofReal("RFFT", 1, { input_tensor: x, fft_length: [transformed(length, values["fft_length"])] });
}

function inverseShortTime(values: Values): tf.Tensor {
  const length = number(values["frame_length"], 1);
  const size = transformed(length, values["fft_length"]);
  const whole = toReal("IRFFT", 1, { input_tensor: values["stfts"], fft_length: [size] });
  const parts = fitted(whole, length);
  const window = windowOf(values["window_fn"], length);
  return overlapped(window === null ? parts : tf.mul(parts, window), number(values["frame_step"], 1));
}

/** Through a window; without one, by the root of a half. */
function windowedFrames(x: tf.Tensor, name: CallValue | undefined): tf.Tensor {
  const window = windowOf(name, x.shape.at(-1)!, "vorbis_window");
  return tf.mul(x, window ?? Math.SQRT1_2);
}

/** The modified cosine transform of frames that overlap by half (spectral_ops.py). */
function lappedCosines(values: Values): tf.Tensor {
  const length = number(values["frame_length"], 4);
  if (length % 4 !== 0) throw new Error(`frame_length = ${length} must be a multiple of 4`);
  const cut = framed({
    signal: float(values["signals"]),
    frame_length: length,
    frame_step: length / 2,
    pad_end: values["pad_end"] ?? false,
  });
  const quarters = tf.split(windowedFrames(cut, values["window_fn"]), 4, cut.rank - 1);
  const [a, b, c, d] = quarters as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
  const folded = [tf.neg(tf.add(turned(c), d)), tf.sub(a, turned(b))];
  return cosines({ input: tf.concat(folded, -1), type: 4, norm: values["norm"] });
}

function inverseLappedCosines(values: Values): tf.Tensor {
  const given = float(values["mdcts"]);
  const half = given.shape.at(-1)!;
  const whole = cosines({ input: given, type: 4, norm: values["norm"] });
  const scaled = values["norm"] === "ortho" ? whole : tf.mul(whole, 0.5 / half);
  const [first, second] = tf.split(scaled, 2, scaled.rank - 1) as [tf.Tensor, tf.Tensor];
  const frame = tf.concat([second, tf.neg(turned(second)), tf.neg(turned(first)), tf.neg(first)], -1);
  return overlapped(windowedFrames(frame, values["window_fn"]), half);
}

function turned(x: tf.Tensor): tf.Tensor {
  return tf.reverse(x, [x.rank - 1]);
}
