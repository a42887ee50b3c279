import type { JsonValue, StoredLayer } from "../../formats/model-file.js";
import type { CallArgument, LayerSpec, ModelGraph, Structure, TensorRef } from "../../keras/graph.js";
import { isObject, stringAt } from "../../keras/json.js";
import { KerasModel } from "../../keras/keras-model.js";
import { readLayer } from "../../keras/read-layer.js";
import { snakeCase } from "../../names/snake-case.js";
import type { Work } from "../work.js";

/** A model of the user's own class as one layer, with all that the file holds as its weights. */
export interface WholeModel {
  readonly graph: ModelGraph;
  readonly layers: readonly StoredLayer[];
}

/**
 * A subclassed model, whose config has the arguments of its class and no layers: one layer of that class, called on
 * inputs of the shapes that the model was built with. Null where the config is another.
 */
export function asOneLayer({ file, origin }: Pick<Work, "file" | "origin">): WholeModel | null {
  const config = file?.config ?? null;
  const className = isObject(config) ? stringAt(config, "class_name") : null;
  if (!isObject(config) || !origin || !className || !isObject(config["config"])) return null;
  if (Array.isArray(config["config"]["layers"])) return null;
  const spec = {
    ...readLayer({ name: snakeCase(className), ...config }, "", 0, { origin, findings: [] }),
    inner: {},
  };
  const inputs = inputsOf(spec);
  const { argument, structure } = inputs;
  const graph: ModelGraph = {
    className: "Functional",
    name: spec.name,
    layers: [...inputs.layers, spec],
    calls: [{ layer: spec.name, nodeIndex: 0, args: [argument], kwargs: {} }],
    inputs: structure,
    outputs: { layer: spec.name, nodeIndex: 0, tensorIndex: 0 },
  };
  const weights = file!.layers.flatMap((layer) => layer.weights);
  const missing = file!.layers.flatMap((layer) => layer.missing);
  return { graph, layers: [{ name: spec.name, weights, missing }] };
}

/** How many tensors the class gives shows when it was called: all of them are the model's. */
export function giveAllOutputs(work: Work): void {
  const { graph, connection, model } = work;
  if (!model || graph?.calls.length !== 1 || asOneLayer(work) === null) return;
  const { layer } = graph.calls[0]!;
  const outputs = connection!.layers.get(layer)!.inboundNodes[0]!.outputTensors;
  if (outputs.length === 1) return;
  work.model = new KerasModel({ name: graph.name, inputs: model.inputs, outputs });
  work.graph = {
    ...graph,
    outputs: outputs.map((_, tensorIndex) => ({ layer, nodeIndex: 0, tensorIndex })),
  };
}

interface Inputs {
  readonly layers: LayerSpec[];
  readonly argument: CallArgument;
  readonly structure: Structure<TensorRef>;
}

/** `build_config`: one shape under `input_shape`, or a list or dict of them, as `call` takes them. */
function inputsOf(spec: LayerSpec): Inputs {
  const built = spec.buildConfig?.["input_shape"] ?? spec.buildConfig?.["shapes_dict"] ?? null;
  const layers: LayerSpec[] = [];
  const place = (value: JsonValue, name: string): Omit<Inputs, "layers"> => {
    if (Array.isArray(value) && value.some(Array.isArray)) {
      const items = value.map((item, i) => place(item, `${name}_${i}`));
      return {
        argument: { kind: "list", items: items.map(({ argument }) => argument) },
        structure: items.map(({ structure }) => structure),
      };
    }
    if (isObject(value)) {
      const items = Object.entries(value).map(([key, item]) => [key, place(item, key)] as const);
      return {
        argument: {
          kind: "dict",
          items: Object.fromEntries(items.map(([k, { argument }]) => [k, argument])),
        },
        structure: Object.fromEntries(items.map(([key, { structure }]) => [key, structure])),
      };
    }
    layers.push(inputLayer(name, value));
    const ref = { layer: name, nodeIndex: 0, tensorIndex: 0 };
    return { argument: { kind: "tensor", ref }, structure: ref };
  };
  return { ...place(built, `${spec.name}_input`), layers };
}

/** The batch was that of the first call. */
function inputLayer(name: string, shape: JsonValue): LayerSpec {
  return {
    className: "InputLayer",
    name,
    path: name,
    module: null,
    registeredName: null,
    config: Array.isArray(shape) ? { name, batch_shape: [null, ...shape.slice(1)] } : { name },
    buildConfig: null,
    model: null,
    inner: {},
  };
}
