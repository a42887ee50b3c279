import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { loadModel, openModel, registerCustom, tf, unregisterCustom } from "../../../src/index.js";
import { MyAttention } from "../../src/loading/my-attention.js";
import { MODELS } from "../../src/loading/reference.js";

const MAIN = fileURLToPath(new URL("../../../kernel/commands/main.js", import.meta.url));

function loadlab(...args: string[]) {
  return spawnSync(process.execPath, [MAIN, ...args], { encoding: "utf8" });
}

describe("loadlab repair and loadlab environment", function () {
  this.timeout(60_000);
  let folder: string;

  before(() => void (folder = fs.mkdtempSync(path.join(os.tmpdir(), "loadlab-repair-"))));
  after(() => fs.rmSync(folder, { recursive: true }));

  it("saves what loads, once", async () => {
    const out = path.join(folder, "fixed.keras");
    const first = loadlab("repair", `${MODELS}/mnist_cnn.h5`, "--out", out);
    assert.equal(first.status, 0, first.stderr);
    assert.ok((await openModel(out)).model);
    const second = loadlab("repair", `${MODELS}/mnist_cnn.h5`, "--out", out);
    assert.equal(second.status, 2);
    assert.match(second.stderr, /is there already\. --overwrite replaces it/);
  });

  it("takes a recipe, and asks for one where it needs it", async () => {
    const source = `${MODELS}/custom_attention.h5`;
    const out = path.join(folder, "attention.keras");
    const without = loadlab("repair", source, "--out", out);
    assert.equal(without.status, 1);
    assert.match(without.stderr, /%step save fix\.json/);
    assert.ok(!fs.existsSync(out));
    const session = await openModel(source);
    await session.skip();
    const recipe = path.join(folder, "fix.json");
    fs.writeFileSync(recipe, JSON.stringify(await session.recipe()));
    const repaired = loadlab("repair", source, "--recipe", recipe, "--out", out);
    if (session.state === "loaded") {
      assert.equal(repaired.status, 0, repaired.stderr);
      assert.match(
        fs.readFileSync(path.join(folder, "attention_layers.py"), "utf8"),
        /class MyAttention\(keras\.layers\.Layer\)/,
      );
    } else assert.equal(repaired.status, 1);
  });

  it("registers the classes of a file, so that the model is whole and not a stub", async () => {
    const source = `${MODELS}/custom_attention.h5`;
    const classes = path.join(folder, "classes.ts");
    const written = new URL("../../../../test/src/loading/my-attention.ts", import.meta.url);
    const text = fs.readFileSync(written, "utf8").replace('"../../../src/index.js"', '"loadlab"');
    fs.writeFileSync(classes, text);
    const out = path.join(folder, "whole.h5");
    const without = loadlab("repair", source, "--out", out);
    assert.match(without.stderr, /--register FILE\.ts/);
    const repaired = loadlab("repair", source, "--register", classes, "--out", out);
    assert.equal(repaired.status, 0, repaired.stderr);
    registerCustom("MyAttention", MyAttention);
    try {
      const [saved, whole] = [await loadModel(out), await loadModel(source)];
      const shape = whole.inputs[0]!.shape.map((length) => length ?? 2);
      const x = tf.randomUniform(shape, 0, 9, "int32");
      const difference = (whole.predict(x) as tf.Tensor)
        .sub(saved.predict(x) as tf.Tensor)
        .abs()
        .max();
      assert.equal((await difference.data())[0], 0);
    } finally {
      unregisterCustom("MyAttention");
    }
  });

  it("says what is wrong with a file of classes", () => {
    const register = (text: string) => {
      const file = path.join(folder, "wrong.ts");
      fs.writeFileSync(file, text);
      return loadlab("repair", `${MODELS}/mnist_cnn.h5`, "--register", file, "--out", "x.keras");
    };
    for (const [text, said] of [
      ["export const a = 1;", /--register .*wrong\.ts: exports no class or function/],
      ["export class A {}", /the class A extends no tf\.layers\.Layer/],
      ["throw new Error('not today')", /--register .*wrong\.ts: not today/],
    ] as const) {
      const { status, stderr } = register(text);
      assert.equal(status, 2, text);
      assert.match(stderr, said);
    }
    const absent = loadlab("repair", `${MODELS}/mnist_cnn.h5`, "--register", "absent.ts", "--out", "x.keras");
    assert.equal(absent.status, 2);
    assert.match(absent.stderr, /--register absent\.ts: /);
  });

  it("prints as JSON what was found, done and written, with the same exit codes", () => {
    const out = path.join(folder, "as-json.keras");
    const loaded = loadlab("repair", `${MODELS}/mnist_cnn.h5`, "--out", out, "--json");
    assert.equal(loaded.status, 0, loaded.stderr);
    const said = JSON.parse(loaded.stdout) as { outcome: string; files: { path: string; bytes: number }[] };
    assert.match(said.outcome, /^(loaded|repaired)$/);
    assert.deepEqual(said.files, [{ path: out, bytes: fs.statSync(out).size }]);
    const waits = loadlab("repair", `${MODELS}/custom_attention.h5`, "--out", `${out}.keras`, "--json");
    assert.equal(waits.status, 1);
    const asked = JSON.parse(waits.stdout) as { outcome: string; files: []; problems: { code: string }[] };
    assert.deepEqual([asked.outcome, asked.files, asked.problems[0]!.code], ["needs-choice", [], "C01"]);
  });

  it("says what is wrong with a recipe, showing none of its bytes", () => {
    const recipe = (file: string) =>
      loadlab("repair", `${MODELS}/mnist_cnn.h5`, "--out", "x.keras", "--recipe", file);
    const model = recipe(`${MODELS}/mnist_cnn.h5`);
    assert.equal(model.status, 2);
    assert.match(model.stderr, /A recipe is JSON: a value should be here \(line 1, column 1\)/);
    const absent = recipe(path.join(folder, "absent.json"));
    assert.equal(absent.status, 2);
    assert.match(absent.stderr, /absent\.json: there is no such file/);
  });

  it("refuses what is no model, and says what is missing", () => {
    assert.equal(loadlab("repair", "README.md", "--out", path.join(folder, "x.keras")).status, 2);
    assert.match(loadlab("repair", "README.md").stderr, /--out is missing/);
    assert.equal(loadlab("environment", "README.md").status, 2);
  });
});
