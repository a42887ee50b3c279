import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { MODELS } from "../../src/loading/reference.js";

const MAIN = fileURLToPath(new URL("../../../kernel/commands/main.js", import.meta.url));

function summary(...args: string[]) {
  return spawnSync(process.execPath, [MAIN, "summary", ...args], { encoding: "utf8" });
}

const widest = (text: string) => Math.max(...text.split("\n").map((line) => line.length));

describe("loadlab summary", function () {
  this.timeout(60_000);

  it("shows the layers of a model in 80 columns", () => {
    const { status, stdout } = summary(`${MODELS}/mnist_cnn.h5`);
    assert.equal(status, 0);
    assert.match(stdout, /Layer +Class +Output shape +Parameters +Connected to/);
    assert.match(stdout, /14,410 parameters/);
    assert.ok(widest(stdout) <= 80, stdout);
  });

  it("shows what is stored where a choice is needed, after the card", () => {
    const { status, stdout, stderr } = summary("test/fixtures/archives/nested.weights.h5");
    assert.equal(status, 1);
    assert.match(stderr, /F09/);
    assert.match(stdout, /as stored[^]*Layer +Type +Parameters +Tensors[^]*stored/);
    assert.ok(widest(stdout) <= 80, stdout);
  });

  it("shows what is stored, without loading, when asked", () => {
    const { status, stdout } = summary("test/fixtures/arrays/list.npz", "--stored");
    assert.equal(status, 0);
    assert.match(stdout, /24 parameters in 12 tensors/);
  });

  it("says why a file is refused", () => {
    const { status, stdout, stderr } = summary("test/fixtures/hdf5/external_link.h5");
    assert.equal(status, 2);
    assert.equal(stdout, "");
    assert.match(stderr, /F18/);
  });
});
