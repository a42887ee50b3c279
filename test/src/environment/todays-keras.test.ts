import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import {
  type Environment,
  environmentOf,
  findingsForTodaysKeras,
  type JsonValue,
} from "../../../src/index.js";
import { openModelFile } from "../../../src/formats/open.js";
import { copy, dense, savedLayer, sequential, type Parts } from "../loading/cases/parts.js";
import { writeArchive, writeHdf5 } from "../loading/cases/write.js";

async function changes(file: string): Promise<readonly string[]> {
  const opened = await openModelFile(file);
  try {
    return environmentOf(opened, await findingsForTodaysKeras(file)).changes;
  } finally {
    opened.close();
  }
}

describe("what today's Keras stops at", () => {
  let folder: string;
  beforeEach(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), "loadlab-"))));
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));
  const two = () => sequential(3, [null, 6], [dense("hidden", 6, 5), dense("out", 5, 3)]);
  const broken = (change: (parts: Parts) => void) => {
    const parts = copy(two());
    change(parts);
    return parts;
  };

  it("is nothing for a file that it loads, and what a load found for others", async () => {
    const archive = path.join(folder, "model.keras");
    await writeArchive(archive, two());
    assert.deepEqual(await changes(archive), []);
    const wider = broken((parts) => (savedLayer(parts, "out").config["units"] = 9));
    assert.match((await changes(await writeHdf5(path.join(folder, "a.h5"), wider))).join(), /out.*W03/);
    const unknown = broken((parts) => (savedLayer(parts, "out").config["activation"] = "my_act"));
    assert.match((await changes(await writeHdf5(path.join(folder, "b.h5"), unknown))).join(), /my_act.*C16/);
  });

  it("counts the calls of nested models of Keras 2 otherwise", async () => {
    const nested = path.resolve("test/fixtures/whole-models/siamese.keras2.h5");
    assert.match((await changes(nested)).join(), /as Keras 3 counts its calls/);
  });

  it("does not read a cut file, however well loadlab does", async () => {
    const whole = fs.readFileSync(await writeHdf5(path.join(folder, "whole.h5"), two()));
    const cut = path.join(folder, "cut.h5");
    fs.writeFileSync(cut, whole.subarray(0, whole.length - 8));
    assert.match((await changes(cut)).join(), /F03/);
  });

  /** Of a Keras 2 `.h5` with this model and training config, without what a load finds. */
  const read = async (
    keras: string,
    config: JsonValue,
    training: { [key: string]: JsonValue } | null = null,
  ): Promise<Environment> => {
    const parts = copy(two());
    const file = await openModelFile(await writeHdf5(path.join(folder, "model.h5"), parts));
    file.close();
    return environmentOf({ ...file, kerasVersion: keras, config, trainingConfig: training });
  };
  const saved = (class_name: string, config: { [key: string]: JsonValue }): JsonValue => ({
    class_name,
    config,
  });
  const chain = (...layers: JsonValue[]) => saved("Sequential", { name: "chain", layers });
  const start = saved("InputLayer", { name: "in", batch_input_shape: [null, 7, 5] });

  it("is said of the first layer's shape, of classes in wrappers, of typed initializers", async () => {
    const first = saved("Conv1D", {
      name: "conv",
      batch_input_shape: [null, 7, 5],
      filters: 2,
      kernel_size: [3],
      kernel_initializer: saved("GlorotUniform", { seed: null, dtype: "float32" }),
    });
    const both = saved("Bidirectional", {
      name: "both",
      layer: saved("SimpleRNN", { name: "rnn", units: 2 }),
    });
    const { changes } = await read("2.2.4-tf", chain(first, both));
    assert.deepEqual(changes, [
      "give the Sequential an InputLayer with the batch_input_shape of conv",
      'write "module": "keras.layers" beside the class name of what Bidirectional holds',
      "take dtype out of the configs of initializers (layers: 1)",
    ]);
  });

  it("is said of a model in a Sequential, of hard_sigmoid, of a score mode and of a separable kernel's third", async () => {
    const inner = saved("Functional", {
      name: "inner",
      layers: [{ ...(start as object), name: "in", inbound_nodes: [] } as JsonValue],
      input_layers: [["in", 0, 0]],
      output_layers: [["in", 0, 0]],
    });
    const gates = saved("LSTM", { name: "lstm", units: 2, recurrent_activation: "hard_sigmoid" });
    const separable = saved("SeparableConv1D", {
      name: "sep",
      filters: 2,
      kernel_size: [3],
      kernel_regularizer: null,
    });
    const { changes } = await read("2.6.0", chain(start, inner, separable, gates));
    assert.match(changes[0]!, /take kernel_regularizer out of the config of SeparableConv1D/);
    assert.match(changes[1]!, /write hard_sigmoid as Pipeline/);
    assert.equal(changes[2], "write output_layers of inner without the outer list");
    const attention = saved("Attention", { name: "attention", score_mode: "dot" });
    assert.match(
      (await read("2.13.1", chain(start, attention))).changes.join(),
      /score_mode out of the config of attention/,
    );
  });

  it("is said of the training config, which compile=False leaves alone", async () => {
    const model = chain(start, saved("Dense", { name: "out", units: 2 }));
    const training = (name: string, config: { [key: string]: JsonValue }, loss: JsonValue) => ({
      optimizer_config: saved(name, config),
      loss,
    });
    const changes = async (...of: Parameters<typeof training>) =>
      (await read("2.3.1", model, training(...of))).changes.join();
    assert.equal(await changes("SGD", { learning_rate: 0.1, decay: 0 }, "mean_squared_error"), "");
    assert.match(
      await changes("SGD", { lr: 0.1 }, { a: "mse" }),
      /compile=False.*: lr of SGD, the loss mse$/,
    );
    assert.match(
      await changes(
        "Adam",
        { jit_compile: false, is_legacy_optimizer: false },
        saved("Huber", { reduction: "auto", fn: "huber" }),
      ),
      /jit_compile of Adam, is_legacy_optimizer of Adam, the reduction auto of Huber, fn of Huber$/,
    );
    assert.match(await changes("Addons>LAMB", {}, null), /the optimizer Addons>LAMB$/);
  });

  it("asks for a Python that the packages install on", async () => {
    const model = chain(start, saved("Dense", { name: "out", units: 2 }));
    const addons = chain(start, saved("Addons>GELU", { name: "out" }));
    const of = async (keras: string, config = model) => {
      const { python, requirements } = await read(keras, config);
      return `${python!.join(" to ")}: ${requirements
        .slice(0, 2)
        .map(({ line }) => line)
        .join(" ")}`;
    };
    assert.match(await of("3.10.0"), /^3.9 to 3.13: tensorflow==2.20.\* keras>=3.10.0/);
    assert.match(await of("3.11.3"), /^3.10 to 3.13/);
    assert.match(await of("3.15.1"), /^3.11 to 3.13/);
    assert.match(await of("2.13.1", addons), /^3.9 to 3.11/);
    assert.match(await of("2.10.0", addons), /^3.8 to 3.10/);
    assert.match(await of("2.2.2"), /keras==2.2.4/);
    assert.match(await of("2.2.4-tf"), /^3.5 to 3.7: tensorflow==2.0.\*/);
    assert.match(await of("2.3.0-tf"), /tensorflow==2.2.\*/);
  });
});
