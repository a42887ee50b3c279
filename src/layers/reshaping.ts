import * as tf from "@tensorflow/tfjs";
import type { JsonValue } from "../formats/model-file.js";
import { LayerError } from "../keras/finding.js";
import { isObject } from "../keras/json.js";
import { Arguments } from "./arguments/arguments.js";
import { ComputedLayer, type Shape } from "./computed-layer.js";
import { padOrCrop } from "./convolution/convolve.js";
import { asChannelsLast, channelsFirst, shapeAsChannelsLast } from "./layout.js";
import { resize } from "./images/resize.js";
import type { LayerDefinition } from "./registry.js";

/** keras/layers/reshaping. */
export const RESHAPING: readonly LayerDefinition[] = [
  {
    className: "Flatten",
    majors: [1, 2, 3],
    arguments: ["data_format"],
    create(spec) {
      const first = channelsFirst(new Arguments(spec));
      return new ComputedLayer("Flatten", spec, {
        outputShape: ([x]) => [x![0]!, x!.slice(1).reduce<number | null>(times, 1)],
        compute: ([x]) => {
          // Channels come last in the flat order whatever the layout (flatten.py).
          const order = [0, ...axesFrom(2, x!.rank), 1];
          const last = first && x!.rank > 2 ? tf.transpose(x!, order) : x!;
          return tf.reshape(last, [x!.shape[0]!, sizeOf(x!)]);
        },
      });
    },
  },
  {
    className: "Reshape",
    majors: [1, 2, 3],
    arguments: ["target_shape"],
    create(spec) {
      const args = new Arguments(spec);
      const target = targetShape(args);
      return new ComputedLayer("Reshape", spec, {
        outputShape: ([x]) => {
          const size = x!.slice(1).reduce<number | null>(times, 1);
          const known = target.filter((n) => n >= 0).reduce((a, b) => a * b, 1);
          if (size !== null && (target.includes(-1) ? size % known !== 0 : size !== known))
            throw otherSize(x!, size, target, known);
          return [x![0]!, ...target.map((n) => (n >= 0 ? n : size === null ? null : size / known))];
        },
        compute: ([x]) => {
          // No elements tell no length.
          const known = target.filter((n) => n >= 0).reduce((a, b) => a * b, 1);
          return tf.reshape(x!, [x!.shape[0]!, ...target.map((n) => (n < 0 ? sizeOf(x!) / known : n))]);
        },
      });
    },
  },
  {
    className: "Permute",
    majors: [1, 2, 3],
    arguments: ["dims"],
    create(spec) {
      const args = new Arguments(spec);
      const order = [0, ...args.numbers("dims")];
      if (![...order].sort((a, b) => a - b).every((axis, i) => axis === i))
        throw args.wrong("dims", "each of 1, 2, ... once: the axes after the batch in their new order");
      return new ComputedLayer("Permute", spec, {
        outputShape: ([x]) => {
          if (x!.length !== order.length)
            throw args.wrong("dims", `of ${x!.length - 1} axes, as the input has`);
          return order.map((axis) => x![axis]!);
        },
        compute: ([x]) => tf.transpose(x!, order),
      });
    },
  },
  {
    className: "RepeatVector",
    majors: [1, 2, 3],
    arguments: ["n"],
    create(spec) {
      const n = new Arguments(spec).integer("n", undefined, 1);
      return new ComputedLayer("RepeatVector", spec, {
        outputShape: ([x]) => [x![0]!, n, x![1]!],
        compute: ([x]) => tf.tile(tf.expandDims(x!, 1), [1, n, 1]),
      });
    },
  },
  ...[1, 2, 3].flatMap((rank) => [
    edges("ZeroPadding", "padding", rank, 1),
    edges("Cropping", "cropping", rank, -1),
  ]),
  ...[1, 2, 3].map(upSampling),
];

/** ZeroPadding and Cropping: the same argument, n, (h, w) or ((top, bottom), (left, right)), with opposite signs. */
function edges(prefix: string, argument: string, rank: number, sign: 1 | -1): LayerDefinition {
  const className = `${prefix}${rank}D`;
  return {
    className,
    majors: [1, 2, 3],
    arguments: [argument, "data_format"],
    create(spec, { origin }) {
      const args = new Arguments(spec);
      const first = channelsFirst(args);
      const sides = pairs(args, argument, rank, origin.major === 1).map(
        ([before, after]) => [sign * before, sign * after] as [number, number],
      );
      return new ComputedLayer(className, spec, {
        outputShape: ([x]) =>
          shapeAsChannelsLast(x!, first, (shape) =>
            shape.map((n, i) => {
              const side = sides[i - 1];
              return n === null || i === 0 || !side ? n : n + side[0] + side[1];
            }),
          ),
        compute: ([x]) => asChannelsLast(x!, first, (input) => padOrCrop(input, [[0, 0], ...sides, [0, 0]])),
      });
    },
  };
}

/** At most one length is open: -1. */
function targetShape(args: Arguments): number[] {
  const target = args.numbers("target_shape");
  if (!target.every((n) => Number.isSafeInteger(n) && n >= -1) || target.filter((n) => n < 0).length > 1)
    throw args.wrong("target_shape", "whole numbers of at least 0, and at most one -1");
  return target;
}

function otherSize(input: Shape, size: number, target: readonly number[], known: number): LayerError {
  const open = target.includes(-1) ? "a multiple of " : "";
  return new LayerError(
    "G11",
    "target_shape",
    `[${input.slice(1).join(", ")}] holds ${size} numbers, target_shape [${target.join(", ")}] takes ${open}${known}`,
    "a Reshape keeps every number of its input",
    "Correct target_shape, or the layer before it.",
  );
}

function pairs(args: Arguments, name: string, rank: number, kerasOne: boolean): [number, number][] {
  const saved = args.raw(name) ?? 1;
  const value = kerasOne ? kerasOneSides(saved, rank) : saved;
  const list = Array.isArray(value) ? value : Array.from({ length: rank }, () => value);
  // 1-D layers save one pair of numbers for their only axis.
  const axes = rank === 1 && list.length === 2 && !Array.isArray(list[0]) ? [list] : list;
  const isSize = (n: JsonValue | undefined): n is number => Number.isSafeInteger(n) && (n as number) >= 0;
  const sides = axes.map((side) => (Array.isArray(side) ? side : [side, side]));
  if (axes.length !== rank || !sides.every((side) => side.length === 2 && side.every(isSize)))
    throw args.wrong(name, `${rank} whole numbers of at least 0, or pairs of them`);
  return sides as [number, number][];
}

const SIDES = ["top_pad", "bottom_pad", "left_pad", "right_pad"];

/** Keras 1.2 also saved the sides of one or two axes by name, or of two axes in a row. */
function kerasOneSides(value: JsonValue, rank: number): JsonValue {
  const names = rank === 1 ? SIDES.slice(2) : SIDES;
  const given = isObject(value) ? Object.keys(value) : [];
  const named = isObject(value) && given.length > 0 && given.every((name) => names.includes(name));
  const flat = named ? names.map((name) => value[name] ?? 0) : value;
  if (!Array.isArray(flat) || flat.length !== 2 * rank || rank > 2) return value;
  return rank === 1 ? flat : [flat.slice(0, 2), flat.slice(2)];
}

function upSampling(rank: number): LayerDefinition {
  const className = `UpSampling${rank}D`;
  return {
    className,
    majors: [1, 2, 3],
    arguments: ["size", "data_format", "interpolation"],
    inert: ["length"],
    create(spec) {
      const args = new Arguments(spec);
      const first = channelsFirst(args);
      const size = args.integers("size", rank, 2);
      const method = args.text("interpolation", "nearest");
      return new ComputedLayer(className, spec, {
        outputShape: ([x]) =>
          shapeAsChannelsLast(x!, first, (shape) =>
            shape.map((n, i) => (n === null ? null : n * (size[i - 1] ?? 1))),
          ),
        compute: ([x]) =>
          asChannelsLast(x!, first, (input) => {
            if (method === "nearest") {
              return size.reduce((y, count, i) => repeat(y, i + 1, count), input);
            }
            const target = input.shape.slice(1, 3).map((n, i) => n * size[i]!) as [number, number];
            return resize(input as tf.Tensor4D, target, method);
          }),
      });
    },
  };
}

/** Each element of an axis `count` times in a row. */
function repeat(x: tf.Tensor, axis: number, count: number): tf.Tensor {
  if (count === 1) return x;
  const before = x.shape.slice(0, axis + 1).reduce((a, b) => a * b, 1);
  const after = x.shape.slice(axis + 1).reduce((a, b) => a * b, 1);
  const tiled = tf.tile(tf.reshape(x, [before, 1, after]), [1, count, 1]);
  return tf.reshape(
    tiled,
    x.shape.map((n, i) => (i === axis ? n * count : n)),
  );
}

function times(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a * b;
}

function axesFrom(from: number, to: number): number[] {
  return Array.from({ length: Math.max(to - from, 0) }, (_, i) => from + i);
}

export type { Shape };

/** How many numbers one sample has, of none too. */
function sizeOf(x: tf.Tensor): number {
  return x.shape.slice(1).reduce((size, n) => size * n, 1);
}
