import * as tf from "@tensorflow/tfjs";

/** What stands for pixels outside the image: a value, or the image turned over, repeated, or its border. */
export type FillMode = "CONSTANT" | "NEAREST" | "WRAP" | "REFLECT";

export interface Projection {
  /** Eight numbers a0..c1 for all images, or eight for each: output (x, y) reads (a0 x + a1 y + a2) / k, ... */
  readonly transforms: readonly number[];
  readonly size: readonly [height: number, width: number];
  readonly bilinear: boolean;
  readonly mode: FillMode;
  readonly fill: number;
}

/** Each output pixel is looked up where the transform puts it in the input (image_ops.h ProjectiveGenerator). */
export function projected(images: tf.Tensor, { transforms, size, ...filling }: Projection): tf.Tensor4D {
  return displaced(
    images,
    filling,
    (b, y, x) => {
      const t = transforms.length > 8 ? transforms.slice(8 * b, 8 * b + 8) : transforms;
      // In single precision, as TensorFlow has it: which of two pixels is nearest can hang on the last digit.
      const line = (i: number) =>
        Math.fround(
          Math.fround(Math.fround(f(t[i]) * x) + Math.fround(f(t[i + 1]) * y)) + (i === 6 ? 1 : f(t[i + 2])),
        );
      const depth = line(6);
      if (depth === 0) return null;
      return [Math.fround(line(0) / depth), Math.fround(line(3) / depth)];
    },
    size,
  );
}

/**
 * Images [batch, height, width, channels] whose pixels are read from other places.
 * @param place the (x, y) that a pixel is read from; null for the fill
 */
export function displaced(
  images: tf.Tensor,
  { bilinear, mode, fill }: Pick<Projection, "bilinear" | "mode" | "fill">,
  place: (image: number, y: number, x: number) => readonly [number, number] | null,
  size?: Projection["size"],
): tf.Tensor4D {
  const [n, h, w, c] = images.shape as [number, number, number, number];
  const [height, width] = size ?? [h, w];
  const pixels = images.dataSync();
  const out = new Float32Array(n * height * width * c).fill(fill);
  const read = (b: number, y: number, x: number, k: number): number =>
    y >= 0 && y < h && x >= 0 && x < w ? pixels[((b * h + y) * w + x) * c + k]! : fill;
  for (let b = 0; b < n; b++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const from = place(b, y, x);
        if (!from) continue;
        const [sx, sy] = [mapInside(from[0], w, mode), mapInside(from[1], h, mode)];
        for (let k = 0; k < c; k++) {
          out[((b * height + y) * width + x) * c + k] = bilinear
            ? blend(read, b, sy, sx, k)
            : read(b, rounded(sy), rounded(sx), k);
        }
      }
    }
  }
  return tf.tensor4d(out, [n, height, width, c]);
}

function f(value: number | undefined): number {
  return Math.fround(value ?? 0);
}

function blend(
  read: (b: number, y: number, x: number, k: number) => number,
  b: number,
  y: number,
  x: number,
  k: number,
): number {
  const [y0, x0] = [Math.floor(y), Math.floor(x)];
  const [dy, dx] = [y - y0, x - x0];
  const top = read(b, y0, x0, k) * (1 - dx) + read(b, y0, x0 + 1, k) * dx;
  const bottom = read(b, y0 + 1, x0, k) * (1 - dx) + read(b, y0 + 1, x0 + 1, k) * dx;
  return top * (1 - dy) + bottom * dy;
}

function mapInside(at: number, length: number, mode: FillMode): number {
  if (mode === "CONSTANT") return at;
  if (mode === "NEAREST") return Math.min(length - 1, Math.max(0, at));
  if (mode === "WRAP") return Math.min(length - 1, Math.max(0, wrapped(at, length)));
  const period = 2 * length;
  let inside = ((at % period) + period) % period;
  if (inside >= length) inside = period - inside - 1;
  return Math.min(length - 1, Math.max(0, inside));
}

/** TensorFlow counts the turns by `length - 1` and takes off `length` for each. */
function wrapped(at: number, length: number): number {
  if (length <= 1) return 0;
  if (at < 0) return at + length * (Math.trunc(-at / (length - 1)) + 1);
  return at > length - 1 ? at - length * Math.trunc(at / (length - 1)) : at;
}

/** Halves away from zero. */
function rounded(value: number): number {
  return value < 0 ? -Math.round(-value) : Math.round(value);
}
