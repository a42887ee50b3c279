import { FACTORY_CLASSES } from "../../../src/layers/factory-types.js";
import { TRAINING_CLASSES } from "../../../src/training/factory-types.js";

/** Functions that make what Keras's classes do, by where `loadlab` has them. */
const FACTORIES = { layers: FACTORY_CLASSES, ...TRAINING_CLASSES };

const MADE =
  'Layers and models are made by layers, tf.sequential and tf.model: import { layers, tf } from "loadlab".';

/** Names that programs of Keras begin with, and what a cell has for them. */
const ADVICE: Readonly<Record<string, string>> = {
  keras: `Keras is Python's. %load_model FILE opens what it saved. ${MADE}`,
  load_model: '%load_model FILE opens a model; in code: import { loadModel } from "loadlab".',
  save_model: '%save_model FILE writes a model; in code: import { saveModel } from "loadlab".',
  h5py: "%load_model FILE opens a model from HDF5. Other HDF5 files: h5wasm, from npm.",
  K: 'Functions of Keras\'s backend are those of tf, as K.mean is tf.mean: import { tf } from "loadlab".',
  Layer: 'A layer of your own extends tf.layers.Layer: import { tf } from "loadlab".',
  Model: 'In TypeScript: tf.model({ inputs, outputs }), imported from "loadlab".',
  Sequential: 'In TypeScript: tf.sequential({ layers: [ … ] }), imported from "loadlab".',
  Input: 'In TypeScript: tf.input({ shape: [ … ] }), imported from "loadlab".',
  to_categorical: 'In TypeScript: tf.oneHot(labels, classes), imported from "loadlab".',
};

/** What `loadlab` exports that a notebook is likely to name. */
export const EXPORTED: readonly string[] = [
  ...["callbacks", "compareModels", "layers", "loadModel", "losses", "metrics", "openModel", "optimizers"],
  ...["registerCustom", "registerFunction", "saveModel", "schedules", "tf"],
];

/**
 * What to do about Keras's Python in a line that failed; empty for others.
 * @param name of what is not declared; undefined for an error of another kind.
 */
export function kerasAdvice(name: string | undefined, line: string): string {
  const within = /\bkeras(?:\.\w+)*\.([A-Z]\w+)\(/.exec(line)?.[1];
  const ofKeras =
    name === "keras" || name === "load_model" || (name === undefined && /\btf\.keras\b/.test(line));
  const file = ofKeras ? /\bload_model\(\s*(["'])(.+?)\1/.exec(line)?.[2] : undefined;
  if (file !== undefined)
    return `%load_model ${file} opens it as the variable model; in code: import { loadModel } from "loadlab", then await loadModel("${file}").`;
  if (ofKeras && within !== undefined) return factoryOf(within) || ADVICE["keras"]!;
  if (name === undefined) return ofKeras ? ADVICE["keras"]! : functionAtTop(line);
  if (EXPORTED.includes(name)) return `It is imported: import { ${name} } from "loadlab".`;
  if (Object.hasOwn(ADVICE, name)) return ADVICE[name]!;
  return factoryOf(name);
}

function factoryOf(className: string): string {
  for (const [kind, factories] of Object.entries(FACTORIES)) {
    const made = Object.entries<string>(factories).find(([, each]) => each === className)?.[0];
    if (made) return `In TypeScript: ${kind}.${made}({ … }), imported from "loadlab".`;
  }
  return "";
}

function functionAtTop(line: string): string {
  if (/\btf\.node\b/.test(line))
    return 'tf.node is tfjs-node\'s: import * as tf from "@tensorflow/tfjs-node".';
  const [, within, name] = /\btf\.(nn|math)\.(?:reduce_)?(\w+)/.exec(line) ?? [];
  if (name === undefined) return "";
  const camel = name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
  return `TensorFlow.js has no tf.${within}; its functions are those of tf: tf.${camel}.`;
}
