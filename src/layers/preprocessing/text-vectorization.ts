import * as tf from "@tensorflow/tfjs";
import { lowerAscii, nGrams, splitText } from "../../ops/text/text.js";
import { LayerError } from "../../keras/finding.js";
import type { LayerSpec } from "../../keras/graph.js";
import { brief } from "../../keras/json.js";
import { Arguments } from "../arguments/arguments.js";
import { encodedShape } from "./categories.js";
import { ComputedLayer, type Shape } from "../computed-layer.js";
import { encodeIndices, idfWeights, indexTable, type IndexTable } from "./lookup.js";
import type { LayerContext, LayerDefinition } from "../registry.js";

const PUNCTUATION = /[!"#$%&()*+,\-./:;<=>?@[\\\]^_`{|}~']/g;

/**
 * keras/layers/preprocessing/text_vectorization.py: strings [batch] or [batch, 1] to indices [batch, tokens], or to
 * one row [batch, vocabulary] a string. Rows of unequal length are filled with 0, those of `ragged` too: tfjs has no
 * ragged tensors.
 */
export const TEXT_VECTORIZATION: LayerDefinition = {
  className: "TextVectorization",
  majors: [2, 3],
  arguments: [
    "max_tokens",
    "standardize",
    "split",
    "ngrams",
    "output_mode",
    "output_sequence_length",
    "pad_to_max_tokens",
    "vocabulary",
    "idf_weights",
    "sparse",
    "ragged",
    "vocabulary_size",
  ],
  inert: ["encoding", "has_input_vocabulary"],
  create: textVectorization,
};

/** Beyond it nobody counts words that stand together. */
const LONGEST_NGRAM = 1000;

function textVectorization(spec: LayerSpec, context: LayerContext): ComputedLayer {
  const args = new Arguments(spec);
  const table = indexTable(
    { ...spec, config: { ...spec.config, mask_token: "", oov_token: "[UNK]" } },
    context,
    true,
  );
  const length = args.has("output_sequence_length")
    ? args.integer("output_sequence_length", undefined, 1)
    : null;
  const ragged = args.flag("ragged", false);
  const tokenize = tokenizer(args);
  const splits = args.raw("split") !== null;
  return new ComputedLayer("TextVectorization", spec, {
    ...idfWeights(table, context),
    outputShape: ([x]) => vectorizedShape(x!, table, length, splits),
    compute: ([x], { weights }) => {
      const rows = rowsOf(x!, splits).map((row) => row.flatMap(tokenize));
      const indices = rows.map((row) => table.indicesOf(row));
      if (table.mode !== "int") return encodeIndices(evened(indices, null, -1), table, weights[0]);
      const even = evened(
        ragged && length !== null ? indices.map((row) => row.slice(0, length)) : indices,
        ragged ? null : length,
        0,
      );
      // Unsplit strings [batch] stay a vector.
      return splits || x!.rank > 1 || length !== null ? even : tf.reshape(even, x!.shape);
    },
  });
}

function vectorizedShape(x: Shape, table: IndexTable, length: number | null, splits: boolean): Shape {
  if (table.mode === "int") return splits || length !== null ? [x[0]!, length] : [...x];
  if (table.mode === "one_hot") return [x[0]!, null, table.depth];
  return encodedShape([x[0]!, null], table.mode, table.depth);
}

/** The strings of each sample: one where they are split, else all of its last axis. */
function rowsOf(x: tf.Tensor, splits: boolean): string[][] {
  const texts = x.dataSync() as unknown as string[];
  const width = x.rank > 1 ? x.shape.at(-1)! : 1;
  if (splits && width !== 1) {
    throw new LayerError(
      "A24",
      "split",
      `strings of shape [${x.shape.join(", ")}]`,
      "the last axis has to be 1 where strings are split into tokens",
      "Give one string a sample.",
    );
  }
  return Array.from({ length: texts.length / width }, (_, i) => texts.slice(i * width, (i + 1) * width));
}

/** Standardize, split, join to n-grams. */
function tokenizer(args: Arguments): (text: string) => string[] {
  const standardize = named(args, "standardize", [
    "lower_and_strip_punctuation",
    "lower",
    "strip_punctuation",
  ]);
  const split = named(args, "split", ["whitespace", "character"]);
  const widths = nGramWidths(args);
  const lower = standardize?.startsWith("lower") ?? false;
  const strip = standardize?.endsWith("strip_punctuation") ?? false;
  return (text) => {
    const lowered = lower ? lowerAscii(text) : text;
    const plain = strip ? lowered.replace(PUNCTUATION, "") : lowered;
    const tokens = split === null ? [plain] : split === "character" ? [...plain] : splitText(plain, "");
    return widths ? nGrams(tokens, widths, " ") : tokens;
  };
}

/** A function's name, null for none; functions of the user's own are not in the file. */
function named<T extends string>(args: Arguments, name: string, allowed: readonly T[]): T | null {
  const value = args.raw(name);
  if (value === null) return null;
  if (value === undefined) return allowed[0]!;
  if (typeof value === "string") return args.choice(name, allowed);
  throw new LayerError(
    "C01",
    name,
    `${name} = ${brief(value)}`,
    "the file holds the name of a Python function and not its code",
    "Register the layer with a function of your own: %%register_custom TextVectorization",
  );
}

/** One number stands for all widths up to it. */
function nGramWidths(args: Arguments): number[] | null {
  if (!args.has("ngrams")) return null;
  const given = args.numbers("ngrams");
  if (!given.every((n) => Number.isInteger(n) && n >= 1 && n <= LONGEST_NGRAM))
    throw args.wrong("ngrams", `an integer from 1 to ${LONGEST_NGRAM}, or a list of them`);
  return typeof args.raw("ngrams") === "number" ? Array.from({ length: given[0]! }, (_, i) => i + 1) : given;
}

/** Rows of one length, the longest's or the given. */
function evened(rows: readonly number[][], length: number | null, fill: number): tf.Tensor {
  const width = length ?? rows.reduce((most, row) => Math.max(most, row.length), 0);
  const values = new Int32Array(rows.length * width).fill(fill);
  rows.forEach((row, i) => values.set(row.slice(0, width), i * width));
  return tf.tensor(values, [rows.length, width], "int32");
}
