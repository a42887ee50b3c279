import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { execFileSync } from "node:child_process";
import * as tf from "@tensorflow/tfjs";
import { FormatError, type ModelFile } from "../../../src/formats/model-file.js";
import { FOREIGN_PART } from "../../../src/formats/foreign-part.js";
import { openModelFile } from "../../../src/formats/open.js";
import { openModel } from "../../../src/index.js";
import { readMembers } from "./fuzz/zip-members.js";

const SAVED_MODEL = "test/fixtures/graph/keras2_mlp";
const WEIGHTS = "test/fixtures/archives/nested.weights.h5";
const ARCHIVE = "test/fixtures/archives/nested.keras";
const SAFETENSORS = "test/fixtures/arrays/model.safetensors";
const TRANSFORMERS = '{"architectures": ["TFBertModel"], "model_type": "bert"}';

/** What Keras computes. */
interface Reference {
  readonly x: number[][];
  readonly y: number[][];
}

/** What downloads look like on disk: paths, and what stands at each (a file's or a folder's path, or text). */
const LAYOUTS: readonly (readonly [string, Readonly<Record<string, string>>, string, RegExp])[] = [
  [
    "Hugging Face, TensorFlow weights",
    { "config.json": TRANSFORMERS, "tf_model.h5": WEIGHTS, "README.md": "# A model" },
    "hdf5-weights",
    /"tf_model\.h5" in it/,
  ],
  [
    "Hugging Face, safetensors",
    { "config.json": TRANSFORMERS, "model.safetensors": SAFETENSORS, "tokenizer.json": "{}" },
    "safetensors",
    /"model\.safetensors" in it/,
  ],
  [
    "Hugging Face, safetensors in parts",
    {
      "model-00001-of-00002.safetensors": SAFETENSORS,
      "model-00002-of-00002.safetensors": SAFETENSORS,
      "model.safetensors.index.json":
        '{"weight_map": {"a": "model-00001-of-00002.safetensors", "b": "model-00002-of-00002.safetensors"}}',
    },
    "safetensors",
    /index\.json" in it/,
  ],
  [
    "Hugging Face, a SavedModel beside weights without an architecture",
    { "config.json": TRANSFORMERS, "tf_model.h5": WEIGHTS, "saved_model/1": SAVED_MODEL },
    "saved-model",
    /saved_model.1"/,
  ],
  [
    "Hugging Face, an unpacked .keras",
    { "metadata.json": "{}", "config.json": '{"class_name": "Sequential"}', "model.weights.h5": WEIGHTS },
    "keras-archive",
    /^$/,
  ],
  [
    "the cache of huggingface_hub, with links into blobs",
    {
      "blobs/0123abcd": ARCHIVE,
      "refs/main": "77aa",
      "snapshots/77aa/model.keras": "-> ../../blobs/0123abcd",
    },
    "keras-archive",
    /snapshots.77aa.model\.keras/,
  ],
  ["Kaggle, a version", { "1": SAVED_MODEL }, "saved-model", /[\\/]1"/],
  [
    "TensorFlow Serving, versions",
    { "1": SAVED_MODEL, "10": SAVED_MODEL, "9": SAVED_MODEL },
    "saved-model",
    /10", the highest of 3/,
  ],
  [
    "the cache of kagglehub",
    { "models/keras/vgg/default/1/model.keras": ARCHIVE },
    "keras-archive",
    /default.1.model\.keras/,
  ],
];

describe("formats: models as downloads lay them out", function () {
  this.timeout(60_000);
  let folder: string;
  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "loadlab-layout-"));
  });
  afterEach(() => fs.rmSync(folder, { recursive: true }));

  function lay(files: Readonly<Record<string, string>>): void {
    for (const [name, content] of Object.entries(files)) {
      const to = path.join(folder, name);
      fs.mkdirSync(path.dirname(to), { recursive: true });
      if (content.startsWith("-> ")) fs.symlinkSync(content.slice(3), to);
      else if (content.startsWith("test/")) fs.cpSync(content, to, { recursive: true });
      else fs.writeFileSync(to, content);
    }
  }

  const readAll = async (model: ModelFile): Promise<number> => {
    let count = 0;
    for (const weight of model.layers.flatMap(({ weights }) => weights))
      count += (await weight.read()).length;
    return count;
  };

  for (const [name, files, format, said] of LAYOUTS) {
    it(name, async () => {
      lay(files);
      const model = await openModelFile(folder);
      assert.equal(model.format, format);
      const finding = model.findings.find(({ code }) => code === "F12")?.detail ?? "";
      assert.match(finding, said);
      assert.ok((await readAll(model)) > 0);
      model.close();
    });
  }

  for (const part of [
    "variables",
    "variables/variables",
    "variables/variables.index",
    "keras_metadata.pb",
    "saved_model.pb",
  ])
    it(`a path to ${part} of a SavedModel`, async () => {
      lay({ model: SAVED_MODEL });
      const model = await openModelFile(path.join(folder, "model", part));
      assert.equal(model.format, "saved-model");
      assert.ok(model.config);
      assert.ok((await readAll(model)) > 0);
      model.close();
    });

  for (const [kind, pack] of [
    ["tar", (to: string) => execFileSync("tar", ["cf", to, "-C", folder, "model"])],
    ["tar.gz", (to: string) => execFileSync("tar", ["czf", to, "-C", folder, "model"])],
  ] as const) {
    it(`a folder in a ${kind}`, async () => {
      lay({ "model/deeper/1": SAVED_MODEL, "model/README.md": "x" });
      const file = path.join(folder, `model.${kind}`);
      pack(file);
      const model = await openModelFile(file);
      assert.equal(model.format, "saved-model");
      assert.ok((await readAll(model)) > 0);
      assert.ok(model.findings.some(({ code }) => code === "F06"));
      model.close();
    });
  }

  it("names what is missing of weights in parts", async () => {
    lay({
      "model-00001-of-00002.safetensors": SAFETENSORS,
      "model.safetensors.index.json":
        '{"weight_map": {"a": "model-00001-of-00002.safetensors", "b": "model-00002-of-00002.safetensors"}}',
    });
    const model = await openModelFile(folder);
    assert.match(model.findings.find(({ code }) => code === "F07")!.detail, /model-00002-of-00002/);
    assert.ok((await readAll(model)) > 0);
    model.close();
  });

  const POINTER = `version https://git-lfs.github.com/spec/v1\noid sha256:${"ab".repeat(32)}\nsize 123456\n`;
  const PAGE = "<!DOCTYPE html><html><title>404</title></html>";
  const TFJS = JSON.stringify({
    modelTopology: { class_name: "Sequential", config: { name: "s", layers: [] } },
    weightsManifest: [
      { paths: ["a.bin", "b.bin"], weights: [{ name: "d/kernel", shape: [2], dtype: "float32" }] },
    ],
  });

  /** A file of a model that a clone without Git LFS, or a download, has not got; and what is in its place. */
  for (const [what, files, name, content] of [
    [
      "an unpacked .keras",
      { "metadata.json": "{}", "config.json": '{"class_name": "Sequential"}' },
      "model.weights.h5",
      POINTER,
    ],
    ["a SavedModel", { "": SAVED_MODEL }, "variables/variables.data-00000-of-00001", PAGE],
    ["a SavedModel", { "": SAVED_MODEL }, "variables/variables.index", POINTER],
    ["a tfjs model", { "model.json": TFJS, "a.bin": "1234" }, "b.bin", POINTER],
    [
      "weights in parts",
      {
        "model-00001-of-00002.safetensors": SAFETENSORS,
        "model.safetensors.index.json":
          '{"weight_map": {"a": "model-00001-of-00002.safetensors", "b": "model-00002-of-00002.safetensors"}}',
      },
      "model-00002-of-00002.safetensors",
      PAGE,
    ],
  ] as const) {
    it(`says what stands in place of ${name} of ${what} (F02)`, async () => {
      lay({ ...files, [name]: content });
      const model = await openModelFile(folder);
      const said = model.findings.filter(({ code }) => code === "F02");
      assert.deepEqual(
        said.map(({ title, where }) => [title, where]),
        [[FOREIGN_PART, name]],
      );
      assert.match(said[0]!.detail, content === POINTER ? /Git-LFS pointer/ : /web page/);
      assert.ok(!model.findings.some(({ code }) => code === "F07"), JSON.stringify(model.findings));
      model.close();
    });
  }

  it("asks for the file that a pointer stands for, and takes it", async () => {
    const members = readMembers(fs.readFileSync(ARCHIVE));
    for (const { name, data } of members) fs.writeFileSync(path.join(folder, name), data);
    const weights = path.join(folder, "model.weights.h5");
    const elsewhere = path.join(folder, "fetched.weights.h5");
    fs.renameSync(weights, elsewhere);
    fs.writeFileSync(weights, POINTER);
    const session = await openModel(folder);
    assert.deepEqual(
      session.waiting.map(({ code, title }) => [code, title]),
      [["F02", FOREIGN_PART]],
    );
    await session.fix(1, "weights", elsewhere);
    assert.equal(session.state, "loaded");
    const whole = await openModel(ARCHIVE);
    const values = async (tensors: readonly { dataSync(): ArrayLike<number> }[]) =>
      tensors.map((tensor) => [...Array.from(tensor.dataSync())]);
    assert.deepEqual(
      await values(session.finished().getWeights()),
      await values(whole.finished().getWeights()),
    );
  });

  it("refuses a saved_model.pb that is a pointer, by what it is (F02)", async () => {
    lay({ "": SAVED_MODEL, "saved_model.pb": POINTER });
    await assert.rejects(openModelFile(folder), (error: unknown) => {
      assert.ok(error instanceof FormatError);
      assert.equal(error.finding.code, "F02");
      assert.match(error.finding.advice, /git lfs pull/);
      return true;
    });
  });

  it("knows an Orbax checkpoint, and says what to do", async () => {
    lay({ _CHECKPOINT_METADATA: "{}", "default/manifest.ocdbt": "x", "default/d/0a": "x" });
    await assert.rejects(openModelFile(folder), (error: unknown) => {
      assert.ok(error instanceof FormatError);
      assert.equal(error.finding.title, "An Orbax checkpoint");
      assert.match(error.finding.advice, /save_weights/);
      return true;
    });
  });

  const LISTED = "test/fixtures/arrays/list_model";
  for (const [what, files] of [
    ["an .npz of model.get_weights()", { "weights.npz": `${LISTED}/weights.npz` }],
    ["a .h5 of another name", { "net.h5": `${LISTED}/net.weights.h5` }],
    ["safetensors", { "model.safetensors": `${LISTED}/model.safetensors` }],
    ["a data set, and a .h5", { "net.h5": `${LISTED}/net.weights.h5`, "model_data.npz": "none" }],
  ] as const) {
    it(`takes a model.json with the weights beside it: ${what}`, async () => {
      lay({ ...files, "model.json": `${LISTED}/model.json` });
      const archive = path.join(os.tmpdir(), `${path.basename(folder)}.tar`);
      execFileSync("tar", ["cf", archive, "-C", folder, "."]);
      for (const at of [folder, archive]) {
        const session = await openModel(at);
        assert.equal(session.state, "loaded", JSON.stringify(session.waiting));
        const { x, y } = JSON.parse(fs.readFileSync(`${LISTED}/reference.json`, "utf8")) as Reference;
        const result = session.finished().predict(tf.tensor2d(x)) as tf.Tensor;
        const off = [...result.dataSync()].map((value, i) => Math.abs(value - y.flat()[i]!));
        assert.ok(Math.max(...off) < 1e-4, `${at}: ${off.join(" ")}`);
        session.abort();
      }
      fs.rmSync(archive);
    });
  }

  it("asks which of several weights for one architecture, and keeps a model.json of TensorFlow.js apart", async () => {
    const weights = `${LISTED}/net.weights.h5`;
    lay({ "1.h5": weights, "2.h5": weights, "model.json": `${LISTED}/model.json` });
    await assert.rejects(openModelFile(folder), /2 models/);
    lay({ "tfjs/model.json": TFJS, "tfjs/a.bin": "1234", "tfjs/net.h5": weights });
    await assert.rejects(openModelFile(path.join(folder, "tfjs")), /2 models/);
  });

  it("asks which of several models", async () => {
    lay({ "a.keras": ARCHIVE, "b.keras": ARCHIVE });
    await assert.rejects(openModelFile(folder), /2 models/);
  });
});
