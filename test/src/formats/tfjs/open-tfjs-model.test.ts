import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import * as tf from "@tensorflow/tfjs";
import { FormatError, type ModelFile } from "../../../../src/formats/model-file.js";
import { openModelFile } from "../../../../src/formats/open.js";
import { sharedFile, sharedModels } from "../shared-models.js";

/** Files that this process has open; 0 where the system does not say. */
function openDescriptors(): number {
  return fs.existsSync("/proc/self/fd") ? fs.readdirSync("/proc/self/fd").length : 0;
}

describe("formats/tfjs", () => {
  let folder: string;
  before(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "loadlab-tfjs-"));
  });
  after(() => {
    fs.rmSync(folder, { recursive: true });
  });

  const write = (model: object, files: Readonly<Record<string, Uint8Array>>): string => {
    const place = fs.mkdtempSync(path.join(folder, "m"));
    for (const [name, bytes] of Object.entries(files)) fs.writeFileSync(path.join(place, name), bytes);
    fs.writeFileSync(path.join(place, "model.json"), JSON.stringify(model));
    return path.join(place, "model.json");
  };
  const open = (model: object, files: Readonly<Record<string, Uint8Array>>) =>
    openModelFile(write(model, files));
  const readAll = async (model: ModelFile) => {
    const weights = model.layers.flatMap((layer) => layer.weights);
    return Promise.all(weights.map(async (weight) => [weight.name, await weight.read()]));
  };

  it("opens what tf.LayersModel.save writes, weights by layer", async () => {
    const inner = tf.sequential({
      name: "inner",
      layers: [tf.layers.dense({ units: 2, inputShape: [3], name: "deep" })],
    });
    const model = tf.sequential({ layers: [inner, tf.layers.dense({ units: 1, name: "block/out" })] });
    let saved: tf.io.ModelArtifacts | undefined;
    await model.save(
      tf.io.withSaveHandler(async (artifacts) => {
        saved = artifacts;
        return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: "JSON" } };
      }),
    );
    const bytes = new Uint8Array(saved!.weightData as ArrayBuffer);
    const json = {
      modelTopology: saved!.modelTopology,
      weightsManifest: [{ paths: ["a.bin", "b.bin"], weights: saved!.weightSpecs }],
    };
    const file = await open(json, { "a.bin": bytes.subarray(0, 10), "b.bin": bytes.subarray(10) });
    assert.equal(file.format, "tfjs-layers");
    assert.deepEqual(
      file.layers.map(({ name, weights }) => [name, weights.map(({ shape }) => shape)]),
      [
        ["inner", [[3, 2], [2]]],
        ["block/out", [[2, 1], [1]]],
      ],
    );
    const expected = await Promise.all(model.getWeights().map((weight) => weight.data()));
    assert.deepEqual(
      (await readAll(file)).map(([, values]) => values),
      expected,
    );
    file.close();
  });

  it("undoes quantisation", async () => {
    const weights = [
      {
        name: "a/kernel",
        shape: [3],
        dtype: "float32",
        quantization: { dtype: "uint8", scale: 0.5, min: -1 },
      },
      { name: "a/bias", shape: [1], dtype: "int32", quantization: { dtype: "uint16", scale: 1.26, min: 0 } },
      { name: "b/half", shape: [2], dtype: "float32", quantization: { dtype: "float16" } },
      { name: "b/words", shape: [2], dtype: "string" },
      { name: "b/flags", shape: [2], dtype: "bool" },
    ];
    const bytes = Uint8Array.of(
      0,
      1,
      255,
      2,
      0,
      0x00,
      0x3c,
      0x00,
      0xc0,
      2,
      0,
      0,
      0,
      104,
      105,
      0,
      0,
      0,
      0,
      1,
      0,
    );
    const file = await open(
      { modelTopology: { node: [] }, weightsManifest: [{ paths: ["w"], weights }] },
      { w: bytes },
    );
    assert.equal(file.format, "tfjs-graph");
    assert.deepEqual(await readAll(file), [
      ["a/kernel", Float32Array.of(-1, -0.5, 126.5)],
      ["a/bias", Int32Array.of(3)],
      ["b/half", Float32Array.of(1, -2)],
      ["b/words", ["hi", ""]],
      ["b/flags", Uint8Array.of(1, 0)],
    ]);
    file.close();
  });

  it("reads complex numbers as pairs, and tensors without elements wherever they are", async () => {
    const weights = [
      { name: "a/spectrum", shape: [2], dtype: "complex64" },
      { name: "a/none", shape: [0, 3], dtype: "float32" },
    ];
    const manifest = { modelTopology: { node: [] }, weightsManifest: [{ paths: ["w"], weights }] };
    const file = await open(manifest, { w: new Uint8Array(Float32Array.of(1, 2, 3, 0).buffer) });
    assert.deepEqual(await readAll(file), [
      ["a/spectrum", Float32Array.of(1, 2, 3, 0)],
      ["a/none", new Float32Array(0)],
    ]);
    file.close();
  });

  it("keeps the tensors before a missing or cut part", async () => {
    const weights = [
      { name: "a/kernel", shape: [2], dtype: "float32" },
      { name: "b/kernel", shape: [2], dtype: "float32" },
    ];
    const manifest = { modelTopology: { node: [] }, weightsManifest: [{ paths: ["1", "2"], weights }] };
    const file = await open(manifest, { "1": new Uint8Array(8) });
    assert.deepEqual(
      file.findings.map(({ code }) => code),
      ["F07"],
    );
    assert.match(file.findings[0]!.detail, /names "2", .* 1 of 2 tensors are whole; lost: b\/kernel/);
    await assert.rejects(file.layers[1]!.weights[0]!.read(), /in "2", which is not there/);
    file.close();
    const short = await open(manifest, { "1": new Uint8Array(8), "2": new Uint8Array(5) });
    assert.deepEqual(
      short.findings.map(({ code }) => code),
      ["F03"],
    );
    short.close();
  });

  it("keeps the tensors behind a missing part, whose size follows from the others", async () => {
    const weights = ["a", "b", "c"].map((name) => ({ name, shape: [2], dtype: "float32" }));
    const manifest = { modelTopology: { node: [] }, weightsManifest: [{ paths: ["1", "2", "3"], weights }] };
    const bytes = new Uint8Array(Float32Array.of(1, 2, 3, 4, 5, 6).buffer);
    const file = await open(manifest, { "1": bytes.subarray(0, 10), "3": bytes.subarray(14) });
    const found = file.layers.flatMap((layer) => layer.weights);
    assert.deepEqual(
      found.map(({ whole }) => whole),
      [true, false, true],
    );
    assert.deepEqual(await found[2]!.read(), Float32Array.of(5, 6));
    file.close();
  });

  it("puts files behind one that is cut, or longer than it was, where they belong", async () => {
    const weights = ["a", "b", "c", "d"].map((name) => ({ name, shape: [2], dtype: "float32" }));
    const paths = ["1", "2", "3", "4"].map((name) => `group1-shard${name}of4.bin`);
    const manifest = { modelTopology: { node: [] }, weightsManifest: [{ paths, weights }] };
    const bytes = new Uint8Array(Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8).buffer);
    const cut = (ends: readonly number[]) => ends.map((end, i) => bytes.subarray(ends[i - 1] ?? 0, end));
    const told = async (parts: readonly Uint8Array[]) => {
      const file = await open(manifest, Object.fromEntries(paths.map((name, i) => [name, parts[i]!])));
      const found = file.layers.flatMap((layer) => layer.weights);
      const values = await Promise.all(found.map(async (weight) => (weight.whole ? weight.read() : null)));
      file.close();
      return { values, said: file.findings.map(({ code, detail }) => `${code} ${detail}`) };
    };
    const parts = cut([9, 18, 27, 32]);
    const whole = [1, 3, 5, 7].map((value) => Float32Array.of(value, value + 1));
    const shorter = await told(parts.map((part, i) => (i === 1 ? part.subarray(0, 3) : part)));
    assert.deepEqual(shorter.values, [whole[0], null, null, whole[3]]);
    assert.match(shorter.said.join(), /^F03 "group1-shard2of4\.bin" cut off; 2 of 4 .*lost: b, c$/);
    const longer = await told(parts.map((part, i) => (i === 0 ? Uint8Array.of(...part, 10) : part)));
    assert.deepEqual(longer.values, whole);
    assert.match(
      longer.said.join(),
      /^F12 .* the last 1 at the end of "group1-shard1of4\.bin" were not read$/,
    );
    const swapped = await told([parts[3]!, parts[1]!, parts[2]!, parts[0]!]);
    assert.match(swapped.said.join(), /^F12 "group1-shard1of4\.bin" is shorter than the files after it/);
    // Of files of unequal lengths nothing says which is cut: only the first is surely in its place.
    const unequal = await told(cut([8, 20, 24]).concat(bytes.subarray(28)));
    assert.deepEqual(unequal.values, [whole[0], null, null, null]);
  });

  it("finds parts under names that a browser or a bundler gave them, where size and name leave no choice", async () => {
    const weights = ["a", "b"].map((name) => ({ name, shape: [2], dtype: "float32" }));
    const paths = ["group1-shard1of2.bin", "group1-shard2of2.bin"];
    const manifest = { modelTopology: { node: [] }, weightsManifest: [{ paths, weights }] };
    const bytes = new Uint8Array(Float32Array.of(1, 2, 3, 4).buffer);
    const [first, second] = [bytes.subarray(0, 8), bytes.subarray(8)];
    const renamed = { "group1-shard1of2 (1).bin": first, "group1-shard2of2.3f9a.bin": second };
    const file = await open(manifest, renamed);
    assert.deepEqual(
      file.findings.map(({ code }) => code),
      ["F12"],
    );
    assert.match(file.findings[0]!.detail, /"group1-shard1of2\.bin" is "group1-shard1of2 \(1\)\.bin"/);
    assert.deepEqual(await readAll(file), [
      ["a", Float32Array.of(1, 2)],
      ["b", Float32Array.of(3, 4)],
    ]);
    file.close();
    const unclear: Record<string, Uint8Array>[] = [
      { ...renamed, "group1-shard1of2 (2).bin": first },
      { ...renamed, "group1-shard2of2.3f9a.bin": bytes },
      { "group1-shard1of20.bin": first, "group1-shard2of2.bin": second },
    ];
    for (const others of unclear) {
      const model = await open(manifest, others);
      assert.ok(model.findings.some(({ code }) => code === "F07"));
      model.close();
    }
  });

  it("tells files listed in another order than their numbers, and bytes that no tensor takes", async () => {
    const bytes = new Uint8Array(Float32Array.of(1, 2, 3, 4).buffer);
    const files = { "group1-shard1of2.bin": bytes.subarray(0, 8), "group1-shard2of2.bin": bytes.subarray(8) };
    const weights = ["float32", "float32"].map((dtype, i) => ({ name: `w${i}`, shape: [2], dtype }));
    const model = (paths: string[], first = "float32") => ({
      modelTopology: { node: [] },
      weightsManifest: [{ paths, weights: [{ ...weights[0], dtype: first }, weights[1]] }],
    });
    const names = Object.keys(files);
    const told = async (json: object) => {
      const file = await open(json, files);
      file.close();
      return file.findings.map(({ title, detail }) => `${title}: ${detail}`);
    };
    assert.deepEqual(await told(model(names)), []);
    assert.match((await told(model([...names].reverse()))).join(), /another order.*shard2of2\.bin" before/);
    assert.match((await told(model(names, "bool"))).join(), /take 10 bytes, its files have 16; the last 6/);
  });

  it("opens a browser's localStorage, and configs that are texts", async () => {
    const config = { class_name: "Sequential", config: { name: "s", layers: [] } };
    const weights = [{ name: "w", shape: [2], dtype: "float32" }];
    const bytes = new Uint8Array(Float32Array.of(1, 2).buffer);
    const kept = (name: string, topology: object) => ({
      [`tensorflowjs_models/${name}/info`]: "{}",
      [`tensorflowjs_models/${name}/model_topology`]: JSON.stringify(topology),
      [`tensorflowjs_models/${name}/weight_specs`]: JSON.stringify(weights),
      [`tensorflowjs_models/${name}/weight_data`]: Buffer.from(bytes).toString("base64"),
    });
    const manifest = { weightsManifest: [{ paths: ["w.bin"], weights }] };
    const models = [
      { theme: "dark", ...kept("my/model", { model_config: config }), ...kept("other", { node: [] }) },
      { modelTopology: JSON.stringify({ model_config: config }), ...manifest },
      { modelTopology: { model_config: JSON.stringify(config) }, ...manifest },
    ];
    for (const [i, model] of models.entries()) {
      const file = await open(model, { "w.bin": bytes });
      assert.deepEqual(JSON.parse(JSON.stringify(file.config)), config);
      assert.deepEqual(await readAll(file), [["w", Float32Array.of(1, 2)]]);
      assert.deepEqual(
        file.findings.map(({ detail }) => detail),
        i > 0 ? [] : ['it holds 2 models, "my/model", "other"; the first was opened'],
      );
      file.close();
    }
  });

  it("finds parts beside model.json that it names in a folder, with a point before them, or by an address", async () => {
    const weights = ["a", "b"].map((name) => ({ name, shape: [2], dtype: "float32" }));
    const bytes = new Uint8Array(Float32Array.of(1, 2, 3, 4).buffer);
    const cases: [paths: string[], files: Record<string, Uint8Array>, codes: string[]][] = [
      [
        ["./weights/one.bin", "./weights/two.bin"],
        { "one.bin": bytes.subarray(0, 8), "two.bin": bytes.subarray(8) },
        ["F12"],
      ],
      [["./my.weights.bin"], { "my.weights (1).bin": bytes }, ["F12"]],
      [["https://example.com/m/v1/w.bin?alt=media"], { "w.bin": bytes }, []],
      // Another size is another file.
      [["weights/one.bin"], { "one.bin": bytes.subarray(8) }, ["F07"]],
    ];
    for (const [paths, files, codes] of cases) {
      const file = await open({ modelTopology: { node: [] }, weightsManifest: [{ paths, weights }] }, files);
      assert.deepEqual(
        file.findings.map(({ code }) => code),
        codes,
      );
      if (!codes.includes("F07"))
        assert.deepEqual(await readAll(file), [
          ["a", Float32Array.of(1, 2)],
          ["b", Float32Array.of(3, 4)],
        ]);
      file.close();
    }
  });

  it("has few of many files open at a time", async () => {
    const count = 300;
    const names = Array.from({ length: count }, (_, i) => `part-${i}`);
    const weights = names.map((name) => ({ name, shape: [3], dtype: "float32" }));
    const manifest = { modelTopology: { node: [] }, weightsManifest: [{ paths: names, weights }] };
    const bytes = (i: number) => new Uint8Array(Float32Array.of(i, i, i).buffer);
    const before = openDescriptors();
    const file = await open(manifest, Object.fromEntries(names.map((name, i) => [name, bytes(i)])));
    assert.ok(openDescriptors() - before < 50);
    assert.deepEqual(
      (await readAll(file)).map(([, values]) => (values as Float32Array)[2]),
      names.map((_, i) => i),
    );
    file.close();
  });

  it("never leaves the model's folder for weights, nor opens an address", async () => {
    const bad = [
      "../secret",
      "/etc/passwd",
      "https://example.com/w.bin",
      "file:///etc/passwd",
      "a/../../b",
      "c:\\x",
      "..\\x",
    ];
    for (const name of bad) {
      await assert.rejects(
        open({ modelTopology: {}, weightsManifest: [{ paths: [name], weights: [] }] }, {}),
        (error: unknown) => {
          assert.ok(error instanceof FormatError);
          assert.equal(error.finding.code, "F18");
          assert.ok(error.finding.detail.includes(JSON.stringify(name)));
          return true;
        },
      );
    }
  });

  it("refuses what is no manifest", async () => {
    const manifests: unknown[] = [
      5,
      [{}],
      [{ paths: [], weights: [{ name: "a", shape: [-1], dtype: "float32" }] }],
      [{ paths: [], weights: [{ name: "a", shape: [], dtype: "int64" }] }],
    ];
    for (const weightsManifest of manifests) {
      await assert.rejects(open({ modelTopology: {}, weightsManifest }, {}), FormatError);
    }
  });

  it("opens models of public repositories", async function () {
    if (sharedModels() === null) {
      console.log("    skipped: ../shared/models is not there");
      this.skip();
    }
    for (const [id, format, count] of [
      ["F1", "tfjs-layers", 2619461],
      ["F3", "tfjs-layers", 6020],
      ["F5", "tfjs-graph", 157862],
      ["F7", "tfjs-graph", 353592],
    ] as const) {
      const file = await openModelFile(sharedFile(`${id}/model.json`));
      assert.equal(file.format, format);
      let elements = 0;
      for (const [, values] of await readAll(file)) elements += (values as Float32Array).length;
      assert.equal(elements, count, id);
      file.close();
    }
  });
});
