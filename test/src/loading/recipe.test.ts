import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { openModel, parseRecipe, registerCustom, unregisterCustom } from "../../../src/index.js";
import { functional, layer } from "./cases/parts.js";
import { writeHdf5 } from "./cases/write.js";
import { MyAttention } from "./my-attention.js";
import { MODELS } from "./reference.js";

const CUSTOM = `${MODELS}/custom_attention.h5`;

/** A model of one Lambda, `lambda x: x / 127.5 - 1.0` by Python 3.9. */
async function lambdaModel(folder: string): Promise<string> {
  const { cases } = JSON.parse(fs.readFileSync("test/fixtures/lambdas.json", "utf8")) as {
    cases: { code: Record<string, string> }[];
  };
  const lambda = { function: [cases[0]!.code["3.9"]!, null, null], function_type: "lambda", arguments: {} };
  const parts = functional(2, { x: [null, 4] }, [[layer("Lambda", "scaled", lambda), "x"]], ["scaled"]);
  return writeHdf5(path.join(folder, "scaled.h5"), parts);
}

describe("recipe", () => {
  let folder = "";
  before(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), "recipe-"))));
  after(() => fs.rmSync(folder, { recursive: true }));

  it("takes the same decisions on the same file without asking", async () => {
    const session = await openModel(CUSTOM);
    await session.fix(1, "identity-stub");
    const recipe = parseRecipe(JSON.stringify(await session.recipe()));
    assert.equal(recipe.file.name, "custom_attention.h5");
    assert.match(recipe.file.sha256!, /^[0-9a-f]{64}$/);
    const again = await openModel(CUSTOM, { recipe });
    assert.equal(again.state, "loaded");
    assert.deepEqual(
      again.report().notes.filter((note) => note.includes("recipe")),
      [],
    );
  });

  it("says that the file is another one, and which entries fit nothing", async () => {
    const session = await openModel(CUSTOM);
    await session.fix(1, "identity-stub");
    const recipe = await session.recipe();
    const other = await openModel(`${MODELS}/mnist_cnn.h5`, { recipe });
    assert.equal(other.state, "loaded");
    const { notes } = other.report();
    assert.ok(notes.includes("The recipe was made for another file (custom_attention.h5, of other bytes)."));
    assert.ok(notes.includes("The recipe's C01 MyAttention identity-stub has nothing to do here."));
  });

  it("leaves out what had nothing to do", async () => {
    const session = await openModel(CUSTOM);
    await session.fix(1, "identity-stub");
    const recipe = await session.recipe();
    const other = await openModel(`${MODELS}/mnist_cnn.h5`, { recipe });
    assert.deepEqual((await other.recipe()).decisions, []);
  });

  it("keeps the translation that was accepted, and asks again where another would be taken", async () => {
    const file = await lambdaModel(folder);
    const session = await openModel(file);
    await session.fix(1, "translate");
    const recipe = await session.recipe();
    const [decision] = recipe.decisions;
    assert.equal(decision!.argument, "(x) => tf.sub(tf.div(x, 127.5), 1)");
    assert.equal((await openModel(file, { recipe })).state, "loaded");
    const other = { ...recipe, decisions: [{ ...decision!, argument: "(x) => tf.mul(x, 2)" }] };
    const again = await openModel(file, { recipe: other });
    assert.deepEqual([again.state, again.waiting[0]!.code], ["waiting", "A15"]);
    await again.fix(1, "translate");
    assert.equal((await again.recipe()).decisions.at(-1)!.argument, decision!.argument);
    await assert.rejects(
      (await openModel(file)).fix(1, "translate", "(x) => x"),
      /takes what is shown as it is/,
    );
  });

  it("gives way to a class that is registered", async () => {
    const session = await openModel(CUSTOM);
    await session.fix(1, "identity-stub");
    const recipe = await session.recipe();
    registerCustom("MyAttention", MyAttention);
    try {
      const again = await openModel(CUSTOM, { recipe });
      assert.equal(
        again.report().summary!.layers.find(({ name }) => name === "attention")!.mark?.kind,
        "custom",
      );
    } finally {
      unregisterCustom("MyAttention");
    }
  });

  for (const [text, message] of [
    ["{", /^A recipe is JSON/],
    ["[]", /This is no recipe/],
    [
      '{"loadlab": "recipe", "version": 1, "file": {"name": "a"}, "decisions": [{"code": 1}]}',
      /This is no recipe/,
    ],
  ] as const) {
    it(`refuses ${text}`, () => assert.throws(() => parseRecipe(text), { name: "TypeError", message }));
  }
});
