import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { MemorySource } from "../../../../src/formats/byte-source.js";
import { doubtedPlaces } from "../../../../src/formats/hdf5/doubted-places.js";
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

  it("takes neither of two tensors that lie over each other, nor one over a header", async () => {
    const bytes = fs.readFileSync(path.join(FIXTURES, "salvage_earliest.h5"));
    const original = allIn(open(bytes)).sort((a, b) => a.byteOffset! - b.byteOffset!);
    const [first, second] = original as [Dataset, Dataset];
    const at = placeOf(bytes, second.byteOffset!);
    const over = Buffer.from(bytes);
    over.writeBigUInt64LE(BigInt(first.byteOffset! + first.byteLength - 4), at);
    const file = open(over);
    const doubted = allIn(file).filter(({ whole }) => !whole);
    assert.deepEqual(doubted.map((dataset) => dataset.path).sort(), [first.path, second.path].sort());
    await assert.rejects(doubted[0]!.read(), /lie over the values of/);
    assert.ok(
      file.lost.some(
        ({ detail }) => detail === `the values of ${first.path} lie over the values of ${second.path}`,
      ),
    );
    const header = Buffer.from(bytes);
    header.writeBigUInt64LE(90n, at); // the superblock has 96 bytes
    assert.ok(open(header).lost.some(({ detail }) => /lie over the superblock at byte 0/.test(detail)));
  });

  it("takes no values that lie by themselves while a hole of their size is left", async () => {
    const bytes = fs.readFileSync(path.join(FIXTURES, "keras_0.h5"));
    const [strayed] = allIn(open(bytes)).filter((dataset) => dataset.path === "/layer_1/param_3");
    const at = placeOf(bytes, strayed!.byteOffset!);
    for (const elsewhere of [3309n, 13616n]) {
      const moved = Buffer.from(bytes);
      moved.writeBigUInt64LE(elsewhere, at);
      const doubted = allIn(open(moved)).filter(({ whole }) => !whole);
      assert.deepEqual(
        doubted.map((dataset) => dataset.path),
        ["/layer_1/param_3"],
        `${elsewhere}`,
      );
      await assert.rejects(doubted[0]!.read(), /lie where nothing else does|lie over/);
    }
  });

  it("takes values that were written again in half as many bytes, into the place that they had before", () => {
    const owner = (what: string, start: number, end: number) => ({ owner: what, what, start, end });
    const others = [owner("a", 100, 148), owner("b", 196, 244)];
    for (const again of [owner("c", 148, 172), owner("c", 172, 196)])
      assert.deepEqual(doubtedPlaces([], [...others, again], 400), []);
    const away = doubtedPlaces([], [...others, owner("c", 300, 348)], 400);
    assert.deepEqual(
      away.map((doubt) => doubt.owner),
      ["c"],
    );
  });

  it("takes no values that lie over a group's names, or over chunks of others", async () => {
    const bytes = fs.readFileSync(path.join(FIXTURES, "storage_earliest.h5"));
    const [plain] = allIn(open(bytes)).filter((dataset) => dataset.path === "/contiguous");
    const place = Buffer.alloc(16);
    place.writeBigUInt64LE(BigInt(plain!.byteOffset!));
    place.writeBigUInt64LE(BigInt(plain!.byteLength), 8);
    const at = bytes.indexOf(place);
    assert.equal(bytes.lastIndexOf(place), at);
    const [chunked] = allIn(open(bytes)).filter((dataset) => dataset.path === "/one_chunk");
    const chunk = chunked!.places()[0]!.start;
    for (const [elsewhere, over] of [
      [chunk, /lie over the values of \/one_chunk/],
      [bytes.indexOf("HEAP") - 4, /lie over the names in/],
      [bytes.indexOf("TREE") + 8, /lie over a part of the tree of/],
      [bytes.indexOf("SNOD") + 8, /lie over a part of the names of/],
    ] as const) {
      const moved = Buffer.from(bytes);
      moved.writeBigUInt64LE(BigInt(elsewhere), at);
      const { lost } = open(moved);
      assert.ok(
        lost.some((entry) => entry.path === "/contiguous" && over.test(entry.detail)),
        String(over),
      );
    }
  });

  it("says where a group has lost what lists it, and where a header has a message that there is not", async () => {
    const bytes = fs.readFileSync(path.join(FIXTURES, "salvage_earliest.h5"));
    const original = allIn(open(bytes));
    const [table] = [...placesOf(bytes, "\x11\0\x10\0\0\0\0\0")].slice(1);
    const changed = Buffer.from(bytes);
    changed[table!] = 0xb4;
    const file = open(changed);
    assert.ok(file.lost.some(({ byte, detail }) => byte === table && /a message of type 180/.test(detail)));
    const whole = original.reduce((sum, { byteLength }) => sum + byteLength, 0);
    assert.equal(await offered(changed, original), whole);
    changed[table!] = 0;
    assert.ok(open(changed).lost.some(({ detail }) => /neither what it is nor what is in it/.test(detail)));
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

/** Where the one address of 8 bytes stands. */
function placeOf(bytes: Buffer, address: number): number {
  const text = Buffer.alloc(8);
  text.writeBigUInt64LE(BigInt(address));
  const at = bytes.indexOf(text);
  assert.equal(bytes.indexOf(text, at + 1), -1);
  return at;
}

function* placesOf(bytes: Buffer, text: string): Generator<number> {
  for (let at = bytes.indexOf(text, 0, "latin1"); at >= 0; at = bytes.indexOf(text, at + 1, "latin1"))
    yield at;
}
