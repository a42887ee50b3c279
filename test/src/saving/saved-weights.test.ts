import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import * as tf from "@tensorflow/tfjs";
import { layers, openModel, saveModel } from "../../../src/index.js";
import { assertSame } from "../loading/cases/case.js";
import { openModelFile } from "../../../src/formats/open.js";
import { dense, layer, sequential } from "../loading/cases/parts.js";
import { writeHdf5 } from "../loading/cases/write.js";

describe("the places of weights that are saved", () => {
  let folder: string;

  before(async () => {
    await tf.setBackend("cpu");
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "loadlab-save-"));
  });
  after(() => fs.rmSync(folder, { recursive: true }));

  it("GroupQueryAttention's weights stand under the name of its Python class, where Keras looks for them", async () => {
    const input = tf.input({ shape: [3, 4] });
    const attention = layers.groupQueryAttention({ headDim: 2, numQueryHeads: 2, numKeyValueHeads: 1 });
    const model = tf.model({ inputs: input, outputs: attention.apply([input, input]) as tf.SymbolicTensor });
    const target = path.join(folder, "grouped.keras");
    await saveModel(model, target);
    const file = await openModelFile(target);
    const paths = file.layers.flatMap(({ weights }) => weights.map((each) => each.path)).join();
    file.close();
    assert.match(paths, /grouped_query_attention\/_query_dense/);
  });

  it("a gate of attention has a place of its own, where Keras looks for it", async () => {
    const input = tf.input({ shape: [3, 4] });
    const grouped = { headDim: 2, numQueryHeads: 2, numKeyValueHeads: 1 };
    const gated = [
      layers.multiHeadAttention({ numHeads: 2, keyDim: 3, useGate: true }),
      layers.groupQueryAttention({ ...grouped, useGate: true, useBias: false }),
    ];
    const outputs = gated.map((attention) => attention.apply([input, input]) as tf.SymbolicTensor);
    const target = path.join(folder, "gated.keras");
    await saveModel(tf.model({ inputs: input, outputs }), target);
    assert.deepEqual(await shapesIn(target, /gate/), {
      "multi_head_attention/_gate_dense/vars/0": [4, 2, 3],
      "multi_head_attention/_gate_dense/vars/1": [2, 3],
      "grouped_query_attention/_gate_dense/vars/0": [4, 2, 2],
    });
  });

  it("divides Bidirectional where its two layers have unlike numbers of weights", async () => {
    const of = (use_bias: boolean) => ({
      class_name: "GRU",
      config: { units: 2, use_bias, name: `gru_${use_bias}` },
    });
    const both = { layer: of(true), backward_layer: { ...of(false) } };
    both.backward_layer.config = { ...both.backward_layer.config, go_backwards: true } as never;
    const weights = {
      "forward/kernel": [3, 6],
      "forward/recurrent_kernel": [2, 6],
      "forward/bias": [2, 6],
      "backward/kernel": [3, 6],
      "backward/recurrent_kernel": [2, 6],
    };
    const parts = sequential(2, [null, 5, 3], [layer("Bidirectional", "two", both, weights)]);
    const session = await openModel(await writeHdf5(path.join(folder, "unlike.h5"), parts));
    const target = path.join(folder, "unlike.keras");
    await saveModel(session.finished(), target);
    assert.deepEqual(await shapesIn(target, /bidirectional/), {
      "bidirectional/forward_layer/cell/vars/0": [3, 6],
      "bidirectional/forward_layer/cell/vars/1": [2, 6],
      "bidirectional/forward_layer/cell/vars/2": [2, 6],
      "bidirectional/backward_layer/cell/vars/0": [3, 6],
      "bidirectional/backward_layer/cell/vars/1": [2, 6],
    });
  });

  it("gives a Bidirectional whose layer goes backwards the other one, which Keras 3 makes go backwards too", async () => {
    const gru = { class_name: "GRU", config: { units: 2, go_backwards: true, name: "gru" } };
    const weights = Object.fromEntries(
      ["forward", "backward"].flatMap((way) => [
        [`${way}/kernel`, [3, 6]],
        [`${way}/recurrent_kernel`, [2, 6]],
        [`${way}/bias`, [2, 6]],
      ]),
    );
    const parts = sequential(2, [null, 5, 3], [layer("Bidirectional", "two", { layer: gru }, weights)]);
    const model = (await openModel(await writeHdf5(path.join(folder, "turned.h5"), parts))).finished();
    const target = path.join(folder, "turned.keras");
    await saveModel(model, target);
    const archive = await openModelFile(target);
    const config = JSON.stringify(archive.config);
    archive.close();
    assert.match(config, /"backward_layer":\{.*"go_backwards":false/);
    const x = tf.randomNormal([2, 5, 3], 0, 1, "float32", 3);
    const [first, again] = [model, (await openModel(target)).finished()].map(
      (each) => each.predict(x) as tf.Tensor,
    );
    assert.ok(Math.max(...first!.sub(again!).abs().dataSync()) < 1e-6);
  });

  it("divides the weights of a model inside a wrapper among its layers, where Keras looks for them", async () => {
    const inner = sequential(2, [null, 3], [dense("first", 3, 2), dense("second", 2, 4)]).config;
    const weights = {
      "first/kernel": [3, 2],
      "first/bias": [2],
      "second/kernel": [2, 4],
      "second/bias": [4],
    };
    const parts = sequential(2, [null, 5, 3], [layer("TimeDistributed", "each", { layer: inner }, weights)]);
    const session = await openModel(await writeHdf5(path.join(folder, "each.h5"), parts));
    const target = path.join(folder, "each_saved.keras");
    await saveModel(session.finished(), target, { overwrite: true });
    const file = await openModelFile(target);
    assert.deepEqual(
      file.layers.flatMap((stored) => stored.weights).map(({ name, shape }) => [name, shape]),
      ["dense/vars/0", "dense/vars/1", "dense_1/vars/0", "dense_1/vars/1"].map((name, k) => [
        `layers/time_distributed/layer/layers/${name}`,
        Object.values(weights)[k],
      ]),
    );
    file.close();
    const x = tf.randomNormal([2, 5, 3], 0, 1, "float32", 7);
    const run = (model: tf.LayersModel) => (model.predict(x) as tf.Tensor).dataSync();
    const again = (await openModel(target)).finished();
    assert.deepEqual(run(again as tf.LayersModel), run(session.finished() as tf.LayersModel));
  });

  it("takes the weights of a model inside a wrapper layer by layer, where what trains is not all first", async () => {
    const norm = (name: string) => layer("BatchNormalization", name, { axis: [1], epsilon: 0.01 });
    const inner = sequential(2, [null, 3], [norm("first"), norm("second")]).config;
    const names = ["gamma", "beta", "moving_mean", "moving_variance"];
    const both = ["first", "second"];
    const weights = Object.fromEntries(
      [names.slice(0, 2), names.slice(2)].flatMap((some) =>
        both.flatMap((of) => some.map((name) => [`${of}/${name}`, [3]])),
      ),
    );
    const parts = sequential(2, [null, 5, 3], [layer("TimeDistributed", "norms", { layer: inner }, weights)]);
    for (const weight of parts.layers.flatMap((stored) => stored.weights))
      if (weight.name.includes("variance")) weight.values = weight.values.map((n) => Math.abs(n) + 1);
    const model = (await openModel(await writeHdf5(path.join(folder, "norms.h5"), parts))).finished();
    const target = path.join(folder, "norms_saved.keras");
    await saveModel(model, target, { overwrite: true });
    await assertSame((await openModel(target)).finished(), model);
  });
});

/** Shapes of the stored weights whose path has the pattern, by their paths in the archive's `layers`. */
async function shapesIn(target: string, pattern: RegExp): Promise<Record<string, readonly number[]>> {
  const file = await openModelFile(target);
  const found = file.layers.flatMap(({ weights }) => weights).filter((each) => pattern.test(each.name));
  file.close();
  return Object.fromEntries(found.map(({ name, shape }) => [name.replace(/^layers\//, ""), shape]));
}
