import * as tf from "@tensorflow/tfjs";
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import type { JsonValue, StoredLayer, StoredWeight } from "../../../src/formats/model-file.js";
import { bindWeights } from "../../../src/keras/bind.js";
import { connectModel } from "../../../src/keras/connect.js";
import { kerasOrigin } from "../../../src/keras/origin.js";
import { readModelGraph } from "../../../src/keras/read-graph.js";
import { resolveLayer } from "../../../src/layers/resolve.js";
import { predictionError, type Reference, type StoredTensor } from "../keras/reference.js";

/** A small model around one layer, with its weights and Keras's numbers (test/fixtures/layers.py). */
export interface LayerCase extends Reference {
  readonly name: string;
  readonly config: JsonValue;
  readonly layers: readonly {
    readonly name: string;
    readonly weights: readonly (StoredTensor & { readonly name: string })[];
  }[];
}

/** @param file `keras2`, `keras3` or `operations` */
export function readCases(file: string): { keras: string; cases: LayerCase[] } {
  const packed = readFileSync(`test/fixtures/layers/${file}.json.gz`);
  return JSON.parse(gunzipSync(packed).toString("utf8")) as { keras: string; cases: LayerCase[] };
}

/** The error of a case against Keras, or what stopped it. */
export async function runCase(layerCase: LayerCase, keras: string): Promise<number | string> {
  const origin = kerasOrigin(keras, "tensorflow", layerCase.config);
  const { graph, findings } = readModelGraph(layerCase.config, origin);
  if (!graph || findings.length > 0) return findings.map(({ code, found }) => `${code} ${found}`).join("; ");
  const shapes = new Map(
    layerCase.layers.map(({ name, weights }) => [name, weights.map(({ shape }) => shape)]),
  );
  const connection = connectModel(graph, {
    origin,
    resolve: (spec) => resolveLayer(spec, new Map()),
    storedShapes: (spec) => shapes.get(spec.name) ?? null,
  });
  const { model, findings: stopped } = connection.advance();
  if (!model) return stopped.map(({ code, layer, found }) => `${code} ${layer}: ${found}`).join("; ");
  const bound = await bindWeights(graph, connection.layers, layerCase.layers.map(asStored), origin);
  if (bound.findings.length > 0)
    return bound.findings.map(({ code, found }) => `${code} ${found}`).join("; ");
  tf.engine().startScope();
  const error = await predictionError(model, layerCase).finally(() => tf.engine().endScope());
  model.dispose();
  return error;
}

function asStored(layer: LayerCase["layers"][number]): StoredLayer {
  return { name: layer.name, weights: layer.weights.map(asStoredWeight), missing: [] };
}

function asStoredWeight(weight: StoredTensor & { readonly name: string }): StoredWeight {
  const text = weight.dtype === "string";
  const values = text ? (weight.values as string[]) : Float32Array.from(weight.values as number[]);
  return {
    name: weight.name,
    path: weight.name,
    shape: weight.shape,
    dtype: text ? "string" : "float32",
    byteLength: weight.values.length * 4,
    whole: true,
    read: () => Promise.resolve(values),
  };
}
