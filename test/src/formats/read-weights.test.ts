import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { FileSource } from "../../../src/formats/byte-source.js";
import { openModelFile, readWeights } from "../../../src/index.js";
import type { ReadWeight } from "../../../src/formats/read-weights.js";
import { sharedMemory } from "../../../src/formats/take-memory.js";

const FILES = [
  "test/fixtures/hdf5/keras_long_names.h5",
  "test/fixtures/arrays/model.safetensors",
  "test/fixtures/arrays/named.npz",
  "test/fixtures/graph/keras2_checkpoint/weights",
];

describe("formats/read-weights", () => {
  for (const name of FILES) {
    it(`gives what each weight of ${path.basename(name)} gives alone, in the order of the file`, async () => {
      const model = await openModelFile(name);
      const alone = new Map(
        await Promise.all(
          [...model.layers.flatMap(({ weights }) => weights), ...model.optimizerWeights].map(
            async (weight) => [weight, await weight.read()] as const,
          ),
        ),
      );
      let last = 0;
      for await (const read of readWeights(model)) {
        assert.ok("values" in read);
        assert.deepEqual(read.values, alone.get(read.weight));
        alone.delete(read.weight);
        if (model.optimizerWeights.includes(read.weight)) last = 0;
        else assert.ok((last = read.weight.byteOffset ?? last) >= last);
      }
      assert.equal(alone.size, 0);
      model.close();
    });
  }

  it("goes on after a weight that the file has lost", async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "loadlab-read-"));
    try {
      const file = path.join(folder, "model.safetensors");
      const bytes = fs.readFileSync("test/fixtures/arrays/model.safetensors");
      fs.writeFileSync(file, bytes.subarray(0, -20));
      const model = await openModelFile(file);
      const all: ReadWeight[] = [];
      for await (const read of readWeights(model)) all.push(read);
      assert.equal(all.length, 4);
      const lost = all.filter((read) => "error" in read);
      assert.deepEqual(
        lost.map(({ weight }) => weight.whole),
        lost.map(() => false),
      );
      assert.ok(lost.length > 0 && lost.length < 4);
      model.close();
    } finally {
      fs.rmSync(folder, { recursive: true });
    }
  });

  it("reads nothing any more once its user has stopped", async () => {
    const model = await openModelFile("test/fixtures/arrays/named.npz");
    for await (const read of readWeights(model)) {
      assert.ok("values" in read);
      break;
    }
    model.close();
  });

  it("takes memory for many arrays in few pieces, aligned", () => {
    const take = sharedMemory(10_000);
    const arrays = [12, 1, 4000, 0, 8].map(take);
    assert.equal(new Set(arrays.map(({ buffer }) => buffer)).size, 1);
    assert.ok(arrays.every(({ byteOffset }) => byteOffset % 64 === 0));
    arrays.forEach((array, i) => array.fill(i + 1));
    assert.ok(arrays.every((array, i) => array.every((byte) => byte === i + 1)));
    assert.notEqual(take(20_000).buffer, arrays[0]!.buffer);
    assert.equal(take(300 * 2 ** 20).byteOffset, 0);
  });

  it("reads long ranges in several parts at a time, and all of them", async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "loadlab-read-"));
    try {
      const file = path.join(folder, "bytes");
      const bytes = new Uint8Array(9_000_001).map((_, i) => (i * 2654435761) >>> 24);
      fs.writeFileSync(file, bytes);
      const source = FileSource.open(file);
      for (const [offset, length] of [
        [0, bytes.length],
        [1, 8_999_999],
        [3, 65_536],
        [3, 65_537],
        [77, 1_048_576],
        [77, 1_048_577],
        [5, 0],
      ] as const) {
        const target = new Uint8Array(length);
        await source.read(offset, target);
        assert.equal(Buffer.compare(target, bytes.subarray(offset, offset + length)), 0);
      }
      await assert.rejects(source.read(2, new Uint8Array(bytes.length)), RangeError);
      fs.truncateSync(file, 5_000_000);
      await assert.rejects(source.read(0, new Uint8Array(bytes.length)), /became shorter/);
      source.close();
    } finally {
      fs.rmSync(folder, { recursive: true });
    }
  });
});
