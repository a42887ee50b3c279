import * as tf from "@tensorflow/tfjs";
import type { JsonValue } from "../../formats/model-file.js";
import { Arguments } from "../arguments/arguments.js";
import { ComputedLayer, type Shape } from "../computed-layer.js";
import { asChannelsLast, channelsFirst, shapeAsChannelsLast } from "../layout.js";
import type { LayerDefinition } from "../registry.js";

/** tensorflow_addons/layers: adaptive_pooling.py, spatial_pyramid_pooling.py, max_unpooling_2d.py and _v2.py. */
export const ADDONS_POOLING: readonly LayerDefinition[] = [
  ...(["Average", "Max"] as const).flatMap((kind) =>
    [1, 2, 3].map((rank): LayerDefinition => ({
      className: `Addons>Adaptive${kind}Pooling${rank}D`,
      majors: [2],
      arguments: ["output_size", "data_format"],
      create(spec) {
        const args = new Arguments(spec);
        const size = args.integers("output_size", rank);
        const first = channelsFirst(args);
        return new ComputedLayer(spec.className, spec, {
          outputShape: ([x]) =>
            shapeAsChannelsLast(x!, first, (shape) => [
              shape[0]!,
              ...divided(args, shape, size),
              shape.at(-1)!,
            ]),
          compute: ([x]) => asChannelsLast(x!, first, (input) => evenly(input, size, kind)),
        });
      },
    })),
  ),
  {
    className: "Addons>SpatialPyramidPooling2D",
    majors: [2],
    arguments: ["bins", "data_format"],
    create(spec) {
      const args = new Arguments(spec);
      const bins = pairs(args);
      const first = channelsFirst(args);
      const count = bins.reduce((sum, [h, w]) => sum + h * w, 0);
      return new ComputedLayer(spec.className, spec, {
        outputShape: ([x]) => (first ? [x![0]!, x![1]!, count] : [x![0]!, count, x!.at(-1)!]),
        compute: ([x]) => asChannelsLast(x!, first, (input) => pyramid(input, bins)),
      });
    },
  },
  {
    className: "Addons>MaxUnpooling2D",
    majors: [2],
    arguments: ["pool_size", "strides", "padding"],
    callArguments: ["updates", "mask"],
    create(spec) {
      const args = new Arguments(spec);
      const pool = args.integers("pool_size", 2, 2);
      const strides = args.integers("strides", 2, 2);
      const same = args.choice("padding", ["SAME", "VALID"], "SAME") === "SAME";
      const length = (n: number | null, i: number) =>
        n === null ? null : same ? n * strides[i]! : (n - 1) * strides[i]! + pool[i]!;
      const output = (shape: Shape): Shape => [
        shape[0]!,
        length(shape[1]!, 0),
        length(shape[2]!, 1),
        shape[3]!,
      ];
      return new ComputedLayer(spec.className, spec, {
        outputShape: ([x]) => output(x!),
        compute: ([x, mask]) => unpooled(x!, mask!, output(x!.shape) as number[]),
      });
    },
  },
  {
    className: "Addons>MaxUnpooling2DV2",
    majors: [2],
    arguments: ["output_size"],
    callArguments: ["updates", "mask"],
    create(spec) {
      const output = new Arguments(spec).integers("output_size", 4);
      return new ComputedLayer(spec.className, spec, {
        outputShape: () => output,
        compute: ([x, mask]) => unpooled(x!, mask!, output),
      });
    },
  },
];

/** Unlike Keras's layers of these names, Addons' take only sizes that the output divides. */
function divided(args: Arguments, shape: Shape, size: readonly number[]): number[] {
  return size.map((bins, i) => {
    const length = shape[i + 1];
    if (typeof length === "number" && length % bins !== 0) {
      throw args.wrong("output_size", `a divisor of the input's length ${length}`);
    }
    return bins;
  });
}

function evenly(x: tf.Tensor, size: readonly number[], kind: "Average" | "Max"): tf.Tensor {
  return size.reduce((y, bins, i) => {
    const axis = i + 1;
    const shape = [...y.shape.slice(0, axis), bins, y.shape[axis]! / bins, ...y.shape.slice(axis + 1)];
    const parts = tf.reshape(y, shape);
    return kind === "Max" ? tf.max(parts, axis + 1) : tf.mean(parts, axis + 1);
  }, x);
}

function pairs(args: Arguments): [number, number][] {
  const saved = args.raw("bins");
  const list = Array.isArray(saved) ? saved : [];
  const read = (bin: JsonValue): [number, number] => {
    const [height, width = height] = Array.isArray(bin) ? bin : [bin];
    if (!isCount(height) || !isCount(width))
      throw args.wrong("bins", "a list of integers or of pairs of them");
    return [height, width];
  };
  if (list.length === 0) throw args.wrong("bins", "a list of integers or of pairs of them");
  return list.map(read);
}

function isCount(value: JsonValue | undefined): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 1;
}

/** What does not divide into a level's bins is cut off at the end. */
function pyramid(x: tf.Tensor, bins: readonly [number, number][]): tf.Tensor {
  const [batch, height, width, channels] = x.shape as [number, number, number, number];
  const levels = bins.map(([rows, columns]) => {
    const size = [batch, height - (height % rows), width - (width % columns), channels];
    return tf.reshape(evenly(tf.slice(x, [0, 0, 0, 0], size), [rows, columns], "Average"), [
      batch,
      rows * columns,
      channels,
    ]);
  });
  return tf.concat(levels, 1);
}

/** @param mask as `tf.nn.max_pool_with_argmax` gives it: (row * width + column) * channels + channel */
function unpooled(x: tf.Tensor, mask: tf.Tensor, output: readonly number[]): tf.Tensor {
  const [batch, height, width, channels] = output as [number, number, number, number];
  const plane = height * width * channels;
  const place = tf.floorDiv(tf.cast(mask, "int32"), tf.scalar(channels, "int32"));
  const channel = tf.range(0, channels, 1, "int32");
  const row = tf.reshape(tf.range(0, batch, 1, "int32"), [batch, 1, 1, 1]);
  const flat = tf.add(
    tf.add(tf.mul(place, tf.scalar(channels, "int32")), channel),
    tf.mul(row, tf.scalar(plane, "int32")),
  );
  const values = tf.scatterND(tf.reshape(flat, [-1, 1]), tf.reshape(x, [-1]), [batch * plane]);
  return tf.reshape(values, [batch, height, width, channels]);
}
