import * as tf from "@tensorflow/tfjs";
import { Arguments } from "../arguments/arguments.js";
import type { Chance } from "./chance.js";
import { imageLayer, type ImageChange } from "./image-data.js";
import { autoContrast, equalized } from "./image-contrast.js";
import {
  boxes,
  brightness,
  contrast,
  degeneration,
  IMAGE_INERT,
  posterization,
  range,
  sharpness,
  solarization,
} from "./random-colors.js";
import { fillOf, rotate, shear, translate } from "./random-geometry.js";
import type { LayerDefinition } from "../registry.js";
import { valueRange, type ValueRange } from "./value-range.js";

/** Layers that mix images with each other, or with changed copies of themselves, while training. */
export const RANDOM_MIXING: readonly LayerDefinition[] = [
  row("CutMix", ["factor"], (args) => {
    const [low, high] = range(args, "factor", 0, 1);
    const last = remembered();
    return {
      change: (images, chance) => {
        const [batch, height, width] = images.shape;
        const alpha = chance.uniform(low, high) + 1e-6;
        const sides = Array.from({ length: batch }, () => Math.sqrt(1 - chance.beta(alpha, alpha)));
        let next = 0;
        const inside = boxes(batch, height, width, chance, () => [sides[next]!, sides[next++]!]);
        last.order = chance.order(batch);
        last.weight = sides.map((side) => 1 - side * side);
        return tf.where(tf.broadcastTo(inside, images.shape), tf.gather(images, last.order), images);
      },
      labels: last.mix,
    };
  }),
  row("MixUp", ["alpha"], (args) => {
    const alpha = args.number("alpha", 0.2);
    const last = remembered();
    return {
      change: (images, chance) => {
        last.order = chance.order(images.shape[0]);
        last.weight = last.order.map(() => chance.beta(alpha, alpha));
        return last.mix(images);
      },
      labels: last.mix,
    };
  }),
  row("RandAugment", ["value_range", "num_ops", "factor", "interpolation"], (args) => {
    const changes = augmentations(args, range(args, "factor", 0, 0.5));
    const count = args.integer("num_ops", 2, 0);
    return {
      change: (images, chance) =>
        Array.from({ length: count }).reduce<tf.Tensor>(
          (y) => changes[chance.integer(0, changes.length)]!(y as tf.Tensor4D, chance),
          images,
        ),
    };
  }),
  row(
    "AugMix",
    ["value_range", "num_chains", "chain_depth", "factor", "alpha", "all_ops", "interpolation"],
    (args) => {
      const changes = augmentations(args, range(args, "factor", 0, 0.3));
      const [chains, depth] = [args.integer("num_chains", 3, 1), args.integer("chain_depth", 3, 0)];
      const alpha = args.number("alpha", 1);
      const colors = valueRange(args);
      return {
        change: (images, chance) => augMix(images, chance, { changes, chains, depth, alpha, colors }),
      };
    },
  ),
];

interface Mixing {
  readonly change: ImageChange;
  readonly labels?: (labels: tf.Tensor) => tf.Tensor;
}

function row(
  className: string,
  names: readonly string[],
  make: (args: Arguments) => Mixing,
): LayerDefinition {
  return {
    className,
    majors: [3],
    arguments: [...names, "data_format", "seed"],
    inert: IMAGE_INERT,
    create(spec) {
      const { change, labels } = make(new Arguments(spec));
      return imageLayer(spec, change, labels ? { labels } : {});
    },
  };
}

/** How the last batch of images was mixed: its labels follow. */
function remembered() {
  const last = {
    order: [] as number[],
    weight: [] as number[],
    mix: (x: tf.Tensor): tf.Tensor => {
      const share = tf.reshape(tf.tensor1d(last.weight), [-1, ...x.shape.slice(1).map(() => 1)]);
      const values = tf.cast(x, "float32");
      return tf.add(tf.mul(share, values), tf.mul(tf.sub(1, share), tf.gather(values, last.order)));
    },
  };
  return last;
}

/** What RandAugment and AugMix choose from, each by one strength. */
function augmentations(args: Arguments, [low, high]: readonly [number, number]): ImageChange[] {
  const colors = valueRange(args);
  const filling = fillOf(args);
  const both = [low, high] as const;
  const levels = Math.max(1, Math.floor(8 * high));
  return [
    shear(both, both, filling),
    translate(both, both, filling),
    rotate(both, filling),
    posterization([1, levels], colors),
    solarization(both, both, colors),
    (images) => autoContrast(images, colors),
    (images) => equalized(images, 256, colors),
    ...(args.flag("all_ops", true)
      ? [
          brightness(both, colors),
          degeneration(both, colors),
          contrast(both, colors),
          sharpness(both, colors),
        ]
      : []),
  ];
}

interface Chains {
  readonly changes: readonly ImageChange[];
  readonly chains: number;
  readonly depth: number;
  readonly alpha: number;
  readonly colors: ValueRange;
}

/** Chains of changes, weighed against each other by a Dirichlet and against the images by a beta distribution. */
function augMix(
  images: tf.Tensor4D,
  chance: Chance,
  { changes, chains, depth, alpha, colors }: Chains,
): tf.Tensor {
  const weights = Array.from({ length: chains }, () => chance.gamma(alpha));
  const sum = weights.reduce((a, b) => a + b, 0);
  const mixed = weights.map((weight) => {
    let copy: tf.Tensor = images;
    for (let i = 0; i < depth; i++) {
      // One of the choices is to leave it.
      const change = changes[chance.integer(0, changes.length + 1)];
      if (change) copy = change(copy as tf.Tensor4D, chance);
    }
    return tf.mul(copy, weight / sum);
  });
  const kept = chance.beta(alpha, alpha);
  return tf.clipByValue(tf.add(tf.mul(images, kept), tf.mul(tf.addN(mixed), 1 - kept)), ...colors);
}
