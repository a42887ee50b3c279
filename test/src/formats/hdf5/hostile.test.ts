import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import * as h5wasm from "h5wasm";
import { FormatError, type ModelFile } from "../../../../src/formats/model-file.js";
import { openModelBytes } from "../../../../src/formats/open.js";
import { hdf5 } from "../../loading/cases/write.js";

/** What a model opened or refused comes to, and how long and how large that was. */
async function outcome(bytes: Uint8Array): Promise<{ said: string; model: ModelFile | null }> {
  const memory = process.memoryUsage.rss();
  const from = process.cpuUsage();
  let said = "";
  let model: ModelFile | null = null;
  try {
    model = await openModelBytes(bytes, "hostile.h5");
    for (const weight of model.layers.flatMap(({ weights }) => weights))
      await weight.read().catch((error: unknown) => {
        if (!(error instanceof FormatError)) throw error;
        said += `${weight.path}: ${error.finding.code} ${error.finding.detail}\n`;
      });
    said += model.findings.map(({ code, detail }) => `${code} ${detail}`).join("\n");
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    said = `${error.finding.code} ${error.finding.where}: ${error.finding.detail}`;
  }
  const { user, system } = process.cpuUsage(from);
  assert.ok(user + system < 10_000_000, `${user + system} microseconds`);
  assert.ok(process.memoryUsage.rss() - memory < 256 * 2 ** 20);
  return { said, model };
}

/** Replaces a sequence of bytes that stands in the file once or more. */
function patch(bytes: Uint8Array, from: readonly number[], to: readonly number[]): Buffer {
  const changed = Buffer.from(bytes);
  const pattern = Buffer.from(from);
  let found = 0;
  for (let at = changed.indexOf(pattern); at >= 0; at = changed.indexOf(pattern, at + 1), found++)
    Buffer.from(to).copy(changed, at);
  assert.ok(found > 0, "the bytes to replace are there");
  return changed;
}

const words = (size: 4 | 8, ...values: (number | bigint)[]): number[] => {
  const bytes = Buffer.alloc(size * values.length);
  values.forEach((value, i) =>
    size === 8 ? bytes.writeBigUInt64LE(BigInt(value), i * 8) : bytes.writeUInt32LE(Number(value), i * 4),
  );
  return [...bytes];
};

describe("formats/hdf5: hostile files", () => {
  let folder: string;
  before(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "loadlab-hostile-"));
  });
  after(() => fs.rmSync(folder, { recursive: true }));
  const made = async (write: (file: h5wasm.File) => void) =>
    fs.readFileSync(await hdf5(path.join(folder, "made.h5"), write));
  const numbers = (file: h5wasm.File, shape: number[], more: object = {}) => {
    const data = new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(1);
    file.create_dataset({ name: "w", data, shape, dtype: "<f4", ...more });
  };

  it("follows soft links inside the file, never in a circle, and none that leads nowhere", async () => {
    const bytes = await made((file) => {
      numbers(file, [2]);
      file.create_soft_link("/w", "alias");
      file.create_soft_link("/b", "a");
      file.create_soft_link("/a", "b");
      file.create_soft_link("/nowhere/at/all", "c");
      file.create_soft_link("/", "up");
    });
    const { said, model } = await outcome(bytes);
    assert.ok(model, said);
    assert.deepEqual(
      model.layers.flatMap(({ weights }) => weights.map((weight) => weight.path)),
      ["/w"],
    );
  });

  it("refuses or passes over groups in groups without end", async () => {
    const bytes = await made((file) => {
      let group: h5wasm.Group = file;
      for (let i = 0; i < 70; i++) group = group.create_group("g") as h5wasm.Group;
      group.create_dataset({ name: "w", data: new Float32Array(2), shape: [2], dtype: "<f4" });
    });
    const { said } = await outcome(bytes);
    assert.match(said, /nested|deep|levels/i);
  });

  it("refuses shapes whose product is beyond all numbers", async () => {
    const bytes = await made((file) => numbers(file, [77, 3]));
    const huge = patch(bytes, words(8, 77, 3), words(8, 2n ** 40n, 2n ** 40n));
    const { said } = await outcome(huge);
    assert.match(said, /^F(18|03) /m);
    assert.match(said, /1099511627776|2\^53|declares|size/);
  });

  it("unpacks no more of a chunk than it declares", async () => {
    const bytes = await made((file) => numbers(file, [1 << 20], { chunks: [1 << 20], compression: 9 }));
    // In the dataspace and in the layout, which says the chunk's sides and the size of an element.
    const shorter = patch(bytes, words(8, 1 << 20), words(8, 16));
    const bomb = patch(shorter, words(4, 1 << 20, 4), words(4, 16, 4));
    const { said, model } = await outcome(bomb);
    assert.match(said, /\/w: F(03|18) /, model ? "it was read" : said);
  });

  it("reads no text that a reference finds outside the file", async () => {
    const bytes = await made((file) => {
      numbers(file, [2]);
      file.create_attribute("model_config", "{}".padEnd(300));
    });
    const heap = bytes.indexOf("GCOL");
    assert.ok(heap > 0);
    for (const place of [2n ** 40n, 2n ** 63n, BigInt(bytes.length - 3)]) {
      const { said, model } = await outcome(patch(bytes, words(8, heap), words(8, place)));
      assert.ok(model, said);
      assert.equal(model.config, null);
      assert.match(said, /F03 /);
    }
  });

  it("takes the number of attributes, messages and links from what is there, not from what is said", async () => {
    const bytes = await made((file) => {
      numbers(file, [2]);
      for (let i = 0; i < 30; i++) file.create_attribute(`a${i}`, i);
    });
    for (let at = 0; at + 4 < bytes.length; at += 8) {
      const changed = Buffer.from(bytes);
      changed.writeUInt32LE(0xffffffff, at);
      await outcome(changed);
    }
  });

  it("reads no datatype out of a table of shared messages", async () => {
    const bytes = await made((file) => numbers(file, [2]));
    // The body of the datatype of 32-bit floats; before it, the message's flags, of which bit 1 says "elsewhere".
    const body = Buffer.from([0x11, 0x20, 0x1f, 0x00, 4, 0, 0, 0]);
    const changed = Buffer.from(bytes);
    let found = 0;
    for (let at = changed.indexOf(body); at >= 0; at = changed.indexOf(body, at + 1)) {
      const old = changed.readUInt16LE(at - 8) === 3;
      if (!old && changed[at - 4] !== 3 && changed[at - 6] !== 3) continue;
      changed[at - (old ? 4 : changed[at - 4] === 3 ? 1 : 3)]! |= 2;
      found++;
    }
    assert.ok(found > 0);
    const { said, model } = await outcome(changed);
    const weights = model?.layers.flatMap((layer) => layer.weights) ?? [];
    assert.ok(!weights.some(({ whole }) => whole), "it was read");
    assert.match(said, /^F(03|18)/m);
  });
});
