import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { FileSource } from "../../../../src/formats/byte-source.js";
import type { Dataset } from "../../../../src/formats/hdf5/dataset.js";
import { Hdf5File } from "../../../../src/formats/hdf5/file.js";
import { datasets } from "../../../../src/formats/hdf5/group.js";
import { readBytesThroughLibrary, readStringsThroughLibrary } from "../../../../src/formats/hdf5/library.js";
import { decodeNumbers } from "../../../../src/formats/hdf5/values.js";
import { sharedFile, sharedHdf5Files, sharedModels } from "../shared-models.js";

const BFLOAT16 = { kind: "float", size: 2, bigEndian: false, exponentBits: 8 } as const;
const HOSTILE = /external|virtual|bomb|cycle|user_filter/;

/** Our reader's values against those of the HDF5 library, dataset by dataset. Returns how many there were. */
async function compare(file: string): Promise<number> {
  const { root, source } = Hdf5File.open(FileSource.open(file));
  let count = 0;
  for (const dataset of datasets(root)) {
    if (dataset.dtype === null || dataset.byteLength === 0 || /lzf/.test(dataset.path)) continue;
    assert.deepEqual(await dataset.read(), await throughLibrary(dataset), `${file} ${dataset.path}`);
    count++;
  }
  source.close();
  return count;

  async function throughLibrary({ path, shape, type, byteLength, dtype }: Dataset): Promise<unknown> {
    const where = { source, path, shape, elementSize: type.size };
    if (dtype === "string") return readStringsThroughLibrary(where);
    const bytes = new Uint8Array(byteLength);
    await readBytesThroughLibrary(where, bytes);
    const numbers = type.kind === "opaque" ? BFLOAT16 : { ...type, bigEndian: false };
    return decodeNumbers(bytes, numbers, 0);
  }
}

describe("formats/hdf5: our reader and the HDF5 library agree", function () {
  this.timeout(120_000);

  it("on the fixtures", async () => {
    const folder = "test/fixtures/hdf5";
    for (const name of fs.readdirSync(folder)) {
      if (name.endsWith(".h5") && !HOSTILE.test(name))
        assert.ok((await compare(path.join(folder, name))) > 0 || /attributes|bad_json/.test(name));
    }
  });

  it("on files of public repositories", async function () {
    if (sharedModels() === null) {
      console.log("    skipped: ../shared/models is not there");
      this.skip();
    }
    let count = 0;
    for (const file of sharedHdf5Files()) count += await compare(sharedFile(file));
    assert.ok(count > 2000, `${count} datasets`);
  });
});
