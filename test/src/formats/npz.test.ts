import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { FormatError } from "../../../src/formats/model-file.js";
import { openModelBytes, openModelFile } from "../../../src/formats/open.js";
import { writeZip } from "./archive/write-zip.js";

/** Made by test/fixtures/arrays.py. */
const FIXTURES = "test/fixtures/arrays";

describe("formats/npz", () => {
  it("takes numbered arrays as one list, in the order of their numbers", async () => {
    const model = await openModelFile(path.join(FIXTURES, "list.npz"));
    assert.equal(model.format, "npz");
    const [layer] = model.layers;
    const first = await Promise.all(layer!.weights.map(async (weight) => (await weight.read())[0]));
    assert.deepEqual(first, [...Array(12).keys()]);
    model.close();
  });

  it("reads NumPy's types and orders", async () => {
    const model = await openModelFile(path.join(FIXTURES, "named.npz"));
    const values = new Map<string, unknown>();
    for (const { name, weights } of model.layers) {
      for (const weight of weights)
        values.set(weight.name, [name, weight.dtype, weight.shape, await weight.read()]);
    }
    assert.deepEqual(values.get("dense/kernel"), [
      "dense",
      "float32",
      [2, 3],
      Float32Array.of(-2, -1, 0, 1, 2, 3),
    ]);
    assert.deepEqual(values.get("dense/bias"), ["dense", "float64", [3], Float64Array.of(-2, -1, 0)]);
    const columns = Int16Array.from({ length: 12 }, (_, i) => i - 2);
    assert.deepEqual(values.get("other/columns"), ["other", "int16", [2, 3, 2], columns]);
    assert.deepEqual(values.get("other/halves"), ["other", "float16", [3], Float32Array.of(-2, -1, 0)]);
    assert.deepEqual(values.get("other/flags"), ["other", "bool", [2], Uint8Array.of(1, 0)]);
    assert.deepEqual(values.get("other/large"), ["other", "uint64", [1], BigUint64Array.of(2n ** 62n)]);
    model.close();
  });

  const refusal = async (file: string) => {
    let detail = "";
    await assert.rejects(openModelFile(file), (error: unknown) => {
      assert.ok(error instanceof FormatError);
      assert.equal(error.finding.code, "F18");
      ({ detail } = error.finding);
      return true;
    });
    return detail;
  };

  it("never unpickles an array of objects", async () => {
    assert.match(await refusal(path.join(FIXTURES, "objects.npz")), /pickle/);
  });

  it("passes over arrays that are no tensors where others are, and says which", async () => {
    const member = (name: string, descr: string) => {
      const header = Buffer.from(`{'descr': ${descr}, 'fortran_order': False, 'shape': (1,), }`);
      const start = Buffer.from([0x93, ...Buffer.from("NUMPY"), 1, 0, header.length, 0]);
      return { name: `${name}.npy`, data: Buffer.concat([start, header, Buffer.alloc(4, 64)]) };
    };
    const members = [
      member("kernel", "'<f4'"),
      member("both", "[('a', '<f4')]"),
      member("any", "'|O'"),
      member("day", "'<M8[D]'"),
    ];
    const model = await openModelBytes(writeZip(members), "some.npz");
    const weights = model.layers.flatMap((layer) => layer.weights);
    assert.deepEqual(
      weights.map(({ name }) => name),
      ["kernel"],
    );
    assert.deepEqual(
      model.findings.map(({ code, where }) => [code, where]),
      [
        ["F18", "any.npy"],
        ["F18", "both.npy"],
        ["F18", "day.npy"],
        ["F09", "the whole file"],
      ],
    );
  });

  it("passes over what archivers and authors put beside the arrays", async () => {
    const header = "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }";
    const start = Buffer.from([0x93, ...Buffer.from("NUMPY"), 1, 0, header.length, 0]);
    const data = Buffer.concat([start, Buffer.from(header), Buffer.alloc(4)]);
    const others = ["__MACOSX/w/._kernel.npy", "w/.DS_Store", "README.txt"].map((name) => ({
      name,
      data: "x",
    }));
    const model = await openModelBytes(writeZip([{ name: "w/kernel.npy", data }, ...others]), "some.npz");
    assert.deepEqual(
      model.layers.map(({ name, weights }) => [name, weights.length]),
      [["w", 1]],
    );
  });

  it("refuses headers that cannot be right", async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "loadlab-npz-"));
    const array = (header: string, values: number): Buffer => {
      const length = Buffer.alloc(2);
      length.writeUInt16LE(header.length);
      return Buffer.concat([
        Buffer.from("\u0093NUMPY\u0001\u0000", "latin1"),
        length,
        Buffer.from(header),
        Buffer.alloc(values),
      ]);
    };
    const cases: readonly [Buffer, RegExp][] = [
      [
        array("{'descr': '<f4', 'fortran_order': False, 'shape': (1099511627776,), }", 4),
        /needs 4398046511104 bytes, it has 4/,
      ],
      [array("{'descr': '<f4', 'fortran_order': False, 'shape': (__import__('os'),), }", 4), /not NumPy's/],
      [
        array("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }", 4),
        /records of several fields/,
      ],
      [array("{'descr': '<U0', 'fortran_order': False, 'shape': (9999999999,), }", 0), /empty texts/],
      [array("{'descr': '<M8', 'fortran_order': False, 'shape': (1,), }", 8), /no number/],
      [Buffer.from("not an array at all"), /no NumPy array/],
    ];
    for (const [bytes, detail] of cases) {
      const file = path.join(folder, "a.npz");
      fs.writeFileSync(file, writeZip([{ name: "a.npy", data: bytes }]));
      assert.match(await refusal(file), detail);
    }
    fs.rmSync(folder, { recursive: true });
  });
});
