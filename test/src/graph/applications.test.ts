import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { nativePlace } from "../../backends/places.js";

const PYTHON = process.env["LOADLAB_KERAS_PYTHON"];
const MODELS = ["MobileNetV2", "EfficientNetB0", "ResNet50", "ResNet50V2", "transformer"];
const TOLERANCE = { cpu: 1e-5, wasm: 1e-4, native: 1e-4, "TensorFlow's runtime": 1e-4 };

describe("graph: Keras applications predict Keras's numbers", function () {
  this.timeout(600_000);
  let folder: string;

  before(function () {
    if (PYTHON === undefined) {
      console.log("      skipped: LOADLAB_KERAS_PYTHON names no Python with Keras 3 and TensorFlow");
      return this.skip();
    }
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "loadlab-applications-"));
    const script = fileURLToPath(new URL("../../../../test/src/graph/applications.py", import.meta.url));
    const { status, stderr } = spawnSync(PYTHON, [script, folder], { encoding: "utf8" });
    assert.equal(status, 0, stderr.slice(-2000));
  });
  after(() => {
    if (folder) fs.rmSync(folder, { recursive: true });
  });

  for (const [place, tolerance] of Object.entries(TOLERANCE)) {
    it(`on ${place}, to ${tolerance}`, function () {
      const native = nativePlace();
      if (!["cpu", "wasm"].includes(place) && "missing" in native) {
        console.log(`      skipped: ${native.missing}`);
        return this.skip();
      }
      for (const name of MODELS) {
        const apart = difference(place, path.join(folder, name));
        assert.ok(apart <= tolerance, `${name}: ${apart}`);
      }
    });
  }
});

/** The largest difference from Keras's outputs, in a process of its own. */
function difference(place: string, model: string): number {
  const script = fileURLToPath(new URL("./predict-graph.js", import.meta.url));
  const args = ["--no-force-async-hooks-checks", script, place, model];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  assert.equal(status, 0, stderr.slice(-2000));
  return Number(stdout.trim().split("\n").at(-1));
}
