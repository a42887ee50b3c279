import assert from "node:assert/strict";
import { tf } from "../../../src/index.js";
import type { JsonValue } from "../../../src/formats/model-file.js";
import { isObject } from "../../../src/keras/json.js";
import { knownLayerFor } from "../../../src/layers/known/index.js";
import type { LayerSpec } from "../../../src/keras/graph.js";
import type { LayerDefinition } from "../../../src/layers/registry.js";
import { resolveLayer } from "../../../src/layers/resolve.js";
import { startOn } from "../keras/start-on.js";
import { asTensor } from "../keras/reference.js";
import { buildCase, readCases, runCase } from "./layer-cases.js";
import { positionsFirst } from "../../../src/layers/known/keras-tutorials.js";

const files = ["known", "older-packages", "public-projects"].map(readCases);

/** The known classes among the layers of a model, and among those that these hold. */
function knownAmong(value: JsonValue): Map<string, LayerDefinition> {
  if (Array.isArray(value)) return new Map(value.flatMap((item) => [...knownAmong(item)]));
  if (!isObject(value)) return new Map();
  const inside = Object.values(value).flatMap((item) => [...knownAmong(item)]);
  const { class_name: className, config } = value;
  const named = typeof className === "string" && isObject(config) ? { className, config } : null;
  const known = named && knownLayerFor(named);
  return new Map(known && !known.packages ? [...inside, [named!.className, known.definition]] : inside);
}

describe("layers of public packages on the cpu back end", () => {
  before(() => startOn("cpu"));

  for (const { keras, cases } of files)
    for (const layerCase of cases) {
      it(`${layerCase.name}, Keras ${keras}`, async () => {
        const result = await runCase(layerCase, keras, knownAmong(layerCase.config));
        assert.ok(typeof result === "number" && result < 1e-5, `${result}`);
      });
    }

  it("are found by their class, whatever package a file says", () => {
    assert.equal(knownLayerFor({ className: "Custom>TCN" })?.className, "TCN");
    assert.equal(knownLayerFor({ className: "EmbeddingSim" })?.source, "keras-embed-sim 0.10, embeddings.py");
    assert.equal(knownLayerFor({ className: "MyLayer" }), null);
  });

  it("a tutorial's block drops out while it trains, as much as its config or the tutorial says", async () => {
    const { keras, cases } = files[0]!;
    const given = cases.find(({ name }) => name === "TransformerBlock")!;
    const asText = JSON.stringify(given.config);
    const x = asTensor(given.inputs[0]!);
    const moved = async (className: string, more: string) => {
      const config = JSON.parse(
        asText
          .replaceAll(/"class_name": ?"[^"]*TransformerBlock"/g, `"class_name":"${className}"`)
          .replaceAll('"ff_dim"', `${more}"ff_dim"`),
      ) as JsonValue;
      const model = await buildCase({ ...given, config }, keras, knownAmong(config));
      assert.ok(typeof model !== "string", String(model));
      const [still, training] = [false, true].map((flag) => model.apply(x, { training: flag }) as tf.Tensor);
      return tf.max(tf.abs(tf.sub(still!, training!))).dataSync()[0]! > 1e-6;
    };
    assert.equal(await moved("TransformerBlock", '"rate":0.5,'), true);
    assert.equal(await moved("TransformerBlock", ""), true);
    assert.equal(await moved("TransformerBlock", '"dropout_rate":0,'), false);
    assert.equal(await moved("TransformerEncoder", ""), false);
    assert.equal(await moved("TransformerEncoder", '"dropout":0.5,'), true);
  });

  it("are told from others of their name by an argument", () => {
    const block = (config: Record<string, number>) =>
      knownLayerFor({ className: "TransformerBlock", config })?.source;
    assert.match(block({ num_heads: 2, mlp_dim: 8 })!, /^vit-keras/);
    assert.match(block({ num_heads: 2, ff_dim: 8 })!, /^keras-io/);
    assert.equal(knownLayerFor({ className: "MultiHeadAttention", config: { num_heads: 2 } }), null);
    // Registered by name, one of these leaves Keras's own class as it is.
    const { definition } = knownLayerFor({ className: "MultiHeadAttention", config: { head_num: 2 } })!;
    const registered = new Map([["MultiHeadAttention", definition]]);
    const spec = (config: Record<string, number>) =>
      ({
        className: "MultiHeadAttention",
        registeredName: null,
        module: null,
        config,
      }) as unknown as LayerSpec;
    assert.equal(resolveLayer(spec({ head_num: 2 }), registered), definition);
    const own = resolveLayer(spec({ num_heads: 2, key_dim: 3 }), registered);
    assert.ok(own && own !== definition);
  });
});

describe("tables of tokens and of positions", () => {
  const order = (config: Record<string, unknown>, rows: number[]) =>
    positionsFirst((name) => config[name], rows, 5);

  it("are told by the config, and without one by the length of the sequence", () => {
    assert.equal(order({ maxlen: 5, vocab_size: 9 }, [5, 9]), true);
    assert.equal(order({ maxlen: 5, vocab_size: 9 }, [9, 5]), false);
    assert.equal(order({}, [5, 9]), true);
    assert.equal(order({}, [9, 5]), false);
    assert.equal(order({}, [5, 5]), false);
  });
});
