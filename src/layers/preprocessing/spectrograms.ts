import * as tf from "@tensorflow/tfjs";
import { mirrorPad } from "../../ops/mirror-pad.js";
import { Arguments } from "../arguments/arguments.js";
import { ComputedLayer } from "../computed-layer.js";
import type { LayerDefinition } from "../registry.js";
import { STFT_SPECTROGRAM } from "./stft-spectrogram.js";

/** keras/layers/preprocessing: audio. */
export const SPECTROGRAMS: readonly LayerDefinition[] = [
  STFT_SPECTROGRAM,
  {
    className: "MelSpectrogram",
    majors: [3],
    arguments: [
      "fft_length",
      "sequence_stride",
      "sequence_length",
      "window",
      "sampling_rate",
      "num_mel_bins",
      "min_freq",
      "max_freq",
      "power_to_db",
      "top_db",
      "mag_exp",
      "min_power",
      "ref_power",
    ],
    create: (spec) => melSpectrogram(spec.name, new Arguments(spec)),
  },
];

/** The transform is a matrix product here: its matrix has the square of this. */
const MOST_SAMPLES = 2 ** 14;

function melSpectrogram(name: string, args: Arguments): ComputedLayer {
  if (args.raw("fft_length") === null) throw args.wrong("fft_length", "an integer of at least 1");
  const fft = args.integer("fft_length", 2048, 1, MOST_SAMPLES);
  const stride = args.integer("sequence_stride", 512, 1);
  const length = args.integer("sequence_length", fft, 1, MOST_SAMPLES);
  const rate = args.number("sampling_rate", 16000);
  const bands = args.integer("num_mel_bins", 128, 1, MOST_SAMPLES);
  const mel = melMatrix(
    bands,
    fft / 2 + 1,
    rate,
    args.number("min_freq", 20),
    args.number("max_freq", rate / 2),
  );
  const window = padded(windowOf(args, length), fft);
  const power = args.number("mag_exp", 2);
  const decibels = args.flag("power_to_db", true);
  const least = args.number("min_power", 1e-10);
  const reference = 10 * Math.log10(Math.max(Math.abs(args.number("ref_power", 1)), least));
  const range = args.number("top_db", 80);
  return new ComputedLayer(
    "MelSpectrogram",
    { name },
    {
      outputShape: ([x]) => {
        const samples = x!.at(-1) ?? null;
        const frames =
          samples === null ? null : 1 + Math.floor((samples + 2 * Math.floor(fft / 2) - fft) / stride);
        return [...x!.slice(0, -1), bands, frames];
      },
      compute: ([x]) => {
        const magnitudes = magnitude(x!, fft, stride, window);
        const spectrum = power === 1 ? magnitudes : tf.pow(magnitudes, power);
        const flat = tf.reshape(spectrum, [-1, spectrum.shape.at(-1)!]) as tf.Tensor2D;
        const banded = tf.reshape(tf.matMul(flat, tf.tensor2d(mel)), [...spectrum.shape.slice(0, -1), bands]);
        return swapLast(decibels ? inDecibels(banded, least, reference, range) : banded);
      },
    },
  );
}

/** Absolute values of the short-time Fourier transform, centred frames: [..., frames, fft / 2 + 1]. */
function magnitude(x: tf.Tensor, fft: number, stride: number, window: readonly number[]): tf.Tensor {
  const half = Math.floor(fft / 2);
  const samples = x.shape.at(-1)!;
  const flat = tf.reshape(x, [x.size / samples, samples]) as tf.Tensor2D;
  const mirrored = mirrorPad(
    flat,
    [
      [0, 0],
      [half, half],
    ],
    "reflect",
  );
  const frames = 1 + Math.floor((mirrored.shape[1]! - fft) / stride);
  const index = tf.tensor2d(
    Array.from({ length: frames }, (_, i) => Array.from({ length: fft }, (_, k) => i * stride + k)),
    [frames, fft],
    "int32",
  );
  const cut = tf.reshape(tf.gather(mirrored, index, 1), [flat.shape[0] * frames, fft]) as tf.Tensor2D;
  const bins = half + 1;
  const turn = (wave: (angle: number) => number) =>
    tf.tensor2d(
      Array.from({ length: fft }, (_, n) =>
        Array.from({ length: bins }, (_, k) => window[n]! * wave((2 * Math.PI * ((n * k) % fft)) / fft)),
      ),
    );
  const real = tf.matMul(cut, turn(Math.cos));
  const imaginary = tf.matMul(cut, turn(Math.sin));
  const result = tf.sqrt(tf.add(tf.square(real), tf.square(imaginary)));
  return tf.reshape(result, [...x.shape.slice(0, -1), frames, bins]);
}

function inDecibels(x: tf.Tensor, least: number, reference: number, range: number): tf.Tensor {
  const decibels = tf.sub(tf.mul(tf.log(tf.maximum(x, least)), 10 / Math.LN10), reference);
  return tf.maximum(decibels, tf.sub(tf.max(decibels), range));
}

function swapLast(x: tf.Tensor): tf.Tensor {
  const order = x.shape.map((_, i) => i);
  order.splice(-2, 2, x.rank - 1, x.rank - 2);
  return tf.transpose(x, order);
}

function windowOf(args: Arguments, length: number): number[] {
  if (!args.has("window")) return Array.from({ length }, () => 1);
  const hamming = args.choice("window", ["hann", "hamming"]) === "hamming";
  const base = hamming ? 0.54 : 0.5;
  // TensorFlow's window of an odd length is symmetric, of an even one periodic (window_ops.py).
  const period = Math.max(1, length - (length % 2));
  if (length === 1) return [1];
  return Array.from({ length }, (_, i) => base - (1 - base) * Math.cos((2 * Math.PI * i) / period));
}

function padded(window: readonly number[], length: number): number[] {
  const before = Math.floor((length - window.length) / 2);
  return Array.from({ length }, (_, i) => window[i - before] ?? 0);
}

/** HTK's mel scale, triangles with a peak of 1, no direct-current bin (mel_spectrogram.py). */
function melMatrix(bands: number, bins: number, rate: number, low: number, high: number): number[][] {
  const mel = (hertz: number) => 1127 * Math.log(1 + hertz / 700);
  const edges = Array.from(
    { length: bands + 2 },
    (_, i) => mel(low) + ((mel(high) - mel(low)) * i) / (bands + 1),
  );
  return Array.from({ length: bins }, (_, bin) => {
    if (bin === 0) return Array.from({ length: bands }, () => 0);
    const at = mel(((rate / 2) * bin) / (bins - 1));
    return Array.from({ length: bands }, (_, band) => {
      const [lower, centre, upper] = edges.slice(band, band + 3) as [number, number, number];
      return Math.max(0, Math.min((at - lower) / (centre - lower), (upper - at) / (upper - centre)));
    });
  });
}
