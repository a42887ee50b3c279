import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import * as tf from "@tensorflow/tfjs";
import { openModel } from "../../../src/index.js";

/** The architecture of one layer, as TensorFlow 2.4 wrote it. */
async function opened(config: object) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "loadlab-bins-"));
  const file = path.join(folder, "model.json");
  const layer = {
    class_name: "Discretization",
    config: { name: "d", batch_input_shape: [null, 5], ...config },
  };
  const model = { class_name: "Sequential", config: { name: "s", layers: [layer] }, keras_version: "2.4.0" };
  fs.writeFileSync(file, JSON.stringify(model));
  const session = await openModel(file);
  if (session.state !== "loaded") await session.fix(1, "keep-initial");
  fs.rmSync(folder, { recursive: true });
  return session;
}

describe("layers: the bins of a Discretization under their older name", () => {
  it("are boundaries, and a value on one belongs above it (numpy.digitize)", async () => {
    for (const name of ["bins", "bin_boundaries"]) {
      const session = await opened({ [name]: [0, 1, 2] });
      const result = session.finished().predict(tf.tensor2d([[-0.5, 0, 0.5, 1.5, 2]])) as tf.Tensor;
      assert.deepEqual([...result.dataSync()], [0, 1, 1, 2, 3], name);
      session.abort();
    }
  });

  it("are no boundaries where they are a number", async () => {
    const session = await opened({ bins: 4 });
    assert.deepEqual(
      session.waiting.map(({ code }) => code),
      ["A24"],
    );
    session.abort();
  });
});
