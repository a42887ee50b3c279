import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import type { Group } from "h5wasm";
import { openModel, type LoadSession, type tf } from "../../../src/index.js";
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

  /** Changes the lists of a file that is otherwise as Keras writes it. */
  async function relisted(change: (weights: Group) => void): Promise<LoadSession> {
    const file = path.join(folder, "relisted.h5");
    const parts = sequential(2, [null, 6], [dense("one", 6, 6), dense("two", 6, 6), dense("out", 6, 3)]);
    await hdf5(file, (root) => {
      root.create_attribute("model_config", JSON.stringify(parts.config));
      const all = root.create_group("model_weights") as Group;
      all.create_attribute("layer_names", ["one", "two", "out"]);
      for (const { name, weights } of parts.layers.filter((one) => one.weights.length > 0)) {
        const group = all.create_group(name) as Group;
        const names = weights.map((weight) => weight.name);
        group.create_attribute("weight_names", names);
        for (const weight of weights) dataset(group, weight.name, weight.shape, weight.values);
      }
      change(all);
    });
    unbroken = await whole(folder, parts);
    return openModel(file);
  }
  let unbroken: tf.LayersModel;

  const lists = (group: Group, name: string, values: string[]) => {
    group.delete_attribute(name);
    if (values.length > 0) group.create_attribute(name, values);
    else group.create_attribute(name, new Float32Array(0), [0], "<f4");
  };

  for (const [what, change] of [
    ["layers under a prefix", (all) => lists(all, "layer_names", ["m/one", "m/two", "m/out"])],
    ["one layer by another name", (all) => lists(all, "layer_names", ["one", "dense_7", "out"])],
    ["one layer too few", (all) => lists(all, "layer_names", ["one", "out"])],
    ["a layer twice", (all) => lists(all, "layer_names", ["one", "two", "two", "out"])],
    ["no layer", (all) => lists(all, "layer_names", [])],
    ["all layers in one text", (all) => lists(all, "layer_names", ["one,two,out"])],
    [
      "a weight by another name",
      (all) => lists(all.get("two") as Group, "weight_names", ["two/W", "two/bias"]),
    ],
    [
      "weights with :0",
      (all) => lists(all.get("two") as Group, "weight_names", ["two/kernel:0", "two/bias:0"]),
    ],
    ["no weight", (all) => lists(all.get("two") as Group, "weight_names", [])],
  ] satisfies [string, (all: Group) => void][]) {
    it(`takes what is there where the list names ${what}, and says so`, async () => {
      const session = await relisted(change);
      assert.equal(session.state, "loaded");
      await assertSame(session.finished(), unbroken);
      const told = session.settled.filter(({ title }) => /A list of names that does not fit/.test(title));
      assert.equal(told.length, what === "a layer twice" ? 0 : 1);
    });
  }

  it("reads whole numbers of one byte as a kernel's own where no scale stands beside them", async () => {
    const parts = sequential(2, [null, 6], [dense("out", 6, 3)]);
    const [kernel, bias] = parts.layers.find(({ name }) => name === "out")!.weights;
    kernel!.values.forEach((value, i) => (kernel!.values[i] = Math.round(value * 10)));
    const wanted = await whole(folder, parts);
    const file = path.join(folder, "bytes.h5");
    await hdf5(file, (root) => {
      root.create_attribute("model_config", JSON.stringify(parts.config));
      const all = root.create_group("model_weights") as Group;
      all.create_attribute("layer_names", ["out"]);
      const group = all.create_group("out") as Group;
      group.create_attribute("weight_names", ["kernel", "bias"]);
      const data = Int8Array.from(kernel!.values);
      group.create_dataset({ name: "kernel", data, shape: kernel!.shape, dtype: "<b" });
      dataset(group, "bias", bias!.shape, bias!.values);
    });
    const session = await openModel(file);
    assert.equal(session.state, "loaded");
    await assertSame(session.finished(), wanted);
  });
});
