import * as tf from "@tensorflow/tfjs";
import { PassOn } from "../../keras/distinct-tensors.js";
import type { LayerMark, LayerReport, ModelOrigin, ModelSummary, TensorReport } from "./report.js";

type Shape = readonly (number | null)[];

/** How a layer was saved, where that is not what its object says. */
interface LayerRecord {
  readonly className: string;
  readonly mark: LayerMark | null;
}

const layerRecords = new WeakMap<tf.layers.Layer, LayerRecord>();
const modelOrigins = new WeakMap<tf.LayersModel, ModelOrigin>();

/** Remembers how a layer was saved, for every later summary that it appears in. */
export function recordLayer(layer: tf.layers.Layer, className: string, mark: LayerMark | null): void {
  layerRecords.set(layer, { className, mark });
}

/** Paths of the layers, nested ones too, that compute something else than was saved. */
export function stubbedLayers(model: tf.LayersModel): string[] {
  return layerReports(model, 0, "").flatMap(({ path, mark }) => (mark?.kind === "stub" ? [path] : []));
}

/** Remembers where a model came from. */
export function recordOrigin(model: tf.LayersModel, origin: ModelOrigin): void {
  modelOrigins.set(model, origin);
}

/** A model as a table. Works on any model of layers, loaded or made by hand. */
export function summarize(model: tf.LayersModel): ModelSummary {
  const trainable = parameterCount(model.trainableWeights);
  const total = parameterCount(model.weights);
  return {
    name: model.name,
    className: classNameOf(model),
    origin: modelOrigins.get(model) ?? null,
    inputs: tensors(model.inputs),
    outputs: tensors(model.outputs),
    layers: layerReports(model, 0, ""),
    parameters: { total, trainable, nonTrainable: total - trainable, bytes: total * 4 },
  };
}

function layerReports(model: tf.LayersModel, depth: number, prefix: string): LayerReport[] {
  const saved = model.layers.filter((layer) => !(layer instanceof PassOn));
  return saved.flatMap((layer) => {
    const path = `${prefix}${layer.name}`;
    const calls = callsIn(model, layer);
    const report: LayerReport = {
      path,
      name: layer.name,
      depth,
      className: classNameOf(layer),
      outputShapes: outputShapes(layer, calls),
      parameters: parameterCount(layer.weights),
      trainable: layer.trainable,
      connectedTo: calls.flatMap((call) => call.inboundLayers.map((from) => source(from).name)),
      mark: layerRecords.get(layer)?.mark ?? null,
    };
    const nested = layer instanceof tf.LayersModel ? layerReports(layer, depth + 1, `${path}/`) : [];
    return [report, ...nested];
  });
}

/** The layer of the file that a tensor comes from. */
function source(layer: tf.layers.Layer): tf.layers.Layer {
  const [call] = layer.inboundNodes as readonly Call[];
  return layer instanceof PassOn ? source(call!.inboundLayers[0]!) : layer;
}

interface Call {
  readonly inboundLayers: readonly tf.layers.Layer[];
  readonly outputShapes: Shape | readonly Shape[];
}

/** The calls of a layer that belong to this model; a shared layer has others elsewhere. */
function callsIn(model: tf.LayersModel, layer: tf.layers.Layer): readonly Call[] {
  const nodes = layer.inboundNodes as readonly Call[];
  const own = nodes.filter((_, i) => model.containerNodes.has(`${layer.name}_ib-${i}`));
  return own.length > 0 ? own : nodes.slice(0, 1);
}

function outputShapes(layer: tf.layers.Layer, calls: readonly Call[]): Shape[] {
  const [call] = calls;
  if (!call) return [];
  const shapes = call.outputShapes;
  return isList(shapes) ? [...shapes] : [shapes];
}

function isList(shapes: Shape | readonly Shape[]): shapes is readonly Shape[] {
  return Array.isArray(shapes[0]);
}

/** As the file has it; of a layer made here, its own. */
export function classNameOf(layer: tf.layers.Layer): string {
  return layerRecords.get(layer)?.className ?? layer.getClassName() ?? layer.constructor.name;
}

function tensors(list: readonly tf.SymbolicTensor[]): TensorReport[] {
  return list.map(({ name, shape }) => ({ name, shape }));
}

function parameterCount(weights: readonly { readonly id: number; readonly shape: Shape }[]): number {
  const seen = new Map(weights.map((weight) => [weight.id, weight.shape]));
  let sum = 0;
  for (const shape of seen.values()) sum += shape.reduce<number>((product, size) => product * (size ?? 0), 1);
  return sum;
}
