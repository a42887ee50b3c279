import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { openModel, registerGraphOp, tf } from "../../../../src/index.js";
import { assertTold, byChoice, byItself, described, refused, whole, type Case } from "./case.js";
import { assertAsTensorFlow, GRAPHS } from "./graph-reference.js";
import { frozenWithOp } from "./frozen-graph.js";
import { copy, dense, functional, layer, savedLayer, sequential, type Parts } from "./parts.js";
import { writeArchive, writeHdf5 } from "./write.js";

const two = (keras: 2 | 3 = 2): Parts =>
  sequential(keras, [null, 6], [dense("hidden", 6, 5), dense("out", 5, 3)]);

/** The model with the state of an optimizer beside its weights. */
async function withState(
  folder: string,
  parts: Parts,
  state: readonly (readonly [string, number[]])[],
): Promise<string> {
  const file = await writeHdf5(path.join(folder, "model.h5"), parts);
  const both = await writeHdf5(
    path.join(folder, "state.h5"),
    {
      ...parts,
      layers: [
        {
          name: "optimizer_weights",
          className: "",
          weights: state.map(([name, shape]) => ({
            name,
            shape,
            values: new Float32Array(shape.reduce((a, b) => a * b, 1)),
          })),
        },
      ],
    },
    { weightsOnly: true },
  );
  return joined(path.join(folder, "joined.h5"), file, both);
}

/** One HDF5 file with the groups of two. */
async function joined(target: string, one: string, other: string): Promise<string> {
  const h5wasm = await import("h5wasm");
  const { FS } = await h5wasm.ready;
  FS.writeFile("one.h5", fs.readFileSync(one));
  FS.writeFile("other.h5", fs.readFileSync(other));
  const from = new h5wasm.File("one.h5", "a");
  const more = new h5wasm.File("other.h5", "r");
  const group = more.get("optimizer_weights") as InstanceType<typeof h5wasm.Group>;
  const own = from.create_group("optimizer_weights") as InstanceType<typeof h5wasm.Group>;
  const names = group.attrs["weight_names"]!.value as string[];
  own.create_attribute(
    "weight_names",
    names,
    [names.length],
    `S${Math.max(...names.map((name) => name.length))}`,
  );
  for (const name of names) {
    const dataset = group.get(name) as InstanceType<typeof h5wasm.Dataset>;
    const parts = name.split("/");
    let owner = own;
    for (const part of parts.slice(0, -1))
      owner = (owner.get(part) ?? owner.create_group(part)) as typeof own;
    owner.create_dataset({
      name: parts.at(-1)!,
      data: Float32Array.from(dataset.value as Float32Array),
      shape: dataset.shape!,
      dtype: "<f",
    });
  }
  from.close();
  more.close();
  fs.writeFileSync(target, FS.readFile("one.h5"));
  return target;
}

/** Words to one of four, and a Dense behind. */
function lookup(keras: 2 | 3, vocabulary: string[] | string | null): Parts {
  const config = {
    vocabulary,
    max_tokens: null,
    num_oov_indices: 1,
    mask_token: null,
    oov_token: "[UNK]",
    output_mode: "one_hot",
    invert: false,
    encoding: "utf-8",
  };
  const parts = functional(
    keras,
    { word: [null, 1] },
    [
      [layer("StringLookup", "lookup", config), "word"],
      [dense("out", 4, 2), "lookup"],
    ],
    ["out"],
  );
  savedLayer(parts, "word").config["dtype"] = "string";
  return parts;
}

async function assertWords(model: tf.LayersModel, unbroken: tf.LayersModel): Promise<void> {
  const input = tf.tensor([["blue"], ["red"], ["violet"]], [3, 1], "string");
  const [found, wanted] = [model, unbroken].map((one) => one.predict(input) as tf.Tensor2D);
  const rows = await found!.array();
  assert.deepEqual(rows, await wanted!.array());
  assert.notDeepEqual(rows[0], rows[1]);
}

const ADAM = {
  optimizer_config: { class_name: "Adam", config: { learning_rate: 0.001 } },
  loss: "mse",
  metrics: [],
};

export const TRAINING_CASES: readonly Case[] = [
  {
    code: "O01",
    what: "an optimizer's state of other variables",
    async run(folder) {
      const parts = { ...two(), training: ADAM };
      const file = await withState(folder, parts, [
        ["training/Adam/m", [9, 9]],
        ["training/Adam/v", [2]],
      ]);
      return byItself({ file, whole: await whole(folder, two()) }, "O01");
    },
  },
  {
    code: "O02",
    what: "the state of a legacy optimizer",
    async run(folder) {
      const parts = { ...two(), version: "2.4.0", training: ADAM };
      const shapes = [[6, 5], [5], [5, 3], [3]];
      const slots = ["m", "v"].flatMap((slot) =>
        shapes.map((shape, i) => [`Adam/${i}/${slot}`, shape] as const),
      );
      const file = await withState(folder, parts, [["Adam/iter", [1]], ...slots]);
      return byItself({ file, whole: await whole(folder, two()) }, "O02", /legacy/);
    },
  },
  {
    code: "O03",
    what: "a vocabulary among the assets",
    async run(folder) {
      const words = ["[UNK]", "red", "green", "blue"];
      const parts = lookup(3, null);
      const more = { "assets/layers/string_lookup/vocabulary.txt": words.join("\n") };
      const file = await writeArchive(path.join(folder, "model.keras"), parts, { more });
      const unbroken = await whole(folder, lookup(2, words.slice(1)));
      const session = await openModel(file);
      assert.equal(session.state, "loaded", described(session));
      assertTold(session.settled, "O03", /lookup.*4/);
      await assertWords(session.finished(), unbroken);
      return "itself";
    },
  },
  {
    code: "O04",
    what: "a vocabulary in a file of another machine",
    async run(folder) {
      const words = ["red", "green", "blue"];
      const file = await writeHdf5(path.join(folder, "model.h5"), lookup(2, "/home/ana/data/colours.txt"));
      const list = path.join(folder, "colours.txt");
      fs.writeFileSync(list, `${words.join("\n")}\n`);
      const unbroken = await whole(folder, lookup(2, words));
      const compare = (model: tf.LayersModel) => assertWords(model, unbroken);
      return byChoice({ file, whole: unbroken }, "O04", {
        place: /lookup.*colours/,
        remedy: "vocabulary",
        argument: list,
        compare,
      });
    },
  },
  {
    code: "O05",
    what: "a pickled PyTorch module",
    async run(folder) {
      const parts = functional(
        3,
        { x: [null, 6] },
        [
          [
            layer("TorchModuleWrapper", "torch", { module: { class_name: "__bytes__", config: "gASV" } }),
            "x",
          ],
          [dense("out", 6, 3), "torch"],
        ],
        ["out"],
      );
      return refused(await writeHdf5(path.join(folder, "model.h5"), parts), "O05", /torch/);
    },
  },
  {
    code: "O06",
    what: "a graph of TensorFlow 2.21",
    async run() {
      const session = await openModel(`${GRAPHS}/export_dense`);
      assert.equal(session.state, "loaded", described(session));
      assertTold(session.settled, "O06", /TensorFlow 2\./);
      await assertAsTensorFlow(session, "export_dense");
      return "itself";
    },
  },
  {
    code: "O07",
    what: "an operation that nobody knows",
    async run(folder) {
      const session = await openModel(frozenWithOp(path.join(folder, "frozen.pb"), "HouseRule"));
      assert.equal(session.state, "waiting", described(session));
      assertTold(session.waiting, "O07", /HouseRule/);
      registerGraphOp("HouseRule", ([x]) => [tf.mul(x!, 3)]);
      await session.step();
      assert.equal(session.state, "loaded", described(session));
      const found = session.graph!.predict(tf.tensor([[1, -2]])) as tf.Tensor;
      assert.deepEqual(await found.array(), [[3, -6]]);
      return "code";
    },
  },
  {
    code: "O08",
    what: "hard_sigmoid, another function in each major",
    async run(folder) {
      const unbroken = sequential(
        2,
        [null, 6],
        [
          dense("hidden", 6, 5),
          layer("Rescaling", "line", { scale: 0.2, offset: 0.5 }),
          layer("ReLU", "act", { max_value: 1, negative_slope: 0, threshold: 0 }),
          dense("out", 5, 3),
        ],
      );
      const broken = sequential(
        2,
        [null, 6],
        [
          dense("hidden", 6, 5),
          layer("Activation", "act", { activation: "hard_sigmoid" }),
          dense("out", 5, 3),
        ],
      );
      broken.layers = copy(unbroken).layers.filter(({ name }) => name !== "line");
      return byItself(
        {
          file: await writeHdf5(path.join(folder, "model.h5"), broken),
          whole: await whole(folder, unbroken),
        },
        "O08",
        /act.*hard_sigmoid/,
      );
    },
  },
];
