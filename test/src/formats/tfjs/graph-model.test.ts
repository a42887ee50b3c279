import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import * as tf from "@tensorflow/tfjs";
import { openModelFile } from "../../../../src/formats/open.js";
import { openGraph } from "../../../../src/graph/open-graph.js";
import type { LoadedGraph } from "../../../../src/graph/loaded-graph.js";

/** Parts of the graphs that `tensorflowjs_converter` 4.22 writes, whose protobuf is JSON. */
const node = (name: string, op: string, input: string[] = [], attr: object = {}): object => ({
  name,
  op,
  input,
  attr,
});
const constant = (name: string, type: string, input: string[] = []): object =>
  node(name, "Const", input, { dtype: { type }, value: { tensor: { dtype: type, tensorShape: {} } } });
const spec = (name: string, dtype: string, ...dim: number[]): object => ({
  name,
  dtype,
  tensorShape: { dim: dim.map((size) => ({ size: String(size) })) },
});
const text = (value: string): object => ({ s: Buffer.from(value).toString("base64") });
const texts = (...values: string[]): object => ({
  list: { s: values.map((value) => Buffer.from(value).toString("base64")) },
});

/** Texts as a weights file holds them: each after its length. */
function words(...values: string[]): Buffer {
  return Buffer.concat(
    values.flatMap((value) => [Buffer.from(Uint32Array.of(value.length).buffer), Buffer.from(value)]),
  );
}

describe("formats/tfjs: graph models", () => {
  let folder: string;
  before(async () => {
    await tf.setBackend("cpu");
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "loadlab-tfjs-graph-"));
  });
  after(() => {
    fs.rmSync(folder, { recursive: true });
  });

  const open = async (model: object, weights: object[], bytes: Buffer): Promise<LoadedGraph> => {
    const place = fs.mkdtempSync(path.join(folder, "m"));
    fs.writeFileSync(path.join(place, "w.bin"), bytes);
    const weightsManifest = [{ paths: ["w.bin"], weights }];
    fs.writeFileSync(
      path.join(place, "model.json"),
      JSON.stringify({ format: "graph-model", ...model, weightsManifest }),
    );
    return openGraph(await openModelFile(path.join(place, "model.json")));
  };

  const fill = (table: string, after: string[] = []): object[] => [
    constant("keys", "DT_STRING"),
    constant("values", "DT_INT32"),
    node("init/hash_table", "HashTableV2", [], {
      key_dtype: { type: "DT_STRING" },
      value_dtype: { type: "DT_INT32" },
      ...(table === "" ? {} : { shared_name: text(table) }),
    }),
    node("NoOp", "NoOp", after),
    node("import", "LookupTableImportV2", ["init/hash_table", "keys", "values", "^NoOp"], {
      Tin: { type: "DT_STRING" },
      Tout: { type: "DT_INT32" },
    }),
    node("Identity", "Identity", ["init/hash_table", "^import"], { T: { type: "DT_RESOURCE" } }),
  ];
  const tableWeights = [
    { name: "default", shape: [], dtype: "int32" },
    { name: "keys", shape: [2], dtype: "string" },
    { name: "values", shape: [2], dtype: "int32" },
  ];
  const tableBytes = Buffer.concat([
    Buffer.from(Int32Array.of(-1).buffer),
    words("a", "bb"),
    Buffer.from(Int32Array.of(7, 8).buffer),
  ]);
  const find = (table: string): object =>
    node("find", "LookupTableFindV2", [table, "s", "default"], {
      Tin: { type: "DT_STRING" },
      Tout: { type: "DT_INT32" },
    });

  it("fills tables from modelInitializer, which the signature numbers", async () => {
    const graph = await open(
      {
        modelTopology: {
          node: [
            constant("default", "DT_INT32"),
            node("s", "Placeholder", [], { dtype: { type: "DT_STRING" } }),
            node("unknown", "Placeholder", [], { dtype: { type: "DT_RESOURCE" } }),
            find("unknown"),
            node("Identity", "Identity", ["find"], { T: { type: "DT_INT32" } }),
          ],
        },
        signature: {
          inputs: {
            "unknown:0": { name: "unknown:0", dtype: "DT_RESOURCE", tensorShape: {}, resourceId: 5 },
            s: spec("s:0", "DT_STRING", -1),
          },
          outputs: { y: spec("Identity:0", "DT_INT32", -1) },
        },
        modelInitializer: { node: fill("table_1") },
        initializerSignature: {
          outputs: { "Identity:0": { name: "Identity:0", dtype: "DT_RESOURCE", resourceId: 5 } },
        },
      },
      tableWeights,
      tableBytes,
    );
    assert.deepEqual(
      graph.inputs.map(({ name }) => name),
      ["s"],
    );
    const found = graph.predict(tf.tensor(["bb", "c", "a"])) as tf.Tensor;
    assert.deepEqual([...found.dataSync()], [8, -1, 7]);
    graph.dispose();
  });

  it("fills tables that both graphs name alike, as converters before 4.0 write them", async () => {
    const graph = await open(
      {
        modelTopology: {
          node: [
            constant("default", "DT_INT32"),
            node("s", "Placeholder", [], { dtype: { type: "DT_STRING" } }),
            node("init/hash_table", "HashTableV2", [], {
              key_dtype: { type: "DT_STRING" },
              value_dtype: { type: "DT_INT32" },
            }),
            find("init/hash_table"),
          ],
        },
        signature: {
          inputs: { s: spec("s:0", "DT_STRING", -1) },
          outputs: { y: spec("find:0", "DT_INT32", -1) },
        },
        modelInitializer: { node: fill("") },
      },
      tableWeights,
      tableBytes,
    );
    assert.deepEqual([...(graph.predict(tf.tensor(["a", ""])) as tf.Tensor).dataSync()], [7, -1]);
    graph.dispose();
  });

  it("takes the converter's NoOp among fused ops for no bias", async () => {
    const graph = await open(
      {
        modelTopology: {
          node: [
            node("x", "Placeholder", [], { dtype: { type: "DT_FLOAT" } }),
            constant("kernel", "DT_FLOAT"),
            node("y", "FusedDepthwiseConv2dNative", ["x", "kernel"], {
              T: { type: "DT_FLOAT" },
              strides: { list: { i: ["1", "1", "1", "1"] } },
              dilations: { list: { i: ["1", "1", "1", "1"] } },
              padding: text("VALID"),
              data_format: text("NHWC"),
              fused_ops: texts("NoOp", "Relu6"),
            }),
          ],
        },
        signature: {
          inputs: { x: spec("x:0", "DT_FLOAT", -1, 1, 3, 1) },
          outputs: { y: spec("y:0", "DT_FLOAT", -1, 1, 3, 1) },
        },
      },
      [{ name: "kernel", shape: [1, 1, 1, 1], dtype: "float32" }],
      Buffer.from(Float32Array.of(2).buffer),
    );
    const y = graph.predict(tf.tensor([-1, 1, 5], [1, 1, 3, 1])) as tf.Tensor;
    assert.deepEqual([...y.dataSync()], [0, 2, 6]);
    graph.dispose();
  });

  it("takes stored constants where a value is asked for: of a Switch, and texts", async () => {
    const graph = await open(
      {
        modelTopology: {
          node: [
            node("s", "Placeholder", [], { dtype: { type: "DT_STRING" } }),
            constant("yes", "DT_BOOL"),
            constant("word", "DT_STRING"),
            node("switch", "Switch", ["s", "yes"], { T: { type: "DT_STRING" } }),
            node("joined", "StringJoin", ["switch:1", "word"], { separator: text("+") }),
          ],
        },
        signature: {
          inputs: { s: spec("s:0", "DT_STRING") },
          outputs: { y: spec("joined:0", "DT_STRING") },
        },
      },
      [
        { name: "yes", shape: [], dtype: "bool" },
        { name: "word", shape: [], dtype: "string" },
      ],
      Buffer.concat([Buffer.of(1), words("end")]),
    );
    const result = await graph.predictAsync(tf.scalar("the"));
    assert.deepEqual([...(result as tf.Tensor).dataSync()], ["the+end"]);
    graph.dispose();
  });
});
