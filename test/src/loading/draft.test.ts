import assert from "node:assert/strict";
import { chainOrder } from "../../../src/loading/draft-order.js";
import { draftCell, draftLayers } from "../../../src/loading/draft.js";
import type { ModelFile, StoredLayer, StoredWeight } from "../../../src/formats/model-file.js";
import { transformersClass } from "../../../src/loading/transformers-weights.js";

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

  it("keeps the file's order where it is one, and where there is none", () => {
    const chain = (takes: number, gives: number) => ({ takes, gives, first: false, flattens: false });
    assert.deepEqual(chainOrder([chain(3, 3), chain(3, 3), chain(3, 2)]), [0, 1, 2]);
    assert.equal(chainOrder([chain(3, 5), chain(7, 2)]), null);
    const many = Array.from({ length: 200 }, (_, i) => chain(i < 199 ? 1 : 9, 1));
    assert.equal(chainOrder(many), null, "and gives up before long");
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
      "dense/kernel:0": null,
    };
    for (const [name, expected] of Object.entries(names))
      assert.equal(transformersClass(file(name)), expected);
  });
});
