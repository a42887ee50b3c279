import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { openModel, saveModel, type tf } from "../../../src/index.js";
import { openModelFile } from "../../../src/formats/open.js";
import { cardText } from "../../../src/display/card/card-text.js";
import { dense, functional, savedLayer, stored } from "./cases/parts.js";
import { writeHdf5 } from "./cases/write.js";

describe("weights that are bound again after a decision", () => {
  let folder: string;
  beforeEach(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), "again-"))));
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

  it("leave nothing of the first attempt: the recipe gives the same numbers", async () => {
    const parts = functional(
      2,
      { x: [null, 4] },
      [
        [dense("base", 4, 6), "x"],
        [dense("o1", 6, 2), "base"],
        [dense("o2", 6, 1), "base"],
      ],
      ["o1", "o2"],
    );
    savedLayer(parts, "o1").config["units"] = 1;
    savedLayer(parts, "o2").config["use_bias"] = false;
    stored(parts, "base").name = "renamed";
    const file = await writeHdf5(path.join(folder, "model.h5"), parts);
    const session = await openModel(file);
    await session.fix("W01", "align");
    assert.equal(session.state, "loaded");
    const again = await openModel(file, { recipe: await session.recipe() });
    assert.equal(again.state, "loaded");
    const weights = (model: tf.LayersModel) =>
      model.weights.map((one) => [one.originalName, ...one.read().dataSync()]);
    assert.deepEqual(weights(session.finished()), weights(again.finished()));
    assert.ok(weights(again.finished()).some((values) => values.slice(1).every((n) => n === 0)));
  });
});

describe("a model that was mended to end before some of its layers", () => {
  it("is saved without them, since Keras numbers the layers that a model has", async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "unused-"));
    const parts = functional(
      2,
      { x: [null, 4] },
      [
        [dense("base", 4, 6), "x"],
        [dense("o1", 6, 2), "base"],
        [dense("o2", 6, 1), "base"],
      ],
      ["o1", "o2"],
    );
    const { config } = parts.config as { config: { output_layers: [string, number, number][] } };
    config.output_layers[0]![0] = "final";
    const session = await openModel(await writeHdf5(path.join(folder, "model.h5"), parts));
    await session.fix(1, "connect", "o2");
    const out = path.join(folder, "saved.keras");
    await saveModel(session.finished(), out);
    const saved = await openModelFile(out);
    const { layers } = (saved.config as { config: { layers: { config: { name: string } }[] } }).config;
    assert.deepEqual(
      layers.map((one) => one.config.name),
      ["x", "base", "o2"],
    );
    assert.deepEqual(
      saved.layers.filter(({ weights }) => weights.length > 0).map(({ name }) => name),
      ["base", "o2"],
    );
    fs.rmSync(folder, { recursive: true });
  });
});

describe("a decision that leaves nothing to choose", () => {
  it("is to be taken back, as the card says", async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "nothing-"));
    const parts = functional(
      2,
      { x: [null, 4] },
      [
        [dense("a", 4, 4), "x"],
        [dense("b", 4, 4), "a"],
        [dense("c", 4, 4), "b"],
      ],
      ["c"],
    );
    savedLayer(parts, "b")["inbound_nodes"] = [[["gone", 0, 0, {}]]];
    savedLayer(parts, "c")["class_name"] = "Unknown";
    const session = await openModel(await writeHdf5(path.join(folder, "model.h5"), parts));
    await session.fix("Unknown", "cut");
    assert.deepEqual(
      session.waiting.map(({ code, remedies }) => [code, remedies.length]),
      [["G02", 0]],
    );
    assert.match(cardText(session.report()), /Nothing is left to choose here: %step undo/);
    await session.undo();
    assert.deepEqual(
      session.waiting.map(({ code }) => code),
      ["C01"],
    );
    fs.rmSync(folder, { recursive: true });
  });
});
