import type * as tf from "@tensorflow/tfjs";

/** One call of a layer, as far as it is used here (tfjs-layers `Node`). */
interface Call {
  readonly outboundLayer: tf.layers.Layer;
  readonly inboundLayers: readonly tf.layers.Layer[];
  readonly nodeIndices: readonly number[];
  readonly outputTensors: readonly tf.SymbolicTensor[];
}

/** What the graph's layers are to Keras. */
export interface CallsOfLayers {
  /** Whether the model has this call of the layer. */
  has(layer: tf.layers.Layer, index: number): boolean;
  /** A layer that Keras does not have, and that passes its one input on. */
  passesOn(layer: tf.layers.Layer): boolean;
  /** The layer that is called, where another stands for one of its calls. */
  called(layer: tf.layers.Layer): tf.layers.Layer;
}

const callsOf = (layer: tf.layers.Layer): readonly Call[] => layer.inboundNodes as unknown as readonly Call[];

/**
 * The results of all calls of layers that a model calls more than once, in the order in which Keras runs them
 * (keras/src/ops/function.py `map_graph`, and tf_keras engine/functional.py alike): the deepest first, of one depth as
 * they were first reached from the outputs. A call that moves averages sees what the calls before it have moved.
 */
export function callsInOrder(model: tf.LayersModel, graph: CallsOfLayers): tf.SymbolicTensor[] {
  const depths = depthsOf(walk(model, graph), graph);
  const times = new Map<tf.layers.Layer, number>();
  for (const call of depths.keys()) {
    const layer = graph.called(call.outboundLayer);
    times.set(layer, (times.get(layer) ?? 0) + 1);
  }
  // A stable sort keeps the order of calls of one depth.
  return [...depths]
    .filter(([call]) => times.get(graph.called(call.outboundLayer))! > 1)
    .sort(([, a], [, b]) => b - a)
    .flatMap(([{ outputTensors }]) => outputTensors);
}

/** All calls, each behind those that it needs. */
function walk(model: tf.LayersModel, graph: CallsOfLayers): Call[] {
  const seen = new Set<Call>();
  const calls: Call[] = [];
  const visit = (call: Call): void => {
    if (seen.has(call)) return;
    seen.add(call);
    for (const parent of parents(call, graph)) visit(parent);
    calls.push(call);
  };
  for (const { sourceLayer, nodeIndex } of model.outputs) {
    const call = at(sourceLayer, nodeIndex, graph);
    if (call) visit(call);
  }
  return calls;
}

/** By call, in the order in which Keras's dictionary has them. */
function depthsOf(calls: readonly Call[], graph: CallsOfLayers): Map<Call, number> {
  const depths = new Map<Call, number>();
  const ofLayers = new Map<tf.layers.Layer, number>();
  for (const call of calls.toReversed()) {
    const layer = graph.called(call.outboundLayer);
    const depth = Math.max(depths.get(call) ?? 0, ofLayers.get(layer) ?? 0);
    ofLayers.set(layer, depth);
    depths.set(call, depth);
    for (const parent of parents(call, graph)) {
      depths.set(parent, Math.max(depth + 1, depths.get(parent) ?? 0));
    }
  }
  return depths;
}

function parents(call: Call, graph: CallsOfLayers): Call[] {
  return call.inboundLayers.flatMap((layer, i) => at(layer, call.nodeIndices[i]!, graph) ?? []);
}

function at(layer: tf.layers.Layer, index: number, graph: CallsOfLayers): Call | null {
  if (!graph.has(layer, index)) return null;
  const call = callsOf(layer)[index]!;
  if (!graph.passesOn(layer)) return call;
  return at(call.inboundLayers[0]!, call.nodeIndices[0]!, graph);
}
