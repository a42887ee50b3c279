import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { openModel, openModelFile } from "../../../src/index.js";
import { readMembers } from "../formats/fuzz/zip-members.js";
import { hdf5 } from "./cases/write.js";

/** Made by test/fixtures/archives.py. */
const ARCHIVE = "test/fixtures/archives/parts.keras";

describe("loading: files that say no version of Keras", () => {
  let folder: string;
  before(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "loadlab-version-"));
  });
  after(() => fs.rmSync(folder, { recursive: true }));

  const reported = async (file: string) => {
    const session = await openModel(file);
    const { waiting, settled } = session.report();
    session.abort();
    return [...waiting, ...settled].map(({ code }) => code);
  };

  it("tells nothing of Keras 1 and 2 about a model that Keras 3 wrote", async () => {
    const archive = await openModelFile(ARCHIVE);
    const architecture = path.join(folder, "model.json");
    fs.writeFileSync(architecture, JSON.stringify(archive.config));
    assert.ok(archive.optimizerWeights.length > 0);
    archive.close();
    const weights = path.join(folder, "model.weights.h5");
    const members = readMembers(fs.readFileSync(ARCHIVE));
    fs.writeFileSync(weights, members.find(({ name }) => name === "model.weights.h5")!.data);
    const codes = await reported(weights);
    for (const code of ["F10", "O02", "A05"]) assert.ok(!codes.includes(code), codes.join());
    fs.rmSync(architecture);
    assert.ok(!(await reported(weights)).includes("O02"));
  });

  it("says of an HDF5 file that holds nothing that saving it was not finished", async () => {
    const file = await hdf5(path.join(folder, "model.h5"), () => undefined);
    const session = await openModel(file);
    const { waiting, settled } = session.report();
    session.abort();
    assert.deepEqual(
      [...waiting, ...settled].map(({ code, title, found }) => [code, title, /holds no tensors/.test(found)]),
      [["W08", "Neither weights nor a model configuration", true]],
    );
  });

  it("says nothing of bytes for text about arrays of other programs", async () => {
    const file = await hdf5(path.join(folder, "arrays.h5"), (to) => {
      to.create_dataset({ name: "w", data: new Float32Array(6), shape: [2, 3], dtype: "<f4" });
    });
    assert.deepEqual(await reported(file), ["F09"]);
  });
});
