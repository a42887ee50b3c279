import * as tf from "@tensorflow/tfjs";
import { define, functions } from "./function-table.js";
import { asNumber, asNumbers, asTensor, NotTranslated, type Value } from "./value.js";

// Functions of pictures [batch, height, width, channels].

type Size = [number, number];

/** What `K.resize_images` does where it is not told. */
const NEAREST = "nearest";

/** `K.resize_images` repeats each pixel, or places new ones between their centres. */
define("K:resize_images", {
  parameters: ["x", "height_factor", "width_factor", "data_format", "interpolation"],
  result: "tensor",
  text: ([x, height, width, layout, method]) => {
    channelsLast(layout?.constant);
    return `((x) => tf.image.${resizeName(method?.constant ?? NEAREST)}(x, [x.shape[1] * ${height!.text}, x.shape[2] * ${width!.text}], false, true))(${x!.text})`;
  },
  run: ([x, height, width, layout, method]) => {
    channelsLast(layout);
    const picture = asTensor(x) as tf.Tensor4D;
    const size: Size = [picture.shape[1] * asNumber(height), picture.shape[2] * asNumber(width)];
    return resized(picture, size, method ?? NEAREST);
  },
});

/** `tf.image.resize` and `keras.ops.image.resize`. */
define("resize", {
  parameters: ["images", "size", "method"],
  result: "tensor",
  text: ([x, size, method]) =>
    `tf.image.${resizeName(method?.constant)}(${x!.text}, ${size!.text}, false, true)`,
  run: ([x, size, method]) => resized(asTensor(x) as tf.Tensor4D, asNumbers(size) as Size, method),
});

define("ops:resize", { ...functions.get("resize")!, parameters: ["images", "size", "interpolation"] });

/** TensorFlow 1's, whose pixels sit in the corner of their square unless it is told otherwise. */
for (const [name, tfName] of [
  ["resize_bilinear", "resizeBilinear"],
  ["resize_nearest_neighbor", "resizeNearestNeighbor"],
] as const)
  define(name, {
    parameters: ["images", "size", "align_corners", "half_pixel_centers"],
    result: "tensor",
    text: ([x, size, corners, centers]) => {
      const flags = [corners, centers].map((term) => String(term?.constant === true));
      return `tf.image.${tfName}(${x!.text}, ${size!.text}, ${flags.join(", ")})`;
    },
    run: ([x, size, corners, centers]) =>
      tf.image[tfName](
        asTensor(x) as tf.Tensor4D,
        asNumbers(size) as Size,
        corners === true,
        centers === true,
      ),
  });

function resizeName(method: Value): "resizeBilinear" | "resizeNearestNeighbor" {
  if (method === "nearest") return "resizeNearestNeighbor";
  if (method === undefined || method === null || method === "bilinear") return "resizeBilinear";
  throw new NotTranslated(`resizing by ${String(method)}`);
}

function resized(picture: tf.Tensor4D, size: Size, method: Value): tf.Tensor {
  return tf.image[resizeName(method)](picture, size, false, true);
}

function channelsLast(layout: Value): void {
  if (layout !== undefined && layout !== null && layout !== "channels_last")
    throw new NotTranslated(`pictures as ${String(layout)}`);
}

function flip(name: string, axis: number): void {
  define(name, {
    parameters: ["image"],
    result: "tensor",
    text: ([x]) => `tf.reverse(${x!.text}, ${axis})`,
    run: ([x]) => tf.reverse(asTensor(x), axis),
  });
}

flip("flip_left_right", -2);
flip("flip_up_down", -3);
