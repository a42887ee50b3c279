import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import type { Group } from "h5wasm";
import { openModel } from "../../../src/index.js";
import { assertSame, whole } from "./cases/case.js";
import { dense, layer, type Parts, sequential } from "./cases/parts.js";
import { dataset, hdf5 } from "./cases/write.js";

const DEPTHWISE = { kernel_size: [2, 2], strides: [1, 1], padding: "valid", data_format: "channels_last" };

/** Kernels and biases, in a file that lists neither its layers nor their weights: what is left is in the alphabet's order. */
function writeUnlisted(target: string, { config, layers }: Parts): Promise<string> {
  return hdf5(target, (file) => {
    file.create_attribute("model_config", JSON.stringify(config));
    const all = file.create_group("model_weights") as Group;
    for (const { name, weights } of layers) {
      const group = all.create_group(name) as Group;
      for (const { name: path, shape, values } of weights) {
        dataset(group, `${name}/${path.slice(path.lastIndexOf("/") + 1)}`, shape, values);
      }
    }
  });
}

describe("a file whose lists of names are lost", () => {
  let folder: string;
  beforeEach(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), "unlisted-"))));
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

  it("has its layers by their groups, and their weights by what they are called", async () => {
    const parts = sequential(
      2,
      [null, 4, 4, 3],
      [
        layer("DepthwiseConv2D", "depth", DEPTHWISE, { depthwise_kernel: [2, 2, 3, 1], bias: [3] }),
        layer("Flatten", "flat"),
        dense("out", 27, 27),
      ],
    );
    const unbroken = await whole(folder, parts);
    const session = await openModel(await writeUnlisted(path.join(folder, "unlisted.h5"), parts));
    assert.equal(session.state, "loaded");
    await assertSame(session.finished(), unbroken);
  });
});
