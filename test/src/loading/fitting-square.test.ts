import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { openModel } from "../../../src/index.js";
import { conv2d, dense, layer, savedLayers, sequential, type MadeLayer } from "./cases/parts.js";
import { writeHdf5 } from "./cases/write.js";

describe("the shape of a picture that is not in the file", () => {
  let folder = "";
  before(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), "square-"))));
  after(() => fs.rmSync(folder, { recursive: true }));

  async function offered(layers: readonly MadeLayer[]) {
    const parts = sequential(2, [null, 30, 30, 2], layers);
    savedLayers(parts).shift();
    const session = await openModel(await writeHdf5(path.join(folder, "m.h5"), parts));
    const [problem] = session.waiting;
    session.abort();
    assert.equal(problem!.code, "G07");
    return problem!.remedies.find(({ id }) => id === "input-shape")!;
  }

  const pooled = layer("MaxPooling2D", "pool", { pool_size: [2, 2], strides: [2, 2], padding: "valid" });
  const valid = conv2d("c", 2, 3, { padding: "valid" });

  it("is told by the rows of the Dense behind, where its sides are alike", async () => {
    const { command, title, suggestion } = await offered([valid, layer("Flatten", "f"), dense("d", 588, 2)]);
    assert.match(command!, /input-shape null,16,16,2$/);
    assert.match(title, /with sides of one length, the one below fits the weights/);
    // A picture need not be square: nobody takes it unasked.
    assert.equal(suggestion, undefined);
  });

  it("is the roundest of several that fit, and an example where none does", async () => {
    const ofPooled = await offered([valid, pooled, layer("Flatten", "f"), dense("d", 243, 2)]);
    assert.match(ofPooled.command!, /input-shape null,20,20,2$/);
    const none = await offered([valid, layer("Flatten", "f"), dense("d", 589, 2)]);
    assert.match(none.command!, /input-shape null,28,28,2$/);
    assert.equal(none.title, "Say the shape of the input, batch first");
  });
});
