import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { MemorySource } from "../../../../src/formats/byte-source.js";
import { Damage } from "../../../../src/formats/hdf5/failures.js";
import { Hdf5File } from "../../../../src/formats/hdf5/file.js";
import { datasets } from "../../../../src/formats/hdf5/group.js";
import { lookup3 } from "../../../../src/formats/hdf5/lookup3.js";
import { FormatError } from "../../../../src/formats/model-file.js";
import { changedTensor } from "../../../../src/loading/problems/read-anyway.js";
import { openModel } from "../../../../src/index.js";

const FIXTURES = "test/fixtures/hdf5";

/** The structures that carry a checksum. */
const SIGNATURES = [
  ...["OHDR", "OCHK"],
  ...["BTHD", "BTLF", "BTIN"],
  ...["FRHP", "FHIB", "FHDB"],
  ...["FAHD", "FADB"],
  ...["EAHD", "EAIB", "EASB", "EADB"],
];

const text = (value: string): Uint8Array => new TextEncoder().encode(value);

/** The bytes at which structures begin whose checksum does not match; a file may be refused for what changed. */
function mismatches(bytes: Uint8Array): number[] {
  try {
    const file = Hdf5File.open(new MemorySource(bytes));
    for (const dataset of datasets(file.root)) void dataset.whole;
    return [...file.mismatches.keys()];
  } catch (error) {
    if (error instanceof Damage || error instanceof FormatError) return [];
    throw error;
  }
}

describe("formats/hdf5: checksums of the metadata", () => {
  it("computes lookup3 as its author's examples", () => {
    assert.equal(lookup3(text("")), 0xdeadbeef);
    assert.equal(lookup3(text("Four score and seven years ago")), 0x17770551);
  });

  it("matches in every file that the HDF5 library wrote", () => {
    for (const name of fs.readdirSync(FIXTURES)) {
      if (name.endsWith(".h5"))
        assert.deepEqual(mismatches(fs.readFileSync(path.join(FIXTURES, name))), [], name);
    }
  });

  it("reads a chunk that does not match its checksum when asked to, and only then", async () => {
    const bytes = fs.readFileSync(path.join(FIXTURES, "storage_earliest.h5"));
    const of = (file: Hdf5File) => [...datasets(file.root)].find((dataset) => dataset.path === "/checksum")!;
    const sound = of(Hdf5File.open(new MemorySource(Uint8Array.from(bytes))));
    bytes[sound.places()[0]!.start + 2]! ^= 1;
    const file = Hdf5File.open(new MemorySource(bytes));
    await assert.rejects(of(file).read(), (error) => changedTensor(error)?.where === "/checksum");
    file.takeChanged(true);
    const values = [...(await of(file).read())].map(Number);
    const whole = [...(await sound.read())].map(Number);
    assert.deepEqual(
      values.flatMap((value, i) => (value === whole[i] ? [] : [i])),
      [2],
    );
    file.takeChanged(false);
    await assert.rejects(of(file).read());
  });

  it("tells a changed bit in each kind of structure", () => {
    const missed = new Set(SIGNATURES);
    for (const name of [
      "many_latest.h5",
      "attributes_latest.h5",
      "storage_latest.h5",
      "links_latest.h5",
      "chunk_indexes.h5",
    ]) {
      const bytes = fs.readFileSync(path.join(FIXTURES, name));
      for (const signature of missed) {
        const start = bytes.indexOf(signature);
        for (let at = start + 5; start >= 0 && at < start + 12; at++) {
          bytes[at]! ^= 1;
          if (mismatches(bytes).includes(start)) missed.delete(signature);
          bytes[at]! ^= 1;
        }
      }
    }
    assert.deepEqual([...missed], []);
  });

  it("asks before it reads a model whose metadata has changed, and then reads it", async () => {
    const bytes = fs.readFileSync(path.join(FIXTURES, "keras_latest.h5"));
    const modified = bytes.indexOf("OHDR") + 6;
    bytes[modified]! ^= 0x40;
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "loadlab-checksum-"));
    try {
      const file = path.join(folder, "model.h5");
      fs.writeFileSync(file, bytes);
      const session = await openModel(file);
      const [problem, ...others] = session.report().waiting;
      assert.deepEqual(others, []);
      assert.equal(problem!.code, "F03");
      assert.deepEqual(problem!.where, { file, byte: modified - 6 });
      assert.match(problem!.found, /the object header of \/ .*do not match their checksum/);
      await session.fix(1, "read-anyway");
      assert.equal(session.state, "loaded");
      assert.equal(session.finished().countParams(), 9);
    } finally {
      fs.rmSync(folder, { recursive: true });
    }
  });
});
