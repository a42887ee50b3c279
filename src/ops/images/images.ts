import * as tf from "@tensorflow/tfjs";
import { mirrorPad } from "../mirror-pad.js";
import { adaptivelyPooled } from "../../layers/pooling/adaptive-pooling.js";
import { depthwiseConvolve } from "../../layers/convolution/convolve.js";
import { asChannelsLast } from "../../layers/layout.js";
import { toHsv, toRgb } from "./colors.js";
import { homography } from "./homography.js";
import { operation, type Operation, type Values } from "../operation.js";
import { projected, type FillMode } from "./projective.js";
import { scaledAndMoved } from "./rescaling.js";
import { similarity } from "../tensorflow/similarity.js";
import { float, integers, number, tensor } from "../values.js";
import { fold, unfold } from "./windows.js";

/** keras/ops/image.py, images [batch, height, width, channels] or [height, width, channels] in either layout. */
export const IMAGES: readonly Operation[] = [
  operation("RGBToHSV", "images", (values) => onImages(values, toHsv)),
  operation("HSVToRGB", "images", (values) => onImages(values, toRgb)),
  operation("CropImages", "images", (values) => onImages(values, (x) => cropped(x, values))),
  operation("PadImages", "images", (values) => onImages(values, (x) => framed(x, values))),
  operation("ExtractPatches", "images", (values) => onImages(values, (x) => patches(x, values))),
  operation("GaussianBlur", "images", (values) => onImages(values, (x) => blurred(x, values))),
  operation("SobelEdges", "images", (values) => onImages(values, sobel)),
  operation("AffineTransform", "images transform", (values) =>
    onImages(values, (x) => {
      const transforms = Array.from(float(values["transform"]).dataSync());
      return projected(x, { transforms, size: [x.shape[1]!, x.shape[2]!], ...filling(values) });
    }),
  ),
  operation("PerspectiveTransform", "images start_points end_points", (values) =>
    onImages(values, (x) => {
      const [starts, ends] = ["start_points", "end_points"].map((name) => corners(values, name));
      const transforms = starts!.flatMap((start, i) => homography(start, ends![i] ?? ends![0]!));
      return projected(x, { transforms, size: [x.shape[1]!, x.shape[2]!], ...filling(values) });
    }),
  ),
  operation("MapCoordinates", "inputs coordinates order", (values) => mapCoordinates(values)),
  operation("ScaleAndTranslate", "images output_shape scale translation", scaledAndMoved),
  operation("SSIM", "image1 image2", ssim),
  operation("Unfold", "x kernel_size", unfold),
  operation("Fold", "x output_size kernel_size", fold),
  operation("AdaptiveAveragePool", "inputs", (values) => adaptive(values, "Average")),
  operation("AdaptiveMaxPool", "inputs", (values) => adaptive(values, "Max")),
];

/** In one layout, and as a batch. */
function onImages(values: Values, compute: (x: tf.Tensor4D) => tf.Tensor): tf.Tensor {
  const x = float(values["images"]);
  const single = x.rank === 3;
  const result = asChannelsLast(
    single ? tf.expandDims(x, 0) : x,
    values["data_format"] === "channels_first",
    (y) => compute(y as tf.Tensor4D),
  );
  return single ? tf.squeeze(result, [0]) : result;
}

/** What is given of (before, after, size) of one axis, the rest follows. */
function border(
  values: Values,
  [first, last, target]: readonly string[],
  length: number,
  sign: 1 | -1,
): [number, number] {
  const given = (name: string) => (typeof values[name] === "number" ? values[name] : null);
  const total = given(target!) === null ? null : sign * (given(target!)! - length);
  const before = given(first!) ?? (total ?? 0) - (given(last!) ?? 0);
  return [before, given(last!) ?? (total ?? before) - before];
}

function cropped(x: tf.Tensor4D, values: Values): tf.Tensor {
  const [top, bottom] = border(values, ["top_cropping", "bottom_cropping", "target_height"], x.shape[1], -1);
  const [left, right] = border(values, ["left_cropping", "right_cropping", "target_width"], x.shape[2], -1);
  return tf.slice(
    x,
    [0, top, left, 0],
    [x.shape[0], x.shape[1] - top - bottom, x.shape[2] - left - right, x.shape[3]],
  );
}

function framed(x: tf.Tensor4D, values: Values): tf.Tensor {
  const rows = border(values, ["top_padding", "bottom_padding", "target_height"], x.shape[1], 1);
  const columns = border(values, ["left_padding", "right_padding", "target_width"], x.shape[2], 1);
  return tf.pad(x, [[0, 0], rows, columns, [0, 0]]);
}

/** Pixels of each patch in a row: [batch, rows, columns, patch height x patch width x channels]. */
function patches(x: tf.Tensor4D, values: Values): tf.Tensor {
  const pair = (name: string, otherwise: readonly number[]) => {
    const list = values[name] === undefined || values[name] === null ? otherwise : integers(values[name]);
    return [list[0]!, list[1] ?? list[0]!] as [number, number];
  };
  const size = pair("size", [1]);
  const strides = pair("strides", size);
  const dilation = pair("dilation_rate", [1]);
  const channels = x.shape[3];
  const count = size[0] * size[1] * channels;
  const kernel = tf.reshape(tf.eye(count), [...size, channels, count]) as tf.Tensor4D;
  return tf.conv2d(
    x,
    kernel,
    strides,
    String(values["padding"] ?? "valid").toLowerCase() as "valid",
    "NHWC",
    dilation,
  );
}

function blurred(x: tf.Tensor4D, values: Values): tf.Tensor {
  const size = integers(values["kernel_size"] ?? [3, 3]);
  const sigma = integers(values["sigma"] ?? [1, 1]);
  const side = (i: number) => {
    const list = Array.from({ length: size[i]! }, (_, k) =>
      Math.exp(-0.5 * ((k - (size[i]! - 1) / 2) / sigma[i]!) ** 2),
    );
    const sum = list.reduce((a, b) => a + b, 0);
    return list.map((value) => value / sum);
  };
  // image.py lays the product of (columns, rows) out as a kernel of (rows, columns).
  const flat = side(1).flatMap((row) => side(0).map((column) => row * column));
  const filter = tf.tile(tf.tensor4d(flat, [size[0]!, size[1]!, 1, 1]), [1, 1, x.shape[3], 1]);
  return depthwiseConvolve(x, filter, { strides: [1, 1], dilations: [1, 1], padding: "same" });
}

/** Differences down and across each pixel: [..., channels, 2]. */
function sobel(x: tf.Tensor4D): tf.Tensor {
  const down = [-1, -2, -1, 0, 0, 0, 1, 2, 1];
  const across = [-1, 0, 1, -2, 0, 2, -1, 0, 1];
  const padded = mirrorPad(
    x,
    [
      [0, 0],
      [1, 1],
      [1, 1],
      [0, 0],
    ],
    "reflect",
  );
  const edges = [down, across].map((kernel) =>
    depthwiseConvolve(padded, tf.tile(tf.tensor4d(kernel, [3, 3, 1, 1]), [1, 1, x.shape[3], 1]), {
      strides: [1, 1],
      dilations: [1, 1],
      padding: "valid",
    }),
  );
  return tf.stack(edges, -1);
}

function filling(values: Values) {
  const mode = String(values["fill_mode"] ?? "constant");
  return {
    bilinear: (values["interpolation"] ?? "bilinear") === "bilinear",
    mode: (mode === "mirror" ? "REFLECT" : mode.toUpperCase()) as FillMode,
    fill: number(values["fill_value"], 0),
  };
}

function corners(values: Values, name: string): number[][][] {
  const points = tensor(values[name]);
  return tf.reshape(points, [-1, 4, 2]).arraySync() as number[][][];
}

function adaptive(values: Values, kind: "Average" | "Max"): tf.Tensor {
  return asChannelsLast(float(values["inputs"]), values["data_format"] === "channels_first", (x) => {
    const given = integers(values["output_size"]);
    return x.shape
      .slice(1, -1)
      .reduce((y, _, i) => adaptivelyPooled(y, i + 1, given[i] ?? given[0]!, kind), x);
  });
}

/** Values at places [axes, ...] between the elements, one or two a side (`map_coordinates` of image.py). */
function mapCoordinates(values: Values): tf.Tensor {
  const x = float(values["inputs"]);
  const places = float(values["coordinates"]);
  const [data, at] = [x.dataSync(), places.dataSync()];
  const count = places.size / x.rank;
  const fill = number(values["fill_value"], 0);
  const mode = String(values["fill_mode"] ?? "constant");
  const linear = number(values["order"], 1) === 1;
  const strides = tf.util.computeStrides(x.shape).concat(1);
  const result = Array.from({ length: count }, (_, i) => {
    let corners: { index: number; weight: number }[] = [{ index: 0, weight: 1 }];
    x.shape.forEach((size, axis) => {
      const place = at[axis * count + i]!;
      const low = linear ? Math.floor(place) : roundHalfEven(place);
      const sides = linear
        ? [[low, 1 - (place - low)] as const, [low + 1, place - low] as const]
        : [[low, 1] as const];
      corners = corners.flatMap(({ index, weight }) =>
        sides.map(([side, share]) => {
          const inside = insideOf(side, size, mode);
          return {
            index: inside === null || index < 0 ? -1 : index + inside * strides[axis]!,
            weight: weight * share,
          };
        }),
      );
    });
    return corners.reduce((sum, { index, weight }) => sum + weight * (index < 0 ? fill : data[index]!), 0);
  });
  return tf.tensor(result, places.shape.slice(1), "float32");
}

/** An index within an axis, or null where the fill stands. */
function insideOf(index: number, size: number, mode: string): number | null {
  if (index >= 0 && index < size) return index;
  if (mode === "constant") return null;
  if (mode === "nearest") return Math.min(Math.max(index, 0), size - 1);
  if (mode === "wrap") return ((index % size) + size) % size;
  const turned = Math.abs(index) % (2 * size);
  if (turned < size) return turned;
  return Math.min(2 * size - turned - (mode === "reflect" ? 1 : 0), size - 1);
}

function roundHalfEven(value: number): number {
  const down = Math.floor(value);
  return value - down === 0.5 ? down + (down % 2 === 0 ? 0 : 1) : Math.round(value);
}

/** One number for each picture, as TensorFlow computes it. */
function ssim(values: Values): tf.Tensor {
  const first = values["data_format"] === "channels_first";
  const [a, b] = ["image1", "image2"].map((name) => {
    const x = float(values[name]);
    const inner = x.rank - 3;
    return first ? tf.transpose(x, [...(inner === 1 ? [0] : []), inner + 1, inner + 2, inner]) : x;
  });
  return similarity(a!, b!, values);
}
