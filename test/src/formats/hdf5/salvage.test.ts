import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { MemorySource } from "../../../../src/formats/byte-source.js";
import type { Dataset } from "../../../../src/formats/hdf5/dataset.js";
import { Hdf5File } from "../../../../src/formats/hdf5/file.js";
import { datasets, type Group } from "../../../../src/formats/hdf5/group.js";

const FIXTURES = "test/fixtures/hdf5";
/** Percentages at which files are cut. */
const CUTS = [97, 90, 75, 50, 40];
/** The values of small tensors lie together, before their headers: of this share of them the header may be lost. */
const UNDESCRIBED = 0.25;

function allIn(file: Hdf5File): Dataset[] {
  const children = new Map(file.loose.map((object) => [object.path, object]));
  const loose: Group = { kind: "group", path: "/", attributes: new Map(), children };
  return [...datasets(file.root), ...datasets(loose)].filter(({ byteLength }) => byteLength > 0);
}

function open(bytes: Uint8Array): Hdf5File {
  return Hdf5File.open(new MemorySource(bytes));
}

function end({ byteOffset, byteLength }: Dataset): number {
  return (byteOffset ?? Infinity) + byteLength;
}

/** Bytes of the whole tensors in a spoiled file; those that have names must have their own. */
async function offered(spoiled: Uint8Array, original: readonly Dataset[]): Promise<number> {
  let bytes = 0;
  for (const dataset of allIn(open(spoiled))) {
    if (!dataset.whole) continue;
    const same = original.find(({ byteOffset }) => byteOffset === dataset.byteOffset);
    assert.ok(same, dataset.path);
    assert.ok(dataset.path.includes("@") || dataset.path === same.path, `${dataset.path} is ${same.path}`);
    assert.deepEqual(await dataset.read(), await same.read(), dataset.path);
    bytes += dataset.byteLength;
  }
  return bytes;
}

describe("formats/hdf5: what nothing leads to any more", () => {
  for (const name of ["salvage_earliest.h5", "salvage_latest.h5"]) {
    it(`offers what is kept of ${name}, wherever it is cut`, async () => {
      const bytes = fs.readFileSync(path.join(FIXTURES, name));
      const original = allIn(open(bytes));
      for (const percent of CUTS) {
        const cut = Math.floor((bytes.length * percent) / 100);
        const kept = original.filter((dataset) => end(dataset) <= cut);
        const whole = kept.reduce((sum, { byteLength }) => sum + byteLength, 0);
        const missing = whole - (await offered(bytes.subarray(0, cut), original));
        assert.ok(missing <= UNDESCRIBED * whole, `${missing} of ${whole} bytes at ${percent} %`);
      }
    });
  }

  it("tells lost names by what Keras lists, where they fit", async () => {
    const bytes = fs.readFileSync(path.join(FIXTURES, "salvage_earliest.h5"));
    const original = allIn(open(bytes));
    const heaps = [...placesOf(bytes, "HEAP")];
    // Each group's names in turn are lost.
    for (const heap of heaps) {
      const spoiled = Buffer.from(bytes);
      spoiled.writeBigUInt64LE(BigInt(bytes.length + 8), heap + 24);
      await offered(spoiled, original);
    }
    const names = Buffer.from(bytes);
    for (const heap of heaps) names.writeBigUInt64LE(BigInt(bytes.length + 8), heap + 24);
    const paths = allIn(open(names)).map((dataset) => dataset.path);
    assert.deepEqual(paths.sort(), original.map((dataset) => dataset.path).sort());
  });

  it("opens a file whose first bytes after the signature are lost", async () => {
    for (const name of ["salvage_earliest.h5", "salvage_latest.h5"]) {
      const bytes = fs.readFileSync(path.join(FIXTURES, name));
      const original = allIn(open(bytes));
      const spoiled = Buffer.from(bytes).fill(0xee, 8, 48);
      const whole = original.reduce((sum, { byteLength }) => sum + byteLength, 0);
      assert.equal(await offered(spoiled, original), whole, name);
    }
  });

  it("finds what is in a file whose root lists nothing, and says so", async () => {
    const bytes = fs.readFileSync(path.join(FIXTURES, "salvage_earliest.h5"));
    const original = allIn(open(bytes));
    // The root's header lies behind the superblock of 96 bytes; its messages follow its first 16.
    const spoiled = Buffer.from(bytes).fill(0, 112, 136);
    const file = open(spoiled);
    assert.deepEqual(
      file.lost.map((lost) => lost.path),
      ["/"],
    );
    assert.equal(allIn(file).length, original.length);
  });

  it("takes no name that a copying tool may have moved", async () => {
    // Names of one length, made in the order of the alphabet while Keras lists them in another.
    const bytes = fs.readFileSync(path.join(FIXTURES, "salvage_copied.h5"));
    const original = allIn(open(bytes));
    const spoiled = Buffer.from(bytes);
    for (const heap of placesOf(bytes, "HEAP")) spoiled.writeBigUInt64LE(BigInt(bytes.length + 8), heap + 24);
    const whole = original.reduce((sum, { byteLength }) => sum + byteLength, 0);
    assert.equal(await offered(spoiled, original), whole);
  });
});

function* placesOf(bytes: Buffer, text: string): Generator<number> {
  for (let at = bytes.indexOf(text); at >= 0; at = bytes.indexOf(text, at + 1)) yield at;
}
