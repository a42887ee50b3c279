import fs from "node:fs";
import path from "node:path";
import zlib from "node:zlib";
import * as tf from "@tensorflow/tfjs";
import { decode } from "../../../src/formats/proto/decode.js";
import { GraphDefSchema } from "../../../src/formats/proto/tensorflow_pb.js";
import { openGraph } from "../../../src/graph/open-graph.js";
import type { LoadedGraph } from "../../../src/graph/loaded-graph.js";
import { graphFile } from "./build-graph.js";

/** One tensor of a case, as `test/fixtures/graph_ops.py` writes it; strings are in base64. */
export interface CaseTensor {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly values: readonly (number | string)[];
}

/** One op with what TensorFlow gave for it. */
export interface OpCase {
  /** `Conv2D_3` */
  readonly name: string;
  readonly inputs: readonly CaseTensor[];
  readonly outputs: readonly CaseTensor[];
  /** Ops to run before: what fills tables and variables. */
  readonly setup: readonly string[];
}

const FOLDER = path.resolve("test/fixtures/graph_ops");

function unpacked(name: string): Buffer {
  return zlib.gunzipSync(fs.readFileSync(path.join(FOLDER, name)));
}

export function readOpCases(): OpCase[] {
  return JSON.parse(unpacked("ops.json.gz").toString("utf8")) as OpCase[];
}

/** The graph that all cases are parts of. */
export function openOpGraph(): Promise<LoadedGraph> {
  const graph = decode(GraphDefSchema, unpacked("ops.pb.gz"), "ops.pb.gz");
  return openGraph(graphFile(graph.node, graph.library?.function ?? []));
}

/** The ops of all cases. */
export function openedOps(): Set<string> {
  return new Set(decode(GraphDefSchema, unpacked("ops.pb.gz"), "ops.pb.gz").node.map(({ op }) => op));
}

/** Runs one case. */
export async function runCase(
  graph: LoadedGraph,
  { name, inputs, outputs, setup }: OpCase,
): Promise<tf.Tensor[]> {
  const fed = Object.fromEntries(
    inputs.flatMap((input, i) => (isConstant(input) ? [] : [[`${name}/${i}:0`, toTensor(input)]])),
  );
  const wanted = outputs.map((_, i) => `${name}/out_${i}:0`);
  try {
    for (const step of setup) (await graph.execute(fed, [], [step])).forEach((tensor) => tensor.dispose());
    return await graph.execute(fed, wanted);
  } finally {
    Object.values(fed).forEach((tensor) => tensor.dispose());
  }
}

/** Integers beyond 32 bits cannot be fed: they stand in the graph. */
function isConstant({ dtype, values }: CaseTensor): boolean {
  return /int(64|32)$/.test(dtype) && values.some((value) => Math.abs(Number(value)) > 2 ** 31 - 1);
}

function toTensor({ dtype, shape, values }: CaseTensor): tf.Tensor {
  if (dtype === "string") {
    const bytes = values.map((text) => new Uint8Array(Buffer.from(String(text), "base64")));
    return tf.tensor(bytes as unknown as string[], [...shape], "string");
  }
  const numbers = values.map(Number);
  if (dtype === "complex64") {
    const part = (offset: number): tf.Tensor =>
      tf.tensor(
        numbers.filter((_, i) => i % 2 === offset),
        [...shape],
        "float32",
      );
    return tf.tidy(() => tf.complex(part(0), part(1)));
  }
  if (dtype === "bool") return tf.tensor(numbers, [...shape], "bool");
  return tf.tensor(numbers, [...shape], /int/.test(dtype) ? "int32" : "float32");
}

/** Relative to the largest value: how much the type itself resolves. */
const RESOLUTION: Readonly<Record<string, number>> = { float16: 2e-3, bfloat16: 1.6e-2 };

/** Where a result differs from TensorFlow's, in words; null where it does not. */
export function difference(actual: tf.Tensor, { dtype, shape, values }: CaseTensor): string | null {
  if (actual.shape.join() !== shape.join())
    return `shape [${actual.shape.join()}], TensorFlow's [${shape.join()}]`;
  const found: ArrayLike<number | string | Uint8Array> =
    dtype === "string" ? (tf.engine().readSync(actual.dataId) as unknown as Uint8Array[]) : actual.dataSync();
  if (dtype === "string") {
    const texts = Array.from(found, (text) => Buffer.from(text as string).toString("base64"));
    const at = texts.findIndex((text, i) => text !== values[i]);
    return at < 0 ? null : `[${at}] is ${shown(texts[at])}, TensorFlow's ${shown(values[at])}`;
  }
  const expected = values.map(Number);
  const size = expected.reduce(
    (most, value) => (Number.isFinite(value) ? Math.max(most, Math.abs(value)) : most),
    1,
  );
  const tolerance = /int|bool/.test(dtype) ? 0 : (RESOLUTION[dtype] ?? 1e-5) * size;
  const at = expected.findIndex(
    (value, i) =>
      !(
        Object.is(found[i], value) ||
        Math.abs(Number(found[i]) - value) <= tolerance ||
        (Number.isNaN(value) && Number.isNaN(found[i])) ||
        found[i] === value
      ),
  );
  return at < 0 ? null : `[${at}] is ${String(found[at])}, TensorFlow's ${String(expected[at])}`;
}

function shown(base64: unknown): string {
  return JSON.stringify(Buffer.from(String(base64), "base64").toString("latin1"));
}
