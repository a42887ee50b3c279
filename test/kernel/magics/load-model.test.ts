import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { tf, unregisterCustom } from "../../../src/index.js";
import { installStackTraces } from "../../../kernel/cells/errors/stack-frames.js";
import { assertPredictsAsKeras, MODELS } from "../../src/loading/reference.js";
import { dense as denseLayer, sequential } from "../../src/loading/cases/parts.js";
import { writeHdf5 } from "../../src/loading/cases/write.js";
import { notebook } from "./notebook.js";

/** Weights of two Dense layers, alone. */
function dense(folder: string): Promise<string> {
  const parts = sequential(2, [null, 6], [denseLayer("hidden", 6, 5), denseLayer("out", 5, 3)]);
  return writeHdf5(path.join(folder, "two.weights.h5"), parts, { weightsOnly: true });
}

const CLASS = `%%register_custom MyAttention
import * as tf from "@tensorflow/tfjs";

class MyAttention extends tf.layers.Layer {
  units: number;
  constructor(config: { name: string; units: number }) {
    super({ name: config.name });
    this.units = config.units;
  }
  override build(shape: tf.Shape) {
    this.w = this.addWeight("w", [shape.at(-1), this.units]);
    this.b = this.addWeight("b", [this.units]);
    this.v = this.addWeight("v", [this.units, 1]);
    super.build(shape);
  }
  override call(inputs) {
    const x = Array.isArray(inputs) ? inputs[0] : inputs;
    const [, time, features] = x.shape;
    const hidden = tf.tanh(x.reshape([-1, features]).matMul(this.w.read()).add(this.b.read()));
    const scores = hidden.matMul(this.v.read()).reshape([-1, time]);
    return x.mul(tf.softmax(scores).expandDims(2)).sum(1);
  }
}`;

describe("%load_model, %step, %%register_custom", () => {
  afterEach(() => void unregisterCustom("MyAttention"));

  it("binds the model and shows its summary", async () => {
    const { run, scope, shown } = notebook();
    const result = await run(`%load_model ${MODELS}/mnist_cnn.h5\nmodel.outputs[0].shape`);
    assert.deepEqual(result.value, [null, 10]);
    assert.match(String(shown.bundles[0]!.data["text/plain"]), /^mnist_cnn \(Sequential\)/);
    await assertPredictsAsKeras(scope["model"] as tf.LayersModel, "mnist_cnn");
  });

  it("walks from the card to the model", async () => {
    const { run, scope, shown } = notebook();
    await run(`%load_model ${MODELS}/custom_attention.h5 --as net`);
    assert.match(String(shown.bundles[0]!.data["text/plain"]), /waits for 1 decision[^]*C01/);
    assert.equal("net" in scope, false);
    await run(CLASS);
    assert.match(shown.stdout, /MyAttention is registered\. %step goes on with the load\./);
    await run("%step");
    assert.match(String(shown.bundles[1]!.data["text/plain"]), /attention \[custom\]/);
    await assertPredictsAsKeras(scope["net"] as tf.LayersModel, "custom_attention");
    await run("%summary net");
    assert.match(String(shown.bundles[2]!.data["text/plain"]), /custom_attention\.h5, Keras 3/);
  });

  it("prints a skeleton that registers as it stands", async () => {
    const { run, shown } = notebook();
    await run(`%load_model ${MODELS}/custom_attention.h5`);
    await run("%register_custom MyAttention");
    const skeleton = shown.stdout;
    assert.match(skeleton, /^%%register_custom MyAttention\nimport \* as tf/);
    await run(skeleton);
    await run("%step");
    assert.match(
      String(shown.bundles.at(-1)!.data["text/plain"]),
      /attention \[custom\] +MyAttention +\(None, 12, 16\)/,
    );
  });

  it("registers an expression", async () => {
    const { run, shown } = notebook();
    await run(`%load_model ${MODELS}/custom_attention.h5`);
    await run("%register_custom MyAttention = (x) => x.mean(1)");
    await run("%step");
    assert.match(
      String(shown.bundles.at(-1)!.data["text/plain"]),
      /attention \[custom\] +MyAttention +\(None, 16\)/,
    );
  });

  it("says what a registered cell ends in when it is no class", async () => {
    const { run } = notebook();
    await assert.rejects(run("%%register_custom A\n42"), {
      name: "UsageError",
      message: /the cell ends in a number/,
    });
    await assert.rejects(run("%%register_custom A\nlet later;"), { message: /the cell ends in nothing/ });
  });

  it("keeps the session through a class that throws, and takes its correction", async () => {
    const { run, scope, shown } = notebook();
    await run(`%load_model ${MODELS}/custom_attention.h5`);
    const { prepareStackTrace } = Error;
    installStackTraces();
    try {
      await run("%register_custom MyAttention = (x) => { throw new Error('half done') }");
      await run("%step");
    } finally {
      Error.prepareStackTrace = prepareStackTrace;
    }
    const card = String(shown.bundles.at(-1)!.data["text/plain"]);
    assert.match(card, /C21[^]*Cell \[2\], line 1: half done/);
    assert.match(card, /See a skeleton of the class/);
    await run(CLASS);
    await run("%step");
    await assertPredictsAsKeras(scope["model"] as tf.LayersModel, "custom_attention");
  });

  it("steps, fixes and takes back", async () => {
    const { run, scope, shown } = notebook();
    const last = () => String(shown.bundles.at(-1)!.data["text/plain"]);
    await run(`%load_model ${MODELS}/custom_attention.h5 --step`);
    assert.match(last(), /custom_attention\.h5 pauses[^]*✓ identify ● read/);
    await run("%step to configure");
    assert.match(last(), /✓ configure ● resolve/);
    await run("%step");
    assert.match(last(), /waits for 1 decision/);
    await run("%step fix 1 identity-stub");
    await run("%step undo");
    assert.match(last(), /waits for 1 decision/);
    await assert.rejects(run("%step fix 7"), { name: "UsageError", message: /Those that wait: 1/ });
    await assert.rejects(run("%step to bund"), { name: "UsageError", message: /Did you mean bind\?/ });
    await run("%step skip");
    await run("%step to verify");
    assert.ok(scope["model"] instanceof tf.LayersModel);
  });

  it("tells at each pause what the step read and decided", async () => {
    const { run, shown } = notebook();
    const last = () => String(shown.bundles.at(-1)!.data["text/plain"]);
    await run(`%load_model ${MODELS}/mnist_cnn.h5 --step`);
    assert.match(last(), /identify: keras-hdf5\n\s+read +the first bytes/);
    await run("%step");
    assert.match(
      last(),
      /tensors +conv2d\/kernel:0 \(3, 3, 1, 8\) float32[^]*decided +the architecture is in it/,
    );
    await run("%step to connect");
    assert.match(last(), /flatten → \(None, 400\)/);
    await run("%step");
    assert.match(last(), /conv2d\/kernel ← \/model_weights\/conv2d\/conv2d\/kernel:0/);
    assert.ok(
      last()
        .split("\n")
        .every((line) => line.length <= 100),
    );
  });

  it("keeps several loads apart by the variable of their model, and gives each session to the cells", async () => {
    const { run, scope } = notebook();
    await run(`%load_model ${MODELS}/custom_attention.h5 --as one --session first`);
    await run(`%load_model ${MODELS}/custom_attention.h5 --as two --session second`);
    await run("%step --of one fix 1 identity-stub");
    assert.ok("one" in scope && !("two" in scope));
    const result = await run('await second.fix(1, "zeros-stub");\nsecond.state');
    assert.equal(result.value, "loaded");
    await assert.rejects(run("%step --of three"), { name: "UsageError", message: /There are one, two\./ });
  });

  it("prints a draft for weights without an architecture, and takes it as the cell gives it", async () => {
    const { run, scope, shown } = notebook();
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "loadlab-"));
    try {
      const file = await dense(folder);
      await run(`%load_model ${file}`);
      const before = shown.stdout.length;
      await run("%step draft");
      const cell = shown.stdout.slice(before);
      assert.match(cell, /class_name: "Dense", config: \{.*units: 5.*\/\/ kernel \(6, 5\), bias \(5\)/);
      await run(cell);
      await run("%step show");
      const model = scope["model"] as tf.LayersModel;
      assert.deepEqual(model.outputs[0]!.shape, [null, 3]);
    } finally {
      fs.rmSync(folder, { recursive: true });
    }
  });

  it("saves the decisions and takes them again", async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "loadlab-"));
    const { run, scope, shown } = notebook();
    try {
      await run(`%load_model ${MODELS}/custom_attention.h5`);
      await run("%step fix 1 identity-stub");
      await run(`%step save ${folder}/fix.json`);
      assert.match(shown.stdout, /fix\.json: 1 decision\./);
      await run(`%load_model ${MODELS}/custom_attention.h5 --as again --recipe ${folder}/fix.json`);
      assert.ok(scope["again"] instanceof tf.LayersModel);
      await assert.rejects(run(`%load_model a.h5 --recipe package.json`), {
        name: "UsageError",
        message: /--recipe package\.json: This is no recipe/,
      });
    } finally {
      fs.rmSync(folder, { recursive: true });
    }
  });

  it("says with saved decisions what was registered and is not among them: an activation, a layer", async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "loadlab-"));
    const { run, shown } = notebook();
    try {
      const parts = [denseLayer("hidden", 6, 5, { activation: "wave" }), denseLayer("out", 5, 3)];
      const file = await writeHdf5(path.join(folder, "wave.h5"), sequential(2, [null, 6], parts));
      await run(`%load_model ${file}`);
      await run("%register_custom --kind activation wave = (x) => tf.sin(x)");
      await run("%step");
      await run(`%step save ${folder}/fix.json`);
      assert.match(shown.stdout, /What you registered is not in it: register wave before you load with it\./);
    } finally {
      unregisterCustom("wave");
      fs.rmSync(folder, { recursive: true });
    }
  });

  it("explains a code", async () => {
    const { run, shown } = notebook();
    await run("%explain c01");
    assert.match(
      String(shown.bundles[0]!.data["text/markdown"]),
      /^\*\*C01: A layer's class is unknown.*\*\*$/m,
    );
    await run("%explain");
    const list = String(shown.bundles[1]!.data["text/markdown"]);
    assert.match(list, /^- `C01`: A layer's class/m);
    assert.doesNotMatch(
      list,
      /^#|\]\(.*\.md\)/m,
      "no headings of the notebook, no links into a folder that is not there",
    );
  });

  it("gives up on request", async () => {
    const { run, shown } = notebook();
    await run(`%load_model ${MODELS}/custom_attention.h5`);
    await run("%step abort");
    assert.match(String(shown.bundles.at(-1)!.data["text/plain"]), /was given up/);
  });

  it("shows a card for a path that is wrong", async () => {
    const { run, shown } = notebook();
    await assert.rejects(run(`%load_model ${MODELS}/nothing.h5\nmodel.summary()`), {
      name: "LoadError",
      message: `${MODELS}/nothing.h5: No such file (F04)`,
    });
    assert.match(String(shown.bundles[0]!.data["text/plain"]), /● identify[^]*F04[^]*nearby/);
  });
});
