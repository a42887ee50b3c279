import * as tf from "@tensorflow/tfjs";
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import type { JsonValue, StoredLayer, StoredWeight } from "../../../src/formats/model-file.js";
import { featureSpaceAsModel } from "../../../src/formats/keras-archive/feature-space.js";
import { bindWeights } from "../../../src/keras/bind.js";
import { connectModel } from "../../../src/keras/connect.js";
import { kerasOrigin } from "../../../src/keras/origin.js";
import { readModelGraph } from "../../../src/keras/read-graph.js";
import type { LayerDefinition } from "../../../src/layers/registry.js";
import { resolveLayer } from "../../../src/layers/resolve.js";
import { asTensor, predictionError, type Reference, type StoredTensor } from "../keras/reference.js";

/** A small model around one layer, with its weights and Keras's numbers (test/fixtures/layers.py). */
export interface LayerCase extends Reference {
  readonly name: string;
  readonly config: JsonValue;
  /** Keras's derivative along the direction below, where its gradient is not that of the function. */
  readonly gradient?: number;
  /** Compared while it trains. */
  readonly training?: boolean;
  /** What layers learned, by their names. */
  readonly vocabularies?: Readonly<Record<string, string>>;
  /** What wrote it, where that is not the Keras of the file's other cases. */
  readonly origin?: { readonly version: string; readonly backend: string };
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
export async function runCase(
  layerCase: LayerCase,
  keras: string,
  custom: ReadonlyMap<string, LayerDefinition> = new Map(),
): Promise<number | string> {
  const model = await buildCase(layerCase, keras, custom);
  if (typeof model === "string") return model;
  tf.engine().startScope();
  const error = await predictionError(model, layerCase, layerCase.training).finally(() =>
    tf.engine().endScope(),
  );
  model.dispose();
  return error;
}

/** The model of a case with its weights, or what stopped it. */
export async function buildCase(
  layerCase: LayerCase,
  keras: string,
  custom: ReadonlyMap<string, LayerDefinition> = new Map(),
): Promise<tf.LayersModel | string> {
  const { version = keras, backend = "tensorflow" } = layerCase.origin ?? {};
  const config = featureSpaceAsModel(layerCase.config);
  const origin = kerasOrigin(version, backend, config);
  const { graph, findings } = readModelGraph(config, origin);
  if (!graph || findings.length > 0) return findings.map(({ code, found }) => `${code} ${found}`).join("; ");
  const shapes = new Map(
    layerCase.layers.map(({ name, weights }) => [name, weights.map(({ shape }) => shape)]),
  );
  const connection = connectModel(graph, {
    origin,
    resolve: (spec) => resolveLayer(spec, custom),
    storedShapes: (spec) => shapes.get(spec.name) ?? null,
    asset: (spec) => layerCase.vocabularies?.[spec.name] ?? null,
    stored: (spec) => layerCase.layers.find(({ name }) => name === spec.name)?.weights ?? null,
  });
  const { model, findings: stopped } = connection.advance();
  if (!model) return stopped.map(({ code, layer, found }) => `${code} ${layer}: ${found}`).join("; ");
  const bound = await bindWeights(graph, connection.layers, layerCase.layers.map(asStored), origin);
  if (bound.findings.length > 0)
    return bound.findings.map(({ code, found }) => `${code} ${found}`).join("; ");
  return model;
}

/**
 * How far the gradient of the sum of a model's outputs by its weights is from a central difference along one
 * direction, relative to the larger of the two; null for a model without trainable weights.
 */
export async function gradientError(layerCase: LayerCase, keras: string): Promise<number | string | null> {
  const model = await buildCase(layerCase, keras);
  if (typeof model === "string") return model;
  const weights = model.trainableWeights;
  if (weights.length === 0) return null;
  try {
    return tf.tidy(() => {
      const inputs = layerCase.inputs.map(asTensor);
      const loss = () => {
        const outputs = model.apply(inputs.length === 1 ? inputs[0]! : inputs) as tf.Tensor | tf.Tensor[];
        const list = Array.isArray(outputs) ? outputs : [outputs];
        // Weighted, since the sum of a softmax is 1 whatever its input.
        return list
          .map((y) => tf.sum(tf.mul(y, tf.reshape(tf.cos(tf.range(0, y.size)), y.shape))))
          .reduce((a, b) => tf.add(a, b)) as tf.Scalar;
      };
      const variables = weights.map((weight) => weight.read() as tf.Variable);
      const { grads } = tf.variableGrads(loss, variables);
      const directions = variables.map((v) => tf.reshape(tf.sin(tf.add(tf.range(0, v.size), 1)), v.shape));
      const along = variables
        .map((v, i) => (grads[v.name] ? tf.sum(tf.mul(grads[v.name]!, directions[i]!)) : tf.scalar(0)))
        .reduce((a, b) => tf.add(a, b))
        .dataSync()[0]!;
      if (layerCase.gradient !== undefined) return relative(along, layerCase.gradient);
      const start = variables.map((v) => tf.clone(v));
      const at = (step: number) => {
        variables.forEach((v, i) => v.assign(tf.add(start[i]!, tf.mul(directions[i]!, step))));
        return loss().dataSync()[0]!;
      };
      // A large step crosses the kinks of relu, a small one drowns in rounding: the best of several counts.
      const errors = [5e-3, 1e-3, 2e-4].map((step) => {
        const difference = (at(step) - at(-step)) / (2 * step);
        return relative(along, difference);
      });
      return Math.min(...errors);
    });
  } catch (error) {
    return (error as Error).message.split("\n")[0]!.slice(0, 160);
  } finally {
    model.dispose();
  }
}

function relative(a: number, b: number): number {
  return Math.abs(a - b) / Math.max(1, Math.abs(a), Math.abs(b));
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
