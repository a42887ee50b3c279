import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import zlib from "node:zlib";
import type { File } from "h5wasm";
import { FormatError, type ModelFile, type StoredWeight } from "../../../src/formats/model-file.js";
import { openModelBytes, openModelFile } from "../../../src/formats/open.js";
import { openModel } from "../../../src/index.js";
import { hdf5 } from "../loading/cases/write.js";
import { sharedFile, sharedHdf5Files, sharedModels } from "./shared-models.js";

const elements = (weights: readonly StoredWeight[]): number =>
  weights.reduce((sum, { shape }) => sum + shape.reduce((product, size) => product * size, 1), 0);

describe("formats/keras-hdf5: files of public repositories", function () {
  this.timeout(60_000);
  before(function () {
    if (sharedModels() !== null) return;
    console.log("    skipped: ../shared/models is not there");
    this.skip();
  });

  it("opens every HDF5 file and reads every tensor whole", async () => {
    for (const file of sharedHdf5Files()) {
      const model = await openModelFile(sharedFile(file));
      for (const weight of [...model.layers.flatMap(({ weights }) => weights), ...model.optimizerWeights]) {
        assert.ok(weight.whole, `${file} ${weight.path}`);
        assert.equal((await weight.read()).length, elements([weight]), `${file} ${weight.path}`);
      }
      model.close();
    }
  });

  it("finds the weights that the list says, optimizer slots apart", async () => {
    for (const { files, format, weight_elements } of sharedModels()!) {
      if (!/^(h5|HDF5)/.test(format ?? "")) continue;
      const model = await openModelFile(sharedFile(files[0]!));
      const own = elements(model.layers.flatMap(({ weights }) => weights));
      const slots = elements(model.optimizerWeights);
      // The list counts all of a .weights.h5 file together.
      const expected = files[0]!.endsWith(".weights.h5") ? weight_elements! - slots : weight_elements;
      assert.equal(own, expected, files[0]);
      assert.equal(model.config !== null, format !== "h5 weights", files[0]);
      model.close();
    }
  });
});

describe("formats/keras-hdf5: cut files", () => {
  it("counts no nameless object among the layers where all that the file lists is there", async () => {
    const bytes = fs.readFileSync("test/fixtures/archives/parts.h5");
    let complete = 0;
    for (let length = bytes.length - 1; length > bytes.length / 2; length -= 97) {
      const model = await openModelBytes(bytes.subarray(0, length)).catch(() => null);
      const lacking =
        !model ||
        model.findings.some(({ detail }) => /lost: .*model_weights/.test(detail)) ||
        model.layers.some(
          ({ missing, weights }) => missing.length > 0 || weights.some(({ whole }) => !whole),
        );
      if (lacking) continue;
      complete++;
      assert.ok(
        model.layers.every((layer) => layer.name !== "" && !layer.name.includes("@")),
        `at ${length}`,
      );
    }
    assert.ok(complete > 0);
  });

  it("does not take a cut file for one whose saving was not finished", async () => {
    const bytes = fs.readFileSync("test/fixtures/archives/nested.weights.h5");
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "loadlab-cut-"));
    const file = path.join(folder, "model.weights.h5");
    fs.writeFileSync(file, bytes.subarray(0, 1200));
    const session = await openModel(file);
    const { waiting, settled } = session.report();
    session.abort();
    fs.rmSync(folder, { recursive: true });
    assert.deepEqual(
      waiting.map(({ code, title }) => [code, title]),
      [["F09", "No weights and no model configuration are left"]],
    );
    assert.ok(settled.some(({ code }) => code === "F03"));
  });
});

describe("formats/keras-hdf5: layouts of all ages", () => {
  const open = (name: string) => openModelFile(path.join("test/fixtures/hdf5", name));

  it("joins names that Keras split, takes empty lists, and keeps optimizer slots apart", async () => {
    const model = await open("keras_long_names.h5");
    assert.equal(model.format, "keras-hdf5");
    assert.equal(model.kerasVersion, "2.4.0");
    assert.equal(model.backend, "tensorflow");
    assert.deepEqual(
      model.layers.map(({ name, weights }) => [name, weights.map((weight) => weight.name)]),
      [
        ["a", ["a/kernel:0", "a/bias:0"]],
        ["b", []],
        ["c", ["c/kernel:0", "c/bias:0"]],
        ["top_level_model_weights", ["scale:0"]],
      ],
    );
    assert.deepEqual(
      model.optimizerWeights.map(({ name, dtype, shape }) => [name, dtype, shape]),
      [
        ["Adam/iter:0", "int64", []],
        ["Adam/a/kernel/m:0", "float32", [2, 3]],
      ],
    );
    assert.deepEqual(await model.optimizerWeights[0]!.read(), BigInt64Array.of(7n));
    assert.deepEqual(model.findings, []);
    model.close();
  });

  it("reads the numbered layers of Keras 0.x in order of their numbers", async () => {
    const model = await open("keras_0.h5");
    assert.equal(model.format, "hdf5-weights");
    assert.equal(model.kerasVersion, null);
    assert.equal(model.layers.length, 12);
    const { weights } = model.layers[1]!;
    assert.deepEqual(await Promise.all(weights.map(async (weight) => (await weight.read())[0])), [
      ...Array(11).keys(),
    ]);
    assert.deepEqual(
      model.findings.map(({ code }) => code),
      ["F09"],
    );
    model.close();
  });

  it("keeps the numbers of the parameters that are there where one is not", async () => {
    const bytes = fs.readFileSync("test/fixtures/hdf5/keras_0.h5");
    const at = bytes.lastIndexOf("param_8\0");
    assert.ok(at > 0);
    bytes[at] = 0x71;
    const model = await openModelBytes(bytes, "keras_0.h5");
    const [layer] = model.layers.filter(({ missing }) => missing.length > 0);
    assert.deepEqual(layer!.missing, [{ name: "param_8", index: 8 }]);
    const nine = layer!.weights.find(({ name }) => name === "param_9")!;
    assert.equal((await nine.read())[0], 9);
    assert.ok(model.findings.some(({ code, detail }) => code === "W05" && /param_8/.test(detail)));
  });

  it("says that a shape needs other bytes than its place has", async () => {
    const bytes = fs.readFileSync("test/fixtures/archives/parts.h5");
    const size = Buffer.alloc(8);
    size.writeBigUInt64LE(8n);
    let told = 0;
    for (let at = bytes.indexOf(size, 4096); at >= 0; at = bytes.indexOf(size, at + 1)) {
      const changed = Buffer.from(bytes);
      changed[at] = 7;
      const model = await openModelBytes(changed).catch(() => null);
      const other = model?.layers.flatMap(({ weights }) => weights).some(({ shape }) => shape.includes(7));
      assert.ok(!other, `a shape with 7 at byte ${at}`);
      if (model?.findings.some(({ detail }) => /needs \d+ bytes, its place has 32/.test(detail))) told++;
    }
    assert.ok(told > 0);
  });

  it("says which weights the file names and does not hold, with their place", async () => {
    const model = await open("keras_missing.h5");
    assert.deepEqual(model.layers[0]!.missing, [{ name: "dense/bias:0", index: 1 }]);
    assert.equal(model.layers[0]!.weights.length, 2);
    assert.deepEqual(
      model.findings.map(({ code, where }) => [code, where]),
      [
        ["W05", "/model_weights/dense/dense/bias:0"],
        ["W05", "/model_weights/gone"],
      ],
    );
    const layers = (model.config as { config: { layers: Record<string, { x: number }>[] } }).config.layers;
    assert.ok(Number.isNaN(layers[0]!["__proto__"]!.x));
    model.close();
  });

  it("reads a configuration that is stored as the bytes of its text", async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "loadlab-bytes-"));
    const text = '{"class_name": "Sequential", "config": {"name": "größe", "layers": []}}';
    const target = await hdf5(path.join(folder, "bytes.h5"), (file) =>
      file.create_attribute("model_config", new TextEncoder().encode(text)),
    );
    const model = await openModelFile(target);
    assert.deepEqual(JSON.parse(JSON.stringify(model.config)), JSON.parse(text));
    model.close();
    fs.rmSync(folder, { recursive: true });
  });

  it("reads a configuration that is compressed, in UTF-16, or split into parts", async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "loadlab-parts-"));
    const text = '{"class_name": "Sequential", "config": {"name": "größe", "layers": []}}';
    const bytes = new TextEncoder().encode(text);
    const utf16 = new Uint8Array(Buffer.from(`\ufeff${text}`, "utf16le"));
    for (const [i, parts] of [
      { model_config: new Uint8Array(zlib.gzipSync(bytes)) },
      { model_config: new Uint8Array(zlib.deflateSync(bytes)) },
      { model_config: utf16 },
      { model_config0: text.slice(0, 20), model_config1: text.slice(20, 50), model_config2: text.slice(50) },
      { model_config0: bytes.slice(0, 52), model_config1: bytes.slice(52) },
    ].entries()) {
      const target = await hdf5(path.join(folder, `${i}.h5`), (file) => {
        for (const [name, value] of Object.entries(parts)) file.create_attribute(name, value);
      });
      const model = await openModelFile(target);
      assert.equal(model.format, "keras-hdf5");
      assert.deepEqual(JSON.parse(JSON.stringify(model.config)), JSON.parse(text));
      model.close();
    }
    fs.rmSync(folder, { recursive: true });
  });

  const layer = { class_name: "Dense", config: { name: "d", units: 2 } };
  const whole = { class_name: "Sequential", config: { name: "net", layers: [layer] } };
  const text = JSON.stringify(whole);
  const bytes = new TextEncoder().encode(text);
  const elsewhere: [string, (file: File) => void][] = [
    ["a dataset", (file) => file.create_dataset({ name: "model_config", data: text })],
    ["a dataset of bytes", (file) => file.create_dataset({ name: "arch", data: bytes, dtype: "<B" })],
    ["an attribute of another name", (file) => file.create_attribute("architecture", text)],
    ["an attribute of a group", (file) => file.create_group("info").create_attribute("json", text)],
    ["base64", (file) => file.create_attribute("model_config", Buffer.from(text).toString("base64"))],
    ["what holds it", (file) => file.create_attribute("model_config", JSON.stringify({ model: whole }))],
    ["get_config()", (file) => file.create_attribute("model_config", JSON.stringify(whole.config))],
    [
      "a group that the model was saved in",
      (file) => {
        const group = file.create_group("best");
        group.create_attribute("model_config", text);
        group.create_group("model_weights");
      },
    ],
  ];
  for (const [what, write] of elsewhere) {
    it(`finds a configuration that stands in ${what}`, async () => {
      const folder = fs.mkdtempSync(path.join(os.tmpdir(), "loadlab-elsewhere-"));
      const model = await openModelFile(await hdf5(path.join(folder, "m.h5"), write));
      assert.deepEqual(JSON.parse(JSON.stringify(model.config)), whole);
      assert.equal(model.format, "keras-hdf5");
      assert.equal(model.findings.length, what === "base64" ? 0 : 1);
      model.close();
      fs.rmSync(folder, { recursive: true });
    });
  }

  it("takes none of two configurations in other places", async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "loadlab-elsewhere-"));
    const target = await hdf5(path.join(folder, "m.h5"), (file) => {
      file.create_attribute("first", text);
      file.create_attribute("second", text);
    });
    const model = await openModelFile(target);
    assert.equal(model.config, null);
    model.close();
    fs.rmSync(folder, { recursive: true });
  });

  it("opens a file whose configuration is no JSON, and says where it ends to be", async () => {
    const model = await open("keras_bad_json.h5");
    assert.equal(model.config, null);
    assert.equal(model.format, "keras-hdf5");
    assert.equal(model.findings[0]!.code, "F08");
    assert.match(model.findings[0]!.where, /line 2, column 24/);
    model.close();
  });
});

/** Tensors whose names are lost have their places in the file. */
function isSame(one: StoredWeight, other: StoredWeight): boolean {
  return one.byteOffset === other.byteOffset && one.byteLength === other.byteLength;
}

describe("formats/keras-hdf5: truncated files (F03)", () => {
  const ORIGINAL = "notebooks/models/mnist_cnn.h5";
  let folder: string;
  before(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "loadlab-cut-"));
  });
  after(() => {
    fs.rmSync(folder, { recursive: true });
  });

  it("keeps what is whole at any length, with the same values, and says what is lost", async () => {
    const bytes = fs.readFileSync(ORIGINAL);
    const original = await openModelFile(ORIGINAL);
    const all = [...original.layers.flatMap(({ weights }) => weights), ...original.optimizerWeights];
    const wanted = new Map(all.map((weight) => [weight.path, weight]));
    const file = path.join(folder, "cut.h5");
    const kept: number[] = [];
    for (let cut = 1; cut <= 64; cut++) {
      const length = Math.floor((bytes.length * cut) / 65);
      fs.writeFileSync(file, bytes.subarray(0, length));
      kept.push(await checkCut(file, length, bytes.length, wanted));
    }
    original.close();
    const layers = original.layers.reduce((sum, { weights }) => sum + weights.length, 0);
    assert.ok(kept[63]! >= layers - 1 && kept[63]! > kept[0]!, `kept ${kept.join()}`);
  });

  async function checkCut(
    file: string,
    length: number,
    full: number,
    wanted: ReadonlyMap<string, StoredWeight>,
  ): Promise<number> {
    let model: ModelFile;
    try {
      model = await openModelFile(file);
    } catch (error) {
      assert.ok(error instanceof FormatError && error.finding.code === "F03", String(error));
      return 0;
    }
    const finding = model.findings.find(({ code }) => code === "F03");
    assert.ok(finding, `cut at ${length}`);
    assert.match(finding.detail, new RegExp(`${full - length} of ${full} bytes`));
    assert.match(finding.detail, /\d+\.\d %/);
    let whole = 0;
    for (const weight of model.layers.flatMap(({ weights }) => weights)) {
      if (!weight.whole) {
        assert.match(finding.detail, /lost/);
        await assert.rejects(weight.read(), FormatError);
        continue;
      }
      whole++;
      const same = wanted.get(weight.path) ?? [...wanted.values()].find((one) => isSame(one, weight));
      assert.ok(same, `${weight.path} of the file cut at ${length} is in the whole file`);
      assert.deepEqual(await weight.read(), await same.read());
    }
    model.close();
    return whole;
  }
});
