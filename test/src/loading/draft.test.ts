import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { chainOrder } from "../../../src/loading/drafts/draft-order.js";
import { openModel } from "../../../src/index.js";
import { draftCell, draftConfig, draftLayers } from "../../../src/loading/drafts/draft.js";
import type { ModelFile, StoredLayer, StoredWeight } from "../../../src/formats/model-file.js";
import { transformersModel } from "../../../src/loading/drafts/transformers-weights.js";

function stored(name: string, ...shapes: number[][]): StoredLayer {
  const weights = shapes.map((shape, i): StoredWeight => ({
    name: `${name}/vars/${i}`,
    path: `${name}/vars/${i}`,
    shape,
    dtype: "float32",
    byteLength: 4 * shape.reduce((a, b) => a * b, 1),
    whole: true,
    read: () => Promise.reject(new Error("not read")),
  }));
  return { name, weights, missing: [] };
}

describe("an architecture drafted from weights", () => {
  it("is in an order in which each layer takes what the one before gives", () => {
    const layers = draftLayers([
      stored("dense", [4, 3], [3]),
      stored("embedding", [20, 6]),
      stored("lstm", [6, 20], [5, 20], [20]),
      stored("lstm_1", [5, 16], [4, 16], [16]),
    ]);
    assert.deepEqual(
      layers.map(({ config }) => config["name"]),
      ["embedding", "lstm", "lstm_1", "dense"],
    );
    assert.equal(layers[1]!.config["return_sequences"], true);
    assert.equal(layers[2]!.config["return_sequences"], undefined);
    assert.equal(layers[1]!.config["recurrent_activation"], "sigmoid");
  });

  it("has the layers of a model inside another one by one, and a layer's own parts together", () => {
    const nested = (name: string, parts: Record<string, number[][]>): StoredLayer => {
      const weights = Object.entries(parts).flatMap(
        ([part, shapes]) =>
          stored(part === "" ? `layers/${name}` : `layers/${name}/${part}`, ...shapes).weights,
      );
      return { name, weights, missing: [] };
    };
    const layers = draftLayers([
      nested("dense", { "": [[5, 4], [4]] }),
      nested("encoder", { "layers/dense": [[4, 3], [3]], "layers/dense_1": [[3, 2], [2]] }),
      nested("lstm", { cell: [[2, 24], [6, 24], [24]] }),
    ]);
    assert.deepEqual(
      layers.map(({ className, config }) => [className, config["name"], config["units"]]),
      [
        ["Dense", "dense", 4],
        ["Dense", "encoder_dense", 3],
        ["Dense", "encoder_dense_1", 2],
        ["LSTM", "lstm", 6],
      ],
    );
  });

  it("keeps the file's order where it is one, and where there is none", () => {
    const chain = (takes: number, gives: number) => ({
      takes,
      gives,
      first: false,
      flattens: false,
      normalizes: false,
    });
    assert.deepEqual(chainOrder([chain(3, 3), chain(3, 3), chain(3, 2)]), [0, 1, 2]);
    assert.equal(chainOrder([chain(3, 5), chain(7, 2)]), null);
    const many = Array.from({ length: 200 }, (_, i) => chain(i < 199 ? 1 : 9, 1));
    assert.equal(chainOrder(many), null, "and gives up before long");
  });

  it("has normalizations behind convolutions, though archives list them first", () => {
    const norm = [[4], [4], [4], [4]];
    const layers = draftLayers([
      stored("batch_normalization", ...norm),
      stored("batch_normalization_1", ...norm),
      stored("conv2d", [3, 3, 4, 4], [4]),
      stored("conv2d_1", [3, 3, 4, 4], [4]),
      stored("dense", [48, 2], [2]),
      stored("depthwise_conv2d", [3, 3, 4, 1], [4]),
    ]);
    assert.deepEqual(
      layers.map(({ config }) => config["name"]),
      [
        "conv2d",
        "batch_normalization",
        "conv2d_1",
        "batch_normalization_1",
        "depthwise_conv2d",
        "flatten_before_dense",
        "dense",
      ],
    );
    assert.deepEqual(layers[0]!.config["batch_input_shape"], [null, 3, 4, 4]);
  });

  it("leaves the sides of the input open where the kernel behind a flattening does not fit", () => {
    const layers = draftLayers([stored("conv2d", [3, 3, 3, 4], [4]), stored("dense", [10, 2], [2])]);
    assert.deepEqual(layers[0]!.config["batch_input_shape"] ?? layers[0]!.config["batch_shape"], [
      null,
      null,
      null,
      3,
    ]);
  });

  it("counts ten layers of a class in their order", () => {
    const names = Array.from({ length: 12 }, (_, i) => (i === 0 ? "dense" : `dense_${i}`));
    const layers = draftLayers([...names].sort().map((name) => stored(name, [3, 3], [3])));
    assert.deepEqual(
      layers.map(({ config }) => config["name"]),
      names,
    );
  });

  it("wraps a recurrent layer whose weights are there twice, and hands on the steps that a Dense takes", () => {
    const once = [
      [6, 12],
      [4, 12],
      [2, 12],
    ];
    const layers = draftLayers([
      stored("bidirectional", ...once, ...once),
      stored("dense", [24, 2], [2]),
      stored("embedding", [20, 6]),
    ]);
    assert.deepEqual(
      layers.map(({ className }) => className),
      ["Embedding", "Bidirectional", "Flatten", "Dense"],
    );
    assert.deepEqual(layers[0]!.config["batch_input_shape"], [null, 3]);
    const { class_name: inner, config } = layers[1]!.config["layer"] as Record<string, unknown>;
    assert.equal(inner, "GRU");
    assert.equal((config as Record<string, unknown>)["return_sequences"], true);
  });

  it("has a Bidirectional that joins its outputs, as Keras's does without a merge_mode", async () => {
    const once = [
      [6, 12],
      [4, 12],
      [2, 12],
    ];
    const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), "loadlab-")), "draft.json");
    const layers = draftLayers([stored("bidirectional", ...once, ...once), stored("dense", [8, 2], [2])]);
    fs.writeFileSync(file, JSON.stringify(draftConfig(layers, "net")));
    const session = await openModel(file);
    await session.fix(1, "keep-initial");
    assert.deepEqual(session.finished().layers.at(-2)!.outputShape, [null, 8]);
    fs.rmSync(path.dirname(file), { recursive: true });
  });

  it("is printed for the problem that asks for it", () => {
    assert.match(draftCell([], "net", "C02"), /await session\.fix\("C02", "architecture"/);
  });
});

describe("weights of a Transformers model", () => {
  it("are known by their names", () => {
    const file = (name: string) =>
      ({
        layers: [{ ...stored("bert"), weights: [{ ...stored("x", [1]).weights[0]!, name }] }],
      }) as unknown as ModelFile;
    const names = {
      "tf_bert_for_sequence_classification/bert/embeddings/weight:0": "TFBertForSequenceClassification",
      "tf_distil_bert_model_1/distilbert/x:0": "TFDistilBertModel",
      "tfgpt2lm_head_model/transformer/wte/embeddings:0": "TFGPT2LMHeadModel",
      "tf_bert_for_masked_lm/bert/x:0": "TFBertForMaskedLM",
      "tft5_for_conditional_generation/x:0": "TFT5ForConditionalGeneration",
      "tfxlm_roberta_model_2/x:0": "TFXLMRobertaModel",
      "dense/kernel:0": null,
      "tf_dense/kernel:0": null,
    };
    for (const [name, expected] of Object.entries(names))
      assert.equal(transformersModel(file(name))?.name ?? null, expected);
  });

  it("that are part of another model are told from those of save_pretrained", () => {
    const file = (...names: string[]) =>
      ({
        layers: names.map((name) => ({
          ...stored("x"),
          weights: [{ ...stored("x", [1]).weights[0]!, name }],
        })),
      }) as unknown as ModelFile;
    assert.equal(transformersModel(file("tf_bert_model/a:0", "tf_bert_model/b:0"))?.isWhole, true);
    assert.equal(transformersModel(file("tf_bert_model/a:0", "head/kernel:0"))?.isWhole, false);
  });

  it("are known by the config.json beside them, where their names do not tell; also in parts", async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "loadlab-"));
    const says = '{"architectures": ["BertForSequenceClassification"], "model_type": "bert"}';
    fs.writeFileSync(path.join(folder, "config.json"), says);
    fs.copyFileSync("test/fixtures/arrays/model.safetensors", path.join(folder, "model.safetensors"));
    try {
      const advice = /`TFBertForSequenceClassification\.from_pretrained\(FOLDER\)\.save\(/;
      const [safetensors] = (await openModel(folder)).waiting;
      assert.match(safetensors!.advice, advice);
      assert.deepEqual(
        safetensors!.remedies.map(({ id }) => id),
        ["architecture"],
      );
      fs.rmSync(path.join(folder, "model.safetensors"));
      for (const part of ["00001-of-00002", "00002-of-00002"])
        fs.copyFileSync("test/fixtures/archives/nested.weights.h5", path.join(folder, `tf_model-${part}.h5`));
      const parts = await openModel(folder);
      assert.equal(parts.waiting[0]!.title, "The weights of a Transformers model, in several files");
      assert.match(parts.waiting[0]!.advice, advice);
    } finally {
      fs.rmSync(folder, { recursive: true });
    }
  });
});
