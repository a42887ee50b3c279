import * as tf from "@tensorflow/tfjs";
import type { LayerSpec } from "../../keras/graph.js";
import { savedToken } from "../../keras/json.js";
import { Arguments, MOST_ENTRIES } from "../arguments/arguments.js";
import { ComputedLayer, type WeightSpec } from "../computed-layer.js";
import { tokensOf } from "./lookup.js";
import type { LayerDefinition } from "../registry.js";

/**
 * keras/layers/experimental/dynamic_lookup.py and dynamic_embedding.py of Keras 2: a vocabulary that training goes on
 * learning. Predicting, it is the stored one, and what is not in it gets the index after its last; [batch, ...] of
 * text or integers to indices, or to vectors [batch, ..., output_dim]. The counts by which Keras learns are kept as
 * they are stored, for a vocabulary that is not learned further here.
 */
export const DYNAMIC_VOCABULARY: readonly LayerDefinition[] = [
  {
    className: "DynamicLookup",
    majors: [2],
    arguments: ["vocabulary_size", "initial_vocabulary"],
    inert: ["eviction_policy"],
    create(spec) {
      const args = new Arguments(spec);
      const unknown = args.integer("vocabulary_size", undefined, 1, MOST_ENTRIES);
      const table = tableOf(args, unknown);
      return new ComputedLayer("DynamicLookup", spec, {
        weights: () => table,
        outputShape: ([x]) => x!,
        compute: ([x], { weights }) => indicesOf(x!, weights[2]!, unknown),
      });
    },
  },
  {
    className: "DynamicEmbedding",
    majors: [2],
    arguments: ["input_dim", "output_dim", "initial_vocabulary", "num_oov_indices"],
    inert: ["eviction_policy", "input_length", "embedding_initializer"],
    create: dynamicEmbedding,
  },
];

/** `input_dim` is saved as the rows of the matrix, those for unknown tokens among them. */
function dynamicEmbedding(spec: LayerSpec): ComputedLayer {
  const args = new Arguments(spec);
  const rows = args.integer("input_dim", undefined, 1, MOST_ENTRIES);
  const width = args.integer("output_dim", undefined, 1);
  const unknown = rows - args.integer("num_oov_indices", 1, 0, MOST_ENTRIES);
  const table = tableOf(args, unknown);
  return new ComputedLayer("DynamicEmbedding", spec, {
    weights: () => [{ name: "embeddings", shape: [rows, width], initializer: "glorotUniform" }, ...table],
    outputShape: ([x]) => [...x!, width],
    compute: ([x], { weights }) => tf.gather(weights[0]!, indicesOf(x!, weights[3]!, unknown)),
  });
}

/** The variables that Keras keeps: tokens seen with their counts, in a table larger by a fifth, and the vocabulary. */
function tableOf(args: Arguments, size: number): WeightSpec[] {
  const saved = args.raw("initial_vocabulary");
  if (!Array.isArray(saved)) throw args.wrong("initial_vocabulary", "a list of the tokens");
  const tokens = saved.map(savedToken);
  if (!tokens.every((token) => typeof token === "string" || typeof token === "number"))
    throw args.wrong("initial_vocabulary", "a list of texts or integers");
  const text = tokens.some((token) => typeof token === "string");
  // As Keras counts it: in float32.
  const seen = Math.floor(Math.fround(Math.fround(size) * Math.fround(1.2)));
  const keys = Array.from({ length: seen }, (_, i) => tokens[i] ?? (text ? "unk" : -1));
  const dtype = text ? "string" : "int32";
  return [
    { name: "vocabulary_table_keys", shape: [seen], dtype, values: keys, trainable: false },
    { name: "vocabulary_table_values", shape: [seen], dtype: "int32", trainable: false },
    { name: "vocabulary", shape: [tokens.length], dtype, values: tokens, trainable: false },
  ];
}

function indicesOf(x: tf.Tensor, vocabulary: tf.Tensor, unknown: number): tf.Tensor {
  const places = new Map<string, number>();
  tokensOf(vocabulary).forEach((token, i) => {
    if (!places.has(token)) places.set(token, i);
  });
  const found = tokensOf(x).map((token) => places.get(token) ?? unknown);
  return tf.tensor(found, x.shape, "int32");
}
