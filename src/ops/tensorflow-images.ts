import * as tf from "@tensorflow/tfjs";
import { toHsv, toRgb } from "./colors.js";
import type { TensorFlowFunctions, Values } from "./operation.js";
import { OPERATIONS } from "./table.js";
import { float, int, integers, number } from "./values.js";

/** tensorflow/python/ops/image_ops_impl.py, on one picture or a batch of them with channels last. */
export const TENSORFLOW_IMAGES: TensorFlowFunctions = {
  "image.flip_left_right": ["image", ({ image }) => tf.reverse(float(image), [float(image).rank - 2])],
  "image.flip_up_down": ["image", ({ image }) => tf.reverse(float(image), [float(image).rank - 3])],
  "image.per_image_standardization": ["image", standardized],
  "image.transpose": ["image", ({ image }) => turnedOver(float(image))],
  "image.rot90": ["image k", rotated],
  "image.grayscale_to_rgb": ["images", ({ images }) => tf.concat([images, images, images].map(float), -1)],
  "image.rgb_to_hsv": ["images", ({ images }) => toHsv(float(images))],
  "image.hsv_to_rgb": ["images", ({ images }) => toRgb(float(images))],
  "image.rgb_to_yuv": ["images", ({ images }) => throughColors(float(images), YUV)],
  "image.yuv_to_rgb": ["images", ({ images }) => throughColors(float(images), RGB_OF_YUV)],
  "image.adjust_brightness": ["image delta", ({ image, delta }) => tf.add(float(image), number(delta, 0))],
  "image.adjust_contrast": ["images contrast_factor", contrasted],
  "image.adjust_gamma": [
    "image gamma gain",
    ({ image, gamma, gain }) => tf.mul(tf.pow(float(image), number(gamma, 1)), number(gain, 1)),
  ],
  "image.adjust_saturation": [
    "image saturation_factor",
    ({ image, saturation_factor: factor }) =>
      inHsv(float(image), (h, s, v) => [h, tf.clipByValue(tf.mul(s, number(factor, 1)), 0, 1), v]),
  ],
  "image.adjust_hue": [
    "image delta",
    ({ image, delta }) => inHsv(float(image), (h, s, v) => [tf.mod(tf.add(h, number(delta, 0)), 1), s, v]),
  ],
  "image.crop_to_bounding_box": [
    "image offset_height offset_width target_height target_width",
    ({ image, offset_height: top, offset_width: left, target_height: height, target_width: width }) =>
      part(float(image), [number(top, 0), number(left, 0)], [number(height, 1), number(width, 1)]),
  ],
  "image.pad_to_bounding_box": [
    "image offset_height offset_width target_height target_width",
    ({ image, offset_height: top, offset_width: left, target_height: height, target_width: width }) =>
      framed(float(image), [number(top, 0), number(left, 0)], [number(height, 1), number(width, 1)]),
  ],
  "image.resize": ["images size method preserve_aspect_ratio antialias", resized],
  "image.central_crop": ["image central_fraction", centre],
  "image.resize_with_crop_or_pad": ["image target_height target_width", cropOrPad],
  "image.resize_with_pad": ["image target_height target_width method antialias", resizedWithPad],
  "image.crop_and_resize": [
    "image boxes box_indices crop_size method extrapolation_value",
    ({ image, boxes, box_indices: of, crop_size: size, method, extrapolation_value: outside }) =>
      tf.image.cropAndResize(
        float(image) as tf.Tensor4D,
        float(boxes) as tf.Tensor2D,
        int(of) as tf.Tensor1D,
        integers(size) as [number, number],
        method === "nearest" ? "nearest" : "bilinear",
        number(outside, 0),
      ),
  ],
  "image.psnr": ["a b max_val", signalToNoise],
  "image.convert_image_dtype": ["image dtype saturate", asFractions],
  "image.extract_patches": ["images sizes strides rates padding", patches],
};

/** Mean 0 and deviation 1 of each picture, the deviation no smaller than that of one pixel. */
function standardized({ image }: Values): tf.Tensor {
  const x = float(image);
  const over = [x.rank - 3, x.rank - 2, x.rank - 1];
  const { mean, variance } = tf.moments(x, over, true);
  const pixels = over.reduce((n, i) => n * x.shape[i]!, 1);
  return tf.div(tf.sub(x, mean), tf.maximum(tf.sqrt(variance), 1 / Math.sqrt(pixels)));
}

function turnedOver(x: tf.Tensor): tf.Tensor {
  return tf.transpose(x, x.rank === 3 ? [1, 0, 2] : [0, 2, 1, 3]);
}

/** Counter-clockwise by quarter turns. */
function rotated({ image, k }: Values): tf.Tensor {
  const x = float(image);
  const [rows, columns] = [x.rank - 3, x.rank - 2];
  const turns = ((number(k, 1) % 4) + 4) % 4;
  if (turns === 0) return tf.clone(x);
  if (turns === 2) return tf.reverse(x, [rows, columns]);
  return turns === 1 ? tf.reverse(turnedOver(x), [rows]) : turnedOver(tf.reverse(x, [rows]));
}

/** Columns are the new colours (image_ops_impl.py `_rgb_to_yuv_kernel`). */
const YUV = [
  [0.299, -0.14714119, 0.61497538],
  [0.587, -0.28886916, -0.51496512],
  [0.114, 0.43601035, -0.10001026],
];
const RGB_OF_YUV = [
  [1, 1, 1],
  [0, -0.394642334, 2.03206185],
  [1.13988303, -0.58062185, 0],
];

function throughColors(x: tf.Tensor, matrix: number[][]): tf.Tensor {
  return tf.reshape(tf.matMul(tf.reshape(x, [-1, 3]), tf.tensor2d(matrix)), x.shape);
}

/** Away from each channel's mean over the picture. */
function contrasted({ images, contrast_factor: factor }: Values): tf.Tensor {
  const x = float(images);
  const mean = tf.mean(x, [x.rank - 3, x.rank - 2], true);
  return tf.add(tf.mul(tf.sub(x, mean), number(factor, 1)), mean);
}

function inHsv(x: tf.Tensor, change: (h: tf.Tensor, s: tf.Tensor, v: tf.Tensor) => tf.Tensor[]): tf.Tensor {
  const [h, s, v] = tf.split(toHsv(x), 3, -1) as [tf.Tensor, tf.Tensor, tf.Tensor];
  return toRgb(tf.concat(change(h, s, v), -1));
}

type Pair = readonly [rows: number, columns: number];

function sizeOf(x: tf.Tensor): Pair {
  return [x.shape.at(-3)!, x.shape.at(-2)!];
}

function part(x: tf.Tensor, [top, left]: Pair, [height, width]: Pair): tf.Tensor {
  const begin = [top, left, 0];
  const size = [height, width, x.shape.at(-1)!];
  return x.rank === 3 ? tf.slice(x, begin, size) : tf.slice(x, [0, ...begin], [-1, ...size]);
}

function framed(x: tf.Tensor, [top, left]: Pair, [height, width]: Pair): tf.Tensor {
  const [rows, columns] = sizeOf(x);
  const space: [number, number][] = [
    [top, height - rows - top],
    [left, width - columns - left],
    [0, 0],
  ];
  return tf.pad(x, x.rank === 3 ? space : [[0, 0], ...space]);
}

function centre({ image, central_fraction: fraction }: Values): tf.Tensor {
  const x = float(image);
  const starts = sizeOf(x).map((n) => Math.trunc((n - n * number(fraction, 1)) / 2));
  const sizes = sizeOf(x).map((n, i) => n - 2 * starts[i]!);
  return part(x, starts as unknown as Pair, sizes as unknown as Pair);
}

function cropOrPad({ image, target_height: height, target_width: width }: Values): tf.Tensor {
  return fitted(float(image), [number(height, 1), number(width, 1)]);
}

/** What is too large is cut around the middle, what is too small is framed by zeros. */
function fitted(x: tf.Tensor, target: Pair): tf.Tensor {
  const gaps = sizeOf(x).map((n, i) => target[i]! - n);
  const cut = gaps.map((gap) => Math.max(Math.floor(-gap / 2), 0)) as unknown as Pair;
  const kept = sizeOf(x).map((n, i) => Math.min(n, target[i]!)) as unknown as Pair;
  const before = gaps.map((gap) => Math.max(Math.floor(gap / 2), 0)) as unknown as Pair;
  return framed(part(x, cut, kept), before, target);
}

/** As large as fits with its proportions, the rest zeros. */
/** To a size, or to the largest within it that has the picture's proportions. */
function resized({ images, size, method, preserve_aspect_ratio: keep, antialias }: Values): tf.Tensor {
  const x = float(images);
  const wanted = integers(size);
  const lengths = sizeOf(x);
  const scale = Math.min(...lengths.map((length, i) => wanted[i]! / length));
  const within = lengths.map((length) => Math.round(length * scale));
  return OPERATIONS.get("Resize")!.compute({
    images: x,
    size: keep === true ? within : wanted,
    interpolation: method ?? "bilinear",
    antialias,
  }) as tf.Tensor;
}

function resizedWithPad(values: Values): tf.Tensor {
  const x = float(values["image"]);
  const target = [number(values["target_height"], 1), number(values["target_width"], 1)] as const;
  const [rows, columns] = sizeOf(x);
  const ratio = Math.max(rows / target[0], columns / target[1]);
  const size = [Math.floor(rows / ratio), Math.floor(columns / ratio)];
  const { method, antialias } = values;
  const resized = OPERATIONS.get("Resize")!.compute({
    images: x,
    size,
    interpolation: method ?? "bilinear",
    antialias,
  });
  return fitted(resized as tf.Tensor, target);
}

/** In decibels, one number for each picture. */
function signalToNoise({ a, b, max_val: most }: Values): tf.Tensor {
  const x = float(a);
  const error = tf.mean(tf.squaredDifference(x, float(b)), [x.rank - 3, x.rank - 2, x.rank - 1]);
  const decibels = tf.div(tf.log(error), Math.LN10 / 10);
  return tf.sub(20 * Math.log10(number(most, 1)), decibels);
}

/** Fractions stay as they are; which integers others were, tfjs does not know. */
function asFractions({ image, dtype }: Values): tf.Tensor {
  const x = float(image);
  const whole = !(image instanceof tf.Tensor) || image.dtype !== "float32";
  if (whole || !/float/.test(String(dtype))) throw new Error("only fractions to fractions are known here");
  return tf.clone(x);
}

function patches({ images, sizes, strides, rates, padding }: Values): tf.Tensor {
  const inner = (value: Values[string]) => integers(value).slice(1, 3);
  return OPERATIONS.get("ExtractPatches")!.compute({
    images,
    size: inner(sizes),
    strides: inner(strides),
    dilation_rate: inner(rates)[0]!,
    padding: String(padding).toLowerCase(),
  }) as tf.Tensor;
}
