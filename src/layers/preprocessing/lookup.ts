import * as tf from "@tensorflow/tfjs";
import { hashBucket } from "../../ops/text/text.js";
import type { LayerSpec } from "../../keras/graph.js";
import { LayerError } from "../../keras/finding.js";
import { brief } from "../../keras/json.js";
import { Arguments, MOST_ENTRIES } from "../arguments/arguments.js";
import { encode, encodedShape, type OutputMode } from "./categories.js";
import { ComputedLayer, type Computation } from "../computed-layer.js";
import type { LayerContext, LayerDefinition } from "../registry.js";
import {
  oovStart,
  readVocabulary,
  vocabularyMissing,
  withoutVocabulary,
  type SpecialTokens,
} from "./vocabulary.js";

const ARGUMENTS = [
  "max_tokens",
  "num_oov_indices",
  "mask_token",
  "oov_token",
  "vocabulary",
  "idf_weights",
  "invert",
  "output_mode",
  "sparse",
  "pad_to_max_tokens",
  "oov_method",
  "salt",
  "vocabulary_size",
  "mask_value",
  "oov_value",
  "max_values",
];
const INERT = ["encoding", "vocabulary_dtype", "has_input_vocabulary", "adapted_vocabulary"];

/** keras/layers/preprocessing/index_lookup.py: tokens to indices of a vocabulary, and back with `invert`. */
export const LOOKUP: readonly LayerDefinition[] = [
  {
    className: "StringLookup",
    majors: [2, 3],
    arguments: ARGUMENTS,
    inert: INERT,
    create: (spec, context) => new ComputedLayer("StringLookup", spec, lookup(spec, context, true)),
  },
  {
    className: "IntegerLookup",
    majors: [2, 3],
    arguments: ARGUMENTS,
    inert: INERT,
    create: (spec, context) => new ComputedLayer("IntegerLookup", spec, lookup(spec, context, false)),
  },
];

/** A lookup's settings with its vocabulary. */
export interface IndexTable {
  readonly mode: OutputMode;
  /** Width of the encoded output; null where neither the file nor the vocabulary tells. */
  readonly depth: number | null;
  readonly idf: readonly number[] | null;
  /** Index of each token; -1 counts nowhere. */
  indicesOf(tokens: readonly string[]): number[];
}

/** @param text true for StringLookup, false for IntegerLookup */
function lookup(spec: LayerSpec, context: LayerContext, text: boolean): Computation {
  const args = new Arguments(spec);
  if (args.flag("invert", false)) return inverted(spec, context, text);
  const table = indexTable(spec, context, text);
  return {
    ...idfWeights(table, context),
    outputShape: ([x]) => encodedShape(x!, table.mode, table.depth),
    compute: ([x], { weights }) => {
      const tokens = tokensOf(x!);
      const indices = tf.tensor(table.indicesOf(tokens), x!.shape, "int32");
      return encodeIndices(indices, table, weights[0]);
    },
  };
}

/** Indices as the output mode has them; `tf_idf` weighs the counts. */
export function encodeIndices(indices: tf.Tensor, table: IndexTable, stored?: tf.Tensor): tf.Tensor {
  if (table.mode !== "tf_idf") return encode(indices, table.mode, table.depth ?? 0);
  return tf.mul(encode(indices, "count", table.depth ?? 0), stored ?? tf.tensor1d([...(table.idf ?? [])]));
}

/**
 * The stored weights of `tf_idf`, where the file has them beside the config. After `adapt`, Keras 2 stores how many
 * documents it counted too.
 */
export function idfWeights(table: IndexTable, context: LayerContext): Pick<Computation, "weights"> {
  const shapes = table.mode === "tf_idf" ? context.storedShapes : undefined;
  if (!shapes?.[0]) return {};
  const names = ["idf_weights", "num_documents"];
  return {
    weights: () => shapes.slice(0, 2).map((shape, i) => ({ name: names[i]!, shape, trainable: false })),
  };
}

/** Tokens of a tensor as text; numbers in their decimal notation. */
export function tokensOf(x: tf.Tensor): string[] {
  const values = x.dataSync();
  return x.dtype === "string"
    ? (values as unknown as string[])
    : Array.from(values, (n) => `${Math.trunc(n)}`);
}

/** The table from tokens to indices of a StringLookup (also that of TextVectorization) or IntegerLookup. */
export function indexTable(spec: LayerSpec, context: LayerContext, text: boolean): IndexTable {
  const args = new Arguments(spec);
  const mode = outputMode(args);
  const special = specialTokens(args, text);
  const tokens = readVocabulary(args, context, special, mode);
  if (tokens === null) context.adjust(withoutVocabulary);
  const start = oovStart(special, mode);
  const first = start + special.oovIndices;
  const places = new Map(tokens?.map((token, i) => [token, first + i]));
  const oov = oovIndex(spec, args, special, text);
  return {
    mode,
    depth: args.flag("pad_to_max_tokens", false)
      ? args.integer("max_tokens", undefined, 1)
      : tokens
        ? first + tokens.length
        : args.has("vocabulary_size")
          ? args.integer("vocabulary_size", undefined, 0, MOST_ENTRIES)
          : null,
    idf: mode === "tf_idf" && args.has("idf_weights") ? paddedIdf(args, first, tokens?.length ?? 0) : null,
    indicesOf(given) {
      if (tokens === null) throw vocabularyMissing(spec.name);
      return given.map((token) => {
        if (token === special.mask) return mode === "int" ? 0 : -1;
        return places.get(token) ?? start + oov(token);
      });
    },
  };
}

function outputMode(args: Arguments): OutputMode {
  const saved = args.choice(
    "output_mode",
    ["int", "one_hot", "multi_hot", "count", "tf_idf", "binary", "tf-idf"],
    "int",
  );
  return saved === "binary" ? "multi_hot" : saved === "tf-idf" ? "tf_idf" : saved;
}

/** Names and values of the special tokens; `mask_value` and `oov_value` are what TensorFlow 2.4 called them. */
function specialTokens(args: Arguments, text: boolean): SpecialTokens {
  const mask = args.raw("mask_token") ?? args.raw("mask_value") ?? null;
  const oov = args.raw("oov_token") ?? args.raw("oov_value") ?? (text ? "[UNK]" : -1);
  for (const name of ["mask_token", "mask_value", "oov_token", "oov_value"]) {
    if (args.has(name) && typeof args.raw(name) === "object") throw args.wrong(name, "a string or a number");
  }
  return {
    mask: mask === null ? null : String(mask),
    oov: oov === null ? null : String(oov),
    oovIndices: args.integer("num_oov_indices", 1, 0, MOST_ENTRIES),
  };
}

/** Which of the indices for unknown tokens one gets: by hash for text, by remainder for numbers. */
function oovIndex(
  spec: LayerSpec,
  args: Arguments,
  { oovIndices }: SpecialTokens,
  text: boolean,
): (token: string) => number {
  if (oovIndices === 1) return () => 0;
  if (oovIndices === 0) {
    return (token) => {
      throw notInVocabulary(spec.name, token);
    };
  }
  const salt = saltOf(args);
  const hashed = text || args.text("oov_method", "floormod") === "farmhash";
  if (hashed) return (token) => hashBucket(token, oovIndices, salt);
  return (token) => ((Number(token) % oovIndices) + oovIndices) % oovIndices;
}

/** Two integers, or one for both; null without a salt. */
export function saltOf(args: Arguments): readonly number[] | null {
  if (!args.has("salt")) return null;
  const [a, b = a] = args.numbers("salt");
  if (!Number.isInteger(a) || !Number.isInteger(b)) throw args.wrong("salt", "an integer, or two of them");
  return [a!, b!];
}

function notInVocabulary(name: string, token: string): LayerError {
  return new LayerError(
    "A24",
    "num_oov_indices",
    `"${name}" was given ${brief(token)}, which is not in its vocabulary`,
    "with num_oov_indices = 0 every input has to be in the vocabulary",
    "Leave such inputs out, or set num_oov_indices to 1.",
  );
}

/** Weights given without the special tokens get their mean in front, and zeros up to `max_tokens`. */
function paddedIdf(args: Arguments, first: number, tokens: number): number[] {
  const given = args.numbers("idf_weights");
  const mean = given.reduce((a, b) => a + b, 0) / Math.max(given.length, 1);
  const front = given.length > tokens ? [] : Array.from({ length: first }, () => mean);
  const whole = [...front, ...given];
  const length = args.flag("pad_to_max_tokens", false)
    ? args.integer("max_tokens", whole.length)
    : whole.length;
  return [...whole, ...Array.from({ length: Math.max(0, length - whole.length) }, () => 0)];
}

/** From indices back to tokens. */
function inverted(spec: LayerSpec, context: LayerContext, text: boolean): Computation {
  const args = new Arguments(spec);
  const special = specialTokens(args, text);
  const tokens = readVocabulary(args, context, special, "int");
  const start = oovStart(special, "int");
  const first = start + special.oovIndices;
  const tokenAt = (index: number): string => {
    if (tokens === null) throw vocabularyMissing(spec.name);
    if (index === 0 && special.mask !== null) return special.mask;
    return tokens[index - first] ?? special.oov ?? "";
  };
  return {
    ...(text ? { outputDtype: "string" as const } : {}),
    outputShape: ([x]) => x!,
    compute: ([x]) => {
      const found = Array.from(x!.dataSync(), (index) => tokenAt(index));
      return text ? tf.tensor(found, x!.shape, "string") : tf.tensor(found.map(Number), x!.shape, "int32");
    },
  };
}
