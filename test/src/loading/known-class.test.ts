import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openModel } from "../../../src/index.js";
import { dense, layer, sequential } from "./cases/parts.js";
import { writeArchive } from "./cases/write.js";

/** An architecture alone, as `model.to_json()` of Keras 2 writes it, with a layer of a public package. */
const ARCHITECTURE = {
  class_name: "Sequential",
  keras_version: "2.4.0",
  backend: "tensorflow",
  config: {
    name: "norms",
    layers: [
      { class_name: "Dense", config: { name: "dense", units: 4, batch_input_shape: [null, 3, 2] } },
      {
        class_name: "InstanceNormalization",
        config: { name: "norm", axis: -1, epsilon: 0.001, center: true, scale: true },
      },
    ],
  },
};

describe("a class of a public package", () => {
  let folder: string;
  before(() => (folder = mkdtempSync(join(tmpdir(), "loadlab-known-"))));
  after(() => rmSync(folder, { recursive: true }));

  it("is offered with its source, and taken when the user says so", async () => {
    const path = join(folder, "model.json");
    writeFileSync(path, JSON.stringify(ARCHITECTURE));
    const session = await openModel(path);
    await session.fix(1, "keep-initial"); // there are no weights
    const [problem] = session.waiting;
    assert.equal(problem?.code, "C01");
    const offer = problem.remedies[0]!;
    assert.equal(offer.id, "known");
    assert.equal(offer.fidelity, "equivalent");
    assert.match(offer.title, /^Take InstanceNormalization as \S/);
    await session.fix("InstanceNormalization", "known");
    assert.ok(!session.waiting.some(({ code }) => code === "C01"));
    await session.undo();
    assert.equal(session.waiting[0]?.code, "C01");
    session.abort();
  });

  it("that does not fit the file's weights is told as another class of this name, and can be written", async () => {
    const path = join(folder, "scale.json");
    const scale = { class_name: "Scale", config: { name: "scale", axis: -1 } };
    writeFileSync(
      path,
      JSON.stringify({
        ...ARCHITECTURE,
        config: { name: "m", layers: [ARCHITECTURE.config.layers[0], scale] },
      }),
    );
    const session = await openModel(path);
    await session.fix(1, "keep-initial"); // no weights: the package's class has two
    await session.fix("Scale", "known");
    const [problem] = session.waiting;
    assert.equal(problem?.code, "C21");
    assert.match(problem.found, /^Scale of \S.* does not fit "scale"\.$/);
    assert.match(problem.why, /cannot be called on \[None, 3, 4\] with no stored weights/);
    assert.deepEqual(
      problem.remedies.map(({ id }) => id),
      ["register", "skeleton", "set", "cut"],
    );
    session.abort();
  });

  it("that fails on the shapes and weights here is offered as such, behind one's own", async () => {
    const scale = layer("Scale", "scale", { factor: 3 });
    const parts = sequential(3, [null, 4], [dense("hidden", 4, 4), scale]);
    const session = await openModel(await writeArchive(join(folder, "factor.keras"), parts));
    assert.deepEqual(
      session.waiting[0]?.remedies
        .slice(0, 3)
        .map(({ id, title, fidelity }) => [id, fidelity, /, which .*$/.exec(title)?.[0]]),
      [
        ["register", "equivalent", undefined],
        ["skeleton", "equivalent", undefined],
        ["known", "approximate", ", which failed on the shapes and weights here"],
      ],
    );
    session.abort();
  });
});
