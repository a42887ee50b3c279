import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { openModel } from "../../../src/index.js";
import { assertReplayed, assertSame, whole } from "./cases/case.js";
import { copy, dense, sequential } from "./cases/parts.js";
import { writeHdf5 } from "./cases/write.js";

describe("a subclassed model, whose config lists no layers", () => {
  let folder: string;
  before(() => void (folder = fs.mkdtempSync(path.join(os.tmpdir(), "loadlab-subclassed-"))));
  after(() => fs.rmSync(folder, { recursive: true }));

  it("asks for its architecture, offers a draft as a stub, and keeps either in the recipe", async () => {
    const parts = sequential(2, [null, 6], [dense("first", 6, 5), dense("second", 5, 4)]);
    const changed = copy(parts);
    Object.assign(changed.config, { class_name: "MyNet", config: { name: "my_net", units: 5 } });
    const file = await writeHdf5(path.join(folder, "model.h5"), changed);
    const session = await openModel(file);
    assert.equal(session.state, "waiting");
    const [problem] = session.waiting;
    assert.deepEqual(
      [problem!.code, problem!.title, problem!.remedies.map(({ id, fidelity }) => `${id} ${fidelity}`)],
      [
        "C02",
        "The model is a class of its own, without a list of layers",
        ["register equivalent", "skeleton equivalent", "architecture exact", "draft stub"],
      ],
    );
    await assert.rejects(session.fixAll(), RangeError);
    await session.fix(1, "architecture", JSON.stringify(parts.config));
    await assertSame(session.finished(), await whole(folder, parts));
    await assertReplayed(session, file);
    await session.undo();
    assert.equal(session.waiting[0]!.code, "C02");
    await session.fix(1, "draft");
    assert.deepEqual(session.finished().outputs[0]!.shape, [null, 4]);
    await assertReplayed(session, file);
    session.abort();
  });

  it("waits on where what is given is no architecture, says why, and takes the right one then", async () => {
    const parts = sequential(2, [null, 6], [dense("first", 6, 5), dense("second", 5, 4)]);
    const changed = copy(parts);
    Object.assign(changed.config, { class_name: "MyNet", config: { name: "my_net" } });
    const session = await openModel(await writeHdf5(path.join(folder, "given.h5"), changed));
    for (const [given, says] of [
      ["", /No such file/],
      ["{}", /Not an architecture/],
      [folder, /Several models in this folder/],
      ['{"class_name": "Sequential", "config": {}}', /class Sequential without a list of layers/],
    ] as const) {
      await session.fix(1, "architecture", given);
      assert.deepEqual([session.state, session.waiting[0]?.code], ["waiting", "C02"], given);
      assert.match(session.waiting[0]!.found, says);
    }
    await session.fix(1, "architecture", JSON.stringify(parts.config));
    await assertSame(session.finished(), await whole(folder, parts));
  });
});
