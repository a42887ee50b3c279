import * as tf from "@tensorflow/tfjs";
import type { TensorFunction } from "./function-table.js";
import { asTensor, NotTranslated, type Term } from "./value.js";

/** How the models of `keras.applications` want their pictures (keras/src/applications/imagenet_utils.py). */
const MODES: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    "mobilenet mobilenet_v2 inception_v3 inception_resnet_v2 xception resnet_v2 nasnet"
      .split(" ")
      .map((name) => [name, "tf"]),
  ),
  ...Object.fromEntries("vgg16 vgg19 resnet resnet50".split(" ").map((name) => [name, "caffe"])),
  densenet: "torch",
  ...Object.fromEntries(
    "efficientnet efficientnet_v2 mobilenet_v3 convnext regnet resnet_rs"
      .split(" ")
      .map((name) => [name, "none"]),
  ),
};

/** Means and deviations of ImageNet: blue first for Caffe's models, red first and of 0 to 1 for PyTorch's. */
const [CAFFE_MEANS, MEANS, DEVIATIONS] = [
  [103.939, 116.779, 123.68],
  [0.485, 0.456, 0.406],
  [0.229, 0.224, 0.225],
];

/** The module of `keras.applications` whose `preprocess_input` a dotted name is; null for any other. */
export function applicationOf(path: readonly string[]): string | null {
  const [owner, name] = path.slice(-2);
  if (name !== "preprocess_input" || owner === undefined) return null;
  if (owner === "imagenet_utils" || (path.at(-3) === "applications" && Object.hasOwn(MODES, owner)))
    return owner;
  return null;
}

/** @param mode said in the call of `imagenet_utils`, which has `caffe` by default */
export function preprocessInput(application: string, mode: Term | undefined): TensorFunction {
  const said = mode === undefined ? "caffe" : mode.constant;
  const chosen = application === "imagenet_utils" ? said : MODES[application];
  const text = (x: string) => {
    if (chosen === "tf") return `tf.sub(tf.div(${x}, 127.5), 1)`;
    if (chosen === "caffe") return `tf.sub(tf.reverse(${x}, [-1]), ${JSON.stringify(CAFFE_MEANS)})`;
    if (chosen === "torch")
      return `tf.div(tf.sub(tf.div(${x}, 255), ${JSON.stringify(MEANS)}), ${JSON.stringify(DEVIATIONS)})`;
    if (chosen === "none") return x;
    throw new NotTranslated("`preprocess_input` in a mode that is not known");
  };
  return {
    parameters: ["x", "data_format", "mode"],
    result: "tensor",
    text: ([x]) => text(x!.text),
    run: ([given]) => {
      const x = asTensor(given);
      if (chosen === "tf") return tf.sub(tf.div(x, 127.5), 1);
      if (chosen === "caffe") return tf.sub(tf.reverse(x, [-1]), CAFFE_MEANS!);
      return chosen === "torch" ? tf.div(tf.sub(tf.div(x, 255), MEANS!), DEVIATIONS!) : x;
    },
  };
}
