import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { openModel } from "../../../src/index.js";
import { dense, layer, sequential } from "./cases/parts.js";
import { writeHdf5 } from "./cases/write.js";

describe("weights that no file holds", () => {
  let folder: string;
  beforeEach(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), "loadlab-limit-"))));
  afterEach(() => fs.rmSync(folder, { recursive: true }));

  /** A file whose first layer says that it has so many units, while its weights are those of five. */
  async function withUnits(units: number, first = dense("first", 6, 5)): Promise<string> {
    const big = { ...first, config: { ...first.config, units } };
    return writeHdf5(path.join(folder, "model.h5"), sequential(2, [null, 6], [big]));
  }

  it("are refused before memory is reserved for them, with their size and what the file stores", async () => {
    const session = await openModel(await withUnits(4_000_000_000));
    const [problem] = session.report().waiting;
    assert.equal(problem!.code, "A24");
    assert.equal(problem!.where.layer, "first");
    assert.match(
      problem!.found,
      /^units = 4000000000; its weight kernel would be \[6, 4000000000\], 89\.4 GB, .* stores \[6, 5\] \[5\]/,
    );
    await session.fix(1, "adopt");
    assert.deepEqual(session.finished().outputs[0]!.shape, [null, 5]);
  });

  it("are told as they are when the layer failed with its second weight", async () => {
    const gru = layer(
      "GRU",
      "memory",
      { units: 5, reset_after: true, use_bias: true },
      { kernel: [3, 15], recurrent_kernel: [5, 15], bias: [2, 15] },
    );
    const big = { ...gru, config: { ...gru.config, units: 300_000 } };
    const file = await writeHdf5(path.join(folder, "gru.h5"), sequential(2, [null, 4, 3], [big]));
    const [problem] = (await openModel(file)).report().waiting;
    assert.match(problem!.found, /recurrent_kernel would be \[300000, 900000\]/);
  });
});
