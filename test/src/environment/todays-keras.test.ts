import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { environmentOf, findingsForTodaysKeras } from "../../../src/index.js";
import { openModelFile } from "../../../src/formats/open.js";
import { copy, dense, savedLayer, sequential, type Parts } from "../loading/cases/parts.js";
import { writeArchive, writeHdf5 } from "../loading/cases/write.js";

async function changes(file: string): Promise<readonly string[]> {
  const opened = await openModelFile(file);
  try {
    return environmentOf(opened, await findingsForTodaysKeras(file)).changes;
  } finally {
    opened.close();
  }
}

describe("what today's Keras stops at", () => {
  let folder: string;
  beforeEach(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), "loadlab-"))));
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));
  const two = () => sequential(3, [null, 6], [dense("hidden", 6, 5), dense("out", 5, 3)]);
  const broken = (change: (parts: Parts) => void) => {
    const parts = copy(two());
    change(parts);
    return parts;
  };

  it("is nothing for a file that it loads, and what a load found for others", async () => {
    const archive = path.join(folder, "model.keras");
    await writeArchive(archive, two());
    assert.deepEqual(await changes(archive), []);
    const wider = broken((parts) => (savedLayer(parts, "out").config["units"] = 9));
    assert.match((await changes(await writeHdf5(path.join(folder, "a.h5"), wider))).join(), /out.*W03/);
    const unknown = broken((parts) => (savedLayer(parts, "out").config["activation"] = "my_act"));
    assert.match((await changes(await writeHdf5(path.join(folder, "b.h5"), unknown))).join(), /my_act.*C16/);
  });

  it("counts the calls of nested models of Keras 2 otherwise", async () => {
    const nested = path.resolve("test/fixtures/whole-models/siamese.keras2.h5");
    assert.match((await changes(nested)).join(), /as Keras 3 counts its calls/);
  });

  it("does not read a cut file, however well loadlab does", async () => {
    const whole = fs.readFileSync(await writeHdf5(path.join(folder, "whole.h5"), two()));
    const cut = path.join(folder, "cut.h5");
    fs.writeFileSync(cut, whole.subarray(0, whole.length - 8));
    assert.match((await changes(cut)).join(), /F03/);
  });
});
