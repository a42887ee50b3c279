import * as tf from "@tensorflow/tfjs";
import { toGray, toHsv, toRgb } from "../../ops/images/colors.js";
import { Arguments } from "../arguments/arguments.js";
import type { Chance } from "./chance.js";
import { depthwiseConvolve } from "../convolution/convolve.js";
import { imageLayer, type ImageChange } from "./image-data.js";
import type { LayerDefinition } from "../registry.js";
import { rescaled, valueRange, type ValueRange } from "./value-range.js";

/** Arguments that any random image layer may have been saved with. */
export const IMAGE_INERT = ["rng_type", "bounding_box_format", "auto_vectorize"];

const BYTES: ValueRange = [0, 255];

/** Layers that change colours at random while training, and nothing when the model predicts. */
export const RANDOM_COLORS: readonly LayerDefinition[] = [
  colors("RandomBrightness", [2, 3], ["factor", "value_range"], (args) =>
    brightness(range(args, "factor", -1), valueRange(args)),
  ),
  colors("RandomContrast", [2, 3], ["factor", "value_range"], (args, major) => {
    const number = typeof args.raw("factor") === "number" && major < 3;
    const [lower, upper] = number ? [args.number("factor"), args.number("factor")] : range(args, "factor", 0);
    return contrast([lower, upper], valueRange(args));
  }),
  colors("RandomSaturation", [3], ["factor", "value_range"], (args) =>
    saturation(range(args, "factor", 0), valueRange(args)),
  ),
  colors("RandomHue", [3], ["factor", "value_range"], (args) =>
    hue(range(args, "factor", 0), valueRange(args)),
  ),
  colors("RandomSharpness", [3], ["factor", "value_range"], (args) =>
    sharpness(range(args, "factor", 0), valueRange(args)),
  ),
  colors("RandomPosterization", [3], ["factor", "value_range"], (args) =>
    posterization(range(args, "factor", 1), valueRange(args)),
  ),
  colors("RandomGrayscale", [3], ["factor"], (args) => grayscale(args.number("factor", 0.5))),
  colors("RandomInvert", [3], ["factor", "value_range"], (args) =>
    invert(range(args, "factor", 0, 1), valueRange(args)),
  ),
  colors("RandomColorDegeneration", [3], ["factor", "value_range"], (args) =>
    degeneration(range(args, "factor", -1), valueRange(args)),
  ),
  colors(
    "RandomColorJitter",
    [3],
    ["value_range", "brightness_factor", "contrast_factor", "saturation_factor", "hue_factor"],
    (args) => jitter(args),
  ),
  colors("Solarization", [3], ["addition_factor", "threshold_factor", "value_range"], (args) =>
    solarization(
      range(args, "addition_factor", 0, 0),
      range(args, "threshold_factor", 0, 0),
      valueRange(args),
    ),
  ),
  colors("RandomErasing", [3], ["factor", "scale", "fill_value", "value_range"], erasing),
  colors("RandomGaussianBlur", [3], ["factor", "kernel_size", "sigma", "value_range"], gaussianBlur),
];

function colors(
  className: string,
  majors: LayerDefinition["majors"],
  names: readonly string[],
  make: (args: Arguments, major: number) => ImageChange,
): LayerDefinition {
  return {
    className,
    majors,
    arguments: [...names, "data_format", "seed"],
    inert: [...IMAGE_INERT, "factor"],
    create: (spec, { origin }) => imageLayer(spec, make(new Arguments(spec), origin.major)),
  };
}

/** A factor as its two bounds: one number f stands for max(-f, least) to f (`_set_factor`). */
export function range(args: Arguments, name: string, least: number, otherwise?: number): [number, number] {
  const saved = args.raw(name);
  if (!Array.isArray(saved)) {
    const size = Math.abs(args.number(name, otherwise));
    return [Math.max(-size, least), size];
  }
  const [a = 0, b = a] = args.numbers(name);
  return [Math.min(a, b), Math.max(a, b)];
}

/** One number an image, to be broadcast over its pixels. */
function perImage(images: tf.Tensor, make: () => number): tf.Tensor4D {
  return tf.tensor4d(
    Array.from({ length: images.shape[0]! }, () => make()),
    [images.shape[0]!, 1, 1, 1],
  );
}

/** Images that a throw hits are changed, the others stay. */
export function sometimes(
  images: tf.Tensor,
  chance: Chance,
  [low, high]: readonly number[],
  changed: tf.Tensor,
): tf.Tensor {
  const hit = perImage(images, () => (chance.uniform() < chance.uniform(low, high) ? 1 : 0));
  return tf.where(tf.broadcastTo(tf.greater(hit, 0), images.shape), changed, images);
}

export function brightness([low, high]: readonly number[], colors: ValueRange): ImageChange {
  const span = colors[1] - colors[0];
  return (images, chance) =>
    tf.clipByValue(
      tf.add(
        images,
        perImage(images, () => chance.uniform(low, high) * span),
      ),
      ...colors,
    );
}

export function contrast([lower, upper]: readonly number[], colors: ValueRange): ImageChange {
  return (images, chance) => {
    const factor = perImage(images, () => chance.uniform(1 - lower!, 1 + upper!));
    const mean = tf.mean(images, [1, 2], true);
    return tf.clipByValue(tf.add(tf.mul(tf.sub(images, mean), factor), mean), ...colors);
  };
}

function saturation([low, high]: readonly number[], colors: ValueRange): ImageChange {
  return (images, chance) => {
    const factor = perImage(images, () => {
      const f = chance.uniform(low, high);
      return f / (1 - f + 1e-7);
    });
    const [h, s, v] = tf.split(toHsv(images), 3, -1);
    return toRgb(tf.concat([h!, tf.clipByValue(tf.mul(s!, factor), ...colors), v!], -1));
  };
}

function hue([low, high]: readonly number[], colors: ValueRange): ImageChange {
  return (images, chance) => {
    const turn = perImage(images, () => (chance.uniform() > 0.5 ? -0.5 : 0.5) * chance.uniform(low, high));
    const [h, s, v] = tf.split(toHsv(rescaled(images, colors, [0, 1])), 3, -1);
    const moved = tf.add(h!, turn);
    const below = tf.where(tf.greater(moved, 1), tf.sub(moved, 1), moved);
    const inside = tf.where(tf.less(below, 0), tf.add(below, 1), below);
    return rescaled(tf.clipByValue(toRgb(tf.concat([inside, s!, v!], -1)), 0, 1), [0, 1], colors);
  };
}

export function sharpness([low, high]: readonly number[], colors: ValueRange): ImageChange {
  const kernel = [1, 1, 1, 1, 5, 1, 1, 1, 1].map((weight) => weight / 13);
  return (images, chance) => {
    const factor = perImage(images, () => 2 * chance.uniform(low, high));
    const smooth = filtered(images, kernel, [3, 3]);
    return tf.clipByValue(tf.add(images, tf.mul(tf.sub(1, factor), tf.sub(smooth, images))), ...colors);
  };
}

/** Every channel by itself under one kernel, padding "same". */
function filtered(images: tf.Tensor, kernel: readonly number[], size: readonly [number, number]): tf.Tensor {
  const channels = images.shape[3]!;
  const filter = tf.tile(tf.tensor4d([...kernel], [...size, 1, 1]), [1, 1, channels, 1]);
  return depthwiseConvolve(images, filter, { strides: [1, 1], dilations: [1, 1], padding: "same" });
}

export function posterization([low, high]: readonly number[], colors: ValueRange): ImageChange {
  return (images, chance) => {
    const steps = perImage(images, () => 2 ** (8 - (low === high ? low! : chance.integer(low!, high!))));
    const bytes = tf.clipByValue(tf.floor(rescaled(images, colors, BYTES)), 0, 255);
    return rescaled(tf.mul(tf.floor(tf.div(bytes, steps)), steps), BYTES, colors);
  };
}

function grayscale(factor: number): ImageChange {
  return (images, chance) => {
    const gray = tf.broadcastTo(toGray(images), images.shape);
    const hit = perImage(images, () => (chance.uniform() < factor ? 1 : 0));
    return tf.where(tf.broadcastTo(tf.greater(hit, 0), images.shape), gray, images);
  };
}

export function invert(factor: readonly number[], colors: ValueRange): ImageChange {
  return (images, chance) => sometimes(images, chance, factor, tf.sub(colors[1], images));
}

export function degeneration([low, high]: readonly number[], colors: ValueRange): ImageChange {
  return (images, chance) => {
    const factor = perImage(images, () => chance.uniform(low, high));
    return tf.clipByValue(tf.add(images, tf.mul(factor, tf.sub(toGray(images), images))), ...colors);
  };
}

export function solarization(
  additions: readonly number[],
  thresholds: readonly number[],
  colors: ValueRange,
): ImageChange {
  return (images, chance) => {
    const addition = perImage(images, () => chance.uniform(additions[0], additions[1]! * 255));
    const threshold = perImage(images, () => chance.uniform(thresholds[0], thresholds[1]! * 255));
    const raised = tf.clipByValue(tf.add(rescaled(images, colors, BYTES), addition), 0, 255);
    const turned = tf.where(tf.less(raised, threshold), raised, tf.sub(255, raised));
    return rescaled(turned, BYTES, colors);
  };
}

/** Brightness, contrast, saturation and hue, each where its factor is given. */
function jitter(args: Arguments): ImageChange {
  const colors = valueRange(args);
  const parts = [
    ["brightness_factor", -1, brightness],
    ["contrast_factor", 0, contrast],
    ["saturation_factor", 0, saturation],
    ["hue_factor", 0, hue],
  ] as const;
  const changes = parts.flatMap(([name, least, make]) =>
    args.has(name) ? [make(range(args, name, least), colors)] : [],
  );
  return (images, chance) =>
    changes.reduce<tf.Tensor>((result, change) => change(result as tf.Tensor4D, chance), images);
}

/** A rectangle of each image that is hit becomes noise or a colour (random_erasing.py). */
function erasing(args: Arguments): ImageChange {
  const factor = range(args, "factor", 0, 1);
  const [low, high] = args.has("scale") ? range(args, "scale", 0) : [0.02, 0.33];
  const colors = valueRange(args);
  const fill = args.has("fill_value") ? args.numbers("fill_value") : null;
  return (images, chance) => {
    const [batch, height, width] = images.shape;
    const inside = boxes(batch, height, width, chance, () => [
      Math.sqrt(chance.uniform(low, high)),
      Math.sqrt(chance.uniform(low, high)),
    ]);
    const color = fill
      ? tf.broadcastTo(fill.length === 1 ? tf.scalar(fill[0]!) : tf.tensor1d(fill), images.shape)
      : tf.tensor(
          Float32Array.from({ length: images.size }, () => chance.normal() * colors[1]),
          images.shape,
        );
    const shown = tf.clipByValue(color, ...colors);
    const erased = tf.where(tf.broadcastTo(inside, images.shape), shown, images);
    return sometimes(images, chance, factor, erased);
  };
}

/** True inside one rectangle an image, whose sides are shares of the image's. */
export function boxes(
  batch: number,
  height: number,
  width: number,
  chance: Chance,
  sides: () => [wide: number, tall: number],
): tf.Tensor4D {
  const cells = new Uint8Array(batch * height * width);
  for (let image = 0; image < batch; image++) {
    const [wide, tall] = sides();
    const left = chance.uniform() * (width - wide * width);
    const top = chance.uniform() * (height - tall * height);
    for (let y = Math.ceil(top); y < top + tall * height && y < height; y++) {
      for (let x = Math.ceil(left); x < left + wide * width && x < width; x++) {
        cells[(image * height + y) * width + x] = 1;
      }
    }
  }
  return tf.tensor4d(cells, [batch, height, width, 1], "bool");
}

function gaussianBlur(args: Arguments): ImageChange {
  const factor = range(args, "factor", 0, 1);
  const size = args.integers("kernel_size", 2, 3) as [number, number];
  const [low, high] = range(args, "sigma", 0, 1);
  const colors = valueRange(args);
  return (images, chance) => {
    const [across, down] = [chance.uniform(low, high) + 1e-6, chance.uniform(low, high) + 1e-6];
    const columns = bell(size[1], across);
    const kernel = bell(size[0], down).flatMap((row) => columns.map((column) => row * column));
    return tf.clipByValue(sometimes(images, chance, factor, filtered(images, kernel, size)), ...colors);
  };
}

/** A Gaussian of a length, summing to 1. */
export function bell(size: number, sigma: number): number[] {
  const list = Array.from({ length: size }, (_, i) => Math.exp(-0.5 * ((i - (size - 1) / 2) / sigma) ** 2));
  const sum = list.reduce((a, b) => a + b, 0);
  return list.map((value) => value / sum);
}
