import assert from "node:assert/strict";
import fs from "node:fs";
import zlib from "node:zlib";
import { FormatError } from "../../../../src/formats/model-file.js";
import { openModelBytes } from "../../../../src/formats/open.js";
import { readMembers } from "../fuzz/zip-members.js";
import { writeZip } from "./write-zip.js";

const WEIGHTS = fs.readFileSync("test/fixtures/hdf5/keras_0.h5");
const KERAS = fs.readFileSync("test/fixtures/archives/nested.keras");

/** A tar archive (POSIX ustar); checksums are not looked at. */
function tar(files: Readonly<Record<string, Uint8Array>>, type = "0"): Buffer {
  const parts = Object.entries(files).flatMap(([name, data]) => {
    const header = Buffer.alloc(512);
    header.write(name, 0);
    header.write(data.length.toString(8).padStart(11, "0"), 124);
    header.write(type, 156);
    header.write("ustar", 257);
    return [header, data, Buffer.alloc((512 - (data.length % 512)) % 512)];
  });
  return Buffer.concat([...parts, Buffer.alloc(1024)]);
}

const codes = async (bytes: Uint8Array, name?: string) => {
  const model = await openModelBytes(bytes, name);
  model.close();
  return [model.format, ...model.findings.map(({ code }) => code)];
};
const refusal = async (bytes: Uint8Array) => {
  let found = { code: "", detail: "" };
  await assert.rejects(openModelBytes(bytes), (error: unknown) => {
    assert.ok(error instanceof FormatError, String(error));
    found = error.finding;
    return true;
  });
  return found;
};

describe("formats/archive: models inside archives", () => {
  it("opens the one model file of a zip, wherever it lies", async () => {
    const members = [
      { name: "readme.txt", data: "x" },
      { name: "download/weights.h5", data: WEIGHTS, deflate: true },
      { name: "__MACOSX/download/._weights.h5", data: "x" },
    ];
    assert.deepEqual(await codes(writeZip(members)), ["hdf5-weights", "F06", "F09"]);
    assert.deepEqual(await codes(writeZip([{ name: "m.keras", data: KERAS }])), ["keras-archive", "F06"]);
  });

  it("takes the architecture beside the weights in a zip, under whichever name", async () => {
    const weights = await openModelBytes(WEIGHTS, "weights.h5");
    weights.close();
    const layers = weights.layers.map(({ name }) => ({
      class_name: "Dense",
      name,
      config: { name, units: 2 },
    }));
    const json = JSON.stringify({ class_name: "Sequential", config: layers });
    for (const name of ["model.json", "architecture.json", "folder/model.json"]) {
      const folder = name.slice(0, name.lastIndexOf("/") + 1);
      const zip = writeZip([
        { name, data: json, deflate: true },
        { name: `${folder}weights.h5`, data: WEIGHTS },
      ]);
      const model = await openModelBytes(zip, "model.zip");
      model.close();
      assert.equal(JSON.stringify(model.config), json, name);
      assert.equal(model.layers.flatMap((layer) => layer.weights).length, 11, name);
      assert.ok(
        model.findings.some(({ title }) => title === "Architecture taken from another file"),
        name,
      );
    }
  });

  it("asks which of several", async () => {
    const zip = writeZip([
      { name: "a.h5", data: WEIGHTS },
      { name: "b.h5", data: WEIGHTS },
    ]);
    const { code, detail } = await refusal(zip);
    assert.equal(code, "F06");
    assert.match(detail, /"a\.h5", "b\.h5"/);
  });

  it("opens gzip files and tar archives of a folder, in memory", async () => {
    assert.deepEqual(await codes(zlib.gzipSync(WEIGHTS), "weights.h5.gz"), ["hdf5-weights", "F09"]);
    const sharded = "test/fixtures/archives/sharded";
    const files = Object.fromEntries(
      fs.readdirSync(sharded).map((name) => [`./export/${name}`, fs.readFileSync(`${sharded}/${name}`)]),
    );
    assert.deepEqual(await codes(zlib.gzipSync(tar(files))), ["keras-archive", "F06"]);
  });

  it("follows no link of a tar archive and reads nothing beside it", async () => {
    const link = tar({ "model.h5": Buffer.from("/etc/passwd") }, "2");
    assert.match((await refusal(zlib.gzipSync(link))).detail, /holds 0 files/);
  });

  it("unpacks the beginning of a member that is cut", async () => {
    const model = fs.readFileSync("test/fixtures/archives/parts.h5");
    const whole = writeZip([{ name: "download/model.h5", data: model, deflate: true }]);
    const cut = await openModelBytes(whole.subarray(0, whole.length * 0.6), "model.zip");
    assert.deepEqual(
      cut.findings.slice(0, 3).map(({ code }) => code),
      ["F01", "F06", "F03"],
    );
    assert.notEqual(cut.config, null);
    const weights = cut.layers.flatMap((layer) => layer.weights).filter((weight) => weight.whole);
    assert.ok(weights.length > 0);
    for (const weight of weights) await weight.read();
    cut.close();
  });

  it("says how much of the member at the cut is missing", async () => {
    const members = readMembers(fs.readFileSync("test/fixtures/archives/parts.keras"));
    const whole = writeZip(members);
    const size = members.at(-1)!.data.length;
    const end = whole.length - size;
    const cut = await openModelBytes(whole.subarray(0, end), "cut.keras");
    const [, missing, of, percent] = /(\d+) of its (\d+) bytes, ([\d.]+) %/.exec(cut.findings[0]!.detail)!;
    assert.equal(Number(of), size);
    assert.ok(Number(missing) > 0 && Number(missing) < size);
    assert.equal(Number(percent).toFixed(1), ((100 * Number(missing)) / size).toFixed(1));
    cut.close();
    const { code, detail } = await refusal(whole.subarray(0, members[0]!.name.length + 40));
    assert.equal(code, "F01");
    assert.match(detail, /lost its end; 1 member was found.*No model in this archive: .*"metadata\.json"/);
  });

  it("says that a tar archive is cut, packed or not, and opens what is left", async () => {
    const files = {
      "m/model.h5": fs.readFileSync("test/fixtures/archives/parts.h5"),
      "m/notes.txt": Buffer.alloc(900),
    };
    const whole = tar(files);
    assert.deepEqual(await codes(whole), ["keras-hdf5", "F06"]);
    for (const bytes of [whole, zlib.gzipSync(whole)]) {
      for (const share of [0.1, 0.3, 0.6, 0.8]) {
        const cut = bytes.subarray(0, bytes.length * share);
        const first = await codes(cut).then(
          ([, code]) => code,
          async () => (await refusal(cut)).code,
        );
        assert.equal(first, "F01", `${share} of ${bytes.length} bytes`);
      }
    }
    const { code, detail } = await refusal(whole.subarray(0, 520));
    assert.equal(code, "F01");
    assert.match(
      detail,
      /1 member was found, of "m\/model\.h5" only the beginning \(\d+ of its \d+ bytes, 99.9 %/,
    );
  });

  it("reads archives whose comments hold what looks like an end", async () => {
    const bytes = writeZip(readMembers(fs.readFileSync("test/fixtures/archives/parts.keras")));
    const comments = ["see PK\u0005\u0006 for the end", `PK\u0005\u0006${"\0".repeat(30)}`, "plain"];
    for (const comment of comments) {
      const said = Buffer.from(bytes);
      said.writeUInt16LE(comment.length, said.length - 2);
      assert.deepEqual(await codes(Buffer.concat([said, Buffer.from(comment)]), "m.keras"), [
        "keras-archive",
      ]);
      const before = Buffer.concat([Buffer.from("#!/bin/sh\n"), said, Buffer.from(comment)]);
      assert.deepEqual(await codes(before, "m.keras"), ["keras-archive", "F01"]);
    }
  });

  it("finds the members of a cut archive whose sizes stand behind them", async () => {
    const members = readMembers(fs.readFileSync("test/fixtures/archives/parts.keras"));
    for (const deflate of [false, true]) {
      const whole = writeZip(members.map((member) => ({ ...member, deflate, described: true })));
      const model = await openModelBytes(whole, "whole.keras");
      const all = model.layers.flatMap((layer) => layer.weights).length;
      assert.deepEqual(model.findings, []);
      model.close();
      for (const share of [0.6, 0.8, 0.99]) {
        const cut = await openModelBytes(whole.subarray(0, whole.length * share), "cut.keras");
        assert.equal(cut.findings[0]!.title, "Truncated zip archive");
        assert.notEqual(cut.config, null);
        const weights = cut.layers.flatMap((layer) => layer.weights).filter((weight) => weight.whole);
        assert.ok(weights.length > 0 && weights.length <= all, `${weights.length} of ${all}`);
        for (const weight of weights) await weight.read();
        cut.close();
      }
    }
  });

  it("compares checksums in an archive that has lost its end, of what is whole", async () => {
    const bytes = Buffer.from(KERAS);
    const directory = bytes.indexOf(Buffer.from([0x50, 0x4b, 0x01, 0x02]));
    const lost = bytes.subarray(0, directory);
    assert.deepEqual(await codes(lost, "lost.keras"), ["keras-archive", "F01"]);
    // In the weights, which come last.
    lost[directory - 100]! ^= 1;
    const model = await openModelBytes(lost, "lost.keras");
    model.close();
    const told = model.findings.map(({ code, title, detail }) => `${code} ${title}: ${detail}`);
    assert.match(told[0]!, /^F01 Truncated zip/);
    assert.match(told[1]!, /^F03 Checksums of the file do not match: .*"model\.weights\.h5"/);
  });

  it("unpacks no more of a cut archive than one member may hold", async () => {
    const zeros = Buffer.alloc(8 * 2 ** 20);
    const members = Array.from({ length: 100 }, (_, i) => ({
      name: `${i}.h5`,
      data: zeros,
      deflate: true,
      described: true,
    }));
    const bytes = writeZip(members);
    const from = process.cpuUsage();
    await refusal(bytes.subarray(0, bytes.length - 100));
    const { user, system } = process.cpuUsage(from);
    assert.ok(user + system < 20_000_000, `${user + system} microseconds`);
  });

  it("refuses gzip bombs, and says that a file is cut", async () => {
    const bomb = await refusal(zlib.gzipSync(Buffer.alloc(65 * 2 ** 20)));
    assert.equal(bomb.code, "F18");
    assert.match(bomb.detail, /more than 67108864 bytes/);
    const packed = zlib.gzipSync(WEIGHTS);
    const cut = new Set(await codes(packed.subarray(0, packed.length / 2)));
    assert.deepEqual([...cut], ["hdf5-weights", "F01", "F03", "F09"]);
  });

  it("refuses archives in archives without end", async () => {
    let bytes: Uint8Array = WEIGHTS;
    for (let i = 0; i < 40; i++) bytes = writeZip([{ name: "m.keras", data: bytes }]);
    assert.equal((await refusal(bytes)).code, "F18");
  });
});
