import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { FormatError, type StoredLayer } from "../../../../src/formats/model-file.js";
import { openModelFile } from "../../../../src/formats/open.js";
import { writeZip, type ZipMember } from "../archive/write-zip.js";
import { openModel } from "../../../../src/index.js";
import { readMembers } from "../fuzz/zip-members.js";

/** Made by test/fixtures/archives.py. */
const FIXTURES = "test/fixtures/archives";
const fixture = (name: string) => openModelFile(path.join(FIXTURES, name));

const values = (layer: StoredLayer) =>
  Promise.all(layer.weights.map(async (weight) => [weight.shape, await weight.read()]));
const withWeights = (layers: readonly StoredLayer[]) => layers.filter(({ weights }) => weights.length > 0);

async function assertSame(actual: readonly StoredLayer[], expected: readonly StoredLayer[]): Promise<void> {
  const [one, other] = [withWeights(actual), withWeights(expected)];
  assert.deepEqual(
    one.map(({ name }) => name),
    other.map(({ name }) => name),
  );
  for (const [i, layer] of one.entries())
    assert.deepEqual(await values(layer), await values(other[i]!), layer.name);
}

describe("formats/keras-archive", () => {
  let folder: string;
  before(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "loadlab-archive-"));
  });
  after(() => {
    fs.rmSync(folder, { recursive: true });
  });
  const write = (name: string, content: Uint8Array | string): string => {
    const file = path.join(folder, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, content);
    return file;
  };
  const zip = (name: string, members: readonly ZipMember[]) => openModelFile(write(name, writeZip(members)));

  it("gives the layers of an archive the names, order and weights that the .h5 file has", async () => {
    const archive = await fixture("parts.keras");
    const hdf5 = await fixture("parts.h5");
    assert.equal(archive.format, "keras-archive");
    assert.match(archive.kerasVersion!, /^3\./);
    assert.deepEqual(archive.findings, []);
    assert.ok(archive.trainingConfig);
    assert.equal(archive.optimizerWeights.length, 2); // iterations and learning rate
    await assertSame(archive.layers, hdf5.layers);
    archive.close();
    hdf5.close();
  });

  it("lists a nested model's layers by its own config, at any depth", async () => {
    const archive = await fixture("nested.keras");
    const encoder = archive.layers.find(({ name }) => name === "encoder")!;
    const shape = (layer: StoredLayer): unknown => [
      layer.name,
      layer.inner
        ? withWeights(layer.inner).map(shape)
        : layer.weights.map((weight) => weight.shape.join("x")),
    ];
    assert.deepEqual(shape(encoder), [
      "encoder",
      [
        [
          "core",
          [
            ["z", ["3x3", "3"]],
            ["y", ["3", "3", "3", "3"]],
          ],
        ],
        [
          "frozen",
          [
            ["x", ["3x2", "2"]],
            ["w", ["2x3", "3"]],
          ],
        ],
      ],
    ]);
    // Names against the order of their classes: `b` comes first, `a` second, both are Dense.
    const hdf5 = await fixture("nested.h5");
    const tops = (layers: readonly StoredLayer[]) => layers.filter(({ name }) => name.length === 1);
    await assertSame(tops(archive.layers), tops(hdf5.layers));
    archive.close();
    hdf5.close();
  });

  it("opens the same files unpacked in a folder, with weights in several parts", async () => {
    const archive = await fixture("nested.keras");
    const sharded = await fixture("sharded");
    assert.equal(sharded.format, "keras-archive");
    assert.deepEqual(sharded.findings, []);
    await assertSame(sharded.layers, archive.layers);
    sharded.close();
    archive.close();
  });

  it("arranges a .weights.h5 file by a config that is given later", async () => {
    const archive = await fixture("nested.keras");
    const weights = await fixture("nested.weights.h5");
    assert.equal(weights.config, null);
    assert.equal(weights.findings[0]!.code, "F09");
    await assertSame(weights.layersFor!(archive.config!), archive.layers);
    weights.close();
    archive.close();
  });

  it("names the part of the weights that is missing, and keeps the rest", async () => {
    for (const name of fs.readdirSync(path.join(FIXTURES, "sharded"))) {
      if (name !== "model_00001.weights.h5")
        write(`parts/${name}`, fs.readFileSync(path.join(FIXTURES, "sharded", name)));
    }
    const model = await openModelFile(path.join(folder, "parts"));
    assert.deepEqual(
      model.findings.map(({ code, detail }) => [code, /"model_00001\.weights\.h5"/.test(detail)]),
      [["F07", true]],
    );
    assert.ok(withWeights(model.layers).length > 0);
    model.close();
  });

  it("does not open a part that the list names outside the folder", async () => {
    const map = JSON.stringify({
      weight_map: { "/layers/dense/vars": ["../../../etc/passwd", "/etc/passwd"] },
    });
    const model = await zip("outside.keras", [
      { name: "config.json", data: '{"class_name": "Sequential", "config": {"layers": []}}' },
      { name: "model.weights.json", data: map },
    ]);
    assert.deepEqual(
      model.findings.map(({ code }) => code),
      ["F07", "F07"],
    );
    assert.deepEqual(model.layers, []);
    model.close();
  });

  it("asks before it reads large weights, or packed ones, that do not match their checksum, and then reads them", async () => {
    const members = readMembers(fs.readFileSync(path.join(FIXTURES, "nested.keras")));
    const behind = Buffer.alloc(17 * 2 ** 20);
    for (let i = 0; i < behind.length; i += 4) behind.writeUInt32LE(Math.imul(i, 2654435761) >>> 0, i);
    for (const deflate of [false, true]) {
      const spoiled = members.map((member) => {
        if (member.name !== "model.weights.h5") return member;
        return { ...member, data: Buffer.concat([Buffer.from(member.data), behind]), crc32: 1, deflate };
      });
      const file = write(`large-${deflate}.keras`, writeZip(spoiled));
      const model = await openModelFile(file);
      assert.deepEqual(model.findings, []);
      assert.match((await model.verify!())[0]!.detail, /member "model.weights.h5" do not match/);
      assert.ok((await model.layers.at(-1)!.weights[0]!.read()).length > 0);
      model.close();
      const session = await openModel(file);
      assert.deepEqual(
        session.report().waiting.map(({ code, title }) => [code, title]),
        [["F03", "Checksums of the file do not match"]],
      );
      await session.fix(1, "read-anyway");
      assert.equal(session.state, "loaded");
      session.finished().dispose();
    }
  });

  const CONFIG = '{"class_name": "Sequential", "config": {"name": "s", "layers": []}}';
  const weights = fs.readFileSync(path.join(FIXTURES, "nested.weights.h5"));

  it("finds the model in the zip of a folder (F06)", async () => {
    const model = await zip("folder.zip", [
      { name: "export/model/config.json", data: CONFIG },
      { name: "export/model/metadata.json", data: '{"keras_version": "3.1.0"}' },
      { name: "export/model/model.weights.h5", data: weights, deflate: true },
    ]);
    assert.equal(model.kerasVersion, "3.1.0");
    assert.deepEqual(
      model.findings.map(({ code, where }) => [code, where]),
      [["F06", "export/model/"]],
    );
    assert.equal(withWeights(model.layers).length, 3);
    model.close();
  });

  it("reads weights that lie in the archive as in a .h5 file", async () => {
    const members = readMembers(fs.readFileSync(path.join(FIXTURES, "parts.keras")));
    const flat = fs.readFileSync(path.join(FIXTURES, "parts.h5"));
    const opened = await zip(
      "flat.keras",
      members.map((one) => (one.name === "model.weights.h5" ? { ...one, data: flat } : one)),
    );
    const expected = await fixture("parts.h5");
    assert.deepEqual(
      opened.findings.map(({ code, title }) => [code, title]),
      [["F06", "The weights lie in the archive as in a .h5 file"]],
    );
    await assertSame(opened.layers, expected.layers);
    opened.close();
    expected.close();
  });

  it("finds weights under another name, where no other file can be meant", async () => {
    const members = readMembers(fs.readFileSync(path.join(FIXTURES, "parts.keras")));
    const expected = await fixture("parts.keras");
    const renamed = (name: string) =>
      members.map((one) => (one.name === "model.weights.h5" ? { ...one, name } : one));
    for (const name of ["weights.h5", "my.weights.h5", "Model.H5"]) {
      const opened = await zip("renamed.keras", renamed(name));
      assert.deepEqual(
        opened.findings.map(({ code, title, where }) => [code, title, where]),
        [["F06", "The weights have another name in the archive", name]],
      );
      await assertSame(opened.layers, expected.layers);
      opened.close();
    }
    const bare = renamed("weights.h5").filter(({ name }) => name !== "metadata.json");
    const opened = await zip("bare.keras", bare);
    await assertSame(opened.layers, expected.layers);
    opened.close();
    const two = await zip("two.keras", [
      ...renamed("a.h5"),
      ...renamed("b.h5").filter((m) => m.name === "b.h5"),
    ]);
    assert.deepEqual(
      two.findings.map(({ code }) => code),
      ["F07"],
    );
    two.close();
    expected.close();
    const session = await openModel(write("renamed.keras", writeZip(renamed("weights.h5"))));
    assert.deepEqual(session.waiting, []);
    session.abort();
  });

  it("reads a config that stands one level too deep, in model_config (F08)", async () => {
    const expected = await fixture("parts.keras");
    const members = readMembers(fs.readFileSync(path.join(FIXTURES, "parts.keras"))).map((one) => {
      if (one.name !== "config.json") return one;
      const config = JSON.parse(new TextDecoder().decode(one.data as Uint8Array)) as unknown;
      return { ...one, data: Buffer.from(JSON.stringify({ model_config: config })) };
    });
    const opened = await zip("wrapped.keras", members);
    assert.deepEqual(
      opened.findings.map(({ code, where }) => [code, where]),
      [["F08", "config.json"]],
    );
    await assertSame(opened.layers, expected.layers);
    opened.close();
    expected.close();
    const session = await openModel(write("wrapped.keras", writeZip(members)));
    assert.deepEqual([session.state, session.waiting], ["loaded", []]);
    session.abort();
  });

  it("opens an archive without weights (F07), without a config (F06), with a config that is no JSON (F08)", async () => {
    const codes = async (name: string, members: readonly ZipMember[]) => {
      const model = await zip(name, members);
      model.close();
      return model.findings.map(({ code }) => code);
    };
    assert.deepEqual(await codes("no-weights.keras", [{ name: "config.json", data: CONFIG }]), ["F07"]);
    assert.deepEqual(await codes("no-config.keras", [{ name: "model.weights.h5", data: weights }]), ["F06"]);
    const members = [
      { name: "config.json", data: "{" },
      { name: "model.weights.h5", data: weights },
    ];
    assert.deepEqual(await codes("bad-config.keras", members), ["F08"]);
  });

  it("never unpickles the weights of a .npz archive (F18)", async () => {
    const model = await zip("pickled.keras", [
      { name: "config.json", data: CONFIG },
      { name: "model.weights.npz", data: "PK" },
    ]);
    assert.equal(model.findings[0]!.code, "F18");
    assert.match(model.findings[0]!.detail, /pickle/);
    model.close();
  });

  it("says what else a zip holds (F06)", async () => {
    await assert.rejects(zip("other.zip", [{ name: "readme.txt", data: "x" }]), (error: unknown) => {
      assert.ok(error instanceof FormatError);
      assert.equal(error.finding.code, "F06");
      assert.match(error.finding.detail, /"readme\.txt"/);
      return true;
    });
  });

  it("keeps what is whole of weights that are cut inside a sound archive (F03)", async () => {
    const model = await zip("cut-inside.keras", [
      { name: "config.json", data: CONFIG },
      { name: "model.weights.h5", data: weights.subarray(0, weights.length - 3000) },
    ]);
    const finding = model.findings.find(({ code }) => code === "F03");
    assert.match(finding!.detail, /3000 of \d+ bytes/);
    model.close();
  });

  it("keeps what is whole of an archive that is cut anywhere (F01, F03)", async () => {
    const original = await fixture("nested.keras");
    const wanted = new Map(
      original.layers.flatMap((layer) => layer.weights).map((weight) => [weight.path, weight]),
    );
    const bytes = fs.readFileSync(path.join(FIXTURES, "nested.keras"));
    const kept: number[] = [];
    for (let i = 1; i <= 60; i++) {
      const file = write("cut.keras", bytes.subarray(0, Math.floor((bytes.length * i) / 61)));
      try {
        const model = await openModelFile(file);
        assert.equal(model.findings[0]!.code, "F01");
        if (model.config !== null) assert.deepEqual(model.config, original.config);
        const whole = model.layers.flatMap((layer) => layer.weights).filter((weight) => weight.whole);
        for (const weight of whole)
          assert.deepEqual(await weight.read(), await wanted.get(weight.path)!.read());
        kept.push(whole.length);
        model.close();
      } catch (error) {
        assert.ok(error instanceof FormatError && /^F0[136]$/.test(error.finding.code), String(error));
        kept.push(-1);
      }
    }
    original.close();
    assert.ok(kept.at(-1)! > 0 && kept.filter((count) => count >= 0).length > 40, kept.join());
  });
});
