import * as tf from "@tensorflow/tfjs";
import { DataType } from "../../formats/proto/tensorflow_pb.js";
import { fingerprint64 } from "../../ops/text/farmhash.js";
import { sipHash } from "../../ops/text/siphash.js";
import { joinFingerprints } from "../../ops/text/text.js";
import type { KernelTable, OpCall } from "../kernel.js";
import { encodeText } from "../byte-text.js";
import { StringTensor, type GraphValue } from "../value.js";
import { intVector } from "./shape.js";
import { bigints, integersOf } from "./integers.js";
import { elementTexts } from "./lookup.js";

/** Feature crosses: every combination of a row's features, hashed or joined (sparse_cross_op.cc, ragged_cross_op.cc). */
export const featureCross: KernelTable = {
  SparseCross: {
    host: "all",
    run: (call) => sparseCross(call, (crosses) => firstHash(call, crosses)),
    outputs: ["output_indices", "output_values", "output_shape"],
  },
  SparseCrossV2: {
    host: "all",
    run: (call) =>
      sparseCross(call, (crosses) => joined(crosses, call.strings(call.count - 1).text()[0] ?? ""), 1),
    outputs: ["output_indices", "output_values", "output_shape"],
  },
  SparseCrossHashed: {
    host: "all",
    run: (call) => sparseCross(call, (crosses) => secondHash(call, crosses), 3),
    outputs: ["output_indices", "output_values", "output_shape"],
  },
  RaggedCross: { host: "all", run: raggedCross, outputs: ["output_values", "output_row_splits"] },
};

/** A feature: its text, and its number where it is one. */
type Feature = string | bigint;

/** Features of each row of each column: sparse columns first, then dense ones. */
function sparseCross(
  call: OpCall,
  valuesOf: (crosses: readonly (readonly Feature[])[]) => GraphValue,
  trailing = 0,
): GraphValue[] {
  const n = call.attributes.int("N");
  const dense = call.count - 3 * n - trailing;
  const batch = n > 0 ? call.numbers(2 * n)[0]! : call.shapeOf(3 * n)[0]!;
  const columns = [
    ...Array.from({ length: n }, (_, i) => sparseColumn(call, i, n + i, batch)),
    ...Array.from({ length: dense }, (_, i) => denseColumn(call, 3 * n + i)),
  ];
  const rows = Array.from({ length: batch }, (_, row) => combinations(columns.map((column) => column[row]!)));
  const widest = rows.reduce((most, row) => Math.max(most, row.length), 0);
  const indices = rows.flatMap((row, r) => row.flatMap((_, c) => [r, c]));
  return [
    tf.tensor2d(Int32Array.from(indices), [indices.length / 2, 2], "int32"),
    valuesOf(rows.flat()),
    intVector([batch, widest]),
  ];
}

function featuresOf(call: OpCall, input: number): Feature[] {
  const texts = elementTexts(call, input);
  return call.value(input) instanceof StringTensor ? texts : texts.map(BigInt);
}

function sparseColumn(call: OpCall, indices: number, values: number, batch: number): Feature[][] {
  const rows = Array.from({ length: batch }, (): Feature[] => []);
  const places = call.numbers(indices);
  featuresOf(call, values).forEach((feature, i) => rows[places[2 * i]!]?.push(feature));
  return rows;
}

function denseColumn(call: OpCall, input: number): Feature[][] {
  const [batch, width] = call.shapeOf(input) as [number, number];
  const features = featuresOf(call, input);
  return Array.from({ length: batch }, (_, row) => features.slice(row * width, (row + 1) * width));
}

function combinations(columns: readonly (readonly Feature[])[]): Feature[][] {
  return columns.reduce<Feature[][]>(
    (made, column) => made.flatMap((head) => column.map((feature) => [...head, feature])),
    [[]],
  );
}

function joined(crosses: readonly (readonly Feature[])[], separator: string): StringTensor {
  const texts = crosses.map((parts) => Buffer.from(parts.join(separator), "latin1"));
  return new StringTensor([texts.length], texts);
}

/** The first version hashes texts by their fingerprint, and takes numbers as they are where its type says so. */
function firstHash(call: OpCall, crosses: readonly (readonly Feature[])[]): GraphValue {
  const { attributes } = call;
  if (!attributes.bool("hashed_output")) return joined(crosses, "_X_");
  const asTexts = attributes.type("internal_type") === DataType.DT_STRING;
  const own = (feature: Feature): bigint =>
    typeof feature === "bigint" && !asTexts ? BigInt.asUintN(64, feature) : fingerprint(feature);
  return hashed(call, crosses, attributes.bigint("num_buckets"), attributes.bigint("hash_key"), own);
}

function fingerprint(feature: Feature): bigint {
  return fingerprint64(
    typeof feature === "string" ? Buffer.from(feature, "latin1") : encodeText(String(feature)),
  );
}

/** Inputs at the end: number of buckets, whether the hash is strong, and its salt. */
function secondHash(call: OpCall, crosses: readonly (readonly Feature[])[]): GraphValue {
  const at = call.count - 3;
  const salt = bigints(call, at + 2).map((part) => BigInt.asUintN(64, part)) as [bigint, bigint];
  const strong = call.number(at + 1) !== 0;
  const buckets = bigints(call, at)[0]!;
  if (strong) {
    const values = crosses.map((parts) => {
      const hash = parts.map((part): bigint => sipHash(salt, Buffer.from(String(part), "latin1")));
      return inBuckets(hash.reduce(joinFingerprints), buckets);
    });
    return integersOf(values, [values.length]);
  }
  const own = (feature: Feature): bigint =>
    typeof feature === "bigint" ? BigInt.asUintN(64, feature) : fingerprint(feature);
  const values = crosses.map((parts) => inBuckets(parts.map(own).reduce(joinFingerprints), buckets));
  return integersOf(values, [values.length]);
}

function hashed(
  call: OpCall,
  crosses: readonly (readonly Feature[])[],
  buckets: bigint,
  key: bigint,
  own: (feature: Feature) => bigint,
): GraphValue {
  const values = crosses.map((parts) => {
    const hash = parts.reduce<bigint>(
      (seed, part) => joinFingerprints(seed, own(part)),
      BigInt.asUintN(64, key),
    );
    return inBuckets(hash, buckets);
  });
  return integersOf(values, [values.length]);
}

function inBuckets(hash: bigint, buckets: bigint): bigint {
  return hash % (buckets > 0n ? buckets : 2n ** 63n - 1n);
}

/** Inputs: values and splits of the ragged columns, the parts of the sparse ones, the dense ones. */
function raggedCross(call: OpCall): GraphValue[] {
  const { attributes } = call;
  const ragged = attributes.types("ragged_values_types").length;
  const sparse = attributes.int("Nsparse");
  const dense = attributes.types("dense_types").length;
  const sparseStart = 2 * ragged;
  const denseStart = sparseStart + 3 * sparse;
  const batch = batchOf(call, ragged, sparse, denseStart);
  const columns = {
    R: Array.from({ length: ragged }, (_, i) => raggedColumn(call, i, ragged + i)),
    S: Array.from({ length: sparse }, (_, i) =>
      sparseColumn(call, sparseStart + i, sparseStart + sparse + i, batch),
    ),
    D: Array.from({ length: dense }, (_, i) => denseColumn(call, denseStart + i)),
  };
  const ordered = [...attributes.text("input_order")].flatMap((kind) => {
    const column = columns[kind as keyof typeof columns].shift();
    return column === undefined ? [] : [column];
  });
  const rows = Array.from({ length: batch }, (_, row) => combinations(ordered.map((column) => column[row]!)));
  const splits = rows.reduce<number[]>((ends, row) => [...ends, ends.at(-1)! + row.length], [0]);
  const crosses = rows.flat();
  const values = attributes.bool("hashed_output")
    ? hashed(call, crosses, attributes.bigint("num_buckets"), attributes.bigint("hash_key"), (feature) =>
        typeof feature === "bigint" ? BigInt.asUintN(64, feature) : fingerprint(feature),
      )
    : joined(crosses, "_X_");
  return [values, intVector(splits)];
}

function batchOf(call: OpCall, ragged: number, sparse: number, denseStart: number): number {
  if (ragged > 0) return call.shapeOf(ragged)[0]! - 1;
  return sparse > 0 ? call.numbers(2 * ragged + 2 * sparse)[0]! : call.shapeOf(denseStart)[0]!;
}

function raggedColumn(call: OpCall, values: number, splits: number): Feature[][] {
  const features = featuresOf(call, values);
  const ends = call.numbers(splits);
  return ends.slice(1).map((end, row) => features.slice(ends[row], end));
}
