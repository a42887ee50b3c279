import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { openModel } from "../../../src/index.js";
import type { StoredLayer, StoredWeight } from "../../../src/formats/model-file.js";
import type { LayerSpec, ModelGraph } from "../../../src/keras/graph.js";
import { storedWeights } from "../../../src/loading/report/evidence.js";
import type { Work } from "../../../src/loading/work.js";
import { assertSame, whole } from "./cases/case.js";
import { conv2d, copy, dense, layer, savedLayer, savedLayers, sequential } from "./cases/parts.js";
import { writeArchive, writeHdf5 } from "./cases/write.js";

const POOL = { pool_size: [2, 2], strides: [2, 2], padding: "valid", data_format: "channels_last" };

describe("what a problem offers first", () => {
  let folder: string;
  beforeEach(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), "loadlab-"))));
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));
  const file = () => path.join(folder, "model.h5");
  const two = () => sequential(3, [null, 6], [dense("hidden", 6, 5), dense("out", 5, 3)]);

  it("the class of Keras's whose name ends the unknown one's, or that has its arguments", async () => {
    const unbroken = await whole(folder, two());
    for (const name of ["MyDense", "dense", "Head"]) {
      const parts = copy(two());
      savedLayer(parts, "out")["class_name"] = name;
      const session = await openModel(await writeHdf5(file(), parts));
      const offer = session.waiting[0]!.remedies.find(({ id }) => id === "replace");
      assert.match(offer!.command!, /replace Dense$/, name);
      await session.fix(1, "replace", "Dense");
      await assertSame(session.finished(), unbroken);
      session.abort();
    }
  });

  it("no class of Keras's in its own place, where its computation is not in the file", async () => {
    const config = { feature_columns: [], partitioner: null, expected_column_type: null };
    const parts = sequential(2, [null, 6], [layer("DenseFeatures", "features", config), dense("out", 6, 3)]);
    const session = await openModel(await writeHdf5(file(), parts));
    const [problem] = session.waiting;
    assert.equal(problem!.code, "C13");
    assert.match(problem!.found, /`DenseFeatures`, whose computation is outside the file\.$/);
    assert.ok(!problem!.remedies.some(({ id }) => id === "replace"));
    session.abort();
  });

  it("the word that a misspelt argument comes near", async () => {
    const make = () => sequential(3, [null, 6, 6, 3], [conv2d("conv", 3, 4), layer("Flatten", "flat")]);
    const unbroken = await whole(folder, make());
    const parts = copy(make());
    const { config } = savedLayer(parts, "conv");
    const right = String(config["padding"]);
    config["padding"] = `${right}e`;
    const session = await openModel(await writeHdf5(file(), parts));
    assert.equal(session.waiting[0]!.code, "A24");
    await session.fixAll();
    assert.equal(session.decisions[0]!.argument, `padding=${right}`);
    await assertSame(session.finished(), unbroken);
  });

  it("the number that a text is, where an argument is a number", async () => {
    const make = () =>
      sequential(2, [null, 6], [layer("LeakyReLU", "leaky", { alpha: 0.25 }), dense("out", 6, 3)]);
    const unbroken = await whole(folder, make());
    const parts = copy(make());
    savedLayer(parts, "leaky").config["alpha"] = "0.25";
    const session = await openModel(await writeHdf5(file(), parts));
    const [problem] = session.waiting;
    assert.equal(problem!.code, "A24", problem!.found);
    const command = problem!.remedies.find(({ id }) => id === "set")!.command;
    assert.match(command!, / set alpha=0\.25$/);
    await session.fixAll();
    await assertSame(session.finished(), unbroken);
  });

  it("the truth that Python's word for one is", async () => {
    const make = () => sequential(3, [null, 6], [layer("ReLU", "relu"), dense("out", 6, 3)]);
    const unbroken = await whole(folder, make());
    const parts = copy(make());
    savedLayer(parts, "out").config["trainable"] = true;
    savedLayer(parts, "out").config["use_bias"] = "True";
    const session = await openModel(await writeHdf5(file(), parts));
    const offers = session.waiting[0]!.remedies.map(({ command }) => command);
    assert.ok(offers.includes("%step fix # set use_bias=true"), offers.join("\n"));
    await session.fix(1, "set");
    await assertSame(session.finished(), unbroken);
  });

  it("no other model, and no draft, for all problems at once: only by its name", async () => {
    await whole(folder, two());
    const typo = await openModel(path.join(folder, "whole", "modle.h5"));
    const [open] = typo.waiting[0]!.remedies;
    assert.equal(path.basename(open!.suggestion!), "model.h5");
    await assert.rejects(typo.fixAll(), RangeError);
    await typo.fix(1, "open");
    assert.equal(typo.state, "loaded");
    const otherEnding = await openModel(path.join(folder, "whole", "Model.hdf5"));
    await otherEnding.fixAll();
    assert.equal(otherEnding.state, "loaded");
    const weights = await openModel(await writeHdf5(file(), two(), { config: false }));
    assert.ok(weights.waiting[0]!.remedies.some(({ id }) => id === "draft"));
    await assert.rejects(weights.fixAll(), /guesses, which are taken by their names: draft\.$/);
    await weights.fix(1, "draft");
    assert.equal(weights.decisions[0]!.remedy, "draft");
    const [taken] = weights.report().settled;
    assert.match(`${taken!.title}. ${taken!.found}`, /the names and shapes of the weights\. .*is a draft/);
  });

  it("the input's shape where a layer's weights need a length that it leaves open", async () => {
    const make = () =>
      sequential(3, [null, 6, 6, 3], [conv2d("conv", 3, 4), layer("Flatten", "flat"), dense("out", 144, 2)]);
    const unbroken = await whole(folder, make());
    const parts = copy(make());
    const layers = savedLayers(parts);
    if (layers[0]!["class_name"] === "InputLayer") layers.shift();
    for (const one of layers) delete one.config["batch_input_shape"];
    const session = await openModel(await writeHdf5(file(), parts));
    const [problem] = session.waiting;
    assert.equal(problem!.code, "G07", problem!.found);
    assert.match(problem!.found, /each length behind the batch/);
    assert.equal(problem!.remedies[0]!.suggestion, undefined, "what is open would be asked again");
    await session.fix(1, "input-shape", "null,6,6,3");
    await assertSame(session.finished(), unbroken);
  });

  const scaled = () => [layer("Rescaling", "scaled", { scale: 0.5, offset: 0 }), conv2d("conv", 3, 4)];
  for (const [what, input, layers] of [
    ["a convolution", [6, 6, 3], () => [conv2d("conv", 3, 4)]],
    ["a layer behind one without weights", [6, 6, 3], scaled],
    [
      "a layer without weights",
      [6, 6, 3],
      () => [layer("MaxPooling2D", "pool", POOL), layer("Flatten", "flat")],
    ],
    ["a Dense", [6], () => [dense("out", 6, 2)]],
  ] as const)
    it(`the input's shape behind a batch axis, where the file has it without one, for ${what}`, async () => {
      const unbroken = await whole(folder, sequential(3, [null, ...input], layers()));
      const parts = sequential(3, [...input], layers());
      const session = await openModel(await writeHdf5(file(), parts));
      const [problem] = session.waiting;
      const offer = problem!.remedies.find(({ id }) => id === "input-shape");
      assert.equal(offer?.suggestion, ["null", ...input].join(","), problem!.found);
      await session.fix(1, "input-shape");
      await assertSame(session.finished(), unbroken);
    });

  it("weights of a nested model's layer are found group by group", () => {
    const weights = [
      { name: "layers/functional/layers/dense/vars/0", shape: [6, 5] },
    ] as unknown as StoredWeight[];
    const inner = { name: "d1", weights } as unknown as StoredLayer;
    const top = { name: "inner", weights, inner: [inner] } as unknown as StoredLayer;
    const spec = { name: "d1", path: "inner/d1", className: "Dense" } as LayerSpec;
    const graph = { layers: [{ name: "inner", path: "inner" }] } as unknown as ModelGraph;
    assert.deepEqual(storedWeights({ file: { layers: [top] }, graph } as unknown as Work, spec), weights);
  });

  it("a config.json that is no JSON is what the card is headed by, not the weights", async () => {
    const target = path.join(folder, "model.keras");
    const session = await openModel(
      await writeArchive(target, two(), { config: "{class_name: Sequential}" }),
    );
    assert.deepEqual(
      session.waiting.map(({ code }) => code),
      ["F08"],
    );
    assert.match(session.waiting[0]!.where.container ?? "", /line 1, column 2/);
    assert.ok(session.waiting[0]!.remedies.some(({ id }) => id === "architecture"));
  });
});
