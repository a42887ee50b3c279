import * as tf from "@tensorflow/tfjs";
import { Arguments } from "../arguments/arguments.js";
import { equalizedByTiles } from "./clahe.js";
import { ComputedLayer } from "../computed-layer.js";
import { asChannelsLast, channelsFirst } from "../layout.js";
import type { LayerDefinition } from "../registry.js";
import { rescaled, valueRange, type ValueRange } from "./value-range.js";

const BYTES: ValueRange = [0, 255];

/** keras/layers/preprocessing/image_preprocessing: contrast and histograms of images [batch, height, width, channels]. */
export const IMAGE_CONTRAST: readonly LayerDefinition[] = [
  {
    className: "AutoContrast",
    majors: [3],
    arguments: ["value_range"],
    inert: ["factor", "bounding_box_format", "data_format", "seed"],
    create(spec) {
      const range = valueRange(new Arguments(spec));
      return new ComputedLayer("AutoContrast", spec, {
        outputShape: ([x]) => x!,
        compute: ([x]) => autoContrast(tf.cast(x!, "float32"), range),
      });
    },
  },
  {
    className: "ContrastLimitedAdaptiveHistogramEqualization",
    majors: [3],
    arguments: ["value_range", "clip_limit", "tile_grid_size", "data_format"],
    inert: ["factor", "bounding_box_format", "seed"],
    create(spec) {
      const args = new Arguments(spec);
      const [low, high] = args.numbers("value_range", [0, 255]) as [number, number];
      const limit = args.number("clip_limit", 4);
      const grid = args.integers("tile_grid_size", 2, 8) as [number, number];
      const first = channelsFirst(args);
      return new ComputedLayer(spec.className, spec, {
        outputShape: ([x]) => x!,
        compute: ([x]) =>
          asChannelsLast(tf.cast(x!, "float32"), first, (images) => {
            const equal = equalizedByTiles(rescaled(images, [low, high], BYTES), limit, grid);
            return rescaled(equal, BYTES, [low, high]);
          }),
      });
    },
  },
  {
    className: "Equalization",
    majors: [3],
    arguments: ["value_range", "bins", "data_format"],
    inert: ["factor", "bounding_box_format", "seed"],
    create(spec) {
      const args = new Arguments(spec);
      const range = valueRange(args);
      const bins = args.integer("bins", 256, 2);
      const first = channelsFirst(args);
      return new ComputedLayer("Equalization", spec, {
        outputShape: ([x]) => x!,
        // Keras equalizes only while it trains.
        compute: ([x], { training }) =>
          training ? asChannelsLast(tf.cast(x!, "float32"), first, (y) => equalized(y, bins, range)) : x!,
      });
    },
  },
];

/** The darkest value of each channel becomes the lowest, the brightest the highest; flat channels stay. */
export function autoContrast(images: tf.Tensor, range: ValueRange): tf.Tensor {
  const bytes = rescaled(images, range, BYTES);
  const low = tf.min(bytes, [1, 2], true);
  const span = tf.sub(tf.max(bytes, [1, 2], true), low);
  const flat = tf.equal(span, 0);
  const scale = tf.div(255, tf.where(flat, tf.onesLike(span), span));
  const stretched = tf.clipByValue(tf.add(tf.mul(bytes, scale), tf.mul(tf.neg(low), scale)), 0, 255);
  const result = rescaled(stretched, BYTES, range);
  return tf.where(tf.broadcastTo(flat, images.shape), images, result);
}

/** One histogram a channel over the whole batch (equalization.py). */
export function equalized(images: tf.Tensor, bins: number, range: ValueRange): tf.Tensor {
  const channels = tf.unstack(rescaled(images, range, BYTES), -1).map((channel) => {
    const values = channel.dataSync();
    const bin = (value: number) => Math.min(Math.max(Math.trunc((value * (bins - 1)) / 255), 0), bins - 1);
    const counts = new Float64Array(bins);
    for (const value of values) counts[bin(value)]!++;
    if (counts.filter((count) => count > 0).length <= 1) return channel;
    let sum = 0;
    const reached = Array.from(counts, (count) => (sum += count));
    const least = reached.find((count) => count > 0)!;
    const table = reached.map((count) => roundHalfEven(((count - least) * 255) / (sum - least || 1)));
    const at = (value: number) => Math.trunc(Math.min(Math.max((value / 255) * (bins - 1), 0), bins - 1));
    return tf.tensor(
      Float32Array.from(values, (value) => Math.min(Math.max(table[at(value)]!, 0), 255)),
      channel.shape,
    );
  });
  return rescaled(tf.stack(channels, -1), BYTES, range);
}

function roundHalfEven(value: number): number {
  const down = Math.floor(value);
  return value - down === 0.5 ? down + (down % 2) : Math.round(value);
}
