import * as tf from "@tensorflow/tfjs";
import type { JsonValue } from "../../formats/model-file.js";
import type { LayerSpec } from "../../keras/graph.js";
import { LayerError } from "../../keras/finding.js";
import { ComputedLayer, type WeightSpec } from "../computed-layer.js";
import {
  bucketizedColumn,
  bucketOf,
  categoricalColumn,
  featureOf,
  numbersOf,
  numericColumn,
  savedColumn,
  type CategoricalColumn,
  type Category,
  type Features,
  type SavedColumn,
} from "./feature-columns.js";
import { Arguments } from "../arguments/arguments.js";
import type { LayerDefinition } from "../registry.js";

/**
 * tf.keras.layers.DenseFeatures of Keras 2: a dict of features, each [batch] or [batch, values], to one tensor
 * [batch, width], the feature columns beside each other in the order of their names
 * (tf_keras/src/feature_column/dense_features.py, tensorflow/python/feature_column/feature_column_v2.py).
 */
export const DENSE_FEATURES: LayerDefinition = {
  className: "DenseFeatures",
  majors: [2],
  arguments: ["feature_columns"],
  inert: ["partitioner", "expected_column_type"],
  computes(spec) {
    try {
      return columnsOf(spec).length > 0;
    } catch (error) {
      if (error instanceof LayerError) return false;
      throw error;
    }
  },
  create(spec) {
    const columns = columnsOf(spec);
    const width = columns.reduce((sum, column) => sum + column.size, 0);
    return new ComputedLayer("DenseFeatures", spec, {
      weights: () => columns.flatMap(({ weight }) => weight ?? []),
      outputShape: ([x]) => [x?.[0] ?? null, width],
      compute: (_, { args: [given], weights }) => {
        const features = featuresOf(given);
        let next = 0;
        const parts = columns.map((column) =>
          column.values(features, column.weight ? weights[next++] : undefined),
        );
        return parts.length === 1 ? parts[0]! : tf.concat(parts, 1);
      },
    });
  },
};

/** In the order of their names. */
function columnsOf(spec: LayerSpec): DenseColumn[] {
  const args = new Arguments(spec);
  const saved = args.raw("feature_columns");
  if (!Array.isArray(saved)) throw args.wrong("feature_columns", "a list of columns");
  return saved.map(denseColumn).sort((a, b) => (a.name < b.name ? -1 : 1));
}

interface DenseColumn {
  readonly name: string;
  /** Numbers that it gives for a sample. */
  readonly size: number;
  readonly weight?: WeightSpec;
  /** [batch, size]. */
  values(features: Features, weight?: tf.Tensor): tf.Tensor2D;
}

function denseColumn(saved: JsonValue): DenseColumn {
  const column = savedColumn(saved);
  switch (column.className) {
    case "BucketizedColumn":
      return bucketized(column);
    case "IndicatorColumn":
      return indicator(categoricalColumn(column.args.raw("categorical_column"), "categorical_column"));
    case "EmbeddingColumn":
      return embedding(column.args);
    default:
      return numeric(column);
  }
}

function numeric(column: SavedColumn): DenseColumn {
  const { name, key, size } = numericColumn(column);
  return {
    name,
    size,
    values: (features) => tf.reshape(tf.cast(featureOf(features, key), "float32"), [-1, size]) as tf.Tensor2D,
  };
}

/** A row of 0 and 1 for each number. */
function bucketized(column: SavedColumn): DenseColumn {
  const { source, boundaries } = bucketizedColumn(column);
  const each = boundaries.length + 1;
  return {
    name: `${source.name}_bucketized`,
    size: each * source.size,
    values: (features) => {
      const rows = numbersOf(features, source).map((row) => row.map((value) => bucketOf(value, boundaries)));
      const hot = rows.map((row) => row.flatMap((at) => Array.from({ length: each }, (_, i) => +(i === at))));
      return tf.tensor2d(hot.flat(), [rows.length, each * source.size]);
    },
  };
}

/** How often each category occurs, or the sum of its weights. */
function indicator(column: CategoricalColumn): DenseColumn {
  const { buckets } = column;
  return {
    name: `${column.name}_indicator`,
    size: buckets,
    values: (features) => {
      const rows = column.categories(features);
      const counts = new Float32Array(rows.length * buckets);
      rows.forEach((row, i) => row.forEach(({ id, weight }) => (counts[i * buckets + id]! += weight)));
      return tf.tensor2d(counts, [rows.length, buckets]);
    },
  };
}

const COMBINERS = ["mean", "sum", "sqrtn"] as const;

/** The vectors of a sample's categories, joined by their sum or mean; zeros where it has none. */
function embedding(args: Arguments): DenseColumn {
  const column = categoricalColumn(args.raw("categorical_column"), "categorical_column");
  const size = args.integer("dimension", undefined, 1);
  const combiner = args.choice("combiner", COMBINERS, "mean");
  const longest = args.has("max_norm") ? args.number("max_norm") : null;
  const name = `${column.name}_embedding`;
  return {
    name,
    size,
    weight: {
      name: `${name}/embedding_weights`,
      shape: [column.buckets, size],
      initializer: "glorotUniform",
      trainable: args.flag("trainable", true),
    },
    values: (features, table) => {
      const all = column.categories(features);
      // Weights that are not positive count for a sum alone (safe_embedding_lookup_sparse).
      const rows = combiner === "sum" ? all : all.map((row) => row.filter(({ weight }) => weight > 0));
      return combined(rows, table as tf.Tensor2D, combiner, longest);
    },
  };
}

function combined(
  rows: readonly (readonly Category[])[],
  table: tf.Tensor2D,
  combiner: (typeof COMBINERS)[number],
  longest: number | null,
): tf.Tensor2D {
  const width = Math.max(1, ...rows.map((row) => row.length));
  const shares = rows.map((row) => {
    const whole = { sum: 1, mean: sumOf(row, 1), sqrtn: Math.sqrt(sumOf(row, 2)) }[combiner];
    return row.map(({ weight }) => (whole === 0 ? 0 : weight / whole));
  });
  const padded = <T>(list: readonly (readonly T[])[], empty: T) =>
    list.flatMap((row) => Array.from({ length: width }, (_, i) => row[i] ?? empty));
  const ids = padded(
    rows.map((row) => row.map(({ id }) => id)),
    0,
  );
  const found = tf.gather(table, tf.tensor1d(ids, "int32"));
  const vectors = longest === null ? found : withinNorm(found, longest);
  const weighed = tf.mul(vectors, tf.tensor2d(padded(shares, 0), [ids.length, 1]));
  return tf.sum(tf.reshape(weighed, [rows.length, width, table.shape[1]]), 1) as tf.Tensor2D;
}

function sumOf(row: readonly Category[], power: number): number {
  return row.reduce((sum, { weight }) => sum + weight ** power, 0);
}

/** Vectors longer than that are shortened to it. */
function withinNorm(vectors: tf.Tensor, longest: number): tf.Tensor {
  const norm = tf.sqrt(tf.sum(tf.square(vectors), -1, true));
  return tf.div(tf.mul(vectors, longest), tf.maximum(norm, longest));
}

/** The features of a call; one without an axis of values gets it. */
function featuresOf(given: unknown): Features {
  if (typeof given !== "object" || given === null || given instanceof tf.Tensor || Array.isArray(given))
    throw notNamed();
  return new Map(
    Object.entries(given as Record<string, tf.Tensor>).map(([key, tensor]) => [
      key,
      tensor.rank === 1 ? tf.expandDims(tensor, 1) : tensor,
    ]),
  );
}

function notNamed(): LayerError {
  return new LayerError(
    "A24",
    undefined,
    "a call on a tensor without a name",
    "feature columns look their values up by key, in a dict of features",
    "Connect the layer to a dict of inputs.",
  );
}
