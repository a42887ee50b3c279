import * as tf from "@tensorflow/tfjs";
import { openModelFile } from "../../../src/formats/open.js";
import { bindWeights } from "../../../src/keras/bind.js";
import { connectModel } from "../../../src/keras/connect.js";
import type { KerasFinding } from "../../../src/keras/finding.js";
import { kerasOrigin } from "../../../src/keras/origin.js";
import { readModelGraph } from "../../../src/keras/read-graph.js";
import type { LayerDefinition } from "../../../src/layers/registry.js";
import { resolveLayer } from "../../../src/layers/resolve.js";

export interface Opened {
  readonly model: tf.LayersModel | null;
  readonly layers: ReadonlyMap<string, tf.layers.Layer>;
  readonly findings: readonly KerasFinding[];
}

/** The whole way from a file to a model with its weights, as the loading session walks it. */
export async function openModel(
  path: string,
  custom: ReadonlyMap<string, LayerDefinition> = new Map(),
): Promise<Opened> {
  const file = await openModelFile(path);
  try {
    const origin = kerasOrigin(file.kerasVersion, file.backend, file.config);
    const { graph, findings } = readModelGraph(file.config, origin);
    if (!graph) return { model: null, layers: new Map(), findings };
    const stored = new Map(file.layers.map((layer) => [layer.name, layer]));
    const connection = connectModel(graph, {
      origin,
      resolve: (spec) => resolveLayer(spec, custom),
      storedShapes: (spec) => stored.get(spec.name)?.weights.map((weight) => weight.shape) ?? null,
    });
    const connected = connection.advance();
    if (!connected.model)
      return { model: null, layers: connection.layers, findings: [...findings, ...connected.findings] };
    const bound = await bindWeights(graph, connection.layers, file.layers, origin);
    return { model: connected.model, layers: connection.layers, findings: [...findings, ...bound.findings] };
  } finally {
    file.close();
  }
}
