import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { openModel } from "../../../src/index.js";
import { startOn } from "../keras/start-on.js";
import { writeHdf5 } from "../loading/cases/write.js";
import { readCases } from "./layer-cases.js";

describe("a session on a model of TensorFlow Addons", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "loadlab-addons-"));
  before(() => startOn("cpu"));
  after(() => {
    rmSync(folder, { recursive: true });
  });

  it("knows every class of it, layers and the cells that they hold", async () => {
    const { cases } = readCases("addons");
    const unknown: string[] = [];
    for (const { name, config } of cases) {
      const parts = {
        version: "2.12.0",
        backend: "tensorflow",
        config: config as never,
        layers: [],
        training: null,
      };
      const session = await openModel(await writeHdf5(path.join(folder, "model.h5"), parts));
      for (const { code, found } of session.report().waiting) {
        if (code.startsWith("C")) unknown.push(`${name}: ${code} ${found}`);
      }
    }
    assert.ok(cases.some(({ name }) => /Cell/.test(name)));
    assert.deepEqual(unknown, []);
  }).timeout(60000);
});
