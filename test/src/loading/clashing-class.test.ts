import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { openModel, registerCustom, saveModel, tf, unregisterCustom } from "../../../src/index.js";
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

  it("stays another class than Keras's in what is saved, with the arguments that it has", async () => {
    const attention = layer("Attention", "steps", { step_dim: 5, bias: true }, { W: [4], b: [5] });
    const session = await opened(attention, dense("out", 4, 2));
    await session.fix("Attention", "known");
    const model = session.finished();
    const x = tf.randomUniform([3, 5, 4]);
    const wanted = (model.predict(x) as tf.Tensor).dataSync();
    for (const ending of ["keras", "h5"]) {
      const file = path.join(folder, `own.${ending}`);
      await saveModel(model, file);
      const again = await openModel(file);
      const [problem] = again.waiting;
      assert.match(problem!.evidence!.config, /step_dim=5/);
      assert.match(problem!.evidence!.config, /\bbias=true/);
      await again.fix(problem!.subject, "known");
      assert.deepEqual((again.finished().predict(x) as tf.Tensor).dataSync(), wanted);
    }
  });

  it("leaves a known class behind one's own where it has no use for an argument or a weight", async () => {
    const order = async (pooling: MadeLayer) => {
      const session = await opened(pooling, dense("out", 4, 2));
      const [problem] = session.waiting;
      session.abort();
      return problem!.remedies.slice(0, 3).map(({ id, fidelity }) => `${id} ${fidelity}`);
    };
    const weights = { kernel: [4, 1], bias: [1] };
    const others = ["register equivalent", "skeleton equivalent"];
    assert.equal((await order(layer("SequencePooling", "pool", {}, weights)))[0], "known equivalent");
    const heated = layer("SequencePooling", "pool", { temperature: 3 }, weights);
    assert.deepEqual(await order(heated), [...others, "known approximate"]);
    const more = layer("SequencePooling", "pool", {}, { ...weights, shift: [4] });
    assert.deepEqual((await order(more)).slice(0, 2), others);
  });

  it("is not asked about where Keras 1 names the weights", async () => {
    assert.deepEqual(await codes(layer("PReLU", "slopes", {}, { slopes_alphas: [5, 4] })), []);
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
