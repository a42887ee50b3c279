import path from "node:path";
import { loadModel, tf } from "../../../../src/index.js";
import { assertSame, byChoice, byItself, whole, type Case } from "./case.js";
import {
  copy,
  dense,
  layer,
  savedLayer,
  sequential,
  stored,
  weight,
  functional,
  type JsonObject,
  type Parts,
} from "./parts.js";
import { writeArchive, writeHdf5, writeJson, type Hdf5Options } from "./write.js";

/** Files that only Keras itself can write. */
const PROBLEMS = "test/fixtures/problems";

const three = (keras: 2 | 3 = 2) =>
  sequential(keras, [null, 6], [dense("first", 6, 5), dense("second", 5, 4), dense("third", 4, 3)]);

async function broken(
  folder: string,
  parts: Parts,
  change: (parts: Parts) => void,
  options: Hdf5Options = {},
) {
  const changed = copy(parts);
  change(changed);
  return {
    file: await writeHdf5(path.join(folder, "model.h5"), changed, options),
    whole: await whole(folder, parts),
  };
}

/** The unbroken model with a layer's weights at zero: what is left when they are lost. */
async function zeroed(folder: string, parts: Parts, ...names: string[]): Promise<tf.LayersModel> {
  const without = copy(parts);
  for (const name of names) for (const one of stored(without, name).weights) one.values.fill(0);
  return loadModel(await writeHdf5(path.join(folder, "zeroed.h5"), without));
}

const gru = (after: boolean): Parts =>
  sequential(
    2,
    [null, 5, 3],
    [
      layer(
        "GRU",
        "memory",
        { units: 4, activation: "tanh", recurrent_activation: "sigmoid", use_bias: true, reset_after: after },
        { kernel: [3, 12], recurrent_kernel: [4, 12], bias: after ? [2, 12] : [12] },
      ),
      dense("out", 4, 2),
    ],
  );

export const WEIGHT_CASES: readonly Case[] = [
  {
    code: "W01",
    what: "weights of a model with another layer in it",
    async run(folder) {
      const parts = await broken(folder, three(), (changed) => {
        changed.layers.forEach((one, i) => (one.name = `dense_${i + 7}`));
        changed.layers.splice(1, 0, {
          name: "dense_99",
          className: "Dense",
          weights: [weight("dense_99/kernel", [9, 9]), weight("dense_99/bias", [9])],
        });
      });
      return byChoice(parts, "W01", { place: /dense_99/, remedy: "align" });
    },
  },
  {
    code: "W02",
    what: "a bias in the file and none in the config",
    async run(folder) {
      const parts = await broken(
        folder,
        three(),
        (changed) => (savedLayer(changed, "second").config["use_bias"] = false),
      );
      return byChoice(parts, "W02", { place: /second/, remedy: "adopt" });
    },
  },
  {
    code: "W03",
    what: "units that are not those of the stored kernel",
    async run(folder) {
      const parts = await broken(
        folder,
        three(),
        (changed) => (savedLayer(changed, "third").config["units"] = 7),
      );
      return byChoice(parts, "W03", { place: /third/, remedy: "adopt" });
    },
  },
  {
    code: "W04",
    what: "a .keras whose layers were never built",
    async run(folder) {
      const parts = three(3);
      const changed = copy(parts);
      (changed.config["config"] as JsonObject)["layers"] = (
        (changed.config["config"] as JsonObject)["layers"] as JsonObject[]
      ).slice(1);
      const file = await writeArchive(path.join(folder, "model.keras"), changed);
      return byItself({ file, whole: await whole(folder, parts) }, "W04", /first/);
    },
  },
  {
    code: "W05",
    what: "a dataset that is named and not there",
    async run(folder) {
      const unbroken = three();
      const parts = await broken(folder, unbroken, () => undefined, {
        without: (name) => name === "second/bias",
      });
      const left = copy(unbroken);
      stored(left, "second").weights[1]!.values.fill(0);
      const rest = await loadModel(await writeHdf5(path.join(folder, "rest.h5"), left));
      return byChoice(parts, "W05", {
        place: /second/,
        remedy: "keep-initial",
        compare: (model) => assertSame(model, rest),
      });
    },
  },
  {
    code: "W06",
    what: "a GRU whose config does not say reset_after",
    run: async (folder) =>
      byItself(
        await broken(
          folder,
          gru(true),
          (changed) => delete savedLayer(changed, "memory").config["reset_after"],
        ),
        "W06",
        /memory/,
      ),
  },
  {
    code: "W07",
    what: "cuDNN weights in an LSTM",
    async run(folder) {
      const unbroken = sequential(
        2,
        [null, 5, 3],
        [
          layer(
            "LSTM",
            "memory",
            { units: 4, activation: "tanh", recurrent_activation: "sigmoid", use_bias: true },
            { kernel: [3, 16], recurrent_kernel: [4, 16], bias: [16] },
          ),
          dense("out", 4, 2),
        ],
      );
      return byItself(
        await broken(folder, unbroken, (changed) => asCudnn(changed, "memory")),
        "W07",
        /memory/,
      );
    },
  },
  {
    code: "W08",
    what: "a .h5 that was not finished",
    async run(folder) {
      const parts = three(3);
      const file = await writeHdf5(path.join(folder, "model.h5"), parts, { config: false });
      const architecture = writeJson(path.join(folder, "elsewhere.txt"), parts.config);
      return byChoice({ file, whole: await whole(folder, parts) }, "W08", {
        remedy: "architecture",
        argument: architecture,
      });
    },
  },
  {
    code: "W09",
    what: "weights in bfloat16",
    run: async () =>
      byItself(
        {
          file: `${PROBLEMS}/bfloat16.h5`,
          whole: await loadModel(`${PROBLEMS}/bfloat16_exact.h5`),
          within: 1e-2,
        },
        "W09",
        /hidden|out/,
      ),
  },
  {
    code: "W10",
    what: "a checkpoint of another version of the model",
    run: checkpointCase,
  },
  {
    code: "W11",
    what: "weights under other names and in another order",
    run: async (folder) =>
      byItself(await broken(folder, three(), (changed) => changed.layers.reverse()), "W11", /another order/),
  },
  {
    code: "W12",
    what: "a .keras without the weights of one layer",
    async run(folder) {
      const parts = functional(
        3,
        { x: [null, 6] },
        [
          [dense("first", 6, 5), "x"],
          [
            layer(
              "LayerNormalization",
              "norm",
              { axis: [-1], epsilon: 0.001, center: true, scale: true },
              { gamma: [5], beta: [5] },
            ),
            "first",
          ],
          [dense("third", 5, 3), "norm"],
        ],
        ["third"],
      );
      const file = await writeArchive(path.join(folder, "model.keras"), parts, {
        lacks: (name) => name === "norm",
      });
      const rest = await zeroed(folder, parts, "norm");
      return byChoice({ file, whole: await whole(folder, parts) }, "W12", {
        place: /norm/,
        remedy: "keep-initial",
        compare: (model) =>
          model.getLayer("norm").weights.length === 2
            ? sameButStart(model, rest)
            : Promise.reject(new Error("no weights")),
      });
    },
  },
  {
    code: "W13",
    what: "weights that are not finite",
    async run(folder) {
      const unbroken = three();
      const parts = await broken(folder, unbroken, (changed) =>
        stored(changed, "second").weights[1]!.values.fill(Number.NaN),
      );
      const left = copy(unbroken);
      stored(left, "second").weights[1]!.values.fill(0);
      const rest = await loadModel(await writeHdf5(path.join(folder, "rest.h5"), left));
      return byChoice(parts, "W13", {
        place: /second/,
        remedy: "zeros",
        compare: (model) => assertSame(model, rest),
      });
    },
  },
];

/** Keras starts gamma at one, not at zero, where a file lacks it. */
async function sameButStart(model: tf.LayersModel, rest: tf.LayersModel): Promise<void> {
  rest.getLayer("norm").setWeights(model.getLayer("norm").getWeights());
  await assertSame(model, rest);
}

/** What CuDNNLSTM stores for the same layer: each gate turned, and two biases. */
function asCudnn(parts: Parts, name: string): void {
  const [kernel, recurrent, bias] = stored(parts, name).weights as [
    ReturnType<typeof weight>,
    ReturnType<typeof weight>,
    ReturnType<typeof weight>,
  ];
  const turned = (from: typeof kernel, reshaped: boolean) => {
    const [rows, columns] = from.shape as [number, number];
    const gate = columns / 4;
    const values = new Float32Array(from.values.length);
    for (let g = 0; g < 4; g++)
      for (let r = 0; r < rows; r++)
        for (let c = 0; c < gate; c++) {
          const flat = reshaped ? c * rows + r : c * rows + r;
          const [row, column] = reshaped ? [Math.floor(flat / gate), flat % gate] : [c, r];
          values[row * columns + g * gate + column] = from.values[r * columns + g * gate + c]!;
        }
    from.values = values;
  };
  turned(kernel, true);
  turned(recurrent, false);
  const half = bias.values.map((n) => n / 2);
  bias.values = Float32Array.from([...half, ...half]);
  bias.shape = [bias.shape[0]! * 2];
}

async function checkpointCase(folder: string) {
  const { keras2Checkpoint } = await import("./checkpoint.js");
  return keras2Checkpoint(folder);
}
