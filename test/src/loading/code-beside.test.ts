import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { openModel, registerCustom, saveModel, skeleton, tf, unregisterCustom } from "../../../src/index.js";
import { described } from "./cases/case.js";
import { assertAsTensorFlow, GRAPHS } from "./cases/graph-reference.js";
import { dense, readParts, sequential } from "./cases/parts.js";
import { writeHdf5 } from "./cases/write.js";

const PYTHON = `import tensorflow as tf

class ScaledTwice(tf.keras.layers.Layer):
    pass

class Scaled(tf.keras.layers.Layer):
\tdef build(self, shape):
\t\tself.scale = self.add_weight(name="scale", shape=shape[-1:])

    # a separator of lines\u2028 that would end a comment
    def call(self, x):
        return x * self.scale

def swishy(x):
    return x
`;

describe("the code of a class lies beside the file", () => {
  let folder: string;
  let file: string;
  beforeEach(async () => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "beside-"));
    file = await writeHdf5(path.join(folder, "model.h5"), await readParts(`${GRAPHS}/keras2_custom_layer`));
  });
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

  const beside = (name: string) =>
    fs.cpSync(`${GRAPHS}/${name}`, path.join(folder, "model_saved"), { recursive: true });

  it("in Python: the card names file and line, the skeleton shows it as a comment", async () => {
    fs.writeFileSync(path.join(folder, "my_layers.py"), PYTHON);
    const session = await openModel(file);
    assert.match(session.waiting[0]!.advice, /`my_layers\.py`, line 6; `%register_custom Scaled` shows it/);
    const cell = skeleton("Scaled", session.source("Scaled"));
    assert.match(cell, /\n\/\/ In my_layers\.py, line 6:\n\/\/ {3}class Scaled\(/);
    assert.match(cell, /\n\/\/ {11}return x \* self\.scale\n\/\/\nclass Scaled extends/);
    assert.doesNotMatch(cell, /\u2028|swishy|pass/);
  });

  it("in Python: the line of an activation", async () => {
    fs.writeFileSync(path.join(folder, "my_layers.py"), PYTHON);
    const parts = sequential(2, [null, 6], [dense("first", 6, 5, { activation: "swishy" })]);
    const session = await openModel(await writeHdf5(path.join(folder, "other.h5"), parts));
    assert.match(session.waiting[0]!.advice, /`my_layers\.py`, line 14\.$/);
  });

  it("in a SavedModel of the same model: its function runs where the user takes it", async () => {
    beside("keras2_custom_layer");
    const session = await openModel(file);
    const offer = session.waiting[0]!.remedies.find(({ id }) => id === "saved-model");
    assert.equal(offer?.suggestion, path.join(folder, "model_saved"), described(session));
    await assert.rejects(session.fixAll(), /guesses.*saved-model/);
    await session.fix(1, "saved-model");
    assert.equal(session.settled.find(({ code }) => code === "C01")?.applied?.fidelity, "exact");
    await assertAsTensorFlow(session, "keras2_custom_layer");
  });

  it("in a SavedModel of another model: it is not taken, and the card says why", async () => {
    beside("keras2_mlp");
    const session = await openModel(file);
    await session.fix(1, "saved-model");
    assert.equal(session.state, "waiting");
    assert.match(session.waiting[0]!.found, /no layer `scaled` with such weights: it is of another model/);
    await session.fix(1, "identity-stub");
    assert.equal(session.state, "loaded", described(session));
  });

  it("nowhere: nothing of it is said, nor of a SavedModel of another name", async () => {
    fs.cpSync(`${GRAPHS}/keras2_mlp`, path.join(folder, "mnist"), { recursive: true });
    fs.writeFileSync(path.join(folder, "other.py"), "class Other: pass\n");
    const [problem] = (await openModel(file)).waiting;
    assert.equal(problem!.advice, "");
    assert.ok(problem!.remedies.every(({ id }) => id !== "saved-model"));
  });

  it("but not where it is what saving a model leaves to be written", async () => {
    registerCustom("Scaled", (x, { weights }) => tf.mul(x as tf.Tensor, weights[0]!));
    try {
      const model = (await openModel(file)).finished();
      const { files } = await saveModel(model, path.join(folder, "saved.keras"));
      assert.ok(files.some((one) => one.path.endsWith("saved_layers.py")));
    } finally {
      unregisterCustom("Scaled");
    }
    const session = await openModel(file);
    assert.equal(session.waiting[0]?.code, "C01", described(session));
    assert.doesNotMatch(session.waiting[0].advice, /Its Python/);
  });
});
