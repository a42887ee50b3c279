import * as tf from "@tensorflow/tfjs";
import { toHsv, toRgb } from "../../ops/images/colors.js";
import { projected, type FillMode } from "../../ops/images/projective.js";
import type { Attributes } from "../attributes.js";
import type { KernelTable, OpCall } from "../kernel.js";

/** tensorflow/core/ops/image_ops.cc. */
export const image: KernelTable = {
  ResizeBilinear: { host: [1], run: (call) => resize(call, tf.image.resizeBilinear) },
  ResizeNearestNeighbor: { host: [1], run: (call) => resize(call, tf.image.resizeNearestNeighbor) },
  ResizeBicubic: { host: [1], run: resizeBicubic },
  ResizeArea: { host: [1], run: resizeArea },
  ScaleAndTranslate: { host: [1, 2, 3], run: scaleAndTranslate },
  CropAndResize: { host: [3], run: cropAndResize },
  RGBToHSV: { run: (call) => toHsv(call.tensor(0)) },
  HSVToRGB: { run: (call) => toRgb(call.tensor(0)) },
  AdjustContrastv2: {
    run: (call) => {
      const x = call.tensor(0);
      const mean = tf.mean(x, [x.rank - 3, x.rank - 2], true);
      return tf.add(tf.mul(tf.sub(x, mean), call.tensor(1)), mean);
    },
  },
  AdjustSaturation: {
    run: (call) => {
      const [h, s, v] = tf.unstack(toHsv(call.tensor(0)), -1) as [tf.Tensor, tf.Tensor, tf.Tensor];
      return toRgb(tf.stack([h, tf.clipByValue(tf.mul(s, call.tensor(1)), 0, 1), v], -1));
    },
  },
  AdjustHue: {
    run: (call) => {
      const [h, s, v] = tf.unstack(toHsv(call.tensor(0)), -1) as [tf.Tensor, tf.Tensor, tf.Tensor];
      return toRgb(tf.stack([tf.mod(tf.add(tf.add(h, call.tensor(1)), 1), 1), s, v], -1));
    },
  },
  ImageProjectiveTransformV2: { host: [0, 1, 2], run: projectiveTransform },
  ImageProjectiveTransformV3: { host: [0, 1, 2, 3], run: projectiveTransform },
  ExtractImagePatches: { run: extractPatches, work: patchWork },
  ExtractGlimpse: { host: [1, 2], run: (call) => glimpses(call, false) },
  ExtractGlimpseV2: { host: [1, 2], run: (call) => glimpses(call, true) },
};

/**
 * A window of each picture around a place of its own, zeros outside of the picture (attention_ops.cc,
 * eigen_attention.h).
 * @param second whether the second version finds the window: it halves and moves by half the window only what is
 *   both normalized and centered
 */
function glimpses(call: OpCall, second: boolean): tf.Tensor {
  const x = call.tensor(0) as tf.Tensor4D;
  const size = call.numbers(1);
  if (x.shape[0] === 0) return tf.zeros([0, size[0]!, size[1]!, x.shape[3]]);
  return tf.tidy(() => {
    const places = call.numbers(2);
    const windows = Array.from({ length: x.shape[0] }, (_, n) => {
      const begin = [0, 1].map((axis) =>
        glimpseStart(call, second, places[2 * n + axis]!, x.shape[axis + 1]!, size[axis]!),
      );
      return glimpse(call, x, n, begin, size);
    });
    return tf.concat(windows, 0);
  });
}

function glimpseStart(call: OpCall, second: boolean, place: number, whole: number, size: number): number {
  const [normalized, centered] = ["normalized", "centered"].map((name) => call.attributes.bool(name, true));
  // Each step in 32 bits, as TensorFlow's: which pixel is meant hangs on the last bit.
  const single = Math.fround;
  let from = normalized ? single(place * whole) : place;
  if (centered) {
    if (!second || normalized) from /= 2;
    from = single(from + whole / 2);
  }
  if (!second || (normalized && centered)) from = single(from - size / 2);
  return Math.trunc(from);
}

function glimpse(
  call: OpCall,
  x: tf.Tensor4D,
  n: number,
  begin: readonly number[],
  size: readonly number[],
): tf.Tensor4D {
  const dims = [x.shape[1], x.shape[2]];
  const first = begin.map((from, axis) => Math.min(Math.max(from, 0), dims[axis]!));
  const last = begin.map((from, axis) => Math.min(Math.max(from + size[axis]!, 0), dims[axis]!));
  const inside = last.map((end, axis) => Math.max(0, end - first[axis]!));
  if (call.attributes.text("noise", "uniform") !== "zero" && inside.some((count, i) => count < size[i]!))
    throw call.error(
      "O07",
      `the window at [${begin.join(", ")}] reaches beyond the picture, where TensorFlow puts random numbers`,
      'Save the model with noise="zero", or register a function for the op.',
    );
  if (inside.includes(0)) return tf.zeros([1, size[0]!, size[1]!, x.shape[3]]);
  const part = tf.slice(x, [n, first[0]!, first[1]!, 0], [1, inside[0]!, inside[1]!, x.shape[3]]);
  const before = first.map((from, axis) => from - begin[axis]!);
  const after = size.map((count, axis) => count - inside[axis]! - before[axis]!);
  return tf.pad(part, [
    [0, 0],
    [before[0]!, after[0]!],
    [before[1]!, after[1]!],
    [0, 0],
  ]);
}

type Resize = (
  x: tf.Tensor4D,
  size: [number, number],
  alignCorners: boolean,
  halfPixelCenters: boolean,
) => tf.Tensor;

function resize(call: OpCall, op: Resize): tf.Tensor {
  const size = call.numbers(1) as [number, number];
  const { attributes } = call;
  const x = tf.cast(call.tensor(0), "float32") as tf.Tensor4D;
  call.checkedShape([x.shape[0], ...size, x.shape[3]]);
  const type = call.tensor(0).dtype;
  const resized = op(x, size, attributes.bool("align_corners"), attributes.bool("half_pixel_centers"));
  return call.step.op === "ResizeNearestNeighbor" && type === "int32" ? tf.cast(resized, "int32") : resized;
}

/** Each output row or column as a weighted sum of input ones, so resizing is two products of matrices. */
interface Weights {
  readonly matrix: Float32Array;
  readonly from: number;
  readonly to: number;
}

function applyWeights(x: tf.Tensor, rows: Weights, columns: Weights): tf.Tensor {
  const [n, h, w, c] = x.shape as [number, number, number, number];
  const down = tf.matMul(
    tf.tensor2d(rows.matrix, [rows.to, h]),
    tf.reshape(tf.transpose(tf.cast(x, "float32"), [1, 0, 2, 3]), [h, n * w * c]),
  );
  const wide = tf.transpose(tf.reshape(down, [rows.to, n, w, c]), [2, 1, 0, 3]);
  const across = tf.matMul(
    tf.tensor2d(columns.matrix, [columns.to, w]),
    tf.reshape(wide, [w, n * rows.to * c]),
  );
  return tf.transpose(tf.reshape(across, [columns.to, n, rows.to, c]), [1, 2, 0, 3]);
}

function resizeBicubic(call: OpCall): tf.Tensor {
  const [height, width] = call.numbers(1) as [number, number];
  const x = call.tensor(0);
  call.checkedShape([x.shape[0]!, height, width, x.shape[3]!]);
  const { attributes } = call;
  const [align, half] = [attributes.bool("align_corners"), attributes.bool("half_pixel_centers")];
  return applyWeights(
    x,
    cubicWeights(x.shape[1]!, height, align, half),
    cubicWeights(x.shape[2]!, width, align, half),
  );
}

/** Catmull-Rom (a = -0.5) renormalised at the edges with half-pixel centers, else a = -0.75 (resize_bicubic_op.cc). */
function cubicWeights(from: number, to: number, align: boolean, half: boolean): Weights {
  const scale = align && to > 1 ? (from - 1) / (to - 1) : from / to;
  const a = half ? -0.5 : -0.75;
  const matrix = new Float32Array(to * from);
  for (let i = 0; i < to; i++) {
    const place = half ? (i + 0.5) * scale - 0.5 : i * scale;
    const floor = Math.floor(place);
    // TensorFlow looks the weights up in a table of 1024 steps.
    const delta = Math.round((place - floor) * 1024) / 1024;
    const taps = [
      cubicFar(delta + 1, a),
      cubicNear(delta, a),
      cubicNear(1 - delta, a),
      cubicFar(2 - delta, a),
    ];
    const indices = [-1, 0, 1, 2].map((offset) => floor + offset);
    const inside = indices.map((at) => !half || (at >= 0 && at < from));
    const total = taps.reduce((sum, tap, t) => sum + (inside[t] ? tap : 0), 0);
    const norm = half && Math.abs(total) >= 1000 * 1.17549435e-38 ? 1 / total : 1;
    indices.forEach((at, t) => {
      if (!inside[t]) return;
      matrix[i * from + Math.min(from - 1, Math.max(0, at))]! += taps[t]! * norm;
    });
  }
  return { matrix, from, to };
}

function cubicNear(x: number, a: number): number {
  return ((a + 2) * x - (a + 3)) * x * x + 1;
}

function cubicFar(x: number, a: number): number {
  return ((a * x - 5 * a) * x + 8 * a) * x - 4 * a;
}

function resizeArea(call: OpCall): tf.Tensor {
  const [height, width] = call.numbers(1) as [number, number];
  const x = call.tensor(0);
  const align = call.attributes.bool("align_corners");
  return applyWeights(x, areaWeights(x.shape[1]!, height, align), areaWeights(x.shape[2]!, width, align));
}

function areaWeights(from: number, to: number, align: boolean): Weights {
  const scale = align && to > 1 ? (from - 1) / (to - 1) : from / to;
  const matrix = new Float32Array(to * from);
  for (let i = 0; i < to; i++) {
    const [start, end] = [i * scale, (i + 1) * scale];
    for (let at = Math.floor(start); at < Math.ceil(end); at++) {
      const share = Math.min(end, at + 1) - Math.max(start, at);
      matrix[i * from + Math.min(from - 1, at)]! += share / scale;
    }
  }
  return { matrix, from, to };
}

/** tf.image.resize with antialias, and Lanczos (scale_and_translate_op.cc). */
function scaleAndTranslate(call: OpCall): tf.Tensor {
  const [height, width] = call.numbers(1) as [number, number];
  const [scales, shifts] = [call.numbers(2), call.numbers(3)];
  const x = call.tensor(0);
  const kind = call.attributes.text("kernel_type", "lanczos3");
  const antialias = call.attributes.bool("antialias", true);
  const weights = (from: number, to: number, d: number): Weights =>
    kernelWeights(from, to, scales[d]!, shifts[d]!, kind, antialias);
  return applyWeights(x, weights(x.shape[1]!, height, 0), weights(x.shape[2]!, width, 1));
}

const KERNELS: ReadonlyMap<string, { readonly radius: number; at(x: number): number }> = new Map([
  ["lanczos1", lanczos(1)],
  ["lanczos3", lanczos(3)],
  ["lanczos5", lanczos(5)],
  ["gaussian", { radius: 1.5, at: (x: number) => (x >= 1.5 ? 0 : Math.exp(-2 * x * x)) }],
  ["box", { radius: 1, at: (x: number) => (x < 0.5 ? 1 : x === 0.5 ? 0.5 : 0) }],
  ["triangle", { radius: 1, at: (x: number) => Math.max(0, 1 - x) }],
  [
    "keyscubic",
    { radius: 2, at: (x: number) => (x >= 2 ? 0 : x >= 1 ? cubicFar(x, -0.5) : cubicNear(x, -0.5)) },
  ],
  ["mitchellcubic", { radius: 2, at: mitchell }],
]);

function lanczos(radius: number): { radius: number; at(x: number): number } {
  return {
    radius,
    at: (x) => {
      if (x > radius) return 0;
      if (x <= 1e-3) return 1;
      return (
        (radius * Math.sin(Math.PI * x) * Math.sin((Math.PI * x) / radius)) / (Math.PI * Math.PI * x * x)
      );
    },
  };
}

function mitchell(x: number): number {
  if (x >= 2) return 0;
  if (x >= 1) return ((-(7 / 18) * x + 2) * x - 10 / 3) * x + 16 / 9;
  return ((7 / 6) * x - 2) * x * x + 8 / 9;
}

function kernelWeights(
  from: number,
  to: number,
  scale: number,
  shift: number,
  kind: string,
  antialias: boolean,
): Weights {
  const kernel = KERNELS.get(kind) ?? KERNELS.get("lanczos3")!;
  const inverse = 1 / scale;
  const kernelScale = antialias ? Math.max(inverse, 1) : 1;
  const matrix = new Float32Array(to * from);
  for (let i = 0; i < to; i++) {
    const place = (i + 0.5) * inverse - shift * inverse;
    if (place < 0 || place > from) continue;
    const reach = kernel.radius * kernelScale;
    const start = Math.max(0, Math.ceil(place - reach - 0.5));
    const end = Math.min(from - 1, Math.floor(place + reach - 0.5));
    let total = 0;
    for (let at = start; at <= end; at++) {
      const weight = kernel.at(Math.abs(at + 0.5 - place) / kernelScale);
      matrix[i * from + at] = weight;
      total += weight;
    }
    if (total !== 0) for (let at = start; at <= end; at++) matrix[i * from + at]! /= total;
  }
  return { matrix, from, to };
}

function cropAndResize(call: OpCall): tf.Tensor {
  const { attributes } = call;
  return tf.image.cropAndResize(
    call.tensor(0) as tf.Tensor4D,
    call.tensor(1) as tf.Tensor2D,
    call.tensor(2) as tf.Tensor1D,
    call.numbers(3) as [number, number],
    attributes.text("method", "bilinear") === "nearest" ? "nearest" : "bilinear",
    attributes.float("extrapolation_value"),
  );
}

function projectiveTransform(call: OpCall): tf.Tensor {
  const [n, , , c] = call.shapeOf(0) as [number, number, number, number];
  const [height, width] = call.numbers(2) as [number, number];
  call.checkedShape([n, height, width, c]);
  return projected(call.tensor(0), {
    transforms: call.numbers(1),
    size: [height, width],
    bilinear: call.attributes.text("interpolation") === "BILINEAR",
    mode: call.attributes.text("fill_mode", "CONSTANT") as FillMode,
    fill: call.count > 3 ? call.number(3) : 0,
  });
}

function extractPatches(call: OpCall): tf.Tensor {
  const { attributes } = call;
  const x = call.tensor(0) as tf.Tensor4D;
  const [batch, height, width, depth] = x.shape;
  const rows = patchPlaces(attributes, 1, height);
  const columns = patchPlaces(attributes, 2, width);
  const taps = rows.taps * columns.taps;
  call.checkedShape([batch, rows.count, columns.count, taps * depth]);
  const places: number[] = [];
  for (let i = 0; i < rows.count; i++)
    for (let j = 0; j < columns.count; j++)
      for (let k = 0; k < rows.taps; k++)
        for (let l = 0; l < columns.taps; l++) {
          const [y, column] = [rows.at(i, k), columns.at(j, l)];
          const outside = y < 0 || y >= height || column < 0 || column >= width;
          places.push(outside ? height * width : y * width + column);
        }
  // Moved, not multiplied: numbers that are none stay where they are, and whole ones exact.
  const pixels = tf.pad(tf.reshape(x, [batch, height * width, depth]), [
    [0, 0],
    [0, 1],
    [0, 0],
  ]);
  const taken = tf.gather(pixels, tf.tensor1d(places, "int32"), 1);
  return tf.reshape(taken, [batch, rows.count, columns.count, taps * depth]);
}

/** Where patches lie along an axis: how many there are, and the place of each tap. */
function patchPlaces(attributes: Attributes, axis: number, length: number) {
  const [taps, stride, rate] = ["ksizes", "strides", "rates"].map(
    (name) => attributes.ints(name)[axis] ?? 1,
  ) as [number, number, number];
  const reach = (taps - 1) * rate + 1;
  const same = attributes.text("padding") === "SAME";
  const count = same ? Math.ceil(length / stride) : Math.max(0, Math.ceil((length - reach + 1) / stride));
  const before = same ? Math.floor(Math.max(0, (count - 1) * stride + reach - length) / 2) : 0;
  return { taps, count, at: (patch: number, tap: number) => patch * stride - before + tap * rate };
}

function patchWork(call: OpCall): number {
  const sizes = call.attributes.ints("ksizes");
  return call.shapeOf(0).reduce((n, dim) => n * dim, 1) * (sizes[1] ?? 1) * (sizes[2] ?? 1);
}
