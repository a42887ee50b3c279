import * as tf from "@tensorflow/tfjs";
import { LayerError } from "../../keras/finding.js";

/**
 * Resizes images [batch, height, width, channels] as `tf.image.resize` does with half-pixel centres. What is no number
 * in one pixel reaches those alone that are made of it.
 * @param antialias widens the kernel where the image becomes smaller
 */
export function resize(
  x: tf.Tensor4D,
  size: readonly [number, number],
  method: string,
  antialias = false,
): tf.Tensor4D {
  const [, height, width] = x.shape;
  if (method === "nearest")
    return tf.gather(tf.gather(x, nearest(height, size[0]), 1), nearest(width, size[1]), 2);
  const rows = taps(height, size[0], method, antialias);
  const columns = taps(width, size[1], method, antialias);
  const linear = method === "bilinear" && !antialias;
  // TensorFlow's kernel copies an image of the wanted size.
  if (linear && height === size[0] && width === size[1]) return tf.clone(x);
  const made = tf.customGrad((image) => ({
    value: along(along(image as tf.Tensor4D, 2, columns, linear), 1, rows, linear),
    gradFunc: (dy: tf.Tensor) =>
      multiplied(dy as tf.Tensor4D, transposed(rows, height), transposed(columns, width)),
  }));
  return made(x) as tf.Tensor4D;
}

/** A pixel that an output pixel is made of, and its share of that. */
type Tap = readonly [pixel: number, share: number];

/** Each pixel along an axis from the pixels that it is made of; what has no share is not looked at. */
function along(x: tf.Tensor4D, axis: 1 | 2, made: readonly (readonly Tap[])[], linear: boolean): tf.Tensor4D {
  const most = Math.max(...made.map((each) => each.length));
  const shape = axis === 1 ? [made.length, 1, 1] : [made.length, 1];
  const parts = Array.from({ length: most }, (_, k) => {
    const own = made.map((each) => each[k] ?? ([each[0]![0], 0] as const));
    const pixels = tf.gather(
      x,
      tf.tensor1d(
        own.map(([pixel]) => pixel),
        "int32",
      ),
      axis,
    );
    return {
      pixels,
      share: tf.tensor(
        own.map(([, share]) => share),
        shape,
      ),
    };
  });
  if (linear) {
    const [from, to] = parts as [(typeof parts)[0], (typeof parts)[0]];
    return tf.add(from.pixels, tf.mul(tf.sub(to.pixels, from.pixels), to.share));
  }
  return parts
    .map(({ pixels, share }) => tf.mul(pixels, share))
    .reduce((sum, part) => tf.add(sum, part)) as tf.Tensor4D;
}

/** [from, to]: the share of each input pixel in each output pixel. */
function transposed(made: readonly (readonly Tap[])[], from: number): tf.Tensor2D {
  const shares = Array.from({ length: from }, () => made.map(() => 0));
  made.forEach((each, to) => {
    for (const [pixel, share] of each) shares[pixel]![to]! += share;
  });
  return tf.tensor2d(shares);
}

/** Each axis of the images as a product with a matrix. */
function multiplied(x: tf.Tensor4D, rows: tf.Tensor2D, columns: tf.Tensor2D): tf.Tensor4D {
  const [batch, height, width, channels] = x.shape;
  const tall = tf.matMul(rows, tf.reshape(x, [batch, height, width * channels]) as tf.Tensor3D);
  const lines = tf.reshape(tall, [batch * rows.shape[0], width, channels]) as tf.Tensor3D;
  return tf.reshape(tf.matMul(columns, lines), [batch, rows.shape[0], columns.shape[0], channels]);
}

/** The pixel that each output pixel is taken from. */
function nearest(from: number, to: number): tf.Tensor1D {
  const places = Array.from({ length: to }, (_, i) => Math.floor(((i + 0.5) * from) / to));
  return tf.tensor1d(
    places.map((place) => Math.min(place, from - 1)),
    "int32",
  );
}

/** What each output pixel is made of. */
function taps(from: number, to: number, method: string, antialias: boolean): Tap[][] {
  const stretched = antialias ? STRETCHED.get(method) : undefined;
  if (stretched) {
    const scale = Math.max(from / to, 1);
    const wide = (d: number) => stretched.kernel(d / scale);
    return Array.from({ length: to }, (_, i) =>
      sampled(((i + 0.5) * from) / to, from, stretched.radius * scale, wide),
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

type Kernel = (centre: number, from: number, index: number, to: number) => Tap[];

const KERNELS: ReadonlyMap<string, Kernel> = new Map<string, Kernel>([
  ["bilinear", between],
  ["bicubic", (centre, from) => weighed(tabled(centre), Math.floor(centre - 0.5) - 1, 4, from, keysCubic)],
  ["lanczos3", (centre, from) => sampled(centre, from, 3, (d) => lanczos(d, 3))],
  ["lanczos5", (centre, from) => sampled(centre, from, 5, (d) => lanczos(d, 5))],
  ["gaussian", (centre, from) => sampled(centre, from, 1.5, (d) => Math.exp(-2 * d * d))],
  ["mitchellcubic", (centre, from) => sampled(centre, from, 2, mitchell)],
  ["area", (_, from, index, to) => covered((index * from) / to, ((index + 1) * from) / to, from)],
]);

/** The two pixels beside a centre; the one at the border stands for those beyond it (resize_bilinear_op.cc). */
function between(centre: number, from: number): Tap[] {
  const left = Math.floor(centre - 0.5);
  const share = centre - 0.5 - left;
  return [
    [Math.max(left, 0), 1 - share],
    [Math.min(left + 1, from - 1), share],
  ];
}

/** The pixels within a radius; as many as the widest kernel has, the last of no weight (scale_and_translate_op.cc). */
function sampled(centre: number, from: number, radius: number, kernel: (distance: number) => number): Tap[] {
  const first = Math.max(Math.ceil(centre - radius - 0.5), 0);
  const end = centre + radius - 0.5;
  const within = (distance: number) => (centre + distance - 0.5 > end ? 0 : kernel(distance));
  return weighed(centre, first, 2 * Math.ceil(radius) + 1, from, within);
}

/** Weights of a kernel around a centre, normalised, without what is beyond the border. */
function weighed(
  centre: number,
  first: number,
  count: number,
  from: number,
  kernel: (distance: number) => number,
): Tap[] {
  const own = Array.from({ length: count }, (_, k) => first + k).filter((i) => i >= 0 && i < from);
  const weights = own.map((pixel) => kernel(pixel + 0.5 - centre));
  const total = weights.reduce((a, b) => a + b, 0);
  return own.map((pixel, k) => [pixel, total === 0 ? weights[k]! : weights[k]! / total]);
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
function covered(begin: number, end: number, from: number): Tap[] {
  const first = Math.floor(begin);
  const last = Math.min(Math.ceil(end), from);
  return Array.from({ length: last - first }, (_, k) => {
    const pixel = first + k;
    return [pixel, (Math.min(end, pixel + 1) - Math.max(begin, pixel)) / (end - begin)];
  });
}
