import { pngOf } from "./png.js";
import type { PlanePicture, Planes } from "./shown-tensor.js";
import { shortNumber } from "./tensor-statistics.js";

/** Smaller sides are no picture; longer ones are left to the cell that wants them. */
const SMALLEST_SIDE = 4;
const LARGEST_SIDE = 2048;
const VISIBLE_SIDE = 140;

/** Null for what is no stack of planes: [height, width], [height, width, channels] or a batch of these. */
export function planesOf(shape: readonly number[], dtype: string): Planes | null {
  if (dtype === "string" || dtype === "complex64" || shape.length < 2 || shape.length > 4) return null;
  const { images, height, width, channels } = sidesOf(shape);
  const sides = [height, width];
  const fits = sides.every((side) => side >= SMALLEST_SIDE && side <= LARGEST_SIDE);
  return fits && images > 0 && channels > 0 ? { images, channels } : null;
}

function sidesOf(shape: readonly number[]) {
  const [images, height, width, channels] =
    shape.length === 2 ? [1, ...shape, 1] : shape.length === 3 ? [1, ...shape] : shape;
  return { images: images!, height: height!, width: width!, channels: channels! };
}

/**
 * One channel of one image, from its smallest value (black) to its largest (white).
 * @throws RangeError for a plane that there is not
 */
export function planePicture(
  values: ArrayLike<number>,
  shape: readonly number[],
  image: number,
  channel: number,
): PlanePicture {
  const { images, height, width, channels } = sidesOf(shape);
  if (!(image >= 0 && image < images && channel >= 0 && channel < channels))
    throw new RangeError(`There is no channel ${channel} of image ${image}.`);
  const at = (y: number, x: number) => values[((image * height + y) * width + x) * channels + channel]!;
  let [min, max] = [Infinity, -Infinity];
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const value = at(y, x);
      if (value < min) min = value;
      if (value > max) max = value;
    }
  const zoom = Math.max(1, Math.ceil(VISIBLE_SIDE / Math.max(height, width)));
  const full = { width: width * zoom, height: height * zoom };
  const pixels = new Uint8Array(full.width * full.height);
  const scale = max > min ? 255 / (max - min) : 0;
  for (let y = 0; y < full.height; y++)
    for (let x = 0; x < full.width; x++)
      pixels[y * full.width + x] =
        Math.round((at(Math.floor(y / zoom), Math.floor(x / zoom)) - min) * scale) || 0;
  const png = pngOf({ ...full, channels: 1, pixels }).toString("base64");
  const where = [
    ...(images > 1 ? [`image ${image} of 0 to ${images - 1}`] : []),
    ...(channels > 1 ? [`channel ${channel} of 0 to ${channels - 1}`] : []),
  ];
  const range = min <= max ? `black ${shortNumber(min)}, white ${shortNumber(max)}` : "no finite value";
  return { png, ...full, about: [...where, range].join(" · ") };
}
