import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { openModel, tf } from "../../../src/index.js";
import { parseVariables } from "../../../src/loading/custom/given-variables.js";
import { functional, layer } from "./cases/parts.js";
import { writeHdf5 } from "./cases/write.js";

/** Python 3.11: `lambda x: K.reshape(x, (-1, rows, 2)) * scale`. */
const CODE =
  "4wEAAAAAAAAAAAAAAAYAAAADAAAA81gAAACXAHQAAAAAAAAAAAAAAKABAAAAAAAAAAAAAAAAAAAAAAAAAAB8AGQBdAQAAAAAAAAAAAAAZAJmA6YCAACrAgAAAAAAAAAAdAYAAAAAAAAAAAAAegUAAFMAKQNO6f/////pAgAAACkE2gFL2gdyZXNoYXBl2gRyb3dz2gVzY2FsZSkB2gF4cwEAAAAg+gg8c3RyaW5nPvoIPGxhbWJkYT5yCgAAAAMAAABzHwAAAIAAtQG3CbIJuCG4YsUkyAG4XdEwS9QwS81l0TBTgADzAAAAAA==";

describe("a Lambda of variables of its Python program", () => {
  let file = "";
  let folder = "";

  before(async () => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "variables-"));
    const lambda = { function: [CODE, null, null], function_type: "lambda", arguments: {} };
    const parts = functional(2, { x: [null, 4] }, [[layer("Lambda", "rows", lambda), "x"]], ["rows"]);
    file = await writeHdf5(path.join(folder, "rows.h5"), parts);
  });

  after(() => fs.rmSync(folder, { recursive: true }));

  it("is translated once their values are said, and its recipe holds them", async () => {
    const session = await openModel(file);
    const [asked] = session.waiting;
    assert.equal(asked!.code, "A16");
    const remedy = asked!.remedies.find(({ id }) => id === "variables")!;
    assert.match(remedy.title, /^Say what `scale` and `rows` were/);
    await session.fix(1, "variables", "rows=2, scale=0.5");
    assert.deepEqual([session.state, session.waiting[0]!.code], ["waiting", "A15"]);
    await session.fix("rows", "translate");
    const predicted = session.finished().predict(tf.tensor2d([[1, 2, 3, 4]])) as tf.Tensor;
    assert.deepEqual(await predicted.array(), [
      [
        [0.5, 1],
        [1.5, 2],
      ],
    ]);
    const again = await openModel(file, { recipe: await session.recipe() });
    assert.equal(again.state, "loaded");
    assert.deepEqual(again.report().notes, []);
    await again.undo();
    assert.deepEqual([again.waiting[0]!.code, again.report().notes], ["A15", []]);
    await again.undo();
    assert.equal(again.waiting[0]!.code, "A16");
  });

  it("takes values as Python writes them, and says what is no value", () => {
    const text = "n=2, size=(8, 8,), mode='max', flip=True, x=None, y=-1.5, z=[1, 2], w=2.";
    const values = { n: 2, size: [8, 8], mode: "max", flip: true, x: null, y: -1.5, z: [1, 2], w: 2 };
    assert.deepEqual(parseVariables(text), values);
    for (const bad of ["n", "n=", "n=__import__('os')", "=2", "n=m"])
      assert.throws(() => parseVariables(bad), { name: "RangeError", message: /written as latent_dim=2/ });
  });
});
