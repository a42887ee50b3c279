import * as tf from "@tensorflow/tfjs";
import { decode } from "../../formats/proto/decode.js";
import { DataType, ExampleSchema, type Feature } from "../../formats/proto/tensorflow_pb.js";
import type { KernelTable, OpCall } from "../kernel.js";
import { StringTensor, WideIntegers, type GraphValue } from "../value.js";
import { intVector } from "./shape.js";

/** tensorflow/core/ops/parsing_ops.cc: `tf.train.Example` messages into tensors. */
export const parsing: KernelTable = {
  ParseExample: {
    run: parseExampleV1,
    outputs: ["sparse_indices", "sparse_values", "sparse_shapes", "dense_values"],
  },
  ParseExampleV2: {
    run: parseExampleV2,
    outputs: [
      "sparse_indices",
      "sparse_values",
      "sparse_shapes",
      "dense_values",
      "ragged_values",
      "ragged_row_splits",
    ],
  },
  ParseSingleExample: {
    run: parseSingleExample,
    outputs: ["sparse_indices", "sparse_values", "sparse_shapes", "dense_values"],
  },
};

export type Element = Uint8Array | number | bigint;

export interface Wanted {
  readonly sparse: readonly { readonly key: string; readonly type: DataType }[];
  readonly dense: readonly {
    readonly key: string;
    readonly type: DataType;
    readonly shape: readonly number[];
    readonly fallback: GraphValue | null;
  }[];
}

function parseExampleV1(call: OpCall): GraphValue[] {
  const [sparseCount, denseCount] = [call.attributes.int("Nsparse"), call.attributes.int("Ndense")];
  const keyAt = (i: number): string => call.strings(i).text()[0] ?? "";
  const sparseKeys = Array.from({ length: sparseCount }, (_, i) => keyAt(2 + i));
  const denseKeys = Array.from({ length: denseCount }, (_, i) => keyAt(2 + sparseCount + i));
  return parse(call, wanted(call, sparseKeys, denseKeys, 2 + sparseCount + denseCount), true);
}

/** One string gives one example, a vector of them a batch. */
function parseExampleV2(call: OpCall): GraphValue[] {
  const batched = call.shapeOf(0).length > 0;
  const ragged = call.strings(4).text();
  const plain = parse(call, wanted(call, call.strings(2).text(), call.strings(3).text(), 5), batched);
  if (ragged.length === 0) return plain;
  const types = call.attributes.types("ragged_value_types");
  const splitTypes = call.attributes.types("ragged_split_types");
  const examples = examplesOf(call);
  const columns = ragged.map((key) => examples.map((example) => elementsOf(example.get(key))));
  return [
    ...plain,
    ...columns.map((rows, i) => elementsToTensor(rows.flat(), [rows.flat().length], types[i]!)),
    ...columns.map((rows) => intVector(splitsOf(rows))).slice(0, splitTypes.length),
  ];
}

/** Where the rows of a ragged column start and end. */
export function splitsOf(rows: readonly (readonly unknown[])[]): number[] {
  return rows.reduce<number[]>((ends, row) => [...ends, ends.at(-1)! + row.length], [0]);
}

function parseSingleExample(call: OpCall): GraphValue[] {
  const { attributes } = call;
  return parse(call, wanted(call, attributes.texts("sparse_keys"), attributes.texts("dense_keys"), 1), false);
}

function wanted(
  call: OpCall,
  sparseKeys: readonly string[],
  denseKeys: readonly string[],
  defaults: number,
): Wanted {
  const { attributes } = call;
  const [sparseTypes, denseTypes] = [attributes.types("sparse_types"), attributes.types("Tdense")];
  const shapes = attributes.shapes("dense_shapes");
  return {
    sparse: sparseKeys.map((key, i) => ({ key, type: sparseTypes[i]! })),
    dense: denseKeys.map((key, i) => {
      const empty = call.shapeOf(defaults + i).some((dim) => dim === 0);
      return {
        key,
        type: denseTypes[i]!,
        shape: shapes[i]!,
        fallback: empty ? null : call.value(defaults + i),
      };
    }),
  };
}

function parse(call: OpCall, { sparse, dense }: Wanted, batched: boolean): GraphValue[] {
  const examples = examplesOf(call);
  const columns = sparse.map(({ key, type }) =>
    sparseColumn(
      examples.map((example) => example.get(key)),
      type,
      batched,
    ),
  );
  return [
    ...columns.map(({ indices }) => indices),
    ...columns.map(({ values }) => values),
    ...columns.map(({ shape }) => shape),
    ...dense.map((feature) => {
      if (feature.shape[0] === -1) return sequenceFeature(call, feature, examples);
      const rows = examples.map((example) => denseRow(call, feature, example.get(feature.key)));
      return elementsToTensor(
        rows.flat(),
        batched ? [rows.length, ...feature.shape] : feature.shape,
        feature.type,
      );
    }),
  ];
}

function examplesOf(call: OpCall): Map<string, Feature | undefined>[] {
  return call.strings(0).values.map((bytes, i) => {
    const example = decode(ExampleSchema, bytes, `${call.step.name}: example ${i}`);
    return new Map((example.features?.feature ?? []).map(({ key, value }) => [key, value]));
  });
}

export function elementsOf(feature: Feature | undefined): readonly Element[] {
  return feature?.kind.case === undefined ? [] : feature.kind.value.value;
}

/** A feature of any length: rows are filled up to the longest with the default, or zeros. */
function sequenceFeature(
  call: OpCall,
  { key, type, shape, fallback }: Wanted["dense"][number],
  examples: readonly ReadonlyMap<string, Feature | undefined>[],
): GraphValue {
  const inner = shape.slice(1);
  const width = inner.reduce((n, dim) => n * dim, 1);
  const rows = examples.map((example) => elementsOf(example.get(key)));
  const uneven = rows.find((row) => row.length % width !== 0);
  if (uneven)
    throw call.error("G11", `the feature ${key} has ${uneven.length} values, no multiple of ${width}`);
  const longest = rows.reduce((most, row) => Math.max(most, row.length), 0);
  const padding = fallback === null ? zeroOf(type) : firstOf(fallback);
  const filled = rows.flatMap((row) => [...row, ...new Array<Element>(longest - row.length).fill(padding)]);
  return elementsToTensor(filled, [rows.length, longest / width, ...inner], type);
}

export function zeroOf(type: DataType): Element {
  return type === DataType.DT_STRING ? new Uint8Array(0) : 0;
}

function firstOf(value: GraphValue): Element {
  return value instanceof StringTensor ? value.values[0]! : (value as tf.Tensor).dataSync()[0]!;
}

export function sparseColumn(
  features: readonly (Feature | undefined)[],
  type: DataType,
  batched: boolean,
): { indices: tf.Tensor; values: GraphValue; shape: tf.Tensor } {
  const rows = features.map(elementsOf);
  const indices = rows.flatMap((row, r) => row.flatMap((_, c) => (batched ? [r, c] : [c])));
  const count = rows.reduce((n, row) => n + row.length, 0);
  const widest = rows.reduce((most, row) => Math.max(most, row.length), 0);
  return {
    indices: tf.tensor2d(Int32Array.from(indices), [count, batched ? 2 : 1], "int32"),
    values: elementsToTensor(rows.flat(), [count], type),
    shape: intVector(batched ? [rows.length, widest] : [widest]),
  };
}

export function denseRow(
  call: OpCall,
  { key, shape, fallback }: Wanted["dense"][number],
  feature: Feature | undefined,
): readonly Element[] {
  const size = shape.reduce((n, dim) => n * dim, 1);
  const found = elementsOf(feature);
  if (found.length > 0) {
    if (found.length === size) return found;
    throw call.error("G11", `the feature ${key} has ${found.length} values, the model takes ${size}`);
  }
  if (fallback === null)
    throw call.error("G11", `an example has no feature ${key}, and the model gives it no default`);
  const values: readonly Element[] =
    fallback instanceof StringTensor ? fallback.values : Array.from((fallback as tf.Tensor).dataSync());
  return values.length === size ? values : new Array<Element>(size).fill(values[0]!);
}

export function elementsToTensor(
  elements: readonly Element[],
  shape: readonly number[],
  type: DataType,
): GraphValue {
  if (type === DataType.DT_STRING) return new StringTensor(shape, elements as Uint8Array[]);
  if (
    elements.some(
      (element) => typeof element === "bigint" && (element > 0x7fffffffn || element < -0x80000000n),
    )
  ) {
    return new WideIntegers(
      shape,
      elements.map((element) => BigInt(element as number | bigint)),
    );
  }
  return tf.tensor(elements.map(Number), [...shape], type === DataType.DT_INT64 ? "int32" : "float32");
}
