import assert from "node:assert/strict";
import { openModel, parseRecipe, registerCustom, unregisterCustom } from "../../../src/index.js";
import { MyAttention } from "./my-attention.js";
import { MODELS } from "./reference.js";

const CUSTOM = `${MODELS}/custom_attention.h5`;

describe("recipe", () => {
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
