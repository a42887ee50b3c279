import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { KerasOptimizer, tf, unregisterCustom } from "../../../src/index.js";
import { assertPredictsAsKeras, MODELS } from "../../src/loading/reference.js";
import { notebook } from "./notebook.js";

const FIXTURES = path.resolve("test/fixtures");
const ATTENTION = path.resolve(MODELS, "custom_attention.h5");

interface Stored {
  readonly shape: number[];
  readonly values: number[];
}

/** What users ask about when a model does not load in Python, as a notebook goes through it. */
describe("the situations of the articles", () => {
  let folder: string;

  before(async () => {
    await tf.setBackend("cpu");
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "loadlab-articles-"));
  });
  after(() => fs.rmSync(folder, { recursive: true }));
  afterEach(() => ["MyAttention", "shop>Scaler", "Scaler"].forEach((name) => unregisterCustom(name)));

  const text = (bundle: { data: Record<string, unknown> } | undefined) => String(bundle?.data["text/plain"]);

  it("a custom layer in .h5: without a registration a card, with one the model", async () => {
    const { run, scope, shown } = notebook(undefined, folder);
    await run(`%load_model ${ATTENTION}`);
    assert.match(text(shown.bundles[0]), /MyAttention is unknown/);
    assert.match(text(shown.bundles[0]), /register_custom MyAttention/);
    await run(
      "%register_custom MyAttention = (x, { weights: [w, b, v] }) => { const [, time, size] = x.shape; " +
        "const hidden = x.reshape([-1, size]).matMul(w).add(b).tanh(); " +
        "return x.mul(hidden.matMul(v).reshape([-1, time]).softmax().expandDims(2)).sum(1); }",
    );
    await run("%step");
    await assertPredictsAsKeras(scope["model"] as tf.LayersModel, "custom_attention");
  });

  it("a SavedModel with a custom layer: its own function stands in, or a class of the user's", async () => {
    const file = path.join(FIXTURES, "articles", "custom-layer.tar.gz");
    const { run, scope, shown } = notebook(undefined, folder);
    await run(`%load_model ${file}`);
    if (scope["model"] === undefined) {
      assert.match(text(shown.bundles[0]), /Scaler/);
      await run(
        '%register_custom shop>Scaler = (x, { weights: [w], config }) => x.tanh().mul(w).add(config["offset"])',
      );
      await run("%step");
    }
    compare(scope["model"] as tf.LayersModel, "custom-layer");
  });

  it("a file of another version: loads, says what it adjusted, and which Python would take it", async () => {
    const { run, scope, shown } = notebook(undefined, folder);
    await run(`%load_model ${path.join(FIXTURES, "whole-models/sequential.keras2.h5")}`);
    assert.ok(scope["model"] instanceof tf.LayersModel);
    await run(`%environment ${path.join(FIXTURES, "whole-models/sequential.keras2.h5")}`);
    assert.match(text(shown.bundles.at(-1)), /tensorflow==2\.21/);
    await run("%save_model today.keras");
    await run("%load_model today.keras --as again");
    await run("%compare model again");
    assert.match(text(shown.bundles.at(-1)), /^.*\nAll \d+ agree/);
  });

  it("optimizer state: training goes on, or starts afresh on request", async () => {
    const file = path.join(FIXTURES, "training", "legacy-adam.h5.gz");
    const { run, scope, shown } = notebook(undefined, folder);
    await run(`%load_model ${file}`);
    assert.match(text(shown.bundles[0]), /optimizer Adam with \d+ tensors of its state/);
    assert.equal(((scope["model"] as tf.LayersModel).optimizer as KerasOptimizer).iterations, 6);
    await run(`%load_model ${file} --no-optimizer`);
    assert.equal(((scope["model"] as tf.LayersModel).optimizer as KerasOptimizer).iterations, 0);
    await run(`%load_model ${file} --no-compile`);
    assert.ok(!(scope["model"] as tf.LayersModel).optimizer);
  });

  it("layers and a Lookahead optimizer of Addons", async () => {
    const file = path.join(FIXTURES, "articles", "addons.h5.gz");
    const { run, scope, shown } = notebook(undefined, folder);
    await run(`%load_model ${file}`);
    const model = scope["model"] as tf.LayersModel;
    compare(model, "addons");
    assert.match(text(shown.bundles[0]), /optimizer Lookahead with \d+ tensors/);
    const { x, y } = reference("addons");
    const { history } = await model.fit(x, y, { epochs: 3, verbose: 0 });
    assert.ok((history["loss"] as number[]).every(Number.isFinite));
    await run(`%environment ${file}`);
    assert.match(text(shown.bundles.at(-1)), /tensorflow-addons/);
  });

  it("a corrupted file: what is whole is said, byte and all, and the kernel lives", async () => {
    const bytes = fs.readFileSync(path.join(MODELS, "mnist_cnn.h5"));
    const file = path.join(folder, "cut.h5");
    fs.writeFileSync(file, bytes.subarray(0, bytes.length / 2));
    const { run, shown } = notebook(undefined, folder);
    await run(`%load_model ${file}`).catch(() => undefined);
    assert.match(text(shown.bundles[0]), /F03|W05/);
    fs.writeFileSync(file, "this is not a model");
    await assert.rejects(run(`%load_model ${file}`));
    assert.equal((await run("1 + 1")).value, 2);
  });

  it("a missing dependency: a class of transformers is named with its package, and a stub goes on", async () => {
    const file = path.join(folder, "bert.json");
    const layer = (className: string, name: string, config: object, inbound: unknown) => ({
      class_name: className,
      name,
      config: { name, ...config },
      inbound_nodes: inbound,
    });
    const architecture = {
      class_name: "Functional",
      keras_version: "2.9.0",
      backend: "tensorflow",
      config: {
        name: "bert",
        layers: [
          layer("InputLayer", "x", { batch_input_shape: [null, 4], dtype: "float32" }, []),
          layer("transformers>TFBertMainLayer", "bert", { config: { hidden_size: 4 } }, [[["x", 0, 0, {}]]]),
          layer("Dense", "d", { units: 2 }, [[["bert", 0, 0, {}]]]),
        ],
        input_layers: [["x", 0, 0]],
        output_layers: [["d", 0, 0]],
      },
    };
    fs.writeFileSync(file, JSON.stringify(architecture));
    const { run, scope, shown } = notebook(undefined, folder);
    await run(`%load_model ${file}`);
    await run("%step fix 1 keep-initial");
    assert.match(text(shown.bundles.at(-1)), /TFBertMainLayer/);
    await run(`%environment ${file}`);
    assert.match(text(shown.bundles.at(-1)), /^transformers/m);
    for (let i = 0; i < 3 && scope["model"] === undefined; i++) await run("%step skip");
    assert.ok(scope["model"] instanceof tf.LayersModel);
  });
});

function reference(name: string): { x: tf.Tensor; y: tf.Tensor } {
  const stored = JSON.parse(fs.readFileSync(path.join(FIXTURES, "articles", `${name}.json`), "utf8")) as {
    inputs: Stored[];
    outputs: Stored[];
  };
  const tensor = ({ values, shape }: Stored) => tf.tensor(values, shape);
  return { x: tensor(stored.inputs[0]!), y: tensor(stored.outputs[0]!) };
}

function compare(model: tf.LayersModel, name: string): void {
  const { x, y } = reference(name);
  const worst = Math.max(...(model.predict(x) as tf.Tensor).sub(y).abs().dataSync());
  assert.ok(worst < 1e-5, `differs by ${worst}`);
}
