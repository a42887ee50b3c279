import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { openModel } from "../../../../src/index.js";

const FIXTURE = "test/fixtures/graph/keras2_functional";

describe("a SavedModel whose files lie in one folder", () => {
  let folder: string;
  beforeEach(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), "flat-"))));
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

  it("has its variables all the same, and says where they lie", async () => {
    fs.cpSync(FIXTURE, folder, { recursive: true });
    for (const name of fs.readdirSync(path.join(folder, "variables")))
      fs.renameSync(path.join(folder, "variables", name), path.join(folder, name));
    fs.rmdirSync(path.join(folder, "variables"));
    const [flat, whole] = [await openModel(folder), await openModel(FIXTURE)];
    assert.equal(flat.state, "loaded");
    const { found } = flat.settled.find(({ code }) => code === "F12")!;
    assert.match(found, /variables\.index lies beside saved_model\.pb/);
    const weights = async ({ model }: typeof flat) =>
      Promise.all(model!.getWeights().map((weight) => weight.array()));
    assert.deepEqual(await weights(flat), await weights(whole));
  });
});
