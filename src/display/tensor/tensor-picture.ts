import type { Picture } from "./png.js";

/** Sides of what may be a picture, in pixels. */
const SMALLEST_SIDE = 8;
const LARGEST_SIDE = 4096;
/** A matrix without channels looks like a picture only if it is not long and thin. */
const SMALLEST_MATRIX = 16;
const LONGEST_BY_SHORTEST = 4;
/** Smaller pictures are drawn with larger squares for pixels. */
const VISIBLE_SIDE = 128;
/** Brightness that was computed may be beyond its ends by this much. */
const ROUNDING = 1e-4;
const MOST_IN_A_ROW = 8;
const GAP = 2;

/**
 * The picture that a tensor holds, or null: [height, width, channels] with 1, 3 or 4 channels, a batch of these, or
 * [height, width], of values from 0 to 1 or of whole numbers from 0 to 255.
 */
export function pictureOf(
  values: ArrayLike<unknown>,
  shape: readonly number[],
  dtype: string,
): Picture | null {
  if (dtype !== "float32" && dtype !== "int32") return null;
  const layout = layoutOf(shape);
  if (!layout) return null;
  const numbers = values as ArrayLike<number>;
  const scale = scaleOf(numbers, dtype);
  return scale === null ? null : draw(numbers, layout, scale);
}

interface Layout {
  readonly images: number;
  readonly height: number;
  readonly width: number;
  readonly channels: 1 | 3 | 4;
}

function layoutOf(shape: readonly number[]): Layout | null {
  if (shape.length === 2) {
    const [height, width] = shape as [number, number];
    const [short, long] = [Math.min(height, width), Math.max(height, width)];
    const likely = short >= SMALLEST_MATRIX && long <= LONGEST_BY_SHORTEST * short && long <= LARGEST_SIDE;
    return likely ? { images: 1, height, width, channels: 1 } : null;
  }
  const [images, height, width, channels] = (shape.length === 3 ? [1, ...shape] : shape) as number[];
  if (shape.length < 3 || shape.length > 4 || !images || !height || !width) return null;
  if (channels !== 1 && channels !== 3 && channels !== 4) return null;
  const sides = [height, width];
  if (sides.some((side) => side < SMALLEST_SIDE || side > LARGEST_SIDE)) return null;
  return { images, height, width, channels };
}

/** What to multiply with to come to 0 to 255; null for values that are no brightness. */
function scaleOf(values: ArrayLike<number>, dtype: string): number | null {
  let max = 0;
  let whole = true;
  for (let at = 0; at < values.length; at++) {
    const value = values[at]!;
    if (!(value >= -ROUNDING && value <= 255 + ROUNDING)) return null;
    if (value > max) max = value;
    whole &&= Number.isInteger(value);
  }
  if (max === 0) return null;
  if (max <= 1 + ROUNDING) return dtype === "float32" ? 255 : null;
  return whole || max > 2 ? 1 : null;
}

function draw(values: ArrayLike<number>, layout: Layout, scale: number): Picture {
  const { height, width, channels } = layout;
  const images = Math.min(layout.images, MOST_IN_A_ROW);
  const zoom = Math.max(1, Math.ceil(VISIBLE_SIDE / (2 * Math.max(height, width))));
  const gap = GAP * zoom;
  const full = { width: images * (width * zoom + gap) - gap, height: height * zoom };
  const pixels = new Uint8Array(full.width * full.height * channels).fill(images > 1 ? 128 : 0);
  for (let image = 0; image < images; image++)
    for (let y = 0; y < full.height; y++)
      for (let x = 0; x < width * zoom; x++) {
        const from = ((image * height + Math.floor(y / zoom)) * width + Math.floor(x / zoom)) * channels;
        const to = (y * full.width + image * (width * zoom + gap) + x) * channels;
        for (let channel = 0; channel < channels; channel++)
          pixels[to + channel] = byteOf(values[from + channel]! * scale);
      }
  return { ...full, channels, pixels };
}

function byteOf(value: number): number {
  return Math.min(255, Math.max(0, Math.round(value)));
}
