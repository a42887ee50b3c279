import assert from "node:assert/strict";
import path from "node:path";
import { loadModel, openModel, registerCustom, tf, unregisterCustom } from "../../../../src/index.js";
import type { JsonValue } from "../../../../src/formats/model-file.js";
import {
  assertSame,
  assertTold,
  byChoice,
  byCode,
  byItself,
  described,
  refused,
  whole,
  type Case,
} from "./case.js";
import { assertAsTensorFlow, GRAPHS } from "./graph-reference.js";
import {
  copy,
  dense,
  functional,
  layer,
  savedLayer,
  savedLayers,
  sequential,
  type JsonObject,
  type Node,
  type Parts,
} from "./parts.js";
import { writeArchive, writeHdf5 } from "./write.js";

/** A chain of a Dense, the layer in question, and a Dense. */
const around = (middle: ReturnType<typeof layer>, keras: 2 | 3 = 2): Parts =>
  functional(
    keras,
    { x: [null, 6] },
    [
      [dense("first", 6, 4), "x"],
      [middle, "first"],
      [dense("last", 4, 3), middle.config.name],
    ],
    ["last"],
  );

async function replaced(
  folder: string,
  unbroken: Parts,
  name: string,
  change: (saved: JsonObject & { config: JsonObject }) => void,
) {
  const broken = copy(unbroken);
  change(savedLayer(broken, name));
  return {
    file: await writeHdf5(path.join(folder, "model.h5"), broken),
    whole: await whole(folder, unbroken),
  };
}

const relu = (keras: 2 | 3 = 2) =>
  around(layer("ReLU", "middle", { max_value: null, negative_slope: 0, threshold: 0 }), keras);

/** A class of its own in the place of a ReLU. */
class Positive extends tf.layers.Layer {
  static className = "Positive";
  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.relu(Array.isArray(inputs) ? inputs[0]! : inputs);
  }
  override computeOutputShape(shape: tf.Shape): tf.Shape {
    return shape;
  }
}

const custom = (className: string) => (saved: JsonObject & { config: JsonObject }) => {
  saved["class_name"] = className;
  saved.config = { name: "middle", trainable: true };
};

/** A layer whose computation is a SavedModel elsewhere: test/fixtures/graph/export_dense, four numbers to three. */
async function outside(folder: string, code: string, className: string, config: JsonObject) {
  const nodes: Node[] = [
    [dense("first", 6, 4), "x"],
    [layer(className, "hub", config), "first"],
    [dense("last", 3, 2), "hub"],
  ];
  const parts = functional(2, { x: [null, 6] }, nodes, ["last"]);
  const file = await writeHdf5(path.join(folder, "model.h5"), parts);
  const module = await openModel(`${GRAPHS}/export_dense`);
  registerCustom(className, (x) => module.graph!.predict(x as tf.Tensor) as tf.Tensor);
  const unbroken = await loadModel(file);
  unregisterCustom(className);
  return byChoice({ file, whole: unbroken }, code, {
    place: /hub/,
    remedy: "saved-model",
    argument: `${GRAPHS}/export_dense`,
  });
}

export const CLASS_CASES: readonly Case[] = [
  {
    code: "C01",
    what: "a custom layer in a .h5",
    run: async (folder) =>
      byCode(
        await replaced(folder, relu(), "middle", custom("Positive")),
        "C01",
        "Positive",
        Positive,
        /middle/,
      ),
  },
  {
    code: "C02",
    what: "a custom layer in a .keras",
    async run(folder) {
      const broken = relu(3);
      custom("Positive")(savedLayer(broken, "middle"));
      Object.assign(savedLayer(broken, "middle"), { module: null, registered_name: "shop>Positive" });
      const file = await writeArchive(path.join(folder, "model.keras"), broken);
      return byCode(
        { file, whole: await whole(folder, relu(3)) },
        "C02",
        "shop>Positive",
        Positive,
        /middle/,
      );
    },
  },
  {
    code: "C03",
    what: "modules of Keras 2.13 in a .keras",
    async run(folder) {
      const broken = relu(3);
      Object.assign(broken.config, { module: "keras.src.engine.functional", registered_name: "Functional" });
      broken.version = "2.13.1";
      savedLayers(broken).forEach((one) => (one["module"] = "keras.layers"));
      return byItself(
        {
          file: await writeArchive(path.join(folder, "model.keras"), broken),
          whole: await whole(folder, relu(3)),
        },
        "C03",
        /keras\.src\.engine\.functional/,
      );
    },
  },
  {
    code: "C04",
    what: "modules of Keras 3 in a .keras",
    run: async (folder) =>
      byItself(
        {
          file: await writeArchive(path.join(folder, "model.keras"), relu(3)),
          whole: await whole(folder, relu(3)),
        },
        "C04",
        /keras\.src\.models\.functional/,
      ),
  },
  {
    code: "C05",
    what: "ThresholdedReLU",
    async run(folder) {
      const unbroken = around(
        layer("ReLU", "middle", { max_value: null, negative_slope: 0, threshold: 0.2 }),
      );
      return byItself(
        await replaced(folder, unbroken, "middle", (saved) => {
          saved["class_name"] = "ThresholdedReLU";
          saved.config = { name: "middle", theta: 0.2 };
        }),
        "C05",
        /middle.*ThresholdedReLU/,
      );
    },
  },
  {
    code: "C06",
    what: "a TensorFlow operation between the layers",
    run: async (folder) =>
      byItself(
        await replaced(folder, relu(), "middle", (saved) => {
          saved["class_name"] = "TFOpLambda";
          saved.config = { name: "middle", function: "nn.relu" };
          saved["inbound_nodes"] = [["first", 0, 0, { name: null }]];
        }),
        "C06",
        /middle.*nn\.relu/,
      ),
  },
  {
    code: "C07",
    what: "an operation of Keras 3 without its module",
    run: async (folder) =>
      byItself(
        await replaced(folder, relu(3), "middle", (saved) => {
          delete saved["module"];
          delete saved["registered_name"];
          saved["class_name"] = "Relu";
          saved.config = { name: "middle" };
        }),
        "C07",
        /middle.*Relu/,
      ),
  },
  {
    code: "C08",
    what: "the operation Softmax without its module",
    async run(folder) {
      const unbroken = around(layer("Softmax", "middle", { axis: -1 }), 3);
      return byItself(
        await replaced(folder, unbroken, "middle", (saved) => {
          delete saved["module"];
          delete saved["registered_name"];
          saved.config = { name: "middle", axis: -1 };
        }),
        "C08",
        /middle.*Softmax/,
      );
    },
  },
  {
    code: "C09",
    what: "a TensorFlow symbol that nobody knows",
    async run(folder) {
      const same = around(layer("Activation", "middle", { activation: "linear" }));
      return byChoice(
        await replaced(folder, same, "middle", (saved) => {
          saved["class_name"] = "TFOpLambda";
          saved.config = { name: "middle", function: "private.check_shapes" };
        }),
        "C09",
        { place: /middle.*private\.check_shapes/, remedy: "identity-stub" },
      );
    },
  },
  {
    code: "C10",
    what: "a TensorFlow Hub layer",
    run: (folder) =>
      outside(folder, "C10", "KerasLayer", { handle: "https://tfhub.dev/google/nnlm-en-dim50/2" }),
  },
  {
    code: "C11",
    what: "a Transformers model inside",
    run: (folder) => outside(folder, "C11", "Custom>TFBertMainLayer", { config: { hidden_size: 4 } }),
  },
  {
    code: "C12",
    what: "a layer of TensorFlow Addons",
    async run(folder) {
      const unbroken = around(
        layer(
          "GroupNormalization",
          "middle",
          { groups: 2, axis: -1, epsilon: 0.001, center: true, scale: true },
          { gamma: [4], beta: [4] },
        ),
      );
      return byItself(
        await replaced(folder, unbroken, "middle", (saved) => {
          saved["class_name"] = "Addons>GroupNormalization";
        }),
        "C12",
        /middle.*Addons>GroupNormalization/,
      );
    },
  },
  {
    code: "C13",
    what: "feature columns",
    run: (folder) => outside(folder, "C13", "DenseFeatures", { feature_columns: [] }),
  },
  {
    code: "C14",
    what: "a Sequential of tf.keras 2.1.6",
    async run(folder) {
      const parts = sequential(2, [null, 6], [dense("first", 6, 4), dense("last", 4, 3)]);
      return byItself(
        {
          file: await writeHdf5(path.join(folder, "model.h5"), { ...parts, version: "2.1.6-tf" }),
          whole: await whole(folder, parts),
        },
        "C14",
        /2\.1\.6-tf/,
      );
    },
  },
  {
    code: "C15",
    what: "a metric among the layers",
    async run(folder) {
      const broken = relu();
      savedLayers(broken).push({
        class_name: "Mean",
        name: "loss_tracker",
        config: { name: "loss_tracker", dtype: "float32" },
        inbound_nodes: [],
      } as never);
      broken.layers.push({
        name: "loss_tracker",
        className: "Mean",
        weights: [
          { name: "total", shape: [], values: new Float32Array([3]) },
          { name: "count", shape: [], values: new Float32Array([2]) },
        ],
      });
      return byItself(
        { file: await writeHdf5(path.join(folder, "model.h5"), broken), whole: await whole(folder, relu()) },
        "C15",
        /loss_tracker/,
      );
    },
  },
  {
    code: "C16",
    what: "an activation that nobody knows",
    async run(folder) {
      const unbroken = around(dense("middle", 4, 4, { activation: "relu6" }));
      return byChoice(
        await replaced(folder, unbroken, "middle", (saved) => (saved.config["activation"] = "relu_6")),
        "C16",
        { place: /middle.*relu_6/, remedy: "replace" },
      );
    },
  },
  {
    code: "C17",
    what: "an initializer that nobody knows",
    run: async (folder) =>
      byItself(
        await replaced(folder, relu(), "first", (saved) => {
          saved.config["kernel_initializer"] = { class_name: "Custom>SpiralStart", config: { turns: 3 } };
        }),
        "C17",
        /first.*SpiralStart/,
      ),
  },
  {
    code: "C18",
    what: "a loss that nobody knows",
    run: async (folder) =>
      byItself(
        await trained(folder, relu(), {
          loss: "contrastive_margin",
          metrics: [],
          optimizer_config: { class_name: "Adam", config: {} },
        }),
        "C18",
        /contrastive_margin/,
      ),
  },
  {
    code: "C19",
    what: "a loss by its short name in a .h5 of Keras 3",
    run: async (folder) =>
      byItself(
        await trained(folder, relu(3), {
          loss: "mse",
          metrics: ["mae"],
          optimizer_config: { class_name: "Adam", config: { learning_rate: 0.001 } },
        }),
        "C19",
        /mse|mae/,
      ),
  },
  {
    code: "C20",
    what: "a dtype policy of Keras 2",
    run: async (folder) =>
      byItself(
        {
          ...(await replaced(folder, relu(), "first", (saved) => {
            saved.config["dtype"] = { class_name: "Policy", config: { name: "mixed_float16" } };
          })),
          within: 1e-3,
        },
        "C20",
        /first.*mixed_float16/,
      ),
  },
  { code: "C21", what: "a registered class that does not work here", run: wrongClass },
  {
    code: "C22",
    what: "a layer that was saved without its config",
    run: async (folder) =>
      byCode(
        await replaced(folder, relu(), "middle", (saved) => {
          saved["class_name"] = "Positive";
          saved.config = { name: "middle", "layer was saved without config": true };
        }),
        "C22",
        "Positive",
        Positive,
        /middle/,
      ),
  },
  {
    code: "C23",
    what: "a SavedModel with a custom layer",
    async run() {
      const session = await openModel(`${GRAPHS}/keras2_custom_layer`);
      assert.equal(session.state, "loaded", described(session));
      assertTold(session.settled, "C23");
      await assertAsTensorFlow(session, "keras2_custom_layer");
      return "itself";
    },
  },
  {
    code: "C24",
    what: "a class of the user's own that is called ReLU",
    run: async (folder) =>
      byChoice(
        await replaced(folder, relu(3), "middle", (saved) =>
          Object.assign(saved, { module: "my_layers", registered_name: "shop>ReLU" }),
        ),
        "C24",
        { place: /middle.*my_layers/, remedy: "builtin" },
      ),
  },
  {
    code: "C25",
    what: "a function of Keras in a layer's place",
    async run(folder) {
      const { file } = await replaced(folder, relu(3), "middle", (saved) => {
        Object.assign(saved, {
          module: "keras.config",
          class_name: "function",
          config: "enable_unsafe_deserialization",
          registered_name: "function",
        });
      }).catch(() => ({ file: "" }));
      return refused(file, "C25", /enable_unsafe_deserialization/);
    },
  },
];

async function trained(folder: string, parts: Parts, training: JsonValue) {
  const file = await writeHdf5(path.join(folder, "model.h5"), { ...parts, training });
  return { file, whole: await whole(folder, parts) };
}

/** The class throws; its problem has the shapes; the corrected class is registered, and the load goes on. */
async function wrongClass(folder: string) {
  const { file, whole: unbroken } = await replaced(folder, relu(), "middle", custom("Positive"));
  class Wrong extends Positive {
    static override className = "Wrong";
    override call(): tf.Tensor {
      throw new Error("the weights are missing");
    }
  }
  registerCustom("Positive", Wrong);
  try {
    const session = await openModel(file);
    assert.equal(session.state, "waiting", described(session));
    assertTold(session.waiting, "C21", /middle.*the weights are missing/i);
    assert.deepEqual(session.waiting[0]!.evidence!.upstream[0]!.shape, [null, 4]);
    registerCustom("Positive", Positive);
    await session.step();
    assert.equal(session.state, "loaded", described(session));
    await assertSame(session.finished(), unbroken);
    return "code" as const;
  } finally {
    unregisterCustom("Positive");
  }
}
