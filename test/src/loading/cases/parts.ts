import { tf } from "../../../../src/index.js";
import type { JsonValue } from "../../../../src/formats/model-file.js";
import { openModelFile } from "../../../../src/formats/open.js";

/** A model as its parts, to be changed and written again: what a file with a problem is made from. */
export interface Parts {
  version: string | null;
  backend: string | null;
  config: JsonObject;
  training: JsonValue;
  layers: LayerParts[];
}

export interface LayerParts {
  name: string;
  className: string;
  weights: WeightParts[];
}

export interface WeightParts {
  name: string;
  shape: number[];
  values: Float32Array;
}

export type JsonObject = { [key: string]: JsonValue };

/** A layer of a model that is made here: its class, its config, the shapes of its weights by name. */
export interface MadeLayer {
  readonly className: string;
  readonly config: JsonObject & { name: string };
  readonly weights: Readonly<Record<string, number[]>>;
}

export function layer(
  className: string,
  name: string,
  config: JsonObject = {},
  weights: Readonly<Record<string, number[]>> = {},
): MadeLayer {
  // Keras 2 refuses the argument for an input.
  const common: JsonObject =
    className === "InputLayer" ? { dtype: "float32" } : { trainable: true, dtype: "float32" };
  return { className, config: { name, ...common, ...config }, weights };
}

export function dense(name: string, features: number, units: number, config: JsonObject = {}): MadeLayer {
  const bias: Record<string, number[]> = config["use_bias"] === false ? {} : { bias: [units] };
  return layer(
    "Dense",
    name,
    { units, activation: "tanh", use_bias: true, ...config },
    { kernel: [features, units], ...bias },
  );
}

export function conv2d(name: string, channels: number, filters: number, config: JsonObject = {}): MadeLayer {
  const more = {
    filters,
    kernel_size: [3, 3],
    padding: "same",
    activation: "relu",
    use_bias: true,
    data_format: "channels_last",
    ...config,
  };
  return layer("Conv2D", name, more, { kernel: [3, 3, channels, filters], bias: [filters] });
}

let seed = 1;

/** Numbers that are the same in every run and unlike each other. */
function numbers(count: number): Float32Array {
  return Float32Array.from({ length: count }, (_, i) => Math.sin(seed++ * 12.9898 + i * 4.1414) * 0.6);
}

export function weight(name: string, shape: number[]): WeightParts {
  const count = shape.reduce((a, b) => a * b, 1);
  const values = numbers(count);
  return { name, shape, values: /variance/.test(name) ? values.map((n) => 0.5 + Math.abs(n)) : values };
}

/** A Sequential of Keras 2 or 3, with its input layer. */
export function sequential(
  keras: 2 | 3,
  input: (number | null)[],
  made: readonly MadeLayer[],
  inputDtype = "float32",
): Parts {
  seed = 1;
  const shape: JsonObject = keras === 3 ? { batch_shape: input } : { batch_input_shape: input };
  const inputLayer = saved(
    keras,
    layer("InputLayer", "input_1", { ...shape, dtype: inputDtype, sparse: false }),
  );
  return {
    version: keras === 3 ? "3.15.1" : "2.15.0",
    backend: "tensorflow",
    config: {
      ...(keras === 3 ? { module: "keras", registered_name: null } : {}),
      class_name: "Sequential",
      config: { name: "chain", layers: [inputLayer, ...made.map((one) => saved(keras, one))] },
    },
    training: null,
    layers: made.map(partsOf),
  };
}

/** A node of a functional model: a layer, and the names of the layers whose outputs it takes. */
export type Node = readonly [MadeLayer, ...string[]];

/** A functional model of Keras 2, or of Keras 3 where the calls are written as `__keras_tensor__`. */
export function functional(
  keras: 2 | 3,
  inputs: Readonly<Record<string, (number | null)[]>>,
  nodes: readonly Node[],
  outputs: readonly string[],
): Parts {
  seed = 1;
  const inputLayers = Object.entries(inputs).map(([name, shape]) => {
    const said: JsonObject = keras === 3 ? { batch_shape: shape } : { batch_input_shape: shape };
    const one = saved(keras, layer("InputLayer", name, { ...said, sparse: false }));
    return { ...one, name, inbound_nodes: [] };
  });
  const calls = nodes.map(([made, ...from]) => ({
    ...saved(keras, made),
    name: made.config.name,
    inbound_nodes: keras === 3 ? keras3Node(from) : [from.map((name): JsonValue => [name, 0, 0, {}])],
  }));
  return {
    version: keras === 3 ? "3.15.1" : "2.15.0",
    backend: "tensorflow",
    config: {
      ...(keras === 3 ? { module: "keras.src.models.functional", registered_name: "Functional" } : {}),
      class_name: "Functional",
      config: {
        name: "graph",
        layers: [...inputLayers, ...calls],
        input_layers: Object.keys(inputs).map((name) => [name, 0, 0]),
        output_layers: outputs.map((name) => [name, 0, 0]),
      },
    },
    training: null,
    layers: nodes.map(([made]) => partsOf(made)),
  };
}

function keras3Node(from: readonly string[]): JsonValue {
  const tensors = from.map((name): JsonValue => ({
    class_name: "__keras_tensor__",
    config: { shape: [null, 4], dtype: "float32", keras_history: [name, 0, 0] },
  }));
  return [{ args: tensors.length === 1 ? tensors : [tensors], kwargs: {} }];
}

function saved(keras: 2 | 3, { className, config }: MadeLayer): JsonObject {
  const about: JsonObject = keras === 3 ? { module: "keras.layers", registered_name: null } : {};
  return { ...about, class_name: className, config: { ...config } };
}

function partsOf({ className, config, weights }: MadeLayer): LayerParts {
  const list = Object.entries(weights).map(([name, shape]) => weight(`${config.name}/${name}`, shape));
  return { name: config.name, className, weights: list };
}

/** The saved layer of a name, to be changed in place. */
export function savedLayer(parts: Parts, name: string): JsonObject & { config: JsonObject } {
  const list = (parts.config["config"] as JsonObject)["layers"] as JsonObject[];
  return list.find((one) => (one["config"] as JsonObject)["name"] === name) as JsonObject & {
    config: JsonObject;
  };
}

export function savedLayers(parts: Parts): (JsonObject & { config: JsonObject })[] {
  return (parts.config["config"] as JsonObject)["layers"] as (JsonObject & { config: JsonObject })[];
}

export function stored(parts: Parts, name: string): LayerParts {
  return parts.layers.find((one) => one.name === name)!;
}

export function copy(parts: Parts): Parts {
  return structuredClone(parts);
}

/** The parts of a file that is there already. */
export async function readParts(path: string): Promise<Parts> {
  const file = await openModelFile(path);
  try {
    const layers: LayerParts[] = [];
    for (const { name, weights } of file.layers) {
      const read: WeightParts[] = [];
      for (const one of weights)
        read.push({ name: one.name, shape: [...one.shape], values: (await one.read()) as Float32Array });
      layers.push({ name, className: "", weights: read });
    }
    const { kerasVersion: version, backend, trainingConfig: training } = file;
    return { version, backend, config: file.config as JsonObject, training, layers };
  } finally {
    file.close();
  }
}

/** The same numbers as inputs for both models: of the shapes that the unbroken one takes. */
export function inputsFor(model: tf.LayersModel): tf.Tensor[] {
  return model.inputs.map(({ shape, dtype }, k) => {
    const whole = shape.map((n, axis) => n ?? (axis === 0 ? 2 : 5));
    const count = whole.reduce((a, b) => a * b, 1);
    const values = Array.from({ length: count }, (_, i) =>
      dtype === "int32" ? (i + k) % 4 : Math.cos(i * 0.7 + k) * 0.9,
    );
    return tf.tensor(values, whole, dtype);
  });
}
