import type { LayerCall, LayerSpec, ModelGraph } from "../keras/graph.js";
import { eachLayer } from "../keras/read-graph.js";
import { registeredName } from "./graph-config.js";
import { keras2Activations } from "./keras2-activations.js";
import { keras2Graph } from "./keras2-graph.js";
import { keras2Operation } from "./keras2-operation.js";
import { keras3Graph } from "./keras3-graph.js";
import { lambdaActivations } from "./lambda-activations.js";
import { needsHardSigmoid, type Target, targetClass } from "./layer-config.js";
import { readPythonFunction } from "../loading/lambda/python-function.js";
import { pythonString } from "./python-text.js";
import { pythonCall } from "./python-calls.js";
import { type ClassLayer, pythonClass } from "./python-class.js";
import { FUNCTION_LAYERS, operationClass } from "./python-operation.js";
import { LAMBDA_BASE, lambdaClass } from "./python-lambda.js";
import type { ModelParts } from "./saved-model-parts.js";

/** A Python module with what Keras does not have itself: a class for each layer, activations; null where there is none. */
export function pythonSkeletons(parts: ModelParts, target: Target, file: string): PythonModule | null {
  const { origin, masksStopAtStates } = parts;
  const graph = target === 2 ? keras2Graph(parts.graph, masksStopAtStates) : keras3Graph(parts.graph);
  const specs = [...eachLayer(graph)];
  const lambdas = lambdaActivations(specs);
  const functions = new Map([
    ...[...lambdas].map(([name, { text }]) => [name, text] as const),
    ...(specs.some((spec) => needsHardSigmoid(spec, target, origin))
      ? [["hard_sigmoid", HARD_SIGMOID] as const]
      : []),
    ...(target === 2 ? keras2Activations(specs) : []),
  ]);
  const classes = [...customLayers(graph, target)].map(([name, specs]) =>
    writtenClass(name, specs, { parts, graph, target }),
  );
  if (classes.length === 0 && functions.size === 0) return null;
  const base = classes.some(({ isLambda }) => isLambda) ? [LAMBDA_BASE] : [];
  const names = [...classes.map(({ title }) => title), ...functions.keys()];
  const body = [...functions.values(), ...base, ...classes.map(({ text }) => text)];
  const isWhole = [...classes, ...lambdas.values()].every((each) => each.isWhole);
  return {
    text: [header(names, !isWhole, imports(body.join("\n"), target), file), ...body].join("\n\n"),
    isWhole,
  };
}

/** Layers that Keras does not have, by the name that their class is registered under. */
function customLayers(graph: ModelGraph, target: Target): ReadonlyMap<string, readonly LayerSpec[]> {
  const custom = new Map<string, LayerSpec[]>();
  for (const spec of eachLayer(graph)) {
    if (spec.model || targetClass(spec, target) !== null) continue;
    const name = registeredName(spec);
    custom.set(name, [...(custom.get(name) ?? []), spec]);
  }
  return custom;
}

interface Surroundings {
  readonly parts: ModelParts;
  readonly graph: ModelGraph;
  readonly target: Target;
}

interface WrittenClass {
  readonly title: string;
  readonly text: string;
  readonly isLambda: boolean;
  readonly isWhole: boolean;
}

function writtenClass(name: string, specs: readonly LayerSpec[], around: Surroundings): WrittenClass {
  const { parts, graph, target } = around;
  const [first] = specs as [LayerSpec];
  const holders = wrappersOf(graph);
  if (first.className === "Lambda") {
    const body = parts.lambdas.get(first.path) ?? null;
    const text = lambdaClass(first, body, lambdaSource(first), holders.has(first));
    return { title: `Lambda ${first.name}`, text, isLambda: true, isWhole: body !== null };
  }
  const calls = callsOf(graph);
  if (FUNCTION_LAYERS.test(first.className)) {
    const text = operationClass(
      name,
      specs.flatMap(({ path }) => calls.get(path) ?? []),
    );
    return { title: name, text, isLambda: false, isWhole: true };
  }
  const layers = specs.map((spec) => classLayer(spec, parts, calls.get(spec.path) ?? [], holders.get(spec)));
  const text = pythonClass(name, layers, target, parts.origin);
  return { title: name, text, isLambda: false, isWhole: layers.every(({ call }) => call !== null) };
}

/** @param holder the wrapper around it, which has its variables */
function classLayer(
  spec: LayerSpec,
  { layers, classes }: ModelParts,
  calls: readonly LayerCall[],
  holder: LayerSpec | undefined,
): ClassLayer {
  const variables = (layers.get(spec.path) ?? (holder && layers.get(holder.path)))?.weights ?? [];
  const weights = variables.map(({ originalName, shape, trainable }) => ({
    name: originalName.split("/").at(-1)!,
    shape,
    trainable,
  }));
  const known = classes.get(spec.path);
  const shapes = variables.map(({ shape }) => shape as number[]);
  const own = [...new Set(calls.flatMap(({ kwargs }) => Object.keys(kwargs)))];
  const named = own.filter((key) => /^[A-Za-z]\w*$/.test(key) && !/^(mask|training)$/.test(key));
  return {
    spec,
    weights,
    call: known === undefined ? keras2Operation(spec) : pythonCall(known, spec.config, shapes, named),
    named,
    wrapped: holder !== undefined,
  };
}

/** The wrapper that holds each layer that stands in one. */
function wrappersOf(graph: ModelGraph): ReadonlyMap<LayerSpec, LayerSpec> {
  return new Map(
    [...eachLayer(graph)].flatMap((outer) =>
      Object.values(outer.inner)
        .flat()
        .map((inner) => [inner, outer] as const),
    ),
  );
}

/** Calls of each layer, by its path. */
function callsOf({ layers, calls }: ModelGraph): ReadonlyMap<string, readonly LayerCall[]> {
  return new Map(
    layers.flatMap((spec) => [
      [spec.path, calls.filter(({ layer }) => layer === spec.name)] as const,
      ...(spec.model ? callsOf(spec.model) : []),
    ]),
  );
}

/** A module to be imported before the model is loaded. */
export interface PythonModule {
  readonly text: string;
  /** False where the user has to write what some layer computes. */
  readonly isWhole: boolean;
}

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

/** The function that Keras 3 has under this name. */
const HARD_SIGMOID = `@keras.saving.register_keras_serializable(package="loadlab", name="hard_sigmoid_keras3")
def hard_sigmoid_keras3(x):
    return tf.nn.relu6(x + 3.0) / 6.0
`;
