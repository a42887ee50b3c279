import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { openModel, registerCustom, tf, unregisterCustom } from "../../../src/index.js";
import { cardText } from "../../../src/display/card/card-text.js";
import { summaryText } from "../../../src/display/summary/summary-text.js";
import { skeleton } from "../../../src/loading/drafts/skeleton.js";
import type { JsonValue } from "../../../src/formats/model-file.js";
import { dense, functional, layer, type JsonObject } from "./cases/parts.js";
import { writeHdf5 } from "./cases/write.js";

describe("an unknown layer of which two outputs are used", () => {
  let folder: string;
  beforeEach(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), "several-"))));
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

  /** `a` takes the first output of `pair`, `b` the second. */
  const open = async () => {
    const parts = functional(
      2,
      { x: [null, 4] },
      [
        [layer("Pair", "pair"), "x"],
        [dense("a", 4, 2), "pair"],
        [dense("b", 4, 3), "pair"],
      ],
      ["a", "b"],
    );
    const { layers } = parts.config["config"] as { layers: (JsonObject & { name: string })[] };
    layers.find(({ name }) => name === "b")!["inbound_nodes"] = [[["pair", 0, 1, {}]]] as JsonValue;
    return openModel(await writeHdf5(path.join(folder, "model.h5"), parts));
  };

  for (const [remedy, shape] of [
    ["identity-stub", undefined],
    ["zeros-like-stub", undefined],
    ["zeros-stub", "null,4"],
  ] as const)
    it(`is stood in for by ${remedy} with as many`, async () => {
      const session = await open();
      await session.fix(1, remedy, shape);
      assert.equal(session.state, "loaded", cardText(session.report()));
      const outputs = session.finished().predict(tf.ones([3, 4])) as tf.Tensor[];
      assert.deepEqual(
        outputs.map((output) => output.shape),
        [
          [3, 2],
          [3, 3],
        ],
      );
      await session.undo();
      assert.deepEqual(
        session.waiting.map(({ code }) => code),
        ["C01"],
      );
    });

  it("is asked for again where a function gives fewer", async () => {
    registerCustom("Pair", (x) => x as tf.Tensor);
    const session = await open();
    unregisterCustom("Pair");
    const [problem] = session.waiting;
    assert.equal(problem!.code, "C21");
    assert.match(problem!.found, /It gives one output, and b takes output 2 of it/);
    assert.match(problem!.advice, /Return a list of at least 2 tensors/);
  });

  it("has a skeleton with as many", async () => {
    const text = skeleton("Pair", (await open()).source("Pair"));
    assert.match(text, /call\(.*\): tf\.Tensor\[\]/);
    assert.match(text, /return \[x, x\];/);
    assert.match(text, /computeOutputShape\(.*\): tf\.Shape\[\] \{[^}]*return \[shape, shape\]/s);
  });
});

describe("what a load says of the model that it made", () => {
  let folder: string;
  beforeEach(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), "consequence-"))));
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

  const open = async () => {
    const parts = functional(2, { x: [null, 4] }, [[dense("a", 4, 4), "x"]], ["a"]);
    parts.training = {
      loss: "mse",
      metrics: ["my_metric"],
      optimizer_config: { class_name: "MySGD", config: { learning_rate: 0.1 } },
    };
    return openModel(await writeHdf5(path.join(folder, "model.h5"), parts));
  };

  it("has what an adjustment comes to that is only approximate, and the command on a line of its own", async () => {
    const { summary } = (await open()).report();
    const text = summaryText(summary!);
    assert.match(
      text,
      /Unknown optimizer: MySGD +approximate\n {7}Training goes on with plain gradient descent/,
    );
    assert.match(text, /\n {9}%register_custom --kind optimizer MySGD = \(config\) => .*\n/);
  });

  it("goes away with the step that found it", async () => {
    const parts = functional(
      2,
      { x: [null, 4] },
      [
        [layer("Gone", "gone"), "x"],
        [dense("a", 4, 4), "gone"],
      ],
      ["a"],
    );
    parts.training = { loss: "mse", optimizer_config: { class_name: "SGD", config: { learning_rate: 0.1 } } };
    const session = await openModel(await writeHdf5(path.join(folder, "cut.h5"), parts));
    await session.fix(1, "cut");
    assert.equal(session.report().notes.length, 1);
    await session.undo();
    assert.deepEqual(session.report().notes, []);
  });

  it("is never called equal where an argument is left out that nobody knows, or a policy is not that of the weights", async () => {
    const parts = functional(
      2,
      { x: [null, 4] },
      [
        [dense("a", 4, 4, { window: 3, shiny: null }), "x"],
        [dense("b", 4, 4, { dtype: "int8_from_float32" }), "a"],
      ],
      ["b"],
    );
    const { settled } = await openModel(await writeHdf5(path.join(folder, "model.h5"), parts));
    const told = settled.map(({ code, subject, applied }) => [code, subject, applied?.fidelity]);
    assert.deepEqual(told.filter(([code]) => code === "A06" || code === "C20").sort(), [
      ["A06", "a.shiny", "exact"],
      ["A06", "a.window", "approximate"],
      ["C20", "b.dtype", "approximate"],
    ]);
  });
});
