import assert from "node:assert/strict";
import fs from "node:fs";
import { openModel, tf } from "../../../src/index.js";

const SHARED = "../shared/models";

describe("Lambda layers of public model files", () => {
  before(function () {
    if (fs.existsSync(SHARED)) return;
    console.log(`skipped: ${SHARED} is not here`);
    this.skip();
  });

  it("shows and translates the lambda of a Python 3.5", async () => {
    const session = await openModel(`${SHARED}/B9/model.h5`);
    const [problem] = session.report().waiting;
    assert.equal(problem!.code, "A15");
    assert.equal(problem!.where.layer, "lambda_1");
    assert.equal(problem!.found, "`lambda x: x / 127.5 - 1.0`, by Python 3.5, line 72 of run5.py.");
    assert.equal(problem!.remedies[0]!.title, "Take the translation `(x) => tf.sub(tf.div(x, 127.5), 1)`");
    assert.equal(problem!.remedies[0]!.command, "%step fix 1 translate");
    await session.fix(1, "translate");
    const model = session.finished();
    const mark = session.report().summary!.layers.find(({ name }) => name === "lambda_1")!.mark;
    assert.equal(mark?.kind, "translated");
    const output = model.predict(tf.fill([1, 68, 204, 3], 128)) as tf.Tensor;
    assert.ok((await output.data()).every(Number.isFinite));
  });

  it("never takes a translation unseen, and takes all thirteen at once when asked", async () => {
    const session = await openModel(`${SHARED}/B11/keras_mnist_model.h5`);
    assert.equal(session.waiting.length, 13);
    assert.equal(session.state, "waiting");
    await session.fixAll();
    assert.equal(session.state, "loaded");
  });

  it("says that a random translation is only an approximation", async () => {
    const session = await openModel(`${SHARED}/B7/vae.h5`);
    assert.equal(session.waiting[0]!.remedies[0]!.fidelity, "approximate");
    session.abort();
  });
});
