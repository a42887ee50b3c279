import path from "node:path";
import { byChoice, byItself, whole, type Case } from "./case.js";
import {
  copy,
  dense,
  functional,
  layer,
  savedLayer,
  savedLayers,
  sequential,
  type JsonObject,
  type Parts,
} from "./parts.js";
import { writeHdf5 } from "./write.js";

const diamond = (keras: 2 | 3 = 2) =>
  functional(
    keras,
    { x: [null, 6] },
    [
      [dense("left", 6, 4), "x"],
      [dense("right", 6, 4), "x"],
      [layer("Add", "sum"), "left", "right"],
      [dense("out", 4, 3), "sum"],
    ],
    ["out"],
  );

async function broken(folder: string, parts: Parts, change: (parts: Parts) => void) {
  const changed = copy(parts);
  change(changed);
  return { file: await writeHdf5(path.join(folder, "model.h5"), changed), whole: await whole(folder, parts) };
}

const inner = (parts: Parts): JsonObject => parts.config["config"] as JsonObject;

export const GRAPH_CASES: readonly Case[] = [
  {
    code: "G01",
    what: "two layers that wait for each other",
    async run(folder) {
      const parts = await broken(folder, diamond(), (changed) => {
        savedLayer(changed, "left")["inbound_nodes"] = [[["sum", 0, 0, {}]]];
      });
      return byChoice(parts, "G01", { place: /left|sum/, remedy: "connect" });
    },
  },
  {
    code: "G02",
    what: "a call of a layer that is not there",
    async run(folder) {
      const parts = await broken(folder, diamond(), (changed) => {
        savedLayer(changed, "out")["inbound_nodes"] = [[["summ", 0, 0, {}]]];
      });
      return byChoice(parts, "G02", { place: /out.*summ/, remedy: "connect" });
    },
  },
  {
    code: "G03",
    what: "calls of a nested model counted from the other end",
    async run(folder) {
      const unbroken = nested(2);
      const parts = await broken(folder, unbroken, (changed) => {
        savedLayer(changed, "out")["inbound_nodes"] = [[["block", 0, 0, {}]]];
      });
      return byItself(parts, "G03", /block/);
    },
  },
  {
    code: "G04",
    what: "a functional model inside a Sequential of Keras 3",
    async run(folder) {
      const block = nested(3);
      const functionalBlock = savedLayer(block, "block");
      const parts = sequential(3, [null, 6], [dense("out", 4, 3)]);
      savedLayers(parts).splice(1, 0, { ...functionalBlock, name: "block" } as never);
      parts.layers = block.layers;
      const file = await writeHdf5(path.join(folder, "model.h5"), parts);
      return byItself({ file, whole: await whole(folder, block) }, "G04", /block/);
    },
  },
  {
    code: "G05",
    what: "an input that the model does not list",
    async run(folder) {
      const unbroken = functional(
        2,
        { x: [null, 6], y: [null, 6] },
        [
          [dense("left", 6, 4), "x"],
          [dense("right", 6, 4), "y"],
          [layer("Add", "sum"), "left", "right"],
        ],
        ["sum"],
      );
      const parts = await broken(folder, unbroken, (changed) => {
        inner(changed)["input_layers"] = [["x", 0, 0]];
      });
      return byChoice(parts, "G05", { remedy: "input" });
    },
  },
  {
    code: "G06",
    what: "a Sequential of Keras 2.2 without its input layer",
    async run(folder) {
      const unbroken = {
        ...sequential(2, [null, 6], [dense("hidden", 6, 5), dense("out", 5, 3)]),
        version: "2.2.2",
      };
      return byItself(
        await broken(folder, unbroken, (changed) => savedLayers(changed).shift()),
        "G06",
        /hidden/,
      );
    },
  },
  {
    code: "G07",
    what: "an input whose shape nothing tells",
    async run(folder) {
      const unbroken = sequential(2, [null, 4, 3], [layer("Flatten", "flat"), dense("out", 12, 3)]);
      const parts = await broken(folder, unbroken, (changed) => savedLayers(changed).shift());
      return byChoice(parts, "G07", { place: /flat_input/, remedy: "input-shape", argument: "null,4,3" });
    },
  },
  {
    code: "G08",
    what: "a list of one input",
    async run(folder) {
      return byItself(await broken(folder, diamond(3), () => undefined), "G08", /list of one/);
    },
  },
  {
    code: "G09",
    what: "two layers of one name",
    async run(folder) {
      const unbroken = sequential(
        2,
        [null, 6],
        [dense("twin", 6, 5), dense("other", 5, 5), dense("out", 5, 3)],
      );
      const parts = await broken(folder, unbroken, (changed) => {
        savedLayer(changed, "other").config["name"] = "twin";
      });
      return byItself(parts, "G09", /twin/);
    },
  },
  {
    code: "G10",
    what: "1,200 layers in a row",
    async run(folder) {
      const acts = Array.from({ length: 1200 }, (_, i) =>
        layer("Activation", `act_${i}`, { activation: "linear" }),
      );
      const unbroken = sequential(2, [null, 6], [dense("out", 6, 3)]);
      const deep = sequential(2, [null, 6], [dense("out", 6, 3), ...acts]);
      return byItself(
        { file: await writeHdf5(path.join(folder, "model.h5"), deep), whole: await whole(folder, unbroken) },
        "G10",
        /1202 layers/,
      );
    },
  },
  {
    code: "G11",
    what: "an input of another rank than the first layer takes",
    async run(folder) {
      const lstm = { units: 4, activation: "tanh", recurrent_activation: "sigmoid", use_bias: true };
      const shapes = { kernel: [3, 16], recurrent_kernel: [4, 16], bias: [16] };
      const unbroken = sequential(
        2,
        [null, null, 3],
        [layer("LSTM", "memory", lstm, shapes), dense("out", 4, 2)],
      );
      const parts = await broken(folder, unbroken, (changed) => {
        savedLayer(changed, "input_1").config["batch_input_shape"] = [null, 3];
      });
      return byChoice(parts, "G11", { place: /memory/, remedy: "input-shape" });
    },
  },
];

/** A model in a model, with a Dense behind it. */
function nested(keras: 2 | 3): Parts {
  const block = functional(keras, { block_in: [null, 6] }, [[dense("inside", 6, 4), "block_in"]], ["inside"]);
  const outer = functional(
    keras,
    { x: [null, 6] },
    [
      [layer("Functional", "block"), "x"],
      [dense("out", 4, 3), "block"],
    ],
    ["out"],
  );
  const saved = savedLayer(outer, "block");
  saved.config = { ...(block.config["config"] as JsonObject), name: "block" };
  if (keras === 2) savedLayer(outer, "out")["inbound_nodes"] = [[["block", 1, 0, {}]]];
  const [inside, out] = [block.layers[0]!, outer.layers[1]!];
  outer.layers = [{ ...inside, name: "block" }, out];
  return outer;
}
