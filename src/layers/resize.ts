import * as tf from "@tensorflow/tfjs";
import { LayerError } from "../keras/finding.js";

/**
 * Resizes images [batch, height, width, channels] as `tf.image.resize` does with half-pixel centres: each axis is a
 * product with a small matrix of interpolation weights.
 * @param antialias widens the kernel where the image becomes smaller
 */
export function resize(
  x: tf.Tensor4D,
  size: readonly [number, number],
  method: string,
  antialias = false,
): tf.Tensor4D {
  // Products would spread what is no number in one pixel over all.
  if (method === "nearest")
    return tf.gather(tf.gather(x, nearest(x.shape[1], size[0]), 1), nearest(x.shape[2], size[1]), 2);
  const rows = tf.tensor2d(weights(x.shape[1], size[0], method, antialias));
  const columns = tf.tensor2d(weights(x.shape[2], size[1], method, antialias));
  const [batch, , width, channels] = x.shape;
  const tall = tf.matMul(rows, tf.reshape(x, [batch, x.shape[1], width * channels]) as tf.Tensor3D);
  const lines = tf.reshape(tall, [batch * size[0], width, channels]) as tf.Tensor3D;
  return tf.reshape(tf.matMul(columns, lines), [batch, size[0], size[1], channels]);
}

/** The pixel that each output pixel is taken from. */
function nearest(from: number, to: number): tf.Tensor1D {
  const places = Array.from({ length: to }, (_, i) => Math.floor(((i + 0.5) * from) / to));
  return tf.tensor1d(
    places.map((place) => Math.min(place, from - 1)),
    "int32",
  );
}

/** [to, from]: the share of each input pixel in each output pixel. */
function weights(from: number, to: number, method: string, antialias: boolean): number[][] {
  const stretched = antialias ? STRETCHED.get(method) : undefined;
  if (stretched) {
    const scale = Math.max(from / to, 1);
    const wide = (d: number) => stretched.kernel(d / scale);
    return Array.from({ length: to }, (_, i) =>
      sampled(((i + 0.5) * from) / to, from, stretched.radius * scale, wide, true),
    );
  }
  const kernel = KERNELS.get(method);
  if (!kernel) {
    throw new LayerError(
      "A24",
      "interpolation",
      `interpolation = "${method.slice(0, 40)}"`,
      `the argument must be one of nearest, ${[...KERNELS.keys()].join(", ")}`,
      "Correct interpolation in the layer's config.",
    );
  }
  return Array.from({ length: to }, (_, i) => kernel(((i + 0.5) * from) / to, from, i, to));
}

/** Kernels of ScaleAndTranslate, which `antialias` widens (scale_and_translate_op.cc). */
export const STRETCHED = new Map<
  string,
  { readonly radius: number; readonly kernel: (distance: number) => number }
>([
  ["bilinear", { radius: 1, kernel: (d) => Math.max(0, 1 - Math.abs(d)) }],
  ["bicubic", { radius: 2, kernel: keysCubic }],
  ["lanczos3", { radius: 3, kernel: (d) => lanczos(d, 3) }],
  ["lanczos5", { radius: 5, kernel: (d) => lanczos(d, 5) }],
  ["gaussian", { radius: 1.5, kernel: (d) => Math.exp(-2 * d * d) }],
  ["mitchellcubic", { radius: 2, kernel: mitchell }],
]);

type Kernel = (centre: number, from: number, index: number, to: number) => number[];

const KERNELS: ReadonlyMap<string, Kernel> = new Map<string, Kernel>([
  ["bilinear", (centre, from) => sampled(centre, from, 1, (d) => Math.max(0, 1 - Math.abs(d)), false)],
  ["bicubic", (centre, from) => sampled(tabled(centre), from, 2, keysCubic, true)],
  ["lanczos3", (centre, from) => sampled(centre, from, 3, (d) => lanczos(d, 3), true)],
  ["lanczos5", (centre, from) => sampled(centre, from, 5, (d) => lanczos(d, 5), true)],
  ["gaussian", (centre, from) => sampled(centre, from, 1.5, (d) => Math.exp(-2 * d * d), true)],
  ["mitchellcubic", (centre, from) => sampled(centre, from, 2, mitchell, true)],
  ["area", (_, from, index, to) => covered((index * from) / to, ((index + 1) * from) / to, from)],
]);

/**
 * Weights of a kernel around a centre, normalised. Bilinear clamps at the border (the edge pixel takes the share of
 * those beyond it); the scale-and-translate kernels leave out what is beyond.
 */
function sampled(
  centre: number,
  from: number,
  radius: number,
  kernel: (distance: number) => number,
  leaveOut: boolean,
): number[] {
  const result = Array.from({ length: from }, () => 0);
  const first = Math.ceil(centre - radius - 0.5);
  const last = Math.floor(centre + radius - 0.5);
  let total = 0;
  for (let i = first; i <= last; i++) {
    const inside = i >= 0 && i < from;
    if (leaveOut && !inside) continue;
    const weight = kernel(i + 0.5 - centre);
    total += weight;
    result[Math.min(Math.max(i, 0), from - 1)]! += weight;
  }
  return total === 0 ? result : result.map((weight) => weight / total);
}

/** TensorFlow's bicubic looks its weights up in a table of 1024 steps between two pixels (resize_bicubic_op.cc). */
function tabled(centre: number): number {
  const left = Math.floor(centre - 0.5);
  return left + Math.round((centre - 0.5 - left) * 1024) / 1024 + 0.5;
}

/** Keys' cubic with a = -0.5, as TensorFlow's half-pixel bicubic has it. */
function keysCubic(distance: number): number {
  const d = Math.abs(distance);
  if (d >= 2) return 0;
  if (d >= 1) return ((-0.5 * d + 2.5) * d - 4) * d + 2;
  return (1.5 * d - 2.5) * d * d + 1;
}

function mitchell(distance: number): number {
  const d = Math.abs(distance);
  if (d >= 2) return 0;
  if (d >= 1) return (((-7 / 18) * d + 2) * d - 10 / 3) * d + 16 / 9;
  return ((7 / 6) * d - 2) * d * d + 8 / 9;
}

function lanczos(distance: number, radius: number): number {
  const d = Math.abs(distance);
  if (d > radius) return 0;
  if (d <= 1e-3) return 1;
  return (radius * Math.sin(Math.PI * d) * Math.sin((Math.PI * d) / radius)) / (Math.PI * Math.PI * d * d);
}

/** Shares of the pixels that lie between two borders. */
function covered(begin: number, end: number, from: number): number[] {
  return Array.from(
    { length: from },
    (_, i) => Math.max(0, Math.min(end, i + 1) - Math.max(begin, i)) / (end - begin),
  );
}
