import * as tf from "@tensorflow/tfjs";
import type { Arguments } from "../arguments/arguments.js";
import { dense, knownLayer, type KnownCall, type KnownLayer } from "./known-layer.js";

/** kapre 0.1 (kapre/time_frequency.py): waves [batch, channels, time] to pictures of frequencies over time. */
export const KAPRE: readonly KnownLayer[] = [
  knownLayer({
    className: "Spectrogram",
    title: "Spectrogram with stored kernels",
    source: "kapre 0.1, kapre/time_frequency.py",
    compute: ([x], call) => {
      const { args } = call;
      const power = raised(spectrum(x!, call), args.number("power_spectrogram", 2));
      return arranged(args.flag("return_decibel_spectrogram", false) ? decibels(power) : power, args);
    },
  }),
  knownLayer({
    className: "Melspectrogram",
    title: "Mel spectrogram with stored kernels",
    source: "kapre 0.1, kapre/time_frequency.py",
    compute: ([x], call) => {
      const { args, weights } = call;
      const mel = raised(dense(spectrum(x!, call), weights[2]!), args.number("power_melgram", 1));
      return arranged(args.flag("return_decibel_melgram", false) ? decibels(mel) : mel, args);
    },
  }),
  knownLayer({
    className: "MagnitudeToDecibel",
    title: "Magnitude to decibels",
    source: "kapre 0.3, kapre/time_frequency.py",
    compute: ([x], { args }) => {
      const least = args.number("amin", 1e-5);
      const level = (y: tf.Tensor | number) => tf.mul(tf.log(tf.maximum(y, least)), 10 / Math.LN10);
      const loud = tf.sub(level(x!), level(args.number("ref_value", 1)));
      const loudest = tf.max(loud, x!.shape.map((_, i) => i).slice(1), true);
      return tf.maximum(loud, tf.sub(loudest, args.number("dynamic_range", 80)));
    },
  }),
];

/** The power of each frequency in each window: [batch, channels, frames, frequencies]. */
function spectrum(x: tf.Tensor, { args, weights }: KnownCall): tf.Tensor {
  const [batch, channels, time] = x.shape as [number, number, number];
  const wave = tf.reshape(x, [batch * channels, time, 1, 1]) as tf.Tensor4D;
  const stride: [number, number] = [args.integer("n_hop", args.integer("n_dft", 512, 2) / 2, 1), 1];
  const padding = args.choice("padding", ["same", "valid"], "same");
  const part = (kernel: tf.Tensor) => tf.square(tf.conv2d(wave, kernel as tf.Tensor4D, stride, padding));
  const power = tf.add(part(weights[0]!), part(weights[1]!));
  return tf.reshape(power, [batch, channels, power.shape[1]!, power.shape[3]!]);
}

function raised(power: tf.Tensor, exponent: number): tf.Tensor {
  return exponent === 2 ? power : tf.pow(tf.sqrt(power), exponent);
}

function decibels(power: tf.Tensor): tf.Tensor {
  const loud = tf.mul(tf.log(tf.maximum(power, 1e-10)), 10 / Math.LN10);
  return tf.maximum(tf.sub(loud, tf.max(loud, [1, 2, 3], true)), -80);
}

/** [batch, channels, frequencies, frames], or with the channels last. */
function arranged(x: tf.Tensor, args: Arguments): tf.Tensor {
  const last = args.raw("image_data_format") !== "channels_first";
  return tf.transpose(x, last ? [0, 3, 2, 1] : [0, 1, 3, 2]);
}
