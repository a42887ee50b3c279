import * as tf from "@tensorflow/tfjs";
import { toHsv, toRgb } from "../images/colors.js";
import { withFreeLengths } from "../free-lengths.js";
import { flag, graphOp, graphTensor, text, wholes } from "../graph-op.js";
import type { TensorFlowFunctions, Values } from "../operation.js";
import { OPERATIONS } from "../table.js";
import { asFractions, ofOtherType } from "../images/picture-types.js";
import { float, int, integers, number } from "../values.js";

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
  "image.central_crop": ["image central_fraction", centre],
  "image.resize_with_crop_or_pad": ["image target_height target_width", cropOrPad],
  "image.resize": ["images size method preserve_aspect_ratio antialias", resized],
  ...Object.fromEntries(
    ["bilinear", "nearest_neighbor", "bicubic", "area"].map((method) => [
      `image.resize_${method}`,
      ["images size align_corners name half_pixel_centers", (values) => resizedOfOld(method, values)],
    ]),
  ),
  "image.resize_images": ["images size method align_corners preserve_aspect_ratio", imagesOfOld],
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
  "image.rgb_to_yiq": ["images", ({ images }) => throughColors(float(images), YIQ)],
  "image.yiq_to_rgb": ["images", ({ images }) => throughColors(float(images), RGB_OF_YIQ)],
  "image.draw_bounding_boxes": [
    "images boxes colors",
    ({ images, boxes, colors }) =>
      graphTensor("DrawBoundingBoxesV2", [float(images), float(boxes), float(colors ?? [])]),
  ],
  "image.extract_glimpse": ["input size offsets centered normalized noise", glimpse],
  "image.non_max_suppression": [
    "boxes scores max_output_size iou_threshold score_threshold",
    (values) => withFreeLengths(suppressed("NonMaxSuppressionV3", values)[0]!, 0),
  ],
  "image.non_max_suppression_with_scores": [
    "boxes scores max_output_size iou_threshold score_threshold soft_nms_sigma",
    (values) =>
      suppressed("NonMaxSuppressionV5", values, [tf.scalar(number(values["soft_nms_sigma"], 0))])
        .slice(0, 2)
        .map((x) => withFreeLengths(x, 0)),
  ],
  "image.combined_non_max_suppression": [
    "boxes scores max_output_size_per_class max_total_size iou_threshold score_threshold pad_per_class clip_boxes",
    combinedSuppression,
  ],
  extract_volume_patches: ["input ksizes strides padding", volumePatches],
  "image.psnr": ["a b max_val", signalToNoise],
  "image.convert_image_dtype": ["image dtype saturate name source", ofOtherType],
  ...asFractions({
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
    "image.rgb_to_grayscale": [
      "images",
      ({ images }) => OPERATIONS.get("RGBToGrayscale")!.compute({ images }),
    ],
  }),
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

const YIQ = [
  [0.299, 0.59590059, 0.2115],
  [0.587, -0.27455667, -0.52273617],
  [0.114, -0.32134392, 0.31119955],
];
const RGB_OF_YIQ = [
  [1, 1, 1],
  [0.95598634, -0.27201283, -1.10674021],
  [0.6208248, -0.64720424, 1.70423049],
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
function resizedWithPad(values: Values): tf.Tensor {
  const x = float(values["image"]);
  const target = [number(values["target_height"], 1), number(values["target_width"], 1)] as const;
  const [rows, columns] = sizeOf(x);
  const ratio = Math.max(rows / target[0], columns / target[1]);
  const size = [Math.floor(rows / ratio), Math.floor(columns / ratio)];
  const { method, antialias } = values;
  const small = resized({ images: x, size, method, antialias });
  // By the size before it was rounded.
  const before = [rows, columns].map((n, i) => Math.max(0, Math.floor((target[i]! - n / ratio) / 2)));
  return framed(small, before as unknown as Pair, target);
}

/** Of the shape that is asked for, or the largest within it that keeps the picture's. */
function resized({ images, size, method, antialias, preserve_aspect_ratio: keeps }: Values): tf.Tensor {
  const x = float(images);
  const asked = integers(size) as [number, number];
  const [rows, columns] = sizeOf(x);
  const scale = Math.fround(Math.min(Math.fround(asked[0] / rows), Math.fround(asked[1] / columns)));
  return OPERATIONS.get("Resize")!.compute({
    images: x,
    size: keeps === true ? [rows, columns].map((n) => halfToEven(Math.fround(scale * n))) : asked,
    interpolation: method ?? "bilinear",
    antialias,
  }) as tf.Tensor;
}

/** Ops of resizing by the name of their method (gen_image_ops.py): pixels are points here unless it is said. */
const RESIZES: ReadonlyMap<string, string> = new Map([
  ["bilinear", "ResizeBilinear"],
  ["nearest_neighbor", "ResizeNearestNeighbor"],
  ["bicubic", "ResizeBicubic"],
  ["area", "ResizeArea"],
]);

function resizedOfOld(method: string, values: Values): tf.Tensor {
  return graphTensor(RESIZES.get(method)!, [float(values["images"]), int(values["size"])], {
    align_corners: flag(values["align_corners"] === true),
    half_pixel_centers: flag(values["half_pixel_centers"] === true),
  });
}

/** TensorFlow 1's function for all methods, which go by their numbers. */
function imagesOfOld({ method, preserve_aspect_ratio: keeps, ...values }: Values): tf.Tensor {
  if (keeps === true) throw new Error("preserve_aspect_ratio is not known for TensorFlow 1's resizing");
  const names = [...RESIZES.keys()];
  const name =
    typeof method === "string" ? method.replace(/^nearest$/, "nearest_neighbor") : names[number(method, 0)];
  if (name === undefined || !RESIZES.has(name)) throw new Error(`the method ${String(method)} is not known`);
  return resizedOfOld(name, values);
}

function halfToEven(x: number): number {
  const below = Math.floor(x);
  return x - below === 0.5 ? below + (below % 2) : Math.round(x);
}

/** In decibels, one number for each picture. */
function glimpse(values: Values): tf.Tensor {
  const noise = typeof values["noise"] === "string" ? values["noise"] : "uniform";
  return graphTensor(
    "ExtractGlimpseV2",
    [float(values["input"]), int(values["size"]), float(values["offsets"])],
    {
      centered: flag(values["centered"] !== false),
      normalized: flag(values["normalized"] !== false),
      uniform_noise: flag(false),
      noise: text(noise),
    },
  );
}

function suppressed(op: string, values: Values, more: readonly tf.Tensor[] = []): tf.Tensor[] {
  return graphOp(op, [
    float(values["boxes"]),
    float(values["scores"]),
    int(values["max_output_size"]),
    tf.scalar(number(values["iou_threshold"], 0.5)),
    tf.scalar(lowest(values["score_threshold"])),
    ...more,
  ]);
}

/** Without a threshold every score counts; a file has no infinite number but as a word. */
function lowest(threshold: Values[string]): number {
  return typeof threshold === "number" ? threshold : -Infinity;
}

function combinedSuppression(values: Values): tf.Tensor[] {
  const inputs = [
    float(values["boxes"]),
    float(values["scores"]),
    int(values["max_output_size_per_class"]),
    int(values["max_total_size"]),
    tf.scalar(number(values["iou_threshold"], 0.5)),
    tf.scalar(lowest(values["score_threshold"])),
  ];
  return graphOp("CombinedNonMaxSuppression", inputs, {
    pad_per_class: flag(values["pad_per_class"] === true),
    clip_boxes: flag(values["clip_boxes"] !== false),
  });
}

function volumePatches(values: Values): tf.Tensor {
  return graphTensor("ExtractVolumePatches", [float(values["input"])], {
    ksizes: wholes(integers(values["ksizes"])),
    strides: wholes(integers(values["strides"])),
    padding: text(String(values["padding"])),
  });
}

function signalToNoise({ a, b, max_val: most }: Values): tf.Tensor {
  const x = float(a);
  const error = tf.mean(tf.squaredDifference(x, float(b)), [x.rank - 3, x.rank - 2, x.rank - 1]);
  const decibels = tf.div(tf.log(error), Math.LN10 / 10);
  return tf.sub(20 * Math.log10(number(most, 1)), decibels);
}

function patches({ images, sizes, strides, rates, padding }: Values): tf.Tensor {
  return graphTensor("ExtractImagePatches", [float(images)], {
    ksizes: wholes(integers(sizes)),
    strides: wholes(integers(strides)),
    rates: wholes(integers(rates)),
    padding: text(String(padding)),
  });
}
