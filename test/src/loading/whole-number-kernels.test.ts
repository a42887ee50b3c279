import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { openModel } from "../../../src/index.js";
import { dense, sequential } from "./cases/parts.js";
import { writeHdf5 } from "./cases/write.js";

describe("a kernel of whole numbers in a layer that is not quantized", () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "whole-"));
  after(() => fs.rmSync(folder, { recursive: true, force: true }));

  it("is taken as it stands, and told; a plain kernel is not", async () => {
    const parts = () => sequential(2, [null, 4], [dense("a", 4, 3), dense("b", 3, 2)]);
    const file = path.join(folder, "whole.h5");
    const session = await openModel(await writeHdf5(file, parts(), { wholeNumbers: /kernel/ }));
    await session.run();
    assert.equal(session.state, "loaded");
    assert.deepEqual(session.report().notes.length, 1);
    assert.match(session.report().notes[0]!, /^a: .*kernel.* is stored as int8, and so is 1 other kernel\./);
    const biases = await openModel(await writeHdf5(file, parts(), { wholeNumbers: /bias/ }));
    await biases.run();
    assert.deepEqual(biases.report().notes, []);
  });
});
