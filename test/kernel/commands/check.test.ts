import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { MODELS } from "../../src/loading/reference.js";

const MAIN = fileURLToPath(new URL("../../../kernel/commands/main.js", import.meta.url));

function check(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, "check", ...args], {
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

describe("loadlab check", () => {
  it("says that a model loads", () => {
    const { status, stdout } = check(`${MODELS}/mnist_cnn.h5`, "--json");
    assert.equal(status, 0);
    assert.deepEqual(JSON.parse(stdout), {
      format: "keras-hdf5",
      kerasVersion: "2.21.0",
      outcome: "loaded",
      rung: "layers",
      layers: 10,
      parameters: 14410,
      problems: [],
    });
  });

  it("says that a choice is needed, and which", () => {
    const { status, stdout } = check(`${MODELS}/custom_attention.h5`, "--json");
    assert.equal(status, 1);
    const result = JSON.parse(stdout) as { outcome: string; rung: unknown; problems: unknown[] };
    assert.equal(result.outcome, "needs-choice");
    assert.equal(result.rung, null);
    assert.deepEqual(result.problems, [
      {
        code: "C01",
        where: "attention",
        title: "The class MyAttention is unknown",
        fidelity: "equivalent",
        applied: false,
      },
    ]);
  });

  it("says that a file is refused", () => {
    const { status, stdout } = check("package.json", "--json");
    assert.equal(status, 2);
    assert.equal((JSON.parse(stdout) as { outcome: string }).outcome, "refused");
  });

  it("prints the card without --json", () => {
    const { status, stdout } = check(`${MODELS}/custom_attention.h5`);
    assert.equal(status, 1);
    assert.match(stdout, /● resolve[^]*%%register_custom MyAttention/);
  });
});
