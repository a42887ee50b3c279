import * as tf from "@tensorflow/tfjs";
import { Arguments } from "../arguments/arguments.js";
import { ComputedLayer, type Shape } from "../computed-layer.js";
import { convolve } from "../convolution/convolve.js";
import { channelsFirst } from "../layout.js";
import type { LayerSpec } from "../../keras/graph.js";
import type { LayerDefinition } from "../registry.js";

/** keras.config.epsilon(). */
const EPSILON = 1e-7;
const MODES = ["log", "magnitude", "psd", "real", "imag", "angle", "stft"] as const;

/**
 * keras/layers/preprocessing/stft_spectrogram.py: sound [batch, time, channels] to [batch, frames, channels x bins],
 * or with `expand_dims` to [batch, frames, bins, channels]. The transform is a convolution with stored kernels.
 */
export const STFT_SPECTROGRAM: LayerDefinition = {
  className: "STFTSpectrogram",
  majors: [3],
  arguments: ["mode", "frame_length", "frame_step", "fft_length", "padding", "expand_dims", "data_format"],
  // They went into the kernels, which are stored.
  inert: ["window", "periodic", "scaling"],
  create: stftSpectrogram,
};

function stftSpectrogram(spec: LayerSpec): ComputedLayer {
  const args = new Arguments(spec);
  const mode = args.choice("mode", MODES, "log");
  const length = args.integer("frame_length", 256, 1);
  const step = args.integer("frame_step", Math.floor(length / 2), 1);
  const bins = Math.floor(args.integer("fft_length", 2 ** Math.ceil(Math.log2(length)), length) / 2) + 1;
  const same = args.choice("padding", ["valid", "same"], "valid") === "same";
  const expand = args.flag("expand_dims", false);
  const first = channelsFirst(args);
  const kernel = (name: string) => ({ name, shape: [length, 1, bins] });
  const window = { strides: [step], dilations: [1], padding: same ? "same" : "valid" } as const;
  return new ComputedLayer("STFTSpectrogram", spec, {
    weights: () => [
      ...(mode === "imag" ? [] : [kernel("real_kernel")]),
      ...(mode === "real" ? [] : [kernel("imag_kernel")]),
    ],
    outputShape: ([x]) =>
      spectrumShape(x!, { same, length, step, expand, first, bins: mode === "stft" ? 2 * bins : bins }),
    compute: ([x], { weights }) => {
      const last = first ? tf.transpose(x!, [0, 2, 1]) : x!;
      const [batch, time, channels] = last.shape as [number, number, number];
      const single = tf.reshape(tf.transpose(last, [0, 2, 1]), [batch * channels, time, 1]);
      const parts = weights.map((weight) => convolve(single, weight, window));
      const spectrum = inMode(mode, parts);
      const [, frames, width] = spectrum.shape as [number, number, number];
      // [batch, channels, frames, bins]
      const split = tf.reshape(spectrum, [batch, channels, frames, width]);
      if (expand) return first ? split : tf.transpose(split, [0, 2, 3, 1]);
      if (first) return tf.reshape(tf.transpose(split, [0, 1, 3, 2]), [batch, channels * width, frames]);
      return tf.reshape(tf.transpose(split, [0, 2, 1, 3]), [batch, frames, channels * width]);
    },
  });
}

/** @param parts real and imaginary signal, or the one that the mode needs: [samples, frames, bins] */
function inMode(mode: (typeof MODES)[number], parts: readonly tf.Tensor[]): tf.Tensor {
  if (mode === "real" || mode === "imag") return parts[0]!;
  const [real, imaginary] = parts as [tf.Tensor, tf.Tensor];
  if (mode === "angle") return tf.atan2(imaginary, real);
  if (mode === "stft") return tf.concat([real, imaginary], -1);
  const power = tf.add(tf.square(real), tf.square(imaginary));
  if (mode === "psd") return onesided(power);
  const magnitude = tf.sqrt(tf.maximum(power, EPSILON));
  return mode === "magnitude" ? magnitude : tf.log(tf.maximum(magnitude, EPSILON));
}

/** All bins but the first and the last count twice. */
function onesided(power: tf.Tensor): tf.Tensor {
  const bins = power.shape.at(-1)!;
  const twice = Array.from({ length: bins }, (_, i) => (i === 0 || i === bins - 1 ? 1 : 2));
  return tf.mul(power, tf.tensor1d(twice));
}

interface Spectrum {
  readonly same: boolean;
  readonly length: number;
  readonly step: number;
  readonly expand: boolean;
  readonly first: boolean;
  readonly bins: number;
}

function spectrumShape(shape: Shape, { same, length, step, expand, first, bins }: Spectrum): Shape {
  const [batch, time, channels] = first
    ? [shape[0]!, shape[2]!, shape[1]!]
    : (shape as [null, number, number]);
  const frames = time === null ? null : Math.ceil((same ? time : time - length + 1) / step);
  if (expand) return first ? [batch, channels, frames, bins] : [batch, frames, bins, channels];
  const all = channels === null ? null : channels * bins;
  return first ? [batch, all, frames] : [batch, frames, all];
}
