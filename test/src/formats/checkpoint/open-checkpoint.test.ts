import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { openCheckpoint } from "../../../../src/formats/checkpoint/open-checkpoint.js";
import { crc32c } from "../../../../src/formats/checkpoint/crc32c.js";
import { sliceKey } from "../../../../src/formats/checkpoint/slices.js";
import { uncompressSnappy } from "../../../../src/formats/checkpoint/snappy.js";
import { readVarint } from "../../../../src/formats/checkpoint/varint.js";
import { holdsGraph } from "../../../../src/formats/graph-contents.js";
import { FormatError } from "../../../../src/formats/model-file.js";
import { openModelFile } from "../../../../src/formats/open.js";
import { readReference } from "../../graph/reference.js";

const FIXTURES = path.resolve("test/fixtures/graph");

describe("formats/checkpoint", () => {
  it("reads a TF2 checkpoint layer by layer, in the order of creation", async () => {
    const file = await openModelFile(path.join(FIXTURES, "keras2_checkpoint", "weights"));
    const reference = readReference("keras2_checkpoint");
    const weights = file.layers.flatMap((layer) => layer.weights);
    assert.deepEqual(
      weights.map(({ name }) => name),
      ["dense/kernel:0", "dense/bias:0", "dense_1/kernel:0", "dense_1/bias:0"],
    );
    for (const weight of weights) {
      const expected = reference.outputs[weight.name]!;
      assert.deepEqual([...(await weight.read())].map(Number), [
        ...Float32Array.from(expected.values as number[]),
      ]);
    }
    assert.ok(file.optimizerWeights.length > 0);
    file.close();
  });

  it("opens a TF1 checkpoint by any of its files, with its meta graph and the slices of a partitioned variable", async () => {
    const folder = path.join(FIXTURES, "tf1_saved_model", "checkpoint");
    for (const name of ["model.ckpt-3", "model.ckpt-3.index", "model.ckpt-3.meta", "checkpoint"]) {
      const file = openCheckpoint(path.join(folder, name));
      assert.ok(holdsGraph(file), name);
      const weight = file.contents.tensors.get("m/w")!;
      assert.deepEqual(weight.shape, [4, 3], name);
      const values = await weight.read();
      assert.equal(values.length, 12);
      assert.ok([...values].every((value) => Number(value) !== 0));
      file.close();
    }
  });

  it("says which checkpoints there are when the prefix is wrong (F15)", () => {
    const wrong = path.join(FIXTURES, "keras2_checkpoint", "wights");
    assert.throws(
      () => openCheckpoint(wrong),
      (error) =>
        error instanceof FormatError && error.finding.code === "F15" && /weights/.test(error.finding.advice),
    );
  });
});

describe("formats/checkpoint: pieces", () => {
  const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);

  it("knows an index that has another name (F15)", async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "loadlab-index-"));
    const file = path.join(folder, "w.h5");
    fs.copyFileSync("test/fixtures/checkpoints/shards/model.index", file);
    await assert.rejects(openModelFile(file), (error: unknown) => {
      assert.ok(error instanceof FormatError);
      assert.deepEqual(
        [error.finding.code, error.finding.title],
        ["F15", "A checkpoint's index under another name"],
      );
      return true;
    });
    fs.rmSync(folder, { recursive: true });
  });

  it("computes CRC-32C (RFC 3720, B.4)", () => {
    assert.equal(crc32c(new Uint8Array(32)), 0x8a9136aa);
    assert.equal(crc32c(Uint8Array.from({ length: 32 }, (_, i) => i)), 0x46dd794e);
    assert.equal(crc32c(ascii("123456789")), 0xe3069283);
  });

  it("computes the same sum of many bytes as bit by bit, wherever they start and whatever was before", () => {
    const memory = new Uint8Array(700_000);
    for (let i = 0, x = 1; i < memory.length; i++) {
      x = (Math.imul(x, 1664525) + 1013904223) | 0;
      memory[i] = x >>> 24;
    }
    const bitByBit = (bytes: Uint8Array, before: number): number => {
      let crc = ~before;
      for (const byte of bytes) {
        crc ^= byte;
        for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
      }
      return ~crc >>> 0;
    };
    for (const [start, end] of [
      [0, 700_000],
      [1, 253_200],
      [0, 253_200],
      [3, 253_219],
      [2, 600_001],
      [1, 2],
      [3, 6],
      [5, 5],
    ] as const) {
      const bytes = memory.subarray(start, end);
      for (const before of [0, 0xdeadbeef])
        assert.equal(crc32c(bytes, before), bitByBit(bytes, before), `bytes ${start} to ${end}`);
    }
    const sum = crc32c(memory);
    for (const at of [0, 84_399, 84_400, 400_000, 699_999]) {
      memory[at]! ^= 1;
      assert.notEqual(crc32c(memory), sum, `a bit of byte ${at}`);
      memory[at]! ^= 1;
    }
  });

  it("uncompresses Snappy: a literal, then a copy that overlaps itself", () => {
    const block = Uint8Array.from([10, (2 - 1) << 2, 0x61, 0x62, ((8 - 1) << 2) | 2, 2, 0]);
    assert.equal(new TextDecoder().decode(uncompressSnappy(block)), "ababababab");
  });

  it("refuses Snappy blocks that lie about themselves", () => {
    const blocks = [
      [0xff, 0xff, 0xff, 0xff, 0x0f, 0],
      [4, ((4 - 1) << 2) | 2, 1, 0],
      [4, 0, 0x61, ((3 - 1) << 2) | 2, 9, 0],
      [2, (40 - 1) << 2, 0x61],
      [1, 0, 0x61, 0, 0x62],
      [5, 61 << 2, 0xff],
    ];
    for (const block of blocks) assert.throws(() => uncompressSnappy(Uint8Array.from(block)), RangeError);
  });

  it("refuses numbers of more than ten bytes", () => {
    assert.throws(() => readVarint(new Uint8Array(11).fill(0x80), 0), RangeError);
    assert.throws(() => readVarint(Uint8Array.from([0x80]), 0), RangeError);
  });

  it("codes slice keys in TensorFlow's order-preserving form", () => {
    const slice = { extent: [{ start: 0n, length: 64n }, { start: 300n }] } as unknown as Parameters<
      typeof sliceKey
    >[1];
    assert.deepEqual(
      [...sliceKey(ascii("ab"), slice)],
      [0, 0x61, 0x62, 0, 1, 1, 2, 0x80, 0xc0, 64, 0xc1, 0x2c, 0x7f],
    );
  });
});
