import * as tf from "@tensorflow/tfjs";
import { decode } from "../../formats/proto/decode.js";
import { SequenceExampleSchema, type DataType, type Feature } from "../../formats/proto/tensorflow_pb.js";
import type { KernelTable, OpCall } from "../kernel.js";
import type { GraphValue } from "../value.js";
import {
  denseRow,
  elementsOf,
  elementsToTensor,
  sparseColumn,
  splitsOf,
  zeroOf,
  type Element,
} from "./parsing.js";
import { intVector } from "./shape.js";

const CONTEXT = [
  "context_sparse_indices",
  "context_sparse_values",
  "context_sparse_shapes",
  "context_dense_values",
];
const LISTS = [
  "feature_list_sparse_indices",
  "feature_list_sparse_values",
  "feature_list_sparse_shapes",
  "feature_list_dense_values",
];
const RAGGED_LISTS = [
  "feature_list_ragged_values",
  "feature_list_ragged_outer_splits",
  "feature_list_ragged_inner_splits",
];

/** tensorflow/core/ops/parsing_ops.cc: `tf.train.SequenceExample` messages, a context and lists of features. */
export const sequenceExamples: KernelTable = {
  ParseSequenceExampleV2: {
    run: (call) => parse(call, keysOfInputs(call)),
    outputs: [
      ...CONTEXT,
      "context_ragged_values",
      "context_ragged_row_splits",
      ...LISTS,
      "feature_list_dense_lengths",
      ...RAGGED_LISTS,
    ],
  },
  ParseSequenceExample: {
    run: (call) => parse(call, keysOfAttributes(call)),
    outputs: [...CONTEXT, ...LISTS, "feature_list_dense_lengths"],
  },
  ParseSingleSequenceExample: {
    run: (call) => parse(call, keysOfScalars(call)),
    outputs: [...CONTEXT, ...LISTS],
  },
};

/** Names of the features by how they come out. */
interface Keys {
  readonly contextSparse: readonly string[];
  readonly contextDense: readonly string[];
  readonly contextRagged: readonly string[];
  readonly listSparse: readonly string[];
  readonly listDense: readonly string[];
  readonly listRagged: readonly string[];
  /** The input that holds the first default of the context. */
  readonly defaults: number;
  /** Whether the lengths of dense lists are an output. */
  readonly lengths: boolean;
}

/** After the examples and their names: keys, then which lists may be missing. */
function keysOfInputs(call: OpCall): Keys {
  const [contextSparse, contextDense, contextRagged, listSparse, listDense, listRagged] = [
    2, 3, 4, 5, 6, 7,
  ].map((input) => call.strings(input).text()) as [
    string[],
    string[],
    string[],
    string[],
    string[],
    string[],
  ];
  const lists = { contextSparse, contextDense, contextRagged, listSparse, listDense, listRagged };
  return { ...lists, defaults: 9, lengths: true };
}

function keysOfAttributes({ attributes }: OpCall): Keys {
  return {
    contextSparse: attributes.texts("context_sparse_keys"),
    contextDense: attributes.texts("context_dense_keys"),
    contextRagged: [],
    listSparse: attributes.texts("feature_list_sparse_keys"),
    listDense: attributes.texts("feature_list_dense_keys"),
    listRagged: [],
    defaults: 2,
    lengths: true,
  };
}

/** Each key is an input of its own. */
function keysOfScalars(call: OpCall): Keys {
  let at = 2;
  const next = (count: string): string[] =>
    Array.from({ length: call.attributes.int(count) }, () => call.strings(at++).text()[0] ?? "");
  const contextSparse = next("Ncontext_sparse");
  const contextDense = next("Ncontext_dense");
  const listSparse = next("Nfeature_list_sparse");
  const listDense = next("Nfeature_list_dense");
  const lists = { contextSparse, contextDense, contextRagged: [], listSparse, listDense, listRagged: [] };
  return { ...lists, defaults: at, lengths: false };
}

/** One string gives one example, a vector of them a batch. */
function parse(call: OpCall, keys: Keys): GraphValue[] {
  const { attributes } = call;
  const batched = call.shapeOf(0).length > 0;
  const parsed = call
    .strings(0)
    .values.map((bytes, i) => decode(SequenceExampleSchema, bytes, `${call.step.name}: example ${i}`));
  const contexts = parsed.map(
    ({ context }) => new Map((context?.feature ?? []).map(({ key, value }) => [key, value])),
  );
  const lists = parsed.map(
    ({ featureLists }) =>
      new Map(
        (featureLists?.featureList ?? []).map(({ key, value }) => [
          key,
          (value?.feature ?? []).map(elementsOf),
        ]),
      ),
  );
  const inContext = (key: string): (Feature | undefined)[] => contexts.map((context) => context.get(key));
  const inLists = (key: string): Rows => lists.map((own) => own.get(key) ?? []);
  const sparseTypes = attributes.types("context_sparse_types");
  const columns = keys.contextSparse.map((key, i) => sparseColumn(inContext(key), sparseTypes[i]!, batched));
  const raggedTypes = attributes.types("context_ragged_value_types");
  const ragged = keys.contextRagged.map((key) => inContext(key).map(elementsOf));
  const listSparseTypes = attributes.types("feature_list_sparse_types");
  const sequences = keys.listSparse.map((key, i) => sparseLists(inLists(key), listSparseTypes[i]!, batched));
  const listTypes = attributes.types("feature_list_dense_types");
  const listShapes = attributes.shapes("feature_list_dense_shapes");
  const dense = keys.listDense.map((key, i) =>
    paddedLists(inLists(key), listShapes[i]!, listTypes[i]!, batched),
  );
  const listRaggedTypes = attributes.types("feature_list_ragged_value_types");
  const raggedLists = keys.listRagged.map(inLists);
  return [
    ...columns.map(({ indices }) => indices),
    ...columns.map(({ values }) => values),
    ...columns.map(({ shape }) => shape),
    ...denseContext(call, keys, inContext, batched),
    ...ragged.map((rows, i) => flat(rows, raggedTypes[i]!)),
    ...ragged.map((rows) => intVector(splitsOf(rows))),
    ...sequences.map(({ indices }) => indices),
    ...sequences.map(({ values }) => values),
    ...sequences.map(({ shape }) => shape),
    ...dense.map(({ values }) => values),
    ...(keys.lengths ? dense.map(({ lengths }) => lengths) : []),
    ...raggedLists.map((rows, i) => flat(rows.flat(), listRaggedTypes[i]!)),
    ...raggedLists.map((rows) => intVector(splitsOf(rows))),
    ...raggedLists.map((rows) => intVector(splitsOf(rows.flat()))),
  ];
}

function denseContext(
  call: OpCall,
  { contextDense, defaults }: Keys,
  inContext: (key: string) => (Feature | undefined)[],
  batched: boolean,
): GraphValue[] {
  const types = call.attributes.types("Tcontext_dense");
  const shapes = call.attributes.shapes("context_dense_shapes");
  return contextDense.map((key, i) => {
    const missing = call.shapeOf(defaults + i).some((dim) => dim === 0);
    const fallback = missing ? null : call.value(defaults + i);
    const feature = { key, type: types[i]!, shape: shapes[i]!, fallback };
    const rows = inContext(key).map((found) => denseRow(call, feature, found));
    const shape = batched ? [rows.length, ...feature.shape] : feature.shape;
    return elementsToTensor(rows.flat(), shape, feature.type);
  });
}

/** By example, step and place. */
type Rows = readonly (readonly (readonly Element[])[])[];

function flat(rows: readonly (readonly Element[])[], type: DataType): GraphValue {
  const elements = rows.flat();
  return elementsToTensor(elements, [elements.length], type);
}

/** Lists of each example as a sparse tensor of example, step and place. */
function sparseLists(
  rows: Rows,
  type: DataType,
  batched: boolean,
): { indices: tf.Tensor; values: GraphValue; shape: tf.Tensor } {
  const indices = rows.flatMap((steps, r) =>
    steps.flatMap((step, s) => step.flatMap((_, c) => (batched ? [r, s, c] : [s, c]))),
  );
  const values = rows.flat(2);
  const longest = rows.reduce((most, steps) => Math.max(most, steps.length), 0);
  const widest = rows.flat().reduce((most, step) => Math.max(most, step.length), 0);
  return {
    indices: tf.tensor2d(Int32Array.from(indices), [values.length, batched ? 3 : 2], "int32"),
    values: elementsToTensor(values, [values.length], type),
    shape: intVector(batched ? [rows.length, longest, widest] : [longest, widest]),
  };
}

/** Lists of each example filled up with zeros to the longest. */
function paddedLists(
  rows: Rows,
  shape: readonly number[],
  type: DataType,
  batched: boolean,
): { values: GraphValue; lengths: tf.Tensor } {
  const size = shape.reduce((n, dim) => n * dim, 1);
  const longest = rows.reduce((most, steps) => Math.max(most, steps.length), 0);
  const filled = rows.flatMap((steps) => [
    ...steps.flat(),
    ...new Array<Element>((longest - steps.length) * size).fill(zeroOf(type)),
  ]);
  const lengths = rows.map((steps) => steps.length);
  return {
    values: elementsToTensor(filled, [...(batched ? [rows.length] : []), longest, ...shape], type),
    lengths: batched ? intVector(lengths) : tf.scalar(lengths[0] ?? 0, "int32"),
  };
}
