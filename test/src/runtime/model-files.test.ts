import { strict as assert } from "node:assert";
import fs from "node:fs";
import http from "node:http";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import * as tf from "@tensorflow/tfjs";
import { loadModel } from "../../../src/index.js";
import { useBackend } from "../../../src/runtime/choose.js";

describe("files of models for TensorFlow.js's own functions", () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "loadlab-model-files-"));
  const at = (name: string) => path.join(folder, name);
  const x = () => tf.linspace(0, 1, 28 * 28).reshape([1, 28, 28, 1]);
  const numbers = (model: tf.LayersModel) => Array.from((model.predict(x()) as tf.Tensor).dataSync());

  before(() => useBackend("cpu"));
  after(() => fs.rmSync(folder, { recursive: true }));

  it("file:// takes a model made here, and gives it back", async () => {
    const layers = [tf.layers.flatten({ inputShape: [28, 28, 1] }), tf.layers.dense({ units: 3 })];
    const model = tf.sequential({ layers });
    await model.save(`file://${at("made")}`);
    assert.deepEqual(fs.readdirSync(at("made")).sort(), ["model.json", "weights.bin"]);
    for (const url of [`file://${at("made")}/model.json`, at("made"), at("made/model.json")])
      assert.deepEqual(numbers(await tf.loadLayersModel(url)), numbers(model));
  });

  it("a loaded model is saved whole, for TensorFlow.js and for Keras", async () => {
    const model = await loadModel("notebooks/models/mnist_cnn.h5");
    await model.save(`file://${at("loaded")}`);
    const again = await tf.loadLayersModel(`file://${at("loaded")}/model.json`);
    for (const [i, value] of numbers(model).entries()) assert.ok(Math.abs(numbers(again)[i]! - value) < 1e-6);
    await model.save(at("loaded.keras"));
    assert.deepEqual(numbers(await loadModel(at("loaded.keras"))), numbers(model));
    await model.save(at("loaded.json"));
    assert.ok(fs.statSync(at("loaded.json")).isFile());
    await assert.rejects(model.save(at("loaded.keras")), /is there already/);
  });

  it("an address gives no other file for the weights: neither an error's page nor a start page", async () => {
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 3, inputShape: [2] })] });
    await model.save(`file://${at("served")}`);
    // As long as the weights, and no number of bytes that would stop it.
    const page = "<html>".padEnd(36, " ");
    const server = http.createServer(({ url }, response) => {
      const [, answer, name] = url!.split("/");
      const whole = fs.readFileSync(at(`served/${name}`));
      if (name === "model.json" || answer === "whole") response.end(whole);
      else if (answer === "cut") {
        response.writeHead(200, { "content-length": whole.length });
        response.write(whole.subarray(0, 8), () => response.destroy());
      } else response.writeHead(answer === "absent" ? 404 : 200, { "content-type": "text/html" }).end(page);
    });
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const x = tf.ones([1, 2]);
    const numbers = (of: tf.LayersModel) => Array.from((of.predict(x) as tf.Tensor).dataSync());
    try {
      assert.deepEqual(numbers(await tf.loadLayersModel(`${address}/whole/model.json`)), numbers(model));
      for (const [answer, told] of [
        ["absent", /absent\/weights\.bin, which model\.json names, the server answers 404 Not Found/],
        ["start", /the server answers a web page \(HTML\)/],
        ["cut", /cut\/weights\.bin did not arrive whole/],
      ] as const)
        await assert.rejects(tf.loadLayersModel(`${address}/${answer}/model.json`), told);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });

  it("says what opens the file where TensorFlow.js cannot", async () => {
    const config = { layers: [{ class_name: "RMSNormalization", config: {} }] };
    const topology = { model_config: { class_name: "Sequential", config } };
    fs.writeFileSync(at("unknown.json"), JSON.stringify({ modelTopology: topology, weightsManifest: [] }));
    const outside = [{ paths: ["../secret.bin"], weights: [] }];
    fs.writeFileSync(at("outside.json"), JSON.stringify({ modelTopology: {}, weightsManifest: outside }));
    fs.writeFileSync(at("broken.json"), "{");
    for (const [name, told] of [
      ["unknown.json", /no layer RMSNormalization, .*loadModel\(".*unknown\.json"\) of loadlab opens it/],
      ["outside.json", /weights outside its folder, which are not read/],
      ["broken.json", /broken\.json is no JSON/],
      ["missing.json", /missing\.json cannot be read: ENOENT/],
      ["model.h5", /reads model\.json alone.*loadModel/],
    ] as const)
      await assert.rejects(tf.loadLayersModel(`file://${at(name)}`), told);
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
    await assert.rejects(model.save("downloads://model"), /is of browsers\. Here: /);
  });
});
