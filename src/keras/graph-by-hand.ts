import * as tf from "@tensorflow/tfjs";
import type { JsonValue } from "../formats/model-file.js";
import { parseJson } from "../formats/json.js";
import { isObject } from "./json.js";
import { kerasOrigin } from "./origin.js";
import { eachLayer, readModelGraph } from "./read-graph.js";
import { calledLayer } from "../layers/call-of-shared.js";
import { ComputedLayer, isSigned, type CallSignature } from "../layers/computed-layer.js";
import { madeFrom } from "../layers/made-from.js";
import { resolveLayer } from "../layers/resolve.js";
import { PassOn } from "./distinct-tensors.js";
import type { CallArgument, LayerCall, LayerSpec, ModelGraph, Structure, TensorRef } from "./graph.js";

/** A tensor by the layer, the call and the place among its outputs that TensorFlow.js knows it by. */
interface Source {
  readonly layer: tf.layers.Layer;
  readonly node: number;
  readonly index: number;
}

interface Node {
  readonly inboundLayers: tf.layers.Layer[];
  readonly nodeIndices: number[];
  readonly tensorIndices: number[];
}

interface Container {
  readonly layers: tf.layers.Layer[];
  readonly containerNodes: Set<string>;
  readonly outputLayers: tf.layers.Layer[];
  readonly outputLayersNodeIndices: number[];
  readonly outputLayersTensorIndices: number[];
  readonly inputLayers: tf.layers.Layer[];
}

/** A model that was put together by hand, as a file of Keras would have it. */
export interface BuiltByHand {
  readonly graph: ModelGraph;
  /** By path. */
  readonly layers: ReadonlyMap<string, tf.layers.Layer>;
}

/**
 * Reads a model that was put together around layers of a file: what those were made from is known, and with which
 * arguments each was called. What the loading has put between them for TensorFlow.js's sake is left out.
 * @throws TypeError where what a layer of TensorFlow.js's own was made from cannot be read
 */
export function graphByHand(model: tf.LayersModel): BuiltByHand {
  const layers = new Map<string, tf.layers.Layer>();
  let specs: ReadonlyMap<string, LayerSpec> | null = null;
  return { graph: readContainer(model, "", layers, (path) => (specs ??= ownSpecs(model)).get(path)), layers };
}

/** What the model's own config says of its layers, by path. */
function ownSpecs(model: tf.LayersModel): ReadonlyMap<string, LayerSpec> {
  const { graph } = readOwnConfig(model);
  return new Map(graph ? [...eachLayer(graph)].map((spec) => [spec.path, spec] as const) : []);
}

/** Reads the config that TensorFlow.js gives of a model, which has the arguments of Keras 2. */
export function readOwnConfig(model: tf.LayersModel): ReturnType<typeof readModelGraph> {
  const saved = parseJson(JSON.stringify(model.toJSON(null, false)));
  const config = isObject(saved) && isObject(saved["model_config"]) ? saved["model_config"] : saved;
  return readModelGraph(config, TFJS);
}

/** TensorFlow.js has the arguments of Keras 2. */
export const TFJS = kerasOrigin("2.15.0", "tensorflow", null);

/** Whether a layer of a file, or one that was made as such, is among the model's. */
export function hasLayersOfKeras(model: tf.LayersModel): boolean {
  return containerOf(model).layers.some((layer) =>
    layer instanceof tf.LayersModel ? hasLayersOfKeras(layer) : madeFrom(layer) !== undefined,
  );
}

function readContainer(
  model: tf.LayersModel,
  path: string,
  layers: Map<string, tf.layers.Layer>,
  otherwise: (path: string) => LayerSpec | undefined,
): ModelGraph {
  const container = containerOf(model);
  const calls = new Calls(container);
  const own = [...new Set(container.layers.map(calledLayer))].filter((layer) => !standsBetween(layer));
  const specs = own.map((layer) => {
    const at = path === "" ? layer.name : `${path}/${layer.name}`;
    layers.set(at, layer);
    if (layer instanceof tf.LayersModel)
      return modelSpec(layer, at, readContainer(layer, at, layers, otherwise));
    if (layer.getClassName() === "InputLayer") return inputSpec(layer, at);
    const spec = madeFrom(layer) ?? otherwise(at);
    if (!spec) throw new TypeError(`The layer ${at} cannot be read: what it was made from is not known.`);
    return {
      ...spec,
      name: layer.name,
      path: at,
      config: { ...spec.config, name: layer.name, ...trainableOf(spec, layer) },
    };
  });
  const inputs = container.inputLayers.map(({ name: layer }): TensorRef => ({
    layer,
    nodeIndex: 0,
    tensorIndex: 0,
  }));
  const outputs = container.outputLayers.map((layer, i) => {
    const [node, index] = [container.outputLayersNodeIndices[i]!, container.outputLayersTensorIndices[i]!];
    return calls.reference({ layer, node, index })!;
  });
  return {
    className: "Functional",
    name: model.name,
    layers: specs,
    calls: calls.all(specs),
    inputs: oneOrList(inputs),
    outputs: oneOrList(outputs),
  };
}

/** Where a model has its calls: a Sequential has them in a model within. */
export function containerOf(model: tf.LayersModel): Container {
  if (model instanceof tf.Sequential) {
    if (!model.built) model.build();
    return (model as unknown as { model: Container }).model;
  }
  return model as unknown as Container;
}

function oneOrList(refs: readonly TensorRef[]): Structure<TensorRef> {
  return refs.length === 1 ? refs[0]! : refs;
}

/** Masks that Keras hands along by itself, and layers that pass on what comes twice. */
function standsBetween(layer: tf.layers.Layer): boolean {
  return (
    layer instanceof PassOn ||
    (layer instanceof ComputedLayer && layer.getClassName() === "Mask" && madeFrom(layer) === undefined)
  );
}

const bare = { module: "keras.layers", registeredName: null, buildConfig: null, inner: {} } as const;

/** Operations, which have no weights, take no such argument. */
function trainableOf(
  { config }: LayerSpec,
  { trainable, weights }: tf.layers.Layer,
): Record<string, JsonValue> {
  return "trainable" in config || weights.length > 0 ? { trainable } : {};
}

function modelSpec(layer: tf.LayersModel, path: string, model: ModelGraph): LayerSpec {
  const config = { name: layer.name, trainable: layer.trainable };
  return { ...bare, className: "Functional", name: layer.name, path, config, model };
}

function inputSpec({ name, batchInputShape, dtype }: tf.layers.Layer, path: string): LayerSpec {
  const config = { name, batch_shape: [...(batchInputShape ?? [])] as number[], dtype: dtype ?? "float32" };
  return { ...bare, className: "InputLayer", name, path, config, model: null };
}

/** The calls that belong to a model, numbered anew for each layer. */
class Calls {
  readonly #nodes: (Source & { readonly call: TensorRef })[] = [];

  constructor({ layers, containerNodes }: Container) {
    const counts = new Map<tf.layers.Layer, number>();
    for (const layer of layers)
      layer.inboundNodes.forEach((_, node) => {
        if (!containerNodes.has(`${layer.name}_ib-${node}`)) return;
        const called = calledLayer(layer);
        const nodeIndex = counts.get(called) ?? 0;
        counts.set(called, nodeIndex + 1);
        this.#nodes.push({ layer, node, index: 0, call: { layer: called.name, nodeIndex, tensorIndex: 0 } });
      });
  }

  /** Null for a mask. */
  reference(source: Source): TensorRef | null {
    if (source.layer instanceof PassOn) return this.reference(inputsOf(source)[0]!);
    if (standsBetween(source.layer)) return null;
    const { call } = this.#nodes.find(({ layer, node }) => layer === source.layer && node === source.node)!;
    return { ...call, tensorIndex: source.index };
  }

  all(specs: readonly LayerSpec[]): LayerCall[] {
    return this.#nodes.flatMap((node) => {
      if (standsBetween(node.layer) || node.layer.getClassName() === "InputLayer") return [];
      const spec = specs.find(({ name }) => name === node.call.layer)!;
      const refs = inputsOf(node).map((source) => this.reference(source));
      const { layer, nodeIndex } = node.call;
      return [{ layer, nodeIndex, ...callArguments(node.layer, spec, refs) }];
    });
  }
}

function inputsOf({ layer, node }: Source): Source[] {
  const { inboundLayers, nodeIndices, tensorIndices } = layer.inboundNodes[node] as unknown as Node;
  return inboundLayers.map((from, i) => ({ layer: from, node: nodeIndices[i]!, index: tensorIndices[i]! }));
}

type Arguments = Pick<LayerCall, "args" | "kwargs">;

function callArguments(
  layer: tf.layers.Layer,
  spec: LayerSpec,
  refs: readonly (TensorRef | null)[],
): Arguments {
  const signature = signatureOf(layer);
  if (signature) return filled(signature, refs);
  const given = layer instanceof tf.LayersModel ? refs.slice(0, layer.inputs.length) : refs;
  const tensors = given.flatMap((ref): CallArgument[] => (ref ? [{ kind: "tensor", ref }] : []));
  const apart = (resolveLayer(spec, new Map())?.callArguments?.length ?? 1) > 1;
  const args: CallArgument[] = tensors.length === 1 || apart ? tensors : [{ kind: "list", items: tensors }];
  return { args, kwargs: {} };
}

function signatureOf(layer: tf.layers.Layer): CallSignature | null {
  if (isSigned(layer)) return layer.signature;
  return (layer as { signature?: CallSignature }).signature ?? null;
}

/** A call's arguments with its tensors in their places; masks that Keras hands along go unsaid. */
function filled({ args, kwargs }: CallSignature, refs: readonly (TensorRef | null)[]): Arguments {
  let next = 0;
  const place = (argument: CallArgument): CallArgument => {
    switch (argument.kind) {
      case "tensor": {
        const ref = refs[next++] ?? null;
        return ref ? { kind: "tensor", ref } : { kind: "constant", value: null };
      }
      case "list":
        return { kind: "list", items: argument.items.map(place) };
      case "dict":
        return {
          kind: "dict",
          items: Object.fromEntries(Object.entries(argument.items).map(([key, item]) => [key, place(item)])),
        };
      case "constant":
        return { kind: "constant", value: argument.value };
    }
  };
  const positional = args.map(place);
  const named = Object.entries(kwargs).flatMap(([key, argument]): [string, CallArgument][] => {
    const value = place(argument);
    return argument.kind === "tensor" && value.kind === "constant" ? [] : [[key, value]];
  });
  return { args: positional, kwargs: Object.fromEntries(named) };
}
