import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import * as tf from "@tensorflow/tfjs";
import { openModel, saveModel } from "../../../src/index.js";

/** The architecture of one layer, as TensorFlow 2.4 wrote it. */
async function opened(config: object, keras_version = "2.4.0") {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "loadlab-bins-"));
  const file = path.join(folder, "model.json");
  const layer = {
    class_name: "Discretization",
    config: { name: "d", batch_input_shape: [null, 5], ...config },
  };
  const model = { class_name: "Sequential", config: { name: "s", layers: [layer] }, keras_version };
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

  it("take whole numbers where Keras 3.0 to 3.3 saved the dtype of the result, and go on to when saved again", async () => {
    const config = { bin_boundaries: [-0.5, 0, 0.5], dtype: "int64" };
    const numbers = tf.tensor2d([[0.9, -1.4, -0.9, 1.2, 0]]);
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "loadlab-bins-"));
    const saved = path.join(folder, "saved.keras");
    // Keras 3.3.3 and 3.15 gave the first four of [2, 0, 2, 3], Keras 2 those of [3, 0, 0, 3].
    for (const [version, expected] of [
      ["3.3.3", [2, 0, 2, 3, 2]],
      ["2.4.0", [3, 0, 0, 3, 2]],
    ] as const) {
      const session = await opened(config, version);
      const result = session.finished().predict(numbers) as tf.Tensor;
      assert.deepEqual([...result.dataSync()], expected, version);
      await saveModel(session.finished(), saved, { overwrite: true });
      const again = await openModel(saved);
      const second = again.finished().predict(numbers) as tf.Tensor;
      assert.deepEqual([...second.dataSync()], expected, version);
      session.abort();
    }
    fs.rmSync(folder, { recursive: true });
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
