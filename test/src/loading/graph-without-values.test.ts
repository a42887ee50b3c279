import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { toBinary } from "@bufbuild/protobuf";
import { holdsGraph } from "../../../src/formats/graph-contents.js";
import { decode } from "../../../src/formats/proto/decode.js";
import {
  GraphDefSchema,
  MetaGraphDefSchema,
  SavedModelSchema,
} from "../../../src/formats/proto/tensorflow_pb.js";
import { openGraph, openModel, openModelFile, tf } from "../../../src/index.js";

const FIXTURES = "test/fixtures/graph";

describe("graphs whose variables have their values elsewhere", () => {
  let folder: string;
  beforeEach(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), "loadlab-graph-"))));
  afterEach(() => fs.rmSync(folder, { recursive: true }));

  /** The first output for given numbers, of what a file or a session gives. */
  async function outputOf(file: string, weights?: string): Promise<number[]> {
    const session = await openModel(file);
    if (weights !== undefined) {
      assert.deepEqual(
        session.waiting.map(({ code, title }) => [code, title]),
        [["F15", "The graph's variables have no values"]],
      );
      await session.fix(1, "weights", weights);
    }
    assert.equal(session.state, "loaded");
    const graph = session.graph!;
    const [input] = graph.inputs;
    const shape = (input!.shape ?? [2, 4]).map((length) => (length === null || length < 0 ? 2 : length));
    const x = tf.tensor(
      Array.from({ length: tf.util.sizeFromShape(shape) }, (_, i) => Math.sin(i)),
      shape,
    );
    const output = graph.predict({ [input!.name]: x });
    const tensor = output instanceof tf.Tensor ? output : Object.values(output)[0]!;
    return [...(await tensor.data())];
  }

  it("a SavedModel without its variables takes them from a copy", async () => {
    const whole = path.join(FIXTURES, "export_dense");
    const file = path.join(folder, "model");
    fs.cpSync(whole, file, { recursive: true });
    fs.rmSync(path.join(file, "variables"), { recursive: true });
    assert.deepEqual(await outputOf(file, whole), await outputOf(whole));
  });

  it("a GraphDef of TensorFlow 1 takes them from its checkpoint, by their names", async () => {
    const whole = path.join(FIXTURES, "tf1_saved_model");
    const bytes = fs.readFileSync(path.join(whole, "saved_model.pb"));
    const { graphDef } = decode(SavedModelSchema, bytes, "saved_model.pb").metaGraphs[0]!;
    const file = path.join(folder, "graph.pb");
    fs.writeFileSync(file, toBinary(GraphDefSchema, graphDef!));
    const outputs = await outputOf(file, path.join(whole, "checkpoint", "model.ckpt-3"));
    assert.deepEqual(outputs, await outputOf(whole));
  });

  it("is loaded as it is where the user says so", async () => {
    const meta = fs.readFileSync(path.join(FIXTURES, "tf1_saved_model/checkpoint/model.ckpt-3.meta"));
    const { graphDef } = decode(MetaGraphDefSchema, meta, "meta");
    const file = path.join(folder, "graph.pb");
    fs.writeFileSync(file, toBinary(GraphDefSchema, graphDef!));
    const session = await openModel(file);
    await session.fix(1, "keep-initial");
    assert.equal(session.state, "loaded");
    assert.deepEqual(
      session.settled.filter(({ code }) => code === "F15").map(({ applied }) => applied?.fidelity),
      ["stub"],
    );
    assert.ok(session.graph!.unset.length > 0);
  });

  it("no graph that is whole lacks values", async () => {
    for (const name of fs.readdirSync(FIXTURES).filter((one) => /^(export|keras2|module|tf1)_/.test(one))) {
      const file = await openModelFile(path.join(FIXTURES, name));
      if (!holdsGraph(file)) continue;
      const graph = await openGraph(file);
      assert.deepEqual(graph.unset, [], name);
      graph.dispose();
      file.close();
    }
  }).timeout(120_000);
});
