import path from "node:path";
import os from "node:os";
import assert from "node:assert/strict";
import fs from "node:fs";
import { MemorySource } from "../../../src/formats/byte-source.js";
import { FormatError } from "../../../src/formats/model-file.js";
import { openModelFile } from "../../../src/formats/open.js";
import { openSafetensors } from "../../../src/formats/safetensors.js";

/** Made by test/fixtures/arrays.py. */
const FIXTURE = "test/fixtures/arrays/model.safetensors";

const file = (header: object | string, data = 0): MemorySource => {
  const text = Buffer.from(typeof header === "string" ? header : JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return new MemorySource(Buffer.concat([length, text, Buffer.alloc(data)]));
};

describe("formats/safetensors", () => {
  it("reads tensors by name, without conversion but for halves", async () => {
    const model = await openModelFile(FIXTURE);
    assert.equal(model.format, "safetensors");
    const all = model.layers.flatMap(({ name, weights }) =>
      weights.map((weight) => ({ layer: name, weight })),
    );
    const read = await Promise.all(
      all.map(async ({ layer, weight }) => [layer, weight.name, weight.dtype, await weight.read()]),
    );
    assert.deepEqual(read, [
      ["dense", "dense.kernel", "float32", Float32Array.of(-2, -1, 0, 1, 2, 3)],
      ["dense", "dense.bias", "float16", Float32Array.of(-2, -1, 0)],
      ["embedding", "embedding.table", "bfloat16", Float32Array.of(-2, -1, 0, 1)],
      ["embedding", "embedding.count", "int64", BigInt64Array.of(7n)],
    ]);
    assert.deepEqual(
      model.findings.map(({ code }) => code),
      ["F09"],
    );
    model.close();
  });

  it("leaves out tensors of types without a number's meaning, and says so", async () => {
    const header = {
      scales: { dtype: "F8_E8M0", shape: [4], data_offsets: [0, 4] },
      packed: { dtype: "F4", shape: [8], data_offsets: [4, 8] },
      "a.bias": { dtype: "F32", shape: [1], data_offsets: [8, 12] },
      "a.none": { dtype: "F32", shape: [0], data_offsets: [12, 12] },
    };
    const model = openSafetensors("some", file(header, 12));
    const weights = model.layers.flatMap((layer) => layer.weights);
    assert.deepEqual(await Promise.all(weights.map(async ({ name, read }) => [name, await read()])), [
      ["a.bias", Float32Array.of(0)],
      ["a.none", new Float32Array(0)],
    ]);
    assert.match(model.findings[0]!.detail, /type F8_E8M0, F4 have: scales, packed$/);
    const cut = openSafetensors("cut", file(header, 8));
    assert.deepEqual(
      cut.layers.flatMap((layer) => layer.weights).map(({ whole }) => whole),
      [false, true],
    );
  });

  it("keeps what is whole of a truncated file (F03)", async () => {
    const bytes = fs.readFileSync(FIXTURE);
    for (let length = 9; length < bytes.length; length++) {
      const source = new MemorySource(bytes.subarray(0, length));
      try {
        const model = openSafetensors("cut", source);
        const weights = model.layers.flatMap((layer) => layer.weights);
        assert.equal(model.findings[0]!.code, "F03");
        assert.ok(weights.some(({ whole }) => !whole));
        for (const weight of weights) {
          if (weight.whole) await weight.read();
          else await assert.rejects(weight.read(), FormatError);
        }
      } catch (error) {
        assert.ok(error instanceof FormatError && error.finding.code === "F03", String(error));
      }
    }
  });

  const hostile: readonly [string, object | string, RegExp][] = [
    [
      "a shape larger than its place",
      { w: { dtype: "F32", shape: [2 ** 40], data_offsets: [0, 4] } },
      /needs \d+ bytes/,
    ],
    [
      "a shape that overflows",
      { w: { dtype: "F32", shape: [2 ** 50, 2 ** 50], data_offsets: [0, 4] } },
      /needs/,
    ],
    ["a negative size", { w: { dtype: "F32", shape: [-1], data_offsets: [0, 4] } }, /no proper shape/],
    [
      "a place that runs backwards",
      { w: { dtype: "F32", shape: [1], data_offsets: [8, 4] } },
      /its place has -4/,
    ],
    ["an unknown type", { w: { dtype: "X4", shape: [2], data_offsets: [0, 1] } }, /type "X4"/],
    [
      "places that overlap",
      {
        a: { dtype: "F32", shape: [2], data_offsets: [0, 8] },
        b: { dtype: "F32", shape: [2], data_offsets: [4, 12] },
      },
      /overlaps that of "a"/,
    ],
    [
      "more tensors than any model has",
      Object.fromEntries(
        Array.from({ length: 100_001 }, (_, i) => [i, { dtype: "U8", shape: [0], data_offsets: [0, 0] }]),
      ),
      /lists 100001 tensors/,
    ],
    ["no object", { w: 5 }, /type null/],
    ["no JSON", "{nothing", /no JSON/],
  ];
  for (const [what, header, detail] of hostile) {
    it(`refuses ${what}`, () => {
      assert.throws(() => openSafetensors("hostile", file(header, 16)), detail);
    });
  }

  it("reads float8 of both kinds, and complex numbers", async () => {
    const header = JSON.stringify({
      "a.e4m3": { dtype: "F8_E4M3", shape: [2], data_offsets: [0, 2] },
      "a.e5m2": { dtype: "F8_E5M2", shape: [2], data_offsets: [2, 4] },
      "a.c64": { dtype: "C64", shape: [1], data_offsets: [4, 12] },
    });
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(header.length));
    const complex = Buffer.from(Float32Array.of(1.5, -2).buffer);
    // 0x38 and 0x3c are 1, 0xc0 is -2 in both: ml_dtypes 0.5.
    const bytes = Buffer.concat([length, Buffer.from(header), Buffer.of(0x38, 0xc0, 0x3c, 0xc0), complex]);
    const [layer] = openSafetensors("a", new MemorySource(bytes)).layers;
    const values = await Promise.all(layer!.weights.map((weight) => weight.read()));
    assert.deepEqual(values, [Float32Array.of(1, -2), Float32Array.of(1, -2), Float32Array.of(1.5, -2)]);
  });

  it("opens a file beyond 4 GiB by its structure, and reads a tensor at its end", async () => {
    const large = 5 * 2 ** 30;
    const header = JSON.stringify({
      "big.kernel": { dtype: "F32", shape: [large / 4], data_offsets: [0, large] },
      "last.bias": { dtype: "F32", shape: [2], data_offsets: [large, large + 8] },
    });
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(header.length));
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "loadlab-large-"));
    const file = path.join(folder, "large.safetensors");
    const descriptor = fs.openSync(file, "w");
    fs.writeSync(descriptor, Buffer.concat([length, Buffer.from(header)]), 0, 8 + header.length, 0);
    // What lies between is never written: the file takes no room.
    fs.writeSync(descriptor, Buffer.from(Float32Array.of(1.5, -2).buffer), 0, 8, 8 + header.length + large);
    fs.closeSync(descriptor);
    const before = process.memoryUsage().rss;
    const model = await openModelFile(file);
    const weights = model.layers.flatMap((layer) => layer.weights);
    assert.deepEqual(
      weights.map(({ name, whole }) => [name, whole]),
      [
        ["big.kernel", true],
        ["last.bias", true],
      ],
    );
    assert.deepEqual(await weights[1]!.read(), Float32Array.of(1.5, -2));
    assert.ok(process.memoryUsage().rss - before < 200 * 2 ** 20);
    model.close();
    fs.rmSync(folder, { recursive: true });
  });
});
