import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { openModel, tf } from "../../../src/index.js";
import { dense, savedLayer, sequential } from "./cases/parts.js";
import { writeHdf5 } from "./cases/write.js";

describe("what a repaired model says at every prediction", () => {
  let folder: string;
  beforeEach(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), "warnings-"))));
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

  /** What is said while a model of an unknown layer predicts, after that remedy. */
  async function said(remedy: string, argument?: string): Promise<string[]> {
    const parts = sequential(3, [null, 4], [dense("a", 4, 4), dense("b", 4, 4), dense("c", 4, 4)]);
    savedLayer(parts, "b")["class_name"] = "ClassB";
    const session = await openModel(await writeHdf5(path.join(folder, "model.h5"), parts));
    const model = (await session.fix(1, remedy, argument)).finished();
    const lines: string[] = [];
    const { warn } = console;
    console.warn = (text: string) => void lines.push(text);
    try {
      tf.dispose(model.predict(tf.ones([1, 4])));
    } finally {
      console.warn = warn;
    }
    return lines;
  }

  it("is where it was cut", async () => {
    assert.deepEqual(await said("cut"), [
      "model.h5: the model ends before b: its output is what reaches that layer, so these are not the saved model's numbers.",
    ]);
  });

  it("is which layers are stubs", async () => {
    assert.deepEqual(await said("identity-stub"), [
      "model.h5: 1 stub (b) on the way, so these are not the saved model's numbers.",
    ]);
  });

  it("is nothing where the remedy computes what was saved", async () => {
    assert.deepEqual(await said("replace", "Dense"), []);
  });
});
