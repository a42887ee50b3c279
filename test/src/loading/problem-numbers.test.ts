import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { openModel } from "../../../src/index.js";
import { cardText } from "../../../src/display/card/card-text.js";
import { dense, savedLayer, sequential } from "./cases/parts.js";
import { writeHdf5 } from "./cases/write.js";

describe("the numbers of the problems of a load", () => {
  let folder: string;
  beforeEach(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), "numbers-"))));
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

  const threeUnknown = async () => {
    const parts = sequential(
      3,
      [null, 4],
      ["a", "b", "c"].map((name) => dense(name, 4, 4)),
    );
    for (const name of ["a", "b", "c"]) savedLayer(parts, name)["class_name"] = `Class${name.toUpperCase()}`;
    return openModel(await writeHdf5(path.join(folder, "model.h5"), parts));
  };

  it("stay when another is settled, and come back with undo", async () => {
    const session = await threeUnknown();
    const numbers = () => session.waiting.map(({ number, subject }) => `${number} ${subject}`);
    assert.deepEqual(numbers(), ["1 ClassA", "2 ClassB", "3 ClassC"]);
    await session.fix(2, "replace", "Dense");
    assert.deepEqual(numbers(), ["1 ClassA", "3 ClassC"]);
    assert.match(cardText(session.report()), /%step fix 3 identity-stub/);
    await assert.rejects(session.fix(2, "replace", "Dense"), {
      name: "RangeError",
      message: "Problem 2 no longer waits. Those that wait: 1 (C01 ClassA), 3 (C01 ClassC).",
    });
    await session.fix(3, "replace", "Dense");
    assert.deepEqual(
      session.decisions.map(({ subject }) => subject),
      ["ClassB", "ClassC"],
    );
    await session.undo();
    await session.undo();
    assert.deepEqual(numbers(), ["1 ClassA", "2 ClassB", "3 ClassC"]);
  });

  it("are never given to a problem of a later step", async () => {
    const parts = sequential(3, [null, 4], [dense("a", 4, 4), dense("b", 4, 5)]);
    savedLayer(parts, "a")["class_name"] = "ClassA";
    savedLayer(parts, "b").config["units"] = 6;
    const session = await openModel(await writeHdf5(path.join(folder, "model.h5"), parts));
    await session.fix(1, "replace", "Dense");
    assert.deepEqual(
      session.waiting.map(({ number, subject }) => `${number} ${subject}`),
      ["2 b"],
    );
    await assert.rejects(session.fix(1, "adopt"), { message: /^Problem 1 no longer waits/ });
  });
});
