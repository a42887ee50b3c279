import * as tf from "@tensorflow/tfjs";
import { DataType } from "../../formats/proto/tensorflow_pb.js";
import { GraphError } from "../graph-error.js";
import {
  decodePicture,
  hasFewerColors,
  pictureFormat,
  type Picture,
  type PictureFormat,
} from "../decode-picture.js";
import { pngOf } from "../../display/tensor/png.js";
import type { Kernel, KernelTable, OpCall } from "../kernel.js";
import { StringTensor } from "../value.js";

/** Pictures in strings (tensorflow/core/ops/image_ops.cc). `DecodePng` and `DecodeJpeg` take each other's files. */
export const picture: KernelTable = {
  DecodePng: { run: (call) => decodeOne(call, false) },
  EncodePng: { host: [0], run: encodePng },
  DecodeJpeg: { run: (call) => decodeOne(call, false) },
  DecodeBmp: { run: (call) => decodeOne(call, false) },
  DecodeImage: { run: (call) => decodeOne(call, call.attributes.bool("expand_animations", true)) },
  DecodeGif: { run: (call) => decodeOne(call, true) },
  DecodeAndCropJpeg: cropped(),
  ExtractJpegShape: {
    run: (call) => {
      const [{ height, width, channels }] = read(call) as [Picture];
      return tf.tensor1d([height, width, channels], "int32");
    },
  },
};

/** Ops that need the decoders to be loaded. */
export function decodesPictures(op: string): boolean {
  return op in picture;
}

/** Pictures of 8 bits, one for each [height, width, channels] of the input. */
function encodePng(call: OpCall): StringTensor {
  const shape = call.shapeOf(0);
  const [height, width, channels] = shape.slice(-3) as [number, number, number];
  const wide = call.attributes.type("T") === DataType.DT_UINT16;
  if (wide || (channels !== 1 && channels !== 3 && channels !== 4))
    throw call.error(
      "O07",
      `it writes pictures of 1, 3 or 4 channels of 8 bits here, not of ${channels}${wide ? " of 16 bits" : ""}`,
      "Register a function for the op.",
    );
  const pixels = Uint8Array.from(call.numbers(0));
  const [batch, size] = [shape.slice(0, -3), height * width * channels];
  const count = batch.reduce((n, dim) => n * dim, 1);
  const files = Array.from({ length: count }, (_, i) =>
    pngOf({ width, height, channels, pixels: pixels.subarray(i * size, (i + 1) * size) }),
  );
  return new StringTensor(batch, files);
}

function read(call: OpCall): Picture[] {
  const bytes = call.strings(0).values[0] ?? new Uint8Array(0);
  const format = pictureFormat(bytes);
  if (format === null)
    throw call.error("G11", "its string is no PNG, JPEG, GIF or BMP", "Feed the bytes of a picture.");
  if (call.attributes.int("ratio", 1) > 1) {
    throw call.error(
      "O07",
      "it reads the picture smaller than it is",
      "Save the model with ratio=1, and resize.",
    );
  }
  try {
    if (format === "jpeg" && !call.attributes.bool("fancy_upscaling", true) && hasFewerColors(bytes))
      throw call.error(
        "O07",
        "it widens the picture's colours without smoothing them (fancy_upscaling=False)",
        "Save the model with fancy_upscaling=True, or feed a picture with whole colours (4:4:4).",
      );
    return decodePicture(bytes, format);
  } catch (error) {
    if (error instanceof GraphError) throw error;
    throw call.error(
      "G11",
      `the ${format.toUpperCase()} cannot be read: ${String((error as Error).message ?? error)}`,
    );
  }
}

/** @param frames whether a GIF gives all its frames, in a dimension of their own */
function decodeOne(call: OpCall, frames: boolean): tf.Tensor {
  const pictures = read(call);
  const type = call.attributes.type("dtype") ?? DataType.DT_UINT8;
  const wanted = call.step.op === "DecodeGif" ? 3 : call.attributes.int("channels");
  const format = pictureFormat(call.strings(0).values[0]!);
  const animated = frames && format === "gif";
  return pictureTensor(animated ? pictures : pictures.slice(0, 1), wanted, type, { format, animated });
}

/**
 * Pictures of one size as [height, width, channels], or [frames, height, width, channels].
 * @param wanted channels; 0 for those of the first picture
 * @param type fractions from 0 to 1 where it is a floating-point type, else whole numbers, as int32
 */
export function pictureTensor(
  pictures: readonly Picture[],
  wanted: number,
  type: DataType,
  { format, animated }: { readonly format: PictureFormat | null; readonly animated: boolean },
): tf.Tensor {
  const { width, height, channels } = pictures[0]!;
  const depth = wanted === 0 ? channels : wanted;
  const size = width * height * depth;
  const values = new Float32Array(size * pictures.length);
  pictures.forEach((own, i) =>
    writePixels(own, depth, type, values.subarray(i * size, (i + 1) * size), format === "png"),
  );
  const shape = [height, width, depth];
  const whole = type === DataType.DT_FLOAT || type === DataType.DT_HALF ? "float32" : "int32";
  return tf.tensor(values, animated ? [pictures.length, ...shape] : shape, whole);
}

/** Pixels with other channels and in another type: gray is repeated, colours become their brightness. */
function writePixels(own: Picture, depth: number, type: DataType, out: Float32Array, png: boolean): void {
  const { channels, pixels } = own;
  const full = own.opaque ?? (own.depth === 16 ? 65535 : 255);
  const convert = converter(type, own.depth, png);
  const color = channels >= 3;
  const alpha = channels === 2 || channels === 4 ? channels - 1 : -1;
  for (let i = 0; i < own.width * own.height; i++) {
    const at = (c: number): number => pixels[i * channels + c]!;
    const brightness = color && depth < 3 ? brightnessOf(at(0), at(1), at(2)) : at(0);
    for (let c = 0; c < depth; c++) {
      const isAlpha = (depth === 2 && c === 1) || c === 3;
      const made = own.transparent?.every((value, color) => value === at(color)) ? 0 : full;
      const value = isAlpha ? (alpha < 0 ? made : at(alpha)) : depth >= 3 && color ? at(c) : brightness;
      out[i * depth + c] = convert(value);
    }
  }
}

/** In libpng's whole numbers of 15 bits. */
function brightnessOf(red: number, green: number, blue: number): number {
  return red === green && red === blue ? red : (9797 * red + 19234 * green + 3737 * blue) >> 15;
}

/** @param png whether 8 bits become 16 as libpng widens them, so that white stays white; else they are moved up */
function converter(type: DataType, depth: 8 | 16, png: boolean): (value: number) => number {
  const widening = depth === 16 ? 1 : png ? 257 : 256;
  if (type === DataType.DT_UINT16) return (value) => value * widening;
  const most = depth === 16 ? 65535 : 255;
  if (type === DataType.DT_FLOAT || type === DataType.DT_HALF) return (value) => value / most;
  return depth === 16 ? (value) => value >> 8 : (value) => value;
}

/** The second input is y, x, height and width of what is taken. */
function cropped(): Kernel {
  return {
    host: [1],
    run: (call) => {
      const [y, x, height, width] = call.numbers(1) as [number, number, number, number];
      const whole = decodeOne(call, false);
      return tf.slice(whole, [y, x, 0], [height, width, whole.shape[2]!]);
    },
  };
}
