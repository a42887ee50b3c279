import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { openModel } from "../../../src/index.js";
import { assertReplayed, assertSame, whole } from "./cases/case.js";
import { copy, dense, type Parts, sequential } from "./cases/parts.js";
import { writeHdf5 } from "./cases/write.js";
import type { LayerSpec } from "../../../src/keras/graph.js";
import { adoptedArguments } from "../../../src/loading/weights/adopt.js";

describe("kernels that are stored turned round", () => {
  let folder: string;
  beforeEach(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), "turned-"))));
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

  const model = () => sequential(3, [null, 4], [dense("a", 4, 6), dense("square", 6, 6), dense("c", 6, 3)]);

  function turn(parts: Parts, names: readonly string[]): Parts {
    const turned = copy(parts);
    for (const { name, weights } of turned.layers) {
      const [kernel] = weights;
      if (!names.includes(name) || !kernel) continue;
      const [rows, columns] = kernel.shape as [number, number];
      const { values } = kernel;
      kernel.shape = [columns, rows];
      kernel.values = Float32Array.from(
        values,
        (_, i) => values[(i % rows) * columns + Math.floor(i / rows)]!,
      );
    }
    return turned;
  }

  it("are turned with the others of their class where no shape gives them away, and the recipe keeps each decision", async () => {
    const unbroken = await whole(folder, model());
    const file = await writeHdf5(path.join(folder, "model.h5"), turn(model(), ["a", "square", "c"]));
    const session = await openModel(file);
    await session.fix("a", "permute");
    assert.deepEqual(
      session.waiting.map(({ subject }) => subject),
      ["c"],
    );
    await session.fix("c", "permute");
    await assertSame(session.finished(), unbroken);
    const { found } = session.settled.find(({ where }) => where.layer === "square")!;
    assert.match(found, /it is square, and all others of its class lie so/);
    await assertReplayed(session, file);
  });

  it("stay as they are where one of the others lies as Keras has it", async () => {
    const unbroken = await whole(folder, model());
    const session = await openModel(await writeHdf5(path.join(folder, "model.h5"), turn(model(), ["a"])));
    await session.fix("a", "permute");
    await assertSame(session.finished(), unbroken);
  });

  it("give no units: the bias, or the units of the config, numbers or text, say that they are turned", () => {
    const of = (config: LayerSpec["config"], ...shapes: number[][]) =>
      adoptedArguments(
        { className: "Dense", config } as LayerSpec,
        shapes.map((shape, i) => ({ name: `w${i}`, shape })),
      );
    assert.equal(of({ units: "6", use_bias: true }, [6, 4], [6]), null);
    assert.equal(of({ units: "6", use_bias: false }, [6, 4]), null);
    assert.deepEqual(of({ units: "6", use_bias: true }, [4, 6], [6]), { units: 6 });
    assert.deepEqual(of({ units: 5, use_bias: true }, [4, 6], [6]), { units: 6 });
  });
});
