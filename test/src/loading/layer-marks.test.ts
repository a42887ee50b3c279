import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { openModel } from "../../../src/index.js";
import { functional, layer, savedLayer } from "./cases/parts.js";
import { writeArchive } from "./cases/write.js";

describe("what a summary says of how a layer came to be", () => {
  it("is nothing for an operation of keras.ops: nobody has registered it", async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "marks-"));
    try {
      const parts = functional(3, { x: [null, 4] }, [[layer("Exp", "exp", {}), "x"]], ["exp"]);
      const saved = savedLayer(parts, "exp");
      saved["module"] = "keras.src.ops.numpy";
      saved.config = { name: "exp" };
      const file = await writeArchive(path.join(folder, "model.keras"), parts);
      const session = await openModel(file);
      assert.equal(session.state, "loaded");
      const marks = session.report().summary!.layers.map(({ name, mark }) => [name, mark]);
      assert.deepEqual(marks, [
        ["x", null],
        ["exp", null],
      ]);
    } finally {
      fs.rmSync(folder, { recursive: true });
    }
  });
});
