import type * as tf from "@tensorflow/tfjs";
import type { ConnectOptions, ModelConnection } from "./connection.js";
import type { ModelGraph } from "./graph.js";
import { GraphConnection, type Shared } from "./graph-connection.js";

/** Puts a model together by our own order of calls over `tf.layers.Layer.apply`, never by tfjs's `fromConfig`. */
export function connectModel(graph: ModelGraph, options: ConnectOptions): ModelConnection {
  const shared: Shared = { options, layers: new Map(), owners: new Map(), trying: false };
  const root = new GraphConnection(graph, "", shared);
  return {
    layers: shared.layers,
    advance: () => root.advance(null),
    unmake(paths) {
      const unmade = new Map<string, tf.layers.Layer>();
      root.unmake(paths, unmade);
      return unmade;
    },
    inputShapes: (path) => shared.owners.get(path)?.inputShapes(path) ?? null,
    outputMasks: () => root.outputMasks(),
    addedLosses: () => root.addedLosses(),
    masksEndAt: () => root.masksEndAt(),
  };
}
