import type * as tf from "@tensorflow/tfjs";
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { openModel, saveModel } from "../../../src/index.js";
import {
  asTensor,
  difference,
  predictionError,
  readReference,
  type Reference,
  type StoredTensor,
} from "../keras/reference.js";
import { startOn } from "../keras/start-on.js";

const FOLDER = "test/fixtures/quantized";

describe("quantised, LoRA and mixed-precision models of Keras 3", () => {
  before(() => startOn("cpu"));

  for (const file of readdirSync(FOLDER).filter((name) => /\.(keras|h5)$/.test(name))) {
    const name = file.replace(/\.\w+$/, "");
    if (file === "dense_gptq.keras") continue;
    it(`${file} predicts Keras's numbers and says what was changed`, async () => {
      const session = await openModel(`${FOLDER}/${file}`);
      assert.deepEqual(session.report().waiting, []);
      const error = await predictionError(session.model as never, readReference(`${FOLDER}/${name}.json`));
      assert.ok(error < 1e-5, `${error}`);
      const said = session.report().settled.map(({ found }) => found);
      const expected = /^(dense|nested)_lora$/.test(name) ? /LoRA/ : /computed in float32|de-quantised/;
      assert.ok(
        said.some((text) => expected.test(text)),
        said.join("; "),
      );
    });
  }

  it("dense_gptq.keras, which Keras 3.15 saves without its zero points, is not loaded silently wrong", async () => {
    const session = await openModel(`${FOLDER}/dense_gptq.keras`);
    const waiting = session.report().waiting.map(({ code, found }) => `${code} ${found}`);
    assert.match(waiting.join(), /W05 kernel_zero is named in the file but not there/);
  });
});

/** A compiled model before some steps of training, with Keras's losses of them and its outputs after them. */
interface Trained extends Reference {
  readonly target: StoredTensor;
  readonly losses: readonly number[];
  /** Paths of the variables that train in Keras, sorted. */
  readonly trained: readonly string[];
}

describe("training of quantised and LoRA models", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "loadlab-lora-"));
  before(() => startOn("cpu"));
  after(() => {
    rmSync(folder, { recursive: true });
  });

  for (const file of readdirSync(`${FOLDER}/training`).filter((name) => name.endsWith(".h5"))) {
    const name = file.replace(/\.\w+$/, "");
    it(`${name} trains what Keras trains, step by step to its losses, and is saved with what it learnt`, async () => {
      const text = readFileSync(`${FOLDER}/training/${name}.json`, "utf8");
      const { inputs, target, losses, trained, outputs } = JSON.parse(text) as Trained;
      const model = (await openModel(`${FOLDER}/training/${file}`)).finished() as tf.LayersModel;
      assert.deepEqual(model.trainableWeights.map(({ originalName }) => originalName).sort(), trained);
      const x = asTensor(inputs[0]!);
      const { history } = await model.fit(x, asTensor(target), {
        epochs: losses.length,
        batchSize: x.shape[0]!,
        shuffle: false,
        verbose: 0,
      });
      const off = losses.map((loss, i) => Math.abs(loss - Number(history["loss"]![i])));
      assert.ok(Math.max(...off) < 1e-5, `losses off by ${off.join(", ")}`);
      assert.ok((await difference(model.predict(x) as tf.Tensor, outputs[0]!)) < 1e-5);
      if (/int8/.test(name)) return;
      for (const ending of ["keras", "h5"]) {
        const saved = path.join(folder, `${name}.${ending}`);
        await saveModel(model, saved);
        const again = (await openModel(saved)).finished() as tf.LayersModel;
        assert.ok((await difference(again.predict(x) as tf.Tensor, outputs[0]!)) < 1e-5, ending);
      }
    });
  }

  it("attention whose projections are quantised is saved with a note that its rounding is left out", async () => {
    const model = (await openModel(`${FOLDER}/attention_int8.keras`)).finished();
    const { notes } = await saveModel(model, path.join(folder, "attention.keras"));
    assert.match(notes.join(), /Saved without quantisation, as float32: multi_head_attention/);
  });
});
