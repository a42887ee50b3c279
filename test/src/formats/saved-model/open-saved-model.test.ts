import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { holdsGraph } from "../../../../src/formats/graph-contents.js";
import { FormatError, type ModelFile } from "../../../../src/formats/model-file.js";
import { openModelFile } from "../../../../src/formats/open.js";
import { openSavedModel } from "../../../../src/formats/saved-model/open-saved-model.js";
import { openModel } from "../../../../src/index.js";
import { sharedFile, sharedModels } from "../shared-models.js";

const FIXTURES = path.resolve("test/fixtures/graph");

const fixture = (name: string): string => path.join(FIXTURES, name);

function weightNames(file: ModelFile): string[] {
  return file.layers.flatMap(({ name, weights }) => weights.map((weight) => `${name}: ${weight.name}`));
}

describe("formats/saved-model", () => {
  it("gives Keras's config and each layer's weights in Keras's order", () => {
    const file = openSavedModel(fixture("keras2_functional"));
    assert.equal((file.config as { class_name: string }).class_name, "Functional");
    assert.deepEqual(weightNames(file), [
      "block: c1/kernel:0",
      "block: c1/bias:0",
      "block: b1/gamma:0",
      "block: b1/beta:0",
      "block: b1/moving_mean:0",
      "block: b1/moving_variance:0",
      "dense: dense/kernel:0",
      "dense: dense/bias:0",
    ]);
    assert.deepEqual(file.findings, []);
    file.close();
  });

  it("keeps the optimizer's slots apart", () => {
    const file = openSavedModel(fixture("keras2_mlp"));
    const slots = file.optimizerWeights.map(({ path: key }) => key);
    assert.ok(slots.length > 8, slots.join("\n"));
    assert.ok(!weightNames(file).some((name) => name.includes("optimizer")));
    file.close();
  });

  it("names the signatures, and has no config where Keras wrote none", () => {
    const file = openSavedModel(fixture("export_dense"));
    assert.equal(file.config, null);
    assert.ok(holdsGraph(file));
    assert.deepEqual([...file.contents.signatures.keys()].sort(), ["serve", "serving_default"]);
    file.close();
  });

  it("opens by the folder and by the file in it", async () => {
    for (const given of [fixture("module_affine"), path.join(fixture("module_affine"), "saved_model.pb")]) {
      const file = await openModelFile(given);
      assert.equal(file.format, "saved-model");
      file.close();
    }
  });
});

describe("formats/saved-model: broken", () => {
  let folder: string;
  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "loadlab-"));
    fs.cpSync(fixture("keras2_functional"), folder, { recursive: true });
  });
  afterEach(() => fs.rmSync(folder, { recursive: true }));

  it("says which folder below is the model (F12)", () => {
    fs.mkdirSync(path.join(folder, "outer"));
    for (const name of ["saved_model.pb", "variables"]) {
      fs.renameSync(path.join(folder, name), path.join(folder, "outer", name));
    }
    assert.throws(() => openSavedModel(folder), codeAndAdvice("F12", /outer/));
  });

  it("opens without its variables and says what is missing (F15)", () => {
    fs.rmSync(path.join(folder, "variables"), { recursive: true });
    const file = openSavedModel(folder);
    assert.deepEqual(
      file.findings.map(({ code }) => code),
      ["F15"],
    );
    assert.equal(file.layers.flatMap(({ missing }) => missing).length, 8);
    file.close();
  });

  it("falls back to the graph when keras_metadata.pb is damaged (F14)", () => {
    fs.writeFileSync(path.join(folder, "keras_metadata.pb"), "not protobuf");
    const file = openSavedModel(folder);
    assert.equal(file.config, null);
    assert.equal(file.findings[0]!.code, "F14");
    file.close();
  });

  it("reads what is whole of truncated variables, and names the rest (F03)", async () => {
    const shard = path.join(folder, "variables", "variables.data-00000-of-00001");
    fs.truncateSync(shard, 300);
    const file = openSavedModel(folder);
    assert.ok(file.findings.some(({ code }) => code === "F03"));
    const weights = file.layers.flatMap((layer) => layer.weights);
    const lost = weights.filter(({ whole }) => !whole);
    assert.ok(lost.length > 0 && lost.length < weights.length);
    for (const weight of weights.filter(({ whole }) => whole)) await weight.read();
    await assert.rejects(() => lost[0]!.read(), FormatError);
    file.close();
  });

  it("says that a shard is missing, not that the file is cut (F15)", async () => {
    fs.rmSync(path.join(folder, "variables", "variables.data-00000-of-00001"));
    const session = await openModel(folder);
    const { waiting, settled } = session.report();
    session.abort();
    const [missing, ...others] = waiting;
    assert.deepEqual(others, []);
    assert.deepEqual([missing!.code, missing!.title], ["F15", "A shard of the weights is missing"]);
    assert.match(missing!.why, /was not copied along/);
    assert.ok(settled.every(({ code, title }) => code !== "F03" && !/list of objects/.test(title)));
  });

  it("takes the checkpoint's list of weights where the SavedModel's own is cut, wherever that is", async () => {
    const graph = path.join(folder, "saved_model.pb");
    const bytes = fs.readFileSync(graph);
    const count = () => {
      const file = openSavedModel(folder);
      file.close();
      assert.notEqual(file.config, null);
      return file.layers.reduce((sum, { weights }) => sum + weights.length, 0);
    };
    const all = count();
    for (let share = 0.05; share < 1; share += 0.01) {
      fs.writeFileSync(graph, bytes.subarray(0, bytes.length * share));
      assert.equal(count(), all, `${Math.round(100 * share)} %`);
    }
  });

  it("asks one question where the index has lost the names of all weights", async () => {
    const index = path.join(folder, "variables", "variables.index");
    fs.writeFileSync(index, fs.readFileSync(index).subarray(0, 60));
    const session = await openModel(folder);
    assert.deepEqual(
      session.waiting.map(({ code, title }) => [code, title]),
      [["F03", "The file is cut off: weights are missing"]],
    );
    session.abort();
  });

  it("refuses a tensor whose bytes do not match their checksum", async () => {
    const shard = path.join(folder, "variables", "variables.data-00000-of-00001");
    const bytes = fs.readFileSync(shard);
    fs.writeFileSync(
      shard,
      bytes.map((byte) => byte ^ 0x10),
    );
    const file = openSavedModel(folder);
    await assert.rejects(
      () => file.layers.find(({ name }) => name === "dense")!.weights[0]!.read(),
      /checksum/,
    );
    file.close();
  });

  for (const [rung, fixture] of [
    ["layers", null],
    ["graph", "test/fixtures/graph/export_dense"],
  ] as const) {
    it(`asks before it takes a tensor whose checksum does not match, then reads it as it stands (${rung})`, async () => {
      if (fixture) fs.cpSync(fixture, folder, { recursive: true });
      if (fixture) fs.rmSync(path.join(folder, "keras_metadata.pb"));
      const sound = await openModel(folder);
      assert.equal(sound.rung, rung);
      sound.abort();
      const file = await openModelFile(folder);
      const weight = file.layers.flatMap(({ weights }) => weights).find(({ shape }) => shape.length === 2)!;
      const before = (await weight.read()) as Float32Array;
      file.close();
      const shard = path.join(folder, "variables", "variables.data-00000-of-00001");
      const bytes = fs.readFileSync(shard);
      bytes[weight.byteOffset! + 3]! ^= 0x40; // in the exponent of the first number
      fs.writeFileSync(shard, bytes);
      const session = await openModel(folder);
      const asked = () => session.waiting.map(({ code, title }) => [code, title]);
      assert.deepEqual(asked(), [["F03", "Checksums of the file do not match"]]);
      assert.match(session.waiting[0]!.found, /do not match their checksum \(CRC-32C\)/);
      await session.fix(1, "read-anyway");
      assert.equal(session.state, "loaded");
      const said = session.settled.filter(({ code }) => code === "F03");
      assert.deepEqual(
        said.map(({ applied }) => applied?.fidelity),
        ["approximate"],
      );
      await session.undo();
      assert.deepEqual(asked(), [["F03", "Checksums of the file do not match"]]);
      session.abort();
      const changed = await openModelFile(folder);
      changed.takeChanged!(true);
      const again = changed.layers
        .flatMap(({ weights }) => weights)
        .find(({ path }) => path === weight.path)!;
      const after = (await again.read()) as Float32Array;
      assert.notEqual(after[0], before[0]);
      assert.deepEqual(after.subarray(1), before.subarray(1));
      changed.close();
    });
  }

  it("groups weights by their names where the list of objects does not match its checksum", async () => {
    const shard = path.join(folder, "variables", "variables.data-00000-of-00001");
    const bytes = fs.readFileSync(shard);
    bytes[bytes.indexOf("layer_with_weights-0")]! ^= 1;
    fs.writeFileSync(shard, bytes);
    const file = openSavedModel(folder);
    const said = file.findings.find(
      ({ title }) => title === "The checkpoint's list of objects cannot be read",
    );
    assert.match(said!.detail, /_CHECKPOINTABLE_OBJECT_GRAPH do not match their checksum/);
    file.close();
  });

  it("truncated at any byte, saved_model.pb and the index give a FormatError or a model, never more", () => {
    for (const name of ["saved_model.pb", "variables/variables.index", "keras_metadata.pb"]) {
      const whole = fs.readFileSync(path.join(folder, name));
      const step = Math.max(1, Math.floor(whole.length / 40));
      for (let length = 0; length < whole.length; length += step) {
        fs.writeFileSync(path.join(folder, name), whole.subarray(0, length));
        try {
          openSavedModel(folder).close();
        } catch (error) {
          assert.ok(error instanceof FormatError, `${name} cut at ${length}: ${String(error)}`);
        }
      }
      fs.writeFileSync(path.join(folder, name), whole);
    }
  });
});

describe("formats/saved-model: files of public repositories", () => {
  before(function () {
    if (sharedModels() !== null) return;
    console.log("    skipped: ../shared/models is not there");
    this.skip();
  });

  it("opens every SavedModel and reads every tensor whole, with the count of elements in the list", async () => {
    for (const { id, facts } of sharedModels()! as readonly { id: string; facts?: string[] }[]) {
      if (!id.startsWith("E") || facts === undefined) continue;
      const file = openSavedModel(sharedFile(id));
      assert.ok(holdsGraph(file), id);
      let elements = 0;
      for (const weight of file.contents.tensors.values()) {
        const values = await weight.read();
        if (weight.dtype !== "string") elements += values.length;
      }
      const [, own = 0, slots = 0] = facts[3]!.split(" / ").map(Number);
      assert.ok(
        Math.abs(elements - own - slots) <= own * 0.01 + 1000,
        `${id}: ${elements} of ${own} + ${slots}`,
      );
      assert.deepEqual(file.findings, [], id);
      file.close();
    }
  });
});

function codeAndAdvice(code: string, advice: RegExp): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof FormatError);
    assert.equal(error.finding.code, code);
    assert.match(error.finding.advice, advice);
    return true;
  };
}
