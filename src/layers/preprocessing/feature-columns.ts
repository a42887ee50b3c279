import type * as tf from "@tensorflow/tfjs";
import type { JsonValue } from "../../formats/model-file.js";
import { LayerError } from "../../keras/finding.js";
import { brief, isObject, savedToken, stringAt } from "../../keras/json.js";
import { hashBucket } from "../../ops/text/text.js";
import { Arguments, MOST_ENTRIES } from "../arguments/arguments.js";
import { crossedBucket, crossedPart } from "./hashing.js";
import { tokensOf } from "./lookup.js";

/** The features of a call by their keys, each [batch, values]. */
export type Features = ReadonlyMap<string, tf.Tensor>;

/** One category of a sample; those that count for nothing are left out. */
export interface Category {
  readonly id: number;
  /** 1 but for weighted columns. */
  readonly weight: number;
}

/** A feature column that gives categories (tensorflow/python/feature_column/feature_column_v2.py). */
export interface CategoricalColumn {
  readonly name: string;
  /** Number of categories. */
  readonly buckets: number;
  /** Whether each category has a weight of its own. */
  readonly weighted: boolean;
  /** The categories of each sample. */
  categories(features: Features): Category[][];
}

/** A feature column of numbers. */
export interface NumericColumn {
  readonly name: string;
  readonly key: string;
  /** How many numbers a sample has. */
  readonly size: number;
}

/** A saved feature column: `{"class_name": "NumericColumn", "config": {...}}`. */
export interface SavedColumn {
  readonly className: string;
  readonly args: Arguments;
}

/** @throws LayerError A24 where it is no column */
export function savedColumn(saved: JsonValue | undefined, argument = "feature_columns"): SavedColumn {
  const className = isObject(saved) ? stringAt(saved, "class_name") : null;
  const config = isObject(saved) ? saved["config"] : undefined;
  if (className === null || !isObject(config))
    throw new Arguments({ config: { [argument]: saved ?? null } }).wrong(argument, "a saved feature column");
  return { className, args: new Arguments({ config }) };
}

export function numericColumn({ className, args }: SavedColumn): NumericColumn {
  if (className !== "NumericColumn") throw unknownColumn(className);
  if (args.has("normalizer_fn")) throw normalizes(args);
  const key = args.text("key");
  return { name: key, key, size: args.numbers("shape", [1]).reduce((a, b) => a * b, 1) };
}

/** Boundaries of the buckets, and the numbers that are sorted into them. */
export function bucketizedColumn({ args }: SavedColumn): { source: NumericColumn; boundaries: number[] } {
  const source = numericColumn(savedColumn(args.raw("source_column"), "source_column"));
  return { source, boundaries: args.numbers("boundaries") };
}

/** The bucket of a number: a boundary belongs to the one above it. */
export function bucketOf(value: number, boundaries: readonly number[]): number {
  return boundaries.filter((boundary) => value >= Math.fround(boundary)).length;
}

/** Columns by their class names. */
const CATEGORICAL: ReadonlyMap<string, (args: Arguments, saved: SavedColumn) => CategoricalColumn> = new Map([
  ["HashedCategoricalColumn", hashed],
  ["VocabularyListCategoricalColumn", vocabularyList],
  ["IdentityCategoricalColumn", identityColumn],
  ["BucketizedColumn", bucketNumbers],
  ["CrossedColumn", crossedColumn],
  ["WeightedCategoricalColumn", weightedColumn],
]);

/** @throws LayerError A24 for a class that is none of TensorFlow's, O04 for a vocabulary in a file of its own */
export function categoricalColumn(saved: JsonValue | undefined, argument: string): CategoricalColumn {
  const column = savedColumn(saved, argument);
  if (column.className === "VocabularyFileCategoricalColumn") throw vocabularyFile(column.args);
  const make = CATEGORICAL.get(column.className);
  if (!make) throw unknownColumn(column.className);
  return make(column.args, column);
}

function hashed(args: Arguments): CategoricalColumn {
  const buckets = args.integer("hash_bucket_size", undefined, 1);
  return ofTokens(args, buckets, (token) => hashBucket(token, buckets));
}

function vocabularyList(args: Arguments): CategoricalColumn {
  const saved = args.raw("vocabulary_list");
  const tokens = Array.isArray(saved) ? saved.map(savedToken) : [];
  if (tokens.length === 0 || tokens.some(isObject)) throw args.wrong("vocabulary_list", "a list of tokens");
  const places = new Map(tokens.map((token, i) => [String(token), i]));
  const spare = args.integer("num_oov_buckets", 0, 0, MOST_ENTRIES);
  const otherwise = args.integer("default_value", -1);
  return ofTokens(args, tokens.length + spare, (token) => {
    return places.get(token) ?? (spare > 0 ? tokens.length + hashBucket(token, spare) : otherwise);
  });
}

function identityColumn(args: Arguments): CategoricalColumn {
  const buckets = args.integer("number_buckets", undefined, 1);
  const key = args.text("key");
  return ofTokens(args, buckets, (token) => {
    const id = Number(token);
    if (id >= 0 && id < buckets) return id;
    if (args.has("default_value")) return args.integer("default_value");
    throw outOfRange(key, token, buckets);
  });
}

/** A column of one feature: what is "" or -1 there stands for no value. */
function ofTokens(args: Arguments, buckets: number, idOf: (token: string) => number): CategoricalColumn {
  const key = args.text("key");
  return {
    name: key,
    buckets,
    weighted: false,
    categories: (features) =>
      rowsOf(featureOf(features, key)).map(({ tokens, text }) =>
        tokens.flatMap((token) => {
          if (token === (text ? "" : "-1")) return [];
          const id = idOf(token);
          return id < 0 ? [] : [{ id, weight: 1 }];
        }),
      ),
  };
}

function bucketNumbers(_: Arguments, saved: SavedColumn): CategoricalColumn {
  const { source, boundaries } = bucketizedColumn(saved);
  const each = boundaries.length + 1;
  return {
    name: `${source.name}_bucketized`,
    buckets: each * source.size,
    weighted: false,
    categories: (features) =>
      numbersOf(features, source).map((row) =>
        row.map((value, i) => ({ id: bucketOf(value, boundaries) + i * each, weight: 1 })),
      ),
  };
}

/** Every combination of one value of each part, hashed; a part is a feature's key or a column. */
function crossedColumn(args: Arguments): CategoricalColumn {
  const buckets = args.integer("hash_bucket_size", undefined, 1);
  const key = args.has("hash_key") ? BigInt(args.integer("hash_key")) : undefined;
  const parts = partsOf(args);
  return {
    name: parts
      .map(({ name }) => name)
      .sort()
      .join("_X_"),
    buckets,
    weighted: false,
    categories: (features) => {
      const columns = parts.map(({ values }) => values(features));
      return columns[0]!.map((_, sample) => {
        const choices = columns.map((column) => column[sample]!);
        return combinations(choices).map((chosen) => ({
          id: crossedBucket(chosen, buckets, key),
          weight: 1,
        }));
      });
    },
  };
}

interface CrossedPart {
  readonly name: string;
  values(features: Features): bigint[][];
}

/** The parts of a cross, those of a cross within it in its place. */
function partsOf(args: Arguments): CrossedPart[] {
  const keys = args.raw("keys");
  if (!Array.isArray(keys) || keys.length === 0) throw args.wrong("keys", "a list of keys and columns");
  return keys.flatMap((saved): CrossedPart[] => {
    if (typeof saved === "string") {
      const values = (features: Features) =>
        rowsOf(featureOf(features, saved)).map(({ tokens, text }) =>
          tokens.map((token) => crossedPart(token, text)),
        );
      return [{ name: saved, values }];
    }
    const inner = savedColumn(saved, "keys");
    if (inner.className === "CrossedColumn") return partsOf(inner.args);
    const column = categoricalColumn(saved, "keys");
    const values = (features: Features) =>
      column.categories(features).map((row) => row.map(({ id }) => BigInt(id)));
    return [{ name: column.name, values }];
  });
}

function combinations(choices: readonly (readonly bigint[])[]): bigint[][] {
  return choices.reduce<bigint[][]>(
    (begun, next) => begun.flatMap((start) => next.map((value) => [...start, value])),
    [[]],
  );
}

/** The weights stand in another feature, place by place; a weight of 0 stands for no value. */
function weightedColumn(args: Arguments): CategoricalColumn {
  const column = categoricalColumn(args.raw("categorical_column"), "categorical_column");
  const key = args.text("weight_feature_key");
  return {
    ...column,
    name: `${column.name}_weighted_by_${key}`,
    weighted: true,
    categories: (features) => {
      const weights = rowsOf(featureOf(features, key), (value) => value);
      return column.categories(features).map((row, sample) => {
        const given = weights[sample]!.tokens.map(Number).filter((weight) => weight !== 0);
        if (given.length !== row.length) throw differentCounts(key, given.length, column.name, row.length);
        return row.map(({ id }, i) => ({ id, weight: given[i]! }));
      });
    },
  };
}

/** @throws LayerError A24 for a feature that the call was not given */
export function featureOf(features: Features, key: string): tf.Tensor {
  const found = features.get(key);
  if (found) return found;
  throw new LayerError(
    "A24",
    "feature_columns",
    `no feature ${brief(key)} among ${[...features.keys()].map((name) => brief(name)).join(", ")}`,
    "a feature column looks its values up by that key in what the layer is called on",
    `Call the model with an input named ${brief(key)}.`,
  );
}

/** The numbers of each sample. */
export function numbersOf(features: Features, { key, size }: NumericColumn): number[][] {
  const tensor = featureOf(features, key);
  const values = Array.from(tensor.dataSync());
  return Array.from({ length: values.length / size }, (_, i) => values.slice(i * size, (i + 1) * size));
}

interface Row {
  readonly tokens: readonly string[];
  readonly text: boolean;
}

function rowsOf(tensor: tf.Tensor, token?: (value: number) => number): Row[] {
  const tokens = token ? Array.from(tensor.dataSync(), String) : tokensOf(tensor);
  const batch = tensor.shape[0] ?? 1;
  const width = batch === 0 ? 0 : tokens.length / batch;
  const text = tensor.dtype === "string";
  return Array.from({ length: batch }, (_, i) => ({
    tokens: tokens.slice(i * width, (i + 1) * width),
    text,
  }));
}

export function unknownColumn(className: string): LayerError {
  return new LayerError(
    "A24",
    "feature_columns",
    `a feature column of class ${brief(className)}`,
    "columns of TensorFlow's own classes are computed here, other code is never run",
    "Register DenseFeatures with your own code, or save the model without the column.",
  );
}

function normalizes(args: Arguments): LayerError {
  return new LayerError(
    "A24",
    "feature_columns",
    `normalizer_fn = ${brief(args.raw("normalizer_fn"))} in the column ${brief(args.raw("key"))}`,
    "a normalizer_fn is Python code, which is never run",
    "Set normalizer_fn to null and normalise the feature before the call, or register DenseFeatures with your own code.",
  );
}

function vocabularyFile(args: Arguments): LayerError {
  return new LayerError(
    "O04",
    "feature_columns",
    `vocabulary_file = ${brief(args.raw("vocabulary_file"))} in the column ${brief(args.raw("key"))}`,
    "a file outside the model is never opened, whatever the config says",
    "Make it a VocabularyListCategoricalColumn, with the tokens as vocabulary_list.",
  );
}

function outOfRange(key: string, token: string, buckets: number): LayerError {
  return new LayerError(
    "A24",
    "feature_columns",
    `${token} in the feature ${brief(key)}`,
    `its column counts categories from 0 to ${buckets - 1} and has no default_value for others`,
    "Leave such values out, or give the column a default_value.",
  );
}

function differentCounts(weights: string, given: number, column: string, values: number): LayerError {
  return new LayerError(
    "A24",
    "feature_columns",
    `${given} weights in ${brief(weights)} for ${values} values of ${brief(column)}`,
    "each value of a weighted column takes one weight",
    "Give both features the same number of values a sample.",
  );
}
