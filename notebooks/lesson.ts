// What the numbered notebooks share: Keras's own answers, and models broken on purpose.
import { cp, mkdir, readFile } from "node:fs/promises";
import * as tf from "@tensorflow/tfjs";
import h5wasm from "h5wasm/node";

interface Stored {
  readonly values: number[];
  readonly shape: number[];
  readonly dtype: "float32" | "int32";
}

const tensor = ({ values, shape, dtype }: Stored): tf.Tensor => tf.tensor(values, shape, dtype);

/** Inputs of a model and Keras's own outputs, from the JSON file beside the model file. */
export async function kerasReference(name: string): Promise<{ input: tf.Tensor; output: tf.Tensor }> {
  const text = await readFile(`models/${name}.reference.json`, "utf8");
  const { inputs, outputs } = JSON.parse(text) as { inputs: Stored[]; outputs: Stored[] };
  return { input: tensor(inputs[0]!), output: tensor(outputs[0]!) };
}

/** The largest difference between two tensors of one shape. */
export function largestDifference(a: tf.Tensor, b: tf.Tensor): number {
  return tf.tidy(() => tf.max(tf.abs(tf.sub(a, b))).dataSync()[0]!);
}

/** A copy of a model in `scratch/`, to be broken; the original stays as it is. */
export async function copyOf(name: string, as = name): Promise<string> {
  await mkdir("scratch", { recursive: true });
  await cp(`models/${name}`, `scratch/${as}`);
  return `scratch/${as}`;
}

/** Changes the architecture that a `.h5` file holds as JSON, or its `training_config`. */
export async function editConfig(
  file: string,
  change: (config: any) => void,
  attribute: "model_config" | "training_config" = "model_config",
): Promise<void> {
  await h5wasm.ready;
  const hdf5 = new h5wasm.File(file, "a");
  const config = JSON.parse(String(hdf5.attrs[attribute]!.value));
  change(config);
  hdf5.delete_attribute(attribute);
  hdf5.create_attribute(attribute, JSON.stringify(config));
  hdf5.close();
}
