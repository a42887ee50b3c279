import * as tf from "@tensorflow/tfjs";
import { replaceKernel } from "./kernel.js";

/**
 * Crops of images, their places in float32 as TensorFlow has them (crop_and_resize_op.cc). In 64 bits, as TensorFlow.js
 * computes them in JavaScript, the last row of a box that ends at the image's edge lies outside, or inside, where it
 * does not in TensorFlow: then it is all `extrapolationValue`, or is not.
 */
export function cropInFloats(backendName: string): void {
  replaceKernel(backendName, "CropAndResize", () => ({ inputs, attrs, backend }) => {
    const { image, boxes, boxInd } = inputs as Record<"image" | "boxes" | "boxInd", tf.TensorInfo>;
    const { cropSize, method, extrapolationValue } = attrs as unknown as Crop;
    const read = ({ dataId }: tf.TensorInfo) =>
      (backend as tf.KernelBackend).readSync(dataId) as Float32Array;
    const [, height, width, channels] = image.shape as [number, number, number, number];
    const [rows, columns] = cropSize;
    const count = boxes.shape[0]!;
    const [pixels, corners, images] = [read(image), read(boxes), read(boxInd)];
    const out = new Float32Array(count * rows * columns * channels).fill(extrapolationValue);
    let at = 0;
    for (let box = 0; box < count; box++) {
      const [y1, x1, y2, x2] = corners.subarray(4 * box, 4 * box + 4) as unknown as [
        number,
        number,
        number,
        number,
      ];
      const from = images[box]! * height * width * channels;
      const across = Array.from({ length: columns }, (_, x) => place(x1, x2, width, columns, x));
      for (let y = 0; y < rows; y++) {
        const down = place(y1, y2, height, rows, y);
        for (const right of across) {
          if (isInside(down, height) && isInside(right, width))
            for (let c = 0; c < channels; c++) {
              const pixel = (row: number, column: number): number =>
                pixels[from + (row * width + column) * channels + c]!;
              out[at + c] =
                method === "nearest"
                  ? pixel(Math.round(down), Math.round(right))
                  : between(pixel, down, right);
            }
          at += channels;
        }
      }
    }
    return tf.tensor(out, [count, rows, columns, channels], "float32");
  });
}

interface Crop {
  readonly cropSize: readonly [number, number];
  readonly method: "bilinear" | "nearest";
  readonly extrapolationValue: number;
}

const { fround } = Math;

/** Where pixel `i` of `steps` lies in the image, from the box's begin to its end; in the middle of the two if it is one. */
function place(begin: number, end: number, size: number, steps: number, i: number): number {
  if (steps === 1) return fround(0.5 * fround(begin + end) * (size - 1));
  const step = fround(fround(fround(end - begin) * (size - 1)) / (steps - 1));
  return fround(fround(begin * (size - 1)) + fround(i * step));
}

function isInside(at: number, size: number): boolean {
  return at >= 0 && at <= size - 1;
}

function between(pixel: (row: number, column: number) => number, down: number, right: number): number {
  const [top, left] = [Math.floor(down), Math.floor(right)];
  const [bottom, end] = [Math.ceil(down), Math.ceil(right)];
  const [y, x] = [down - top, right - left];
  const above = pixel(top, left) + (pixel(top, end) - pixel(top, left)) * x;
  const below = pixel(bottom, left) + (pixel(bottom, end) - pixel(bottom, left)) * x;
  return above + (below - above) * y;
}
