import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { openModel, registerCustom, tf, unregisterCustom } from "../../../src/index.js";
import { dense, layer, sequential, type MadeLayer } from "./cases/parts.js";
import { writeHdf5 } from "./cases/write.js";

describe("a class of the user's own with a name of Keras's, in a .h5 file", () => {
  let folder: string;
  let files = 0;
  before(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), "loadlab-clash-"))));
  after(() => fs.rmSync(folder, { recursive: true }));
  afterEach(() => unregisterCustom("Softmax"));

  const opened = async (...layers: MadeLayer[]) =>
    openModel(await writeHdf5(path.join(folder, `${files++}.h5`), sequential(2, [null, 5, 4], layers)));
  const codes = async (...layers: MadeLayer[]) => (await opened(...layers)).waiting.map(({ code }) => code);

  it("is told by arguments that Keras's has not, beside a lack of its own", async () => {
    const attention = layer("Attention", "steps", { step_dim: 5, bias: true }, { W: [4], b: [5] });
    const session = await opened(attention, dense("out", 4, 2));
    const [problem] = session.waiting;
    assert.equal(problem?.code, "C24");
    assert.match(
      problem.found,
      /has the argument `step_dim`, which Keras's has not, and lacks most of Keras's/,
    );
    assert.deepEqual(
      problem.remedies.map(({ id }) => id),
      ["known", "register", "skeleton", "builtin", "cut"],
    );
    await session.fix("Attention", "known");
    assert.equal(session.state, "loaded");
    assert.ok(
      session.settled.every(({ code }) => code !== "A06"),
      "of Keras's class nothing is said any more",
    );
    const model = session.finished();
    assert.deepEqual((model.predict(tf.ones([3, 5, 4])) as tf.Tensor).shape, [3, 2]);
  });

  it("is told by weights with other names, and the registered class is taken", async () => {
    const softmax = layer("Softmax", "warm", {}, { temperature: [1] });
    const session = await opened(softmax);
    assert.match(session.waiting[0]!.found, /has the weight `temperature`, which Keras's has not/);
    class Softmax extends tf.layers.Layer {
      private temperature!: tf.LayerVariable;
      override build(shape: tf.Shape): void {
        this.temperature = this.addWeight("temperature", [1], "float32");
        super.build(shape);
      }
      override call(x: tf.Tensor | tf.Tensor[]): tf.Tensor {
        return tf.mul([x].flat()[0]!, this.temperature.read());
      }
    }
    registerCustom("Softmax", Softmax as never);
    await session.run();
    assert.equal(session.state, "loaded");
    assert.equal(session.finished().countParams(), 1);
  });

  it("is not seen in Keras's own layers, of whatever version", async () => {
    assert.deepEqual(await codes(dense("plain", 4, 2)), []);
    assert.deepEqual(await codes(layer("Softmax", "soft")), []);
    assert.deepEqual(await codes(layer("Softmax", "soft", { axis: -1, added_in_keras_4: 1 })), []);
    assert.deepEqual(await codes(layer("LayerNormalization", "norm", {}, { gamma: [4], beta: [4] })), []);
    const older = { output_dim: 2, bias: true, init: "glorot_uniform", W_regularizer: null };
    assert.deepEqual(await codes(layer("Dense", "older", older, { W: [4, 2], b: [2] })), []);
  });

  it("may be meant where Keras's cannot be made", async () => {
    for (const made of [layer("Rescaling", "scaled"), layer("Attention", "alone", { use_scale: false })]) {
      const [problem] = (await opened(made)).waiting;
      assert.equal(problem?.code, "A24");
      assert.match(problem.found, /scale is missing|is called on one tensor/);
      assert.ok(problem.remedies.some(({ command }) => command === `%%register_custom ${made.className}`));
    }
  });
});
