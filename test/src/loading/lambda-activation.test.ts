import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import {
  openModel,
  registerFunction,
  saveModel,
  tf,
  unregisterCustom,
  type LoadSession,
} from "../../../src/index.js";
import { registerActivation } from "../../../src/layers/activations.js";

const FIXTURES = "test/fixtures";

describe("Python lambdas as activations, which no Keras reads back", () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "loadlab-lambda-activation-"));
  const file = path.join(folder, "model.keras");
  const reference = JSON.parse(
    fs.readFileSync(path.join(FIXTURES, "lambda-activation.json"), "utf8"),
  ) as number[];
  before(() =>
    fs.writeFileSync(file, gunzipSync(fs.readFileSync(path.join(FIXTURES, "lambda-activation.keras.gz")))),
  );
  after(() => fs.rmSync(folder, { recursive: true }));

  function predicts(model: tf.LayersModel): void {
    const values = (model.predict(tf.ones([1, 4])) as tf.Tensor).dataSync();
    reference.forEach((value, i) => assert.ok(Math.abs(values[i]! - value) < 1e-5, `${values.join()}`));
  }

  async function translated(from = file): Promise<LoadSession> {
    const session = await openModel(from);
    for (const { subject } of session.waiting) await session.fix(subject, "translate");
    return session;
  }

  it("are asked about once each, with their source and translation, not their bytes", async () => {
    const { waiting } = await openModel(file);
    assert.deepEqual(
      waiting.map(({ code, title }) => [code, title]),
      [
        ["C16", "The activation is a Python function"],
        ["C16", "The activation is a Python function"],
      ],
    );
    const [swing, square] = waiting as [(typeof waiting)[0], (typeof waiting)[0]];
    assert.match(
      swing.found,
      /^2 layers have the activation `lambda t: tf\.sin\(t\) \* 2 \+ t`, .*Python 3\.11/,
    );
    assert.match(square.found, /^Layer `third` has the activation `lambda t: tf\.nn\.relu\(t\) \*\* 2`/);
    assert.equal(swing.remedies[0]!.title, "Take the translation `(t) => tf.add(tf.mul(tf.sin(t), 2), t)`");
    assert.doesNotMatch(JSON.stringify(waiting), /4wEAAAA/);
  });

  it("give Keras's numbers by their translations, which are said", async () => {
    const session = await translated();
    predicts(session.finished());
    assert.deepEqual(
      session.settled
        .filter(({ code }) => code === "C16")
        .map(({ applied }) => [applied!.id, applied!.fidelity]),
      [
        ["translate", "equivalent"],
        ["translate", "equivalent"],
      ],
    );
  });

  it("are shown where they are losses and metrics, with a name to register a function under", async () => {
    const told = (await translated()).settled.filter(({ code }) => code === "C18");
    assert.deepEqual(
      told.map(({ title }) => title),
      ["The loss is a Python function", "The metric is a Python function"],
    );
    assert.match(
      told[0]!.advice,
      /^It is `lambda y, p: tf\.reduce_mean\(tf\.abs\(y - p\)\)`\. .*--kind loss lambda_\w{8} = /,
    );
    registerFunction("loss", told[0]!.subject, (yTrue: tf.Tensor, yPred: tf.Tensor) =>
      yTrue.sub(yPred).abs().mean(-1),
    );
    try {
      const model = (await translated()).finished();
      const [loss] = [model.evaluate(tf.ones([1, 4]), tf.zeros([1, 2]))].flat();
      const wanted = reference.reduce((sum, value) => sum + Math.abs(value) / 2, 0);
      assert.ok(Math.abs((await loss!.data())[0]! - wanted) < 1e-5);
    } finally {
      unregisterCustom(told[0]!.subject);
    }
  });

  it("wait again where a translation is taken back, and in the next load", async () => {
    const session = await translated();
    await session.undo();
    assert.equal(session.waiting.length, 1);
    assert.equal((await openModel(file)).waiting.length, 2);
    predicts((await translated()).finished());
  });

  it("may be functions of the user's, under the name that the card gives them", async () => {
    const { waiting } = await openModel(file);
    for (const { subject } of waiting) registerActivation(subject, (x) => tf.zerosLike(x));
    try {
      const session = await openModel(file);
      assert.deepEqual(session.waiting, []);
      assert.deepEqual([...(session.finished().predict(tf.ones([1, 4])) as tf.Tensor).dataSync()], [0, 0]);
    } finally {
      for (const { subject } of waiting) registerActivation(subject, null);
    }
  });

  it("are saved as functions that the module beside the file defines, and are lambdas here again", async () => {
    const saved = path.join(folder, "saved.keras");
    const { files } = await saveModel((await translated()).finished(), saved, { overwrite: true });
    const module = fs.readFileSync(files[1]!.path, "utf8");
    assert.match(
      module,
      /def lambda_\w{8}\(x\):\n {4}# lambda t: tf\.sin\(t\) \* 2 \+ t\n {4}return tf\.sin\(x\) \* 2 \+ x\n/,
    );
    predicts((await translated(saved)).finished());
  });

  it("are read back by Keras 3 and Keras 2 from what is saved", async function () {
    const python = process.env["LOADLAB_KERAS_PYTHON"];
    if (python === undefined) {
      console.log(
        "      skipped: LOADLAB_KERAS_PYTHON names no Python with Keras 3, tf_keras and TensorFlow",
      );
      return this.skip();
    }
    this.timeout(120_000);
    const model = (await translated()).finished();
    for (const ending of ["keras", "h5"])
      await saveModel(model, path.join(folder, `saved.${ending}`), { overwrite: true });
    const program = [
      "import json, sys, numpy as np, keras, tf_keras, saved_layers, saved_keras2_layers",
      "for library, name in ((keras, 'saved.keras'), (tf_keras, 'saved.h5')):",
      "    y = library.models.load_model(name)(np.ones((1, 4), 'float32'))",
      "    np.testing.assert_allclose(y, [json.loads(sys.argv[1])], atol=1e-5)",
    ].join("\n");
    const args = ["-c", program, JSON.stringify(reference)];
    const { status, stderr } = spawnSync(python, args, { cwd: folder, encoding: "utf8" });
    assert.equal(status, 0, stderr);
  });
});
