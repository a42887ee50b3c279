import * as tf from "@tensorflow/tfjs";
import type { LayerSpec } from "../../keras/graph.js";
import { LayerError } from "../../keras/finding.js";
import { Arguments } from "../arguments/arguments.js";
import { Chance } from "./chance.js";
import type { ComputedLayer, Shape } from "../computed-layer.js";
import { DictLayer } from "../preprocessing/dict-layer.js";
import { asChannelsLast, channelsFirst, shapeAsChannelsLast } from "../layout.js";

/** What a layer does to images [batch, height, width, channels] while it trains. */
export type ImageChange = (images: tf.Tensor4D, chance: Chance) => tf.Tensor;

export interface ImageLayerOptions {
  /** What happens to images when the model predicts; nothing unless given. */
  readonly predicting?: (images: tf.Tensor4D) => tf.Tensor;
  /** Shape of the images after the layer, channels last; that of its input unless given. */
  readonly shape?: (images: Shape) => Shape;
  /** Labels [batch, classes] that change with the images. */
  readonly labels?: (labels: tf.Tensor) => tf.Tensor;
}

/**
 * A layer that takes images, or a dict of `images` and what belongs to them (labels, boxes, masks), and gives the
 * same back (base_image_preprocessing_layer.py). What it returns of a dict stands in the order of the keys.
 */
export function imageLayer(
  spec: LayerSpec,
  change: ImageChange,
  options: ImageLayerOptions = {},
): ComputedLayer {
  const args = new Arguments(spec);
  const first = channelsFirst(args);
  const chance = new Chance(args.has("seed") ? args.number("seed") : null);
  const run = (x: tf.Tensor, training: boolean): tf.Tensor => {
    const compute = training ? (y: tf.Tensor) => change(y as tf.Tensor4D, chance) : options.predicting;
    if (!compute) return tf.clone(x);
    return asChannelsLast(tf.cast(x, "float32"), first, (y) => compute(y as tf.Tensor4D));
  };
  return new DictLayer(spec, {
    leaf(name, tensor, training) {
      if (name === "" || name === "images") return run(tensor, training);
      if (training) refuseGeometry(spec, name);
      return name === "labels" && training && options.labels ? options.labels(tensor) : tf.clone(tensor);
    },
    shape: (name, shape) =>
      name === "" || name === "images" ? imageShape(shape, first, options.shape) : shape,
  });
}

function imageShape(x: Shape, first: boolean, change?: (shape: Shape) => Shape): Shape {
  if (!change || x.length !== 4) return [...x];
  return shapeAsChannelsLast(x, first, change);
}

function refuseGeometry(spec: LayerSpec, name: string): void {
  if (!/^(bounding_boxes|segmentation_masks)/.test(name)) return;
  throw new LayerError(
    "A24",
    name,
    `"${spec.name}" was given ${name} while it trains`,
    "boxes and masks are handed on when a model predicts; they are not moved along with images that change",
    "Train with images and labels alone, or leave the layer out.",
  );
}
