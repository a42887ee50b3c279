import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("../../../kernel/commands/main.js", import.meta.url));
const list = (...args: string[]) =>
  spawnSync(process.execPath, [MAIN, "list", ...args], { encoding: "utf8" });

describe("loadlab list", () => {
  it("lists the tensors of a file with their layers, types and shapes", () => {
    const { status, stdout } = list("test/fixtures/hdf5/keras_long_names.h5");
    assert.equal(status, 0);
    const lines = stdout.split("\n");
    assert.match(lines[0]!, /^keras-hdf5, Keras 2\.4\.0, \d+ bytes$/);
    assert.match(stdout, /^c +c\/kernel:0 +float32 +\[2, 3\] +24$/m);
    assert.match(stdout, /^\(optimizer\) +Adam\/iter:0 +int64 +\[\] +8$/m);
    assert.match(stdout, /^5 tensors in 4 layers, 19 parameters; 2 optimizer tensors$/m);
  });

  it("gives the same as JSON, with offsets", () => {
    const { stdout } = list("test/fixtures/hdf5/keras_long_names.h5", "--json");
    const { tensors } = JSON.parse(stdout) as {
      tensors: { name: string; byteOffset: number; whole: boolean }[];
    };
    assert.equal(tensors.length, 7);
    assert.ok(tensors.every(({ byteOffset, whole }) => byteOffset > 0 && whole));
  });

  it("says what is wrong with a file that is refused, and exits 2", () => {
    const { status, stderr } = list("test/fixtures/hdf5/external_link.h5");
    assert.equal(status, 2);
    assert.match(stderr, /^F18 Refused HDF5 content \(\/g\/out\)\n {2}an external link/);
  });
});
