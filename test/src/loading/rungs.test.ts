import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { loadModel, LoadError, openModel, openModelFile, tf } from "../../../src/index.js";
import { sharedFile, sharedModels } from "../formats/shared-models.js";

const GRAPHS = "test/fixtures/graph";
const ARCHIVES = "test/fixtures/archives";

describe("the ladder: layers, graph, weights", () => {
  it("runs the graph of a SavedModel that has no Keras layers", async () => {
    const session = await openModel(`${GRAPHS}/export_dense`);
    assert.equal(session.state, "loaded");
    assert.equal(session.rung, "graph");
    assert.equal(session.model, null);
    const [input] = session.graph!.inputs;
    const output = session.graph!.predict(tf.zeros(input!.shape!.map((size) => size ?? 2)));
    assert.ok(output instanceof tf.Tensor && output.shape[0] === 2);
    const { summary } = session.report();
    assert.equal(summary!.origin!.rung, "graph");
    assert.deepEqual(summary!.layers[0]!.className, "input float32");
  });

  it("says how to have the graph where loadModel gives layers only", async () => {
    await assert.rejects(loadModel(`${GRAPHS}/export_dense`), (error: unknown) => {
      assert.ok(error instanceof LoadError);
      assert.match(
        error.message,
        /a graph of operations and no layers: openModel\(path\) gives it as session\.graph/,
      );
      return true;
    });
  });

  it("takes the graph where a layer's class is unknown and no function was saved with it", async function () {
    if (sharedModels() === null) {
      console.log("    skipped: ../shared/models is not there");
      this.skip();
    }
    const session = await openModel(sharedFile("E1"));
    assert.equal(session.state, "loaded");
    assert.equal(session.rung, "graph");
    const [problem] = session.settled.filter(({ applied }) => applied?.id === "graph");
    assert.match(problem!.found, /CastToFloat32/);
    assert.equal(problem!.applied!.fidelity, "exact");
    assert.ok(problem!.remedies.some(({ id }) => id === "register"));
    session.abort();
  });

  it("runs the graph of a subclassed model whose function does not tell its layers apart, and says why", async () => {
    const session = await openModel(`${GRAPHS}/keras2_tied`);
    assert.equal(session.state, "loaded");
    assert.equal(session.rung, "graph");
    assert.ok(session.report().settled.some(({ code, title }) => code === "C22" && /subclass/.test(title)));
  });

  describe("weights without an architecture (F09)", () => {
    let folder: string;
    before(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), "loadlab-"))));
    after(() => fs.rmSync(folder, { recursive: true }));

    it("wait for the architecture, and load with it", async () => {
      const file = await openModelFile(`${ARCHIVES}/nested.h5`);
      const architecture = path.join(folder, "architecture.json");
      fs.writeFileSync(architecture, JSON.stringify(file.config));
      file.close();
      const session = await openModel(`${ARCHIVES}/nested.weights.h5`);
      assert.equal(session.state, "waiting");
      assert.equal(session.rung, "weights");
      assert.equal(session.waiting[0]!.code, "F09");
      await assert.rejects(session.fix(1, "architecture"), { name: "RangeError", message: /needs PATH/ });
      await session.fix(1, "architecture", path.join(folder, "nowhere.json"));
      assert.equal(session.state, "waiting");
      assert.match(session.waiting[0]!.found, /nowhere\.json|No such file/);
      await session.fix(1, "architecture", architecture);
      assert.equal(session.state, "loaded");
      const twin = await loadModel(`${ARCHIVES}/nested.h5`);
      const input = tf.ones(twin.inputs[0]!.shape.map((size) => size ?? 1));
      const [one, other] = [session.finished(), twin].map((model) => model.predict(input) as tf.Tensor);
      assert.deepEqual(await one!.data(), await other!.data());
    });

    it("take the architecture of a whole file of the same model", async () => {
      const twin = await loadModel(`${ARCHIVES}/nested.h5`);
      const input = tf.ones(twin.inputs[0]!.shape.map((size) => size ?? 1));
      const expected = await (twin.predict(input) as tf.Tensor).data();
      for (const whole of ["nested.h5", "nested.keras"]) {
        const session = await openModel(`${ARCHIVES}/nested.weights.h5`);
        await session.fix(1, "architecture", `${ARCHIVES}/${whole}`);
        assert.equal(session.state, "loaded", whole);
        assert.deepEqual(await (session.finished().predict(input) as tf.Tensor).data(), expected, whole);
      }
      const session = await openModel(`${ARCHIVES}/nested.weights.h5`);
      await session.fix(1, "architecture", `${ARCHIVES}/nested.weights.h5`);
      assert.equal(session.state, "waiting");
      assert.match(session.waiting[0]!.found, /No architecture in this file/);
    });
  });
});
