/** `tf.node` (tfjs-node, src/node.ts): pictures and SavedModels. */
import * as tf from "@tensorflow/tfjs";
import { pngOf } from "../display/tensor/png.js";
import { DataType } from "../formats/proto/tensorflow_pb.js";
import { decodePicture, type PictureFormat, pictureFormat } from "../graph/decode-picture.js";
import { pictureTensor } from "../graph/kernels/picture.js";
import { loadModel } from "../loading/open.js";

/**
 * A PNG, JPEG, GIF or BMP as [height, width, channels], a GIF as [frames, height, width, 3].
 * @param channels 1, 3 or 4; 0, the default, for those of the file
 * @param dtype int32, the default, from 0 to 255; float32 from 0 to 1
 * @throws Error where the bytes are no such picture
 */
export function decodeImage(
  contents: Uint8Array,
  channels = 0,
  dtype: "int32" | "float32" = "int32",
  expandAnimations = true,
): tf.Tensor3D | tf.Tensor4D {
  const format = pictureFormat(contents);
  if (format === null) throw new Error("The bytes are no PNG, JPEG, GIF or BMP.");
  return decode(contents, format, channels, dtype, expandAnimations && format === "gif");
}

/** A PNG as [height, width, channels]; `channels` and the errors as `decodeImage`. */
export function decodePng(
  contents: Uint8Array,
  channels = 0,
  dtype: "int32" | "float32" = "int32",
): tf.Tensor3D {
  return decode(contents, "png", channels, dtype, false) as tf.Tensor3D;
}

/** A JPEG as [height, width, channels], int32; `channels` and the errors as `decodeImage`. */
export function decodeJpeg(contents: Uint8Array, channels = 0): tf.Tensor3D {
  return decode(contents, "jpeg", channels, "int32", false) as tf.Tensor3D;
}

/** A BMP as [height, width, channels], int32; `channels` and the errors as `decodeImage`. */
export function decodeBmp(contents: Uint8Array, channels = 0): tf.Tensor3D {
  return decode(contents, "bmp", channels, "int32", false) as tf.Tensor3D;
}

/** All frames of a GIF as [frames, height, width, 3], int32; the errors as `decodeImage`. */
export function decodeGif(contents: Uint8Array): tf.Tensor4D {
  return decode(contents, "gif", 3, "int32", true) as tf.Tensor4D;
}

function decode(
  contents: Uint8Array,
  format: PictureFormat,
  channels: number,
  dtype: "int32" | "float32",
  frames: boolean,
): tf.Tensor3D | tf.Tensor4D {
  if (pictureFormat(contents) !== format) throw new Error(`The bytes are no ${format.toUpperCase()}.`);
  const pictures = decodePicture(contents, format);
  const type = dtype === "float32" ? DataType.DT_FLOAT : DataType.DT_UINT8;
  return pictureTensor(frames ? pictures : pictures.slice(0, 1), channels, type, {
    format,
    animated: frames,
  }) as tf.Tensor3D | tf.Tensor4D;
}

/** A picture [height, width, 1, 3 or 4], values 0 to 255, as a PNG. */
export async function encodePng(image: tf.Tensor3D): Promise<Uint8Array> {
  const [height, width, channels] = image.shape;
  if (channels !== 1 && channels !== 3 && channels !== 4)
    throw new RangeError(`encodePng takes [height, width, 1, 3 or 4], not [${image.shape.join(", ")}].`);
  const pixels = Uint8Array.from(await image.data());
  return pngOf({ width, height, channels, pixels });
}

/** Rejects always: no JPEG is written here. */
export function encodeJpeg(): Promise<Uint8Array> {
  return Promise.reject(new Error("encodeJpeg is not here: tf.node.encodePng, or the package sharp."));
}

/**
 * A SavedModel, as `loadModel` of loadlab opens it.
 * @throws LoadError that names every problem in the way
 */
export function loadSavedModel(path: string): Promise<tf.LayersModel> {
  return loadModel(path);
}

/** @throws Error always: TensorBoard's logs are not written here */
export function tensorBoard(): never {
  throw new Error(
    "TensorBoard's logs are not written here: fit draws a chart, tf.callbacks.csvLogger writes a file.",
  );
}

/** @throws Error always, as `tensorBoard` */
export function summaryFileWriter(): never {
  return tensorBoard();
}
