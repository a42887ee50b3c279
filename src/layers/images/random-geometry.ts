import * as tf from "@tensorflow/tfjs";
import { displaced, projected, type FillMode, type Projection } from "../../ops/images/projective.js";
import { Arguments } from "../arguments/arguments.js";
import type { Chance } from "./chance.js";
import type { Shape } from "../computed-layer.js";
import { homography } from "../../ops/images/homography.js";
import { imageLayer, type ImageChange } from "./image-data.js";
import { cropToRatio } from "./aspect-ratio.js";
import { bell, IMAGE_INERT, range, sometimes } from "./random-colors.js";
import type { KerasOrigin, LayerDefinition } from "../registry.js";
import { resize } from "./resize.js";
import { valueRange } from "./value-range.js";

const FILL = ["fill_mode", "fill_value", "interpolation"];

/** Layers that move pixels at random while training, and nothing when the model predicts. */
export const RANDOM_GEOMETRY: readonly LayerDefinition[] = [
  moved("RandomFlip", [2, 3], ["mode"], flip),
  moved("RandomRotation", [2, 3], ["factor", ...FILL], (args) => {
    return rotate(range(args, "factor", -Infinity), fillOf(args));
  }),
  moved("RandomZoom", [2, 3], ["height_factor", "width_factor", ...FILL], (args) => {
    const tall = range(args, "height_factor", -Infinity);
    const wide = args.has("width_factor") ? range(args, "width_factor", -Infinity) : null;
    return affine(fillOf(args), (chance, height, width) => {
      const y = chance.uniform(1 + tall[0], 1 + tall[1]);
      const x = wide ? chance.uniform(1 + wide[0], 1 + wide[1]) : y;
      return [x, 0, ((width - 1) / 2) * (1 - x), 0, y, ((height - 1) / 2) * (1 - y), 0, 0];
    });
  }),
  moved("RandomTranslation", [2, 3], ["height_factor", "width_factor", ...FILL], (args) => {
    const [tall, wide] = [range(args, "height_factor", -Infinity), range(args, "width_factor", -Infinity)];
    return translate(tall, wide, fillOf(args));
  }),
  moved("RandomShear", [3], ["x_factor", "y_factor", ...FILL], (args) => {
    const [x, y] = [range(args, "x_factor", -Infinity, 0), range(args, "y_factor", -Infinity, 0)];
    return shear(x, y, fillOf(args));
  }),
  moved("RandomPerspective", [3], ["factor", "scale", "fill_value", "interpolation"], perspective),
  moved("RandomElasticTransform", [3], ["factor", "scale", "value_range", ...FILL], elastic),
  {
    className: "RandomCrop",
    majors: [2, 3],
    arguments: ["height", "width", "data_format", "seed"],
    inert: IMAGE_INERT,
    create(spec, { origin }) {
      const args = new Arguments(spec);
      const size: [number, number] = [
        args.integer("height", undefined, 1),
        args.integer("width", undefined, 1),
      ];
      const fitted = cropsAfterwards(origin)
        ? (images: tf.Tensor4D) => resizedAndCropped(images, size)
        : (images: tf.Tensor4D) => resize(cropToRatio(images, size), size, "bilinear");
      return imageLayer(spec, randomCrop(size, origin.major), {
        shape: (x) => [...x.slice(0, -3), ...size, x.at(-1)!],
        // Keras 3 leaves images alone unless it trains; Keras 2 resizes them to the size.
        ...(origin.major === 3 ? {} : { predicting: fitted }),
      });
    },
  },
  ...(["height", "width"] as const).map((side): LayerDefinition => ({
    className: side === "height" ? "RandomHeight" : "RandomWidth",
    majors: [2],
    arguments: ["factor", "interpolation", "seed"],
    inert: IMAGE_INERT,
    create(spec) {
      const args = new Arguments(spec);
      const factor = range(args, "factor", -Infinity);
      const method = args.text("interpolation", "bilinear");
      const axis = side === "height" ? 1 : 2;
      return imageLayer(
        spec,
        (images, chance) => {
          const size: [number, number] = [images.shape[1], images.shape[2]];
          size[axis - 1] = Math.floor(images.shape[axis]! * chance.uniform(1 + factor[0], 1 + factor[1]));
          return resize(images, size, method);
        },
        { shape: (x): Shape => x.map((n, i) => (i === x.length - 4 + axis ? null : n)) },
      );
    },
  })),
];

function moved(
  className: string,
  majors: LayerDefinition["majors"],
  names: readonly string[],
  make: (args: Arguments, major: number) => ImageChange,
): LayerDefinition {
  return {
    className,
    majors,
    arguments: [...names, "data_format", "seed"],
    inert: IMAGE_INERT,
    create: (spec, { origin }) => imageLayer(spec, make(new Arguments(spec), origin.major)),
  };
}

/** Keras 3 throws once an image for both directions, Keras 2 once for each. */
function flip(args: Arguments, major: number): ImageChange {
  const mode = args.choice(
    "mode",
    ["horizontal_and_vertical", "horizontal", "vertical"],
    "horizontal_and_vertical",
  );
  const axes = [...(mode === "vertical" ? [] : [2]), ...(mode === "horizontal" ? [] : [1])];
  return (images, chance) => {
    const rows = tf.unstack(images).map((image) => {
      const together = chance.uniform() <= 0.5;
      const chosen = axes
        .filter(() => (major === 3 ? together : chance.uniform() <= 0.5))
        .map((axis) => axis - 1);
      return chosen.length > 0 ? tf.reverse(image, chosen) : image;
    });
    return tf.stack(rows);
  };
}

/** How the pixels that come from outside the image are filled, and those between pixels found. */
type Filling = Pick<Projection, "bilinear" | "mode" | "fill">;
type Bounds = readonly [number, number];

/** @param turns bounds of the angle as a share of the full circle */
export function rotate(turns: Bounds, filling: Filling): ImageChange {
  return affine(filling, (chance, height, width) =>
    rotation(chance.uniform(...turns) * 2 * Math.PI, height, width),
  );
}

/** Bounds are shares of the image's sides. */
export function translate(tall: Bounds, wide: Bounds, filling: Filling): ImageChange {
  return affine(filling, (chance, height, width) => {
    const [down, right] = [chance.uniform(...tall) * height, chance.uniform(...wide) * width];
    return [1, 0, -right, 0, 1, -down, 0, 0];
  });
}

export function shear(x: Bounds, y: Bounds, filling: Filling): ImageChange {
  return affine(filling, (chance) => {
    const sign = chance.uniform() > 0.5 ? -1 : 1;
    return [1, sign * chance.uniform(...x), 0, sign * chance.uniform(...y), 1, 0, 0, 0];
  });
}

/** One transform an image. */
function affine(
  filling: Filling,
  make: (chance: Chance, height: number, width: number) => number[],
): ImageChange {
  return (images, chance) => {
    const [batch, height, width] = images.shape;
    const transforms = Array.from({ length: batch }, () => make(chance, height, width)).flat();
    return projected(images, { ...filling, transforms, size: [height, width] });
  };
}

export function fillOf(args: Arguments): Filling {
  const mode = args.choice("fill_mode", ["reflect", "constant", "wrap", "nearest", "mirror"], "reflect");
  return {
    bilinear: args.choice("interpolation", ["bilinear", "nearest"], "bilinear") === "bilinear",
    mode: (mode === "mirror" ? "REFLECT" : mode.toUpperCase()) as FillMode,
    fill: args.number("fill_value", 0),
  };
}

/** About the middle of the image. */
function rotation(angle: number, height: number, width: number): number[] {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const [x, y] = [(width - 1) / 2, (height - 1) / 2];
  return [cos, -sin, x - x * cos + y * sin, sin, cos, y - x * sin - y * cos, 0, 0];
}

/** Each corner moves by a share of its own distance from the first (random_perspective.py). */
function perspective(args: Arguments): ImageChange {
  const factor = range(args, "factor", 0, 1);
  const scale = args.number("scale", 1);
  const bilinear = args.choice("interpolation", ["bilinear", "nearest"], "bilinear") === "bilinear";
  const fill = args.number("fill_value", 0);
  return (images, chance) => {
    const [batch, height, width] = images.shape;
    const corners = [
      [0, 0],
      [width - 1, 0],
      [0, height - 1],
      [width - 1, height - 1],
    ];
    const transforms = Array.from({ length: batch }, () => {
      const ends = corners.map((corner) =>
        corner.map((at) => at * (1 + chance.uniform(-0.5 * scale, 0.5 * scale))),
      );
      return homography(corners, ends);
    }).flat();
    const result = projected(images, { transforms, size: [height, width], bilinear, mode: "CONSTANT", fill });
    return sometimes(images, chance, factor, result);
  };
}

/** Every pixel is read from a place near its own, by two fields of smooth noise (random_elastic_transform.py). */
function elastic(args: Arguments): ImageChange {
  const factor = range(args, "factor", 0, 1);
  const scale = range(args, "scale", 0, 1);
  const settings = fillOf(args);
  const colors = valueRange(args);
  return (images, chance) => {
    const [, height, width] = images.shape;
    const strength = chance.uniform(...scale);
    const [alpha, sigma] = [
      Math.max(height, width) * 0.1 * strength,
      Math.min(height, width) * 0.05 * strength,
    ];
    if (sigma === 0) return images;
    const [right, down] = [smoothNoise(images, sigma, chance), smoothNoise(images, sigma, chance)];
    const moved = displaced(images, settings, (b, y, x) => {
      const at = (b * height + y) * width + x;
      return [x + alpha * right[at]!, y + alpha * down[at]!];
    });
    const result = sometimes(images, chance, factor, moved);
    return tf.clipByValue(result, ...colors);
  };
}

/** Normal noise of deviation sigma, blurred by a Gaussian of the same: [batch * height * width]. */
function smoothNoise(images: tf.Tensor4D, sigma: number, chance: Chance): ArrayLike<number> {
  const [batch, height, width] = images.shape;
  const noise = Float32Array.from({ length: batch * height * width }, () => chance.normal() * sigma);
  const size = (6 * Math.trunc(sigma)) | 1;
  const side = tf.tensor1d(bell(size, sigma));
  const kernel = tf.mul(tf.reshape(side, [size, 1, 1, 1]), tf.reshape(side, [1, size, 1, 1])) as tf.Tensor4D;
  return tf.conv2d(tf.tensor4d(noise, [batch, height, width, 1]), kernel, 1, "same").dataSync();
}

/** Where the image is large enough a part of it, the same for the whole batch; else as when predicting. */
function randomCrop(size: [number, number], major: number): ImageChange {
  return (images, chance) => {
    const [, rows, columns] = images.shape;
    const [down, right] = [rows - size[0], columns - size[1]];
    const fits = major === 3 ? down > 0 && right > 0 : down >= 0 && right >= 0;
    if (!fits && major < 3) return resize(cropToRatio(images, size), size, "bilinear");
    if (!fits) return resize(fromMiddle(images, size), size, "bilinear");
    const from = [0, chance.integer(0, down + 1), chance.integer(0, right + 1), 0];
    return tf.slice(images, from, [images.shape[0], ...size, images.shape[3]]);
  };
}

/** Where the largest part of the right ratio begins, but as far as the whole size (random_crop.py). */
function fromMiddle(images: tf.Tensor4D, size: readonly [number, number]): tf.Tensor4D {
  const [batch, rows, columns, channels] = images.shape;
  const tall = Math.max(Math.min(rows, Math.trunc((columns * size[0]) / size[1])), 1);
  const wide = Math.max(Math.min(columns, Math.trunc((rows * size[1]) / size[0])), 1);
  const [top, left] = [Math.floor((rows - tall) / 2), Math.floor((columns - wide) / 2)];
  const part = [batch, Math.min(size[0], rows - top), Math.min(size[1], columns - left), channels];
  return tf.slice(images, [0, top, left, 0], part as [number, number, number, number]);
}

/** Keras 2 before 2.7 resizes to the shorter side first and takes the middle of that. */
function cropsAfterwards({ version }: KerasOrigin): boolean {
  const minor = /^2\.(\d+)\./.exec(version ?? "")?.[1];
  return minor !== undefined && Number(minor) < 7;
}

/** keras 2.6 image_preprocessing.py `resize_and_center_cropped_inputs` */
function resizedAndCropped(images: tf.Tensor4D, [height, width]: [number, number]): tf.Tensor4D {
  const [batch, rows, columns, channels] = images.shape;
  const tall = rows / columns > height / width;
  const resized: [number, number] = tall
    ? [Math.trunc((width * rows) / columns), width]
    : [height, Math.trunc((height * columns) / rows)];
  const from = [resized[0] - height, resized[1] - width].map((more) => Math.trunc(more / 2));
  const whole = resize(images, resized, "bilinear");
  return tf.slice(whole, [0, from[0]!, from[1]!, 0], [batch, height, width, channels]);
}
