import type * as tf from "@tensorflow/tfjs";
import type { JsonValue } from "../formats/model-file.js";
import type { LayerSpec } from "../keras/graph.js";
import { eachLayer } from "../keras/read-graph.js";
import { registeredName } from "./graph-config.js";
import { keras2Graph } from "./keras2-graph.js";
import { keras3Graph } from "./keras3-graph.js";
import { needsHardSigmoid, type Target, targetClass, targetConfig } from "./layer-config.js";
import { readPythonFunction } from "../loading/lambda/python-function.js";
import { pythonString } from "./python-text.js";
import { LAMBDA_BASE, lambdaClass } from "./python-lambda.js";
import type { ModelParts } from "./saved-model-parts.js";

/** A Python module with a class for each layer that Keras does not have itself; null where there is none. */
export function pythonSkeletons(parts: ModelParts, target: Target, file: string): PythonModule | null {
  const { layers, major, masksStopAtStates, lambdas } = parts;
  const graph = target === 2 ? keras2Graph(parts.graph, masksStopAtStates) : keras3Graph(parts.graph);
  const custom = new Map<string, LayerSpec>();
  for (const spec of eachLayer(graph)) {
    if (!spec.model && targetClass(spec, target) === null) custom.set(registeredName(spec), spec);
  }
  const functions = [...eachLayer(graph)].some((spec) => needsHardSigmoid(spec, target, major))
    ? [hardSigmoid(major)]
    : [];
  if (custom.size === 0 && functions.length === 0) return null;
  const wrapped = new Set([...eachLayer(graph)].flatMap(({ inner }) => Object.values(inner).flat()));
  const unwritten: string[] = [];
  const classes = [...custom].map(([name, spec]) => {
    if (spec.className !== "Lambda") {
      if (!RUNNING.test(spec.className)) unwritten.push(name);
      return pythonClass(name, spec, layers.get(spec.path), target, major);
    }
    const body = lambdas.get(spec.path) ?? null;
    if (!body) unwritten.push(`Lambda ${spec.name}`);
    return lambdaClass(spec, body, lambdaSource(spec), wrapped.has(spec));
  });
  const bases = [...custom.values()].some(({ className }) => className === "Lambda") ? [LAMBDA_BASE] : [];
  const names = [
    ...[...custom].map(([name, spec]) => (spec.className === "Lambda" ? `Lambda ${spec.name}` : name)),
    ...(functions.length > 0 ? ["hard_sigmoid"] : []),
  ];
  const body = [...functions, ...bases, ...classes];
  return {
    text: [header(names, unwritten.length > 0, imports(body.join("\n"), target), file), ...body].join("\n\n"),
    isWhole: unwritten.length === 0,
  };
}

/** A module to be imported before the model is loaded. */
export interface PythonModule {
  readonly text: string;
  /** False where the user has to write what some layer computes. */
  readonly isWhole: boolean;
}

/** Written so that they run. */
const RUNNING = /^(TFOpLambda|SlicingOpLambda)$/;

function header(names: readonly string[], toWrite: boolean, lines: readonly string[], file: string): string {
  const what = toWrite
    ? "Weights come from the file; what each layer computes is to be written where NotImplementedError is raised."
    : "Weights come from the file.";
  return `"""Layers of ${pythonString(file)} that Keras does not have: ${names.map((name) => name.replace(/[^\w>. -]/g, "_")).join(", ")}.

Import this module, then load the model. ${what}
"""

${lines.join("\n")}
`;
}

/** The modules that the code calls. */
function imports(code: string, target: Target): string[] {
  const uses = (name: string) => new RegExp(`(?<![\\w.])${name}\\.`).test(code);
  return [
    ...(uses("math") ? ["import math", ""] : []),
    target === 3
      ? "import keras"
      : "import tf_keras as keras  # or: from tensorflow import keras, before 2.16",
    ...(uses("np") ? ["import numpy as np"] : []),
    "import tensorflow as tf",
    ...(uses("ops") ? ["from keras import ops"] : []),
    ...(uses("K") ? ["", "K = tf.keras.backend"] : []),
  ];
}

/** What a Lambda computes, as its bytecode says: a comment, whose names are the file's. */
function lambdaSource(spec: LayerSpec): string {
  const { function: code = null, arguments: given = null } = spec.config;
  const read = readPythonFunction({ function: code, arguments: given, inputs: 1 });
  return read?.source ? `${spec.name}: ${read.source}`.replaceAll(/[^\x20-\x7e]/g, "?") : "";
}

/** The function that an older or newer Keras has under this name. */
function hardSigmoid(from: 1 | 2 | 3): string {
  const [name, value] =
    from === 3
      ? ["hard_sigmoid_keras3", "tf.nn.relu6(x + 3.0) / 6.0"]
      : ["hard_sigmoid_keras2", "tf.clip_by_value(0.2 * x + 0.5, 0.0, 1.0)"];
  return `@keras.saving.register_keras_serializable(package="loadlab", name="${name}")\ndef ${name}(x):\n    return ${value}\n`;
}

function pythonClass(
  name: string,
  spec: LayerSpec,
  layer: tf.layers.Layer | undefined,
  target: Target,
  from: 1 | 2 | 3,
): string {
  const [prefix, bare] = name.split(">") as [string, string];
  const className = bare.replace(/\W/g, "_").replace(/^(?=\d)/, "_");
  const decorator = `@keras.saving.register_keras_serializable(package=${pythonString(prefix)}, name=${pythonString(bare)})`;
  if (/^(TFOpLambda|SlicingOpLambda)$/.test(spec.className))
    return `${decorator}\n${operationClass(className)}`;
  const args = Object.entries(targetConfig(spec, target, from)).filter(
    ([key]) => !["name", "dtype", "trainable"].includes(key),
  );
  const names = args.map(([key]) => key).filter((key) => /^[A-Za-z_]\w*$/.test(key));
  const weights = layer?.weights ?? [];
  return `${decorator}
class ${className}(keras.layers.Layer):
    def __init__(self, ${names.map((key) => `${key}=${short(spec.config[key])}, `).join("")}**kwargs):
        super().__init__(**kwargs)
${names.map((key) => `        self.${key} = ${key}`).join("\n") || "        pass"}

    def build(self, input_shape):
${weights.map((weight, i) => `        self.w${i} = self.add_weight(name=${pythonString(weight.originalName.split("/").at(-1)!)}, shape=${tuple(weight.shape)}, trainable=${weight.trainable ? "True" : "False"})`).join("\n") || "        pass"}
        super().build(input_shape)

    def call(self, inputs):
        raise NotImplementedError(${pythonString(`Write what ${bare} computes.`)})

    def get_config(self):
        return {**super().get_config(), ${names.map((key) => `${pythonString(key)}: self.${key}`).join(", ")}}
`;
}

/** TensorFlow functions in a Keras 2 model: the function is named in the config. */
function operationClass(className: string): string {
  return `class ${className}(keras.layers.Layer):
    """Calls the TensorFlow function of its name, such as math.add."""

    def __init__(self, function, **kwargs):
        super().__init__(**kwargs)
        self.function = function

    def call(self, *args, **kwargs):
        if self.function == "__operators__.getitem":
            return args[0][tuple(slice(s.get("start"), s.get("stop"), s.get("step")) if isinstance(s, dict) else s for s in kwargs["slice_spec"])]
        target = tf
        for part in self.function.split("."):
            target = getattr(target, part)
        return target(*args, **kwargs)

    def get_config(self):
        return {**super().get_config(), "function": self.function}
`;
}

function tuple(shape: readonly (number | null)[]): string {
  return shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
}

/** A default of the constructor: plain values only; the file's own value comes with its config. */
function short(value: JsonValue | undefined): string {
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "number") return String(value);
  if (typeof value === "string" && value.length < 40) return pythonString(value);
  return "None";
}
