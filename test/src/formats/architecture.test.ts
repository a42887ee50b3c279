import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import zlib from "node:zlib";
import { readArchitecture } from "../../../src/formats/architecture.js";
import { JsonError } from "../../../src/formats/json.js";
import { FormatError } from "../../../src/formats/model-file.js";
import { architectureOf, openModelBytes, openModelFile } from "../../../src/formats/open.js";
import { parseYaml } from "../../../src/formats/yaml.js";

const WEIGHTS = "test/fixtures/hdf5/keras_0.h5";
const layers = Array.from({ length: 12 }, (_, i) => `layer_${i}`);
const CONFIG = JSON.stringify({
  class_name: "Sequential",
  config: layers.map((name) => ({ class_name: "Dense", config: { name } })),
  keras_version: "1.0.1",
});

describe("formats/architecture", () => {
  let folder: string;
  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "loadlab-architecture-"));
  });
  afterEach(() => {
    fs.rmSync(folder, { recursive: true });
  });
  const write = (name: string, content: string): string => {
    const file = path.join(folder, name);
    fs.writeFileSync(file, content);
    return file;
  };
  const weights = (name: string): string => {
    const file = path.join(folder, name);
    fs.copyFileSync(WEIGHTS, file);
    return file;
  };

  it("takes the architecture beside a weights file where exactly one fits", async () => {
    write("mnist_model.json", CONFIG);
    write("cifar.json", CONFIG);
    write("mnist.other.json", '{"class_name": "Sequential", "config": []}');
    const model = await openModelFile(weights("mnist_weights.best.h5"));
    assert.ok(model.config);
    assert.equal(model.kerasVersion, "1.0.1");
    assert.deepEqual(
      model.findings.map(({ code, title }) => [code, title]),
      [["F09", "Architecture taken from another file"]],
    );
    assert.match(model.findings[0]!.detail, /"mnist_model\.json"/);
    model.close();
  });

  it("takes an architecture beside whose text ends behind its layers, and says so; alone too", async () => {
    const text = `{"class_name": "Sequential", "config": {"layers": ${JSON.stringify(layers.map((name) => ({ class_name: "Dense", config: { name } })))}}, "keras_ver`;
    write("mnist_model.json", text);
    const beside = await openModelFile(weights("mnist_weights.h5"));
    const alone = await openModelFile(path.join(folder, "mnist_model.json"));
    for (const model of [beside, alone]) {
      assert.ok(model.config);
      const told = model.findings.find(({ code }) => code === "F08");
      assert.match(told?.detail ?? "", /ends before the value does, behind the list of layers/);
      model.close();
    }
  });

  it("says what is wrong with the architecture beside that cannot be read", async () => {
    write("mnist_model.json", CONFIG.slice(0, 200));
    const model = await openModelFile(weights("mnist_weights.h5"));
    assert.equal(model.config, null);
    const [finding] = model.findings.filter(({ code }) => code === "F09");
    assert.match(finding!.advice, /mnist_model\.json, line 1, column \d+ \(cannot be read: the text ends/);
    model.close();
  });

  it("reads an architecture that json.dump wrote as one string, and names the weights beside it", async () => {
    for (const name of ["a.weights.h5", "b.keras", "c.safetensors"]) write(name, "");
    const model = await openModelFile(write("model.json", JSON.stringify(CONFIG)));
    assert.equal(model.kerasVersion, "1.0.1");
    const [quoted, alone] = model.findings;
    assert.deepEqual(
      alone!.choices?.map((file) => path.basename(file)),
      ["a.weights.h5", "b.keras", "c.safetensors"],
    );
    assert.deepEqual([quoted!.code, alone!.code], ["F08", "F07"]);
    assert.match(quoted!.detail, /the text of one JSON string/);
    const { config } = await readArchitecture(path.join(folder, "model.json"));
    assert.equal(JSON.stringify(config), CONFIG);
    assert.match(alone!.advice, /"a\.weights\.h5", "b\.keras", "c\.safetensors"/);
  });

  it("takes that of TensorFlow.js's model.json, of a SavedModel's folder, and says where there is none", async () => {
    const own = JSON.parse(CONFIG) as unknown;
    const topology = { keras_version: "2.15.0", backend: "tensorflow", model_config: own };
    const file = write("web.json", JSON.stringify({ modelTopology: topology, weightsManifest: [] }));
    const { config, kerasVersion } = await architectureOf(file);
    assert.deepEqual([JSON.stringify(config), kerasVersion], [JSON.stringify(own), "2.15.0"]);
    const saved = "test/fixtures/graph/keras2_functional";
    const whole = await openModelFile(saved);
    assert.ok(whole.config);
    assert.deepEqual((await architectureOf(saved)).config, whole.config);
    whole.close();
    await assert.rejects(
      architectureOf(weights("alone.h5")),
      /it holds weights or a graph, but no configuration/,
    );
  });

  it("offers them where several fit, and takes the one that is given", async () => {
    write("mnist.json", CONFIG);
    const given = write(
      "mnist.yaml",
      "class_name: Sequential\nconfig:\n- {class_name: Dense, config: {name: layer_1}}\n",
    );
    write("mnist_2.json", CONFIG);
    const file = weights("mnist.h5");
    const model = await openModelFile(file);
    assert.equal(model.config, null);
    assert.match(model.findings[0]!.advice, /"mnist\.json".*"mnist_2\.json"/);
    model.close();
    const chosen = await openModelFile(file, { architecture: given });
    assert.equal((chosen.config as { class_name: string }).class_name, "Sequential");
    chosen.close();
  });

  it("takes the architecture beside weights in parts, in one folder", async () => {
    fs.cpSync("test/fixtures/archives/sharded", folder, { recursive: true });
    const whole = await openModelFile(folder);
    fs.renameSync(path.join(folder, "config.json"), path.join(folder, "model.json"));
    const model = await openModelFile(folder);
    assert.deepEqual(
      model.findings.map(({ code, title }) => [code, title]),
      [["F09", "Architecture taken from another file"]],
    );
    assert.deepEqual(
      model.layers.map(({ name, weights }) => [name, weights.map((weight) => weight.path)]),
      whole.layers.map(({ name, weights }) => [name, weights.map((weight) => weight.path)]),
    );
    whole.close();
    model.close();
  });

  it("takes the one architecture beside weights that Keras before 1.0 numbered", async () => {
    const named = CONFIG.replaceAll('"name":"layer_', '"name":"dense_');
    assert.notEqual(named, CONFIG);
    write("architecture.json", named);
    const model = await openModelFile(weights("weights.h5"));
    assert.notEqual(model.config, null);
    model.close();
  });

  it("opens an architecture alone and names the weights beside it (F07)", async () => {
    weights("mnist.h5");
    for (const file of [
      write("mnist.json", CONFIG),
      write("mnist.yaml", "class_name: Model\nconfig: {layers: []}\n"),
    ]) {
      const model = await openModelFile(file);
      assert.equal(model.format, "keras-config");
      assert.equal(model.findings[0]!.code, "F07");
      assert.match(model.findings[0]!.advice, /"mnist\.h5"/);
      model.close();
    }
  });

  it("knows YAML by its content, and reads it where it stands, never a file of its name", async () => {
    const yaml = (name: string) => `class_name: Sequential\nconfig: {name: ${name}, layers: []}\n`;
    const alone = await openModelFile(write("model.txt", yaml("text")));
    assert.equal((alone.config as { config: { name: string } }).config.name, "text");
    write("model.yaml", yaml("beside"));
    const packed = path.join(folder, "model.yaml.gz");
    fs.writeFileSync(packed, zlib.gzipSync(yaml("inside")));
    const model = await openModelFile(packed);
    assert.equal((model.config as { config: { name: string } }).config.name, "inside");
    await assert.rejects(
      openModelBytes(Buffer.from("a: b\n"), path.join(folder, "model.yaml")),
      /no class_name/,
    );
  });

  it("says where JSON or YAML stops making sense (F08)", async () => {
    for (const [name, text] of [
      ["a.json", '{"class_name":\n "Model" "config"}'],
      ["a.yaml", "class_name: Model\n a: [1\nb"],
    ] as const) {
      await assert.rejects(openModelFile(write(name, text)), (error: unknown) => {
        assert.ok(error instanceof FormatError);
        assert.equal(error.finding.code, "F08");
        assert.match(error.finding.where, /line \d, column \d/);
        return true;
      });
    }
  });
});

describe("formats/yaml", () => {
  it("reads Keras's YAML, tags of Python as plain data", async () => {
    const value = await parseYaml(
      "batch_input_shape: !!python/tuple [null, 784]\ninit: {name: !!python/object/apply:os.system ['id'], p: .nan}\n",
    );
    assert.deepEqual(JSON.parse(JSON.stringify(value)), {
      batch_input_shape: [null, 784],
      init: { name: ["id"], p: null },
    });
  });

  it("keeps __proto__ a plain key", async () => {
    const value = (await parseYaml("__proto__: {polluted: true}\n")) as Record<string, unknown>;
    assert.deepEqual(Object.keys(value), ["__proto__"]);
    assert.equal(({} as Record<string, unknown>)["polluted"], undefined);
  });

  it("refuses aliases that unfold without end, and depth", async () => {
    const bomb = ["a: &a [x,x,x,x,x,x,x,x,x]"];
    for (let i = 1; i < 10; i++) {
      const [name, last] = [String.fromCharCode(97 + i), String.fromCharCode(96 + i)];
      bomb.push(`${name}: &${name} [${Array(9).fill(`*${last}`).join(",")}]`);
    }
    await assert.rejects(parseYaml(bomb.join("\n")), JsonError);
    const ladder = Array.from({ length: 1200 }, (_, i) => `${" ".repeat(i)}a:`).join("\n");
    for (const deep of [
      "[".repeat(100_000),
      "{a: ".repeat(20_000),
      "- ".repeat(50_000),
      "? ".repeat(50_000),
      ladder,
    ]) {
      await assert.rejects(parseYaml(deep), /nested deeper than 256/);
    }
  });

  it("ends text that takes the parser too long", async function () {
    this.timeout(60_000);
    await assert.rejects(parseYaml("!x ".repeat(100_000)), /too long/);
  });
});
