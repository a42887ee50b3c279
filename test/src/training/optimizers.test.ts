import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import zlib from "node:zlib";
import * as tf from "@tensorflow/tfjs";
import { type JsonValue, openModel } from "../../../src/index.js";
import { KerasOptimizer } from "../../../src/training/optimizers/keras-optimizer.js";
import { readOptimizer, unreadableRate } from "../../../src/training/optimizers/table.js";
import { writeZip } from "../formats/archive/write-zip.js";
import { readMembers } from "../formats/fuzz/zip-members.js";

interface Stored {
  readonly shape: number[];
  readonly values: number[];
}

interface Next {
  readonly loss: number[];
  readonly mae: number[];
  readonly after: Stored;
}

const FOLDER = new URL("../../../../test/fixtures/training/", import.meta.url);

function read<T>(name: string): T {
  return JSON.parse(fs.readFileSync(new URL(name, FOLDER), "utf8")) as T;
}

describe("optimizers restored with their state", () => {
  const { x, y } = read<{ x: Stored; y: Stored }>("data.json");
  const tensor = ({ values, shape }: Stored) => tf.tensor(values, shape);

  before(() => tf.setBackend("cpu"));

  for (const group of ["keras3", "keras2", "legacy", "addons"]) {
    for (const [name, next] of Object.entries(read<Record<string, Next>>(`${group}.json`))) {
      for (const ending of ["keras", "h5", "tar"]) {
        const file = new URL(`${group}-${name}.${ending}.gz`, FOLDER);
        if (!fs.existsSync(file)) continue;
        it(`${group} ${name} .${ending} goes on as Keras did`, async () => {
          const session = await openModel(file.pathname);
          const model = session.finished();
          assert.ok(model.optimizer instanceof KerasOptimizer);
          assert.equal(model.optimizer.iterations, 6);
          const data = [tensor(x), tensor(y)] as const;
          const { history } = await model.fit(...data, {
            batchSize: 5,
            epochs: 5,
            shuffle: false,
            verbose: 0,
          });
          near(history["loss"] as number[], next.loss, 1e-5, "loss");
          near(history["mae"] as number[], next.mae, 1e-5, "mae");
          const predicted = model.predict(data[0]) as tf.Tensor;
          near([...predicted.dataSync()], next.after.values, 1e-4, "prediction");
          tf.dispose([...data, predicted]);
        });
      }
    }
  }
});

describe("an optimizer that a .keras archive of Keras 2 has by its name alone", () => {
  it("gets its state back", async () => {
    const archive = zlib.gunzipSync(fs.readFileSync(new URL("keras2-adam.keras.gz", FOLDER)));
    const members = readMembers(archive).map((member) => {
      if (member.name !== "config.json") return member;
      const config = JSON.parse(Buffer.from(member.data).toString()) as { compile_config: object };
      config.compile_config = { ...config.compile_config, optimizer: "adam" };
      return { ...member, data: JSON.stringify(config) };
    });
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "loadlab-optimizer-"));
    try {
      const file = path.join(folder, "model.keras");
      fs.writeFileSync(file, writeZip(members));
      const session = await openModel(file);
      assert.ok(session.settled.every(({ code }) => code !== "O01"));
      const { optimizer } = session.finished();
      assert.ok(optimizer instanceof KerasOptimizer);
      assert.equal(optimizer.iterations, 6);
    } finally {
      fs.rmSync(folder, { recursive: true });
    }
  });
});

function near(actual: readonly number[], expected: readonly number[], tolerance: number, what: string): void {
  assert.equal(actual.length, expected.length);
  const worst = Math.max(...actual.map((value, i) => Math.abs(value - expected[i]!)));
  assert.ok(
    worst <= tolerance,
    `${what} differs by ${worst}: ${actual.join(", ")} instead of ${expected.join(", ")}`,
  );
}

describe("an optimizer by its bare name", () => {
  it("is the class, with its default rate", () => {
    const { className, settings } = readOptimizer("sgd", 2)!;
    assert.deepEqual([className, settings.learningRate], ["SGD", 0.01]);
    assert.equal(readOptimizer("rmsprop", 2)!.className, "RMSprop");
    assert.equal(readOptimizer("my_own", 2), null);
  });
});

describe("optimizers of Addons", () => {
  interface Steps {
    readonly optimizer: JsonValue;
    readonly variable: readonly number[];
  }
  const gradients = [
    [0.1, -0.2, 0.3, 0.4],
    [-0.3, 0.1, 0.2, -0.1],
    [0.5, 0.5, -0.2, 0.1],
  ];

  for (const [name, expected] of Object.entries(read<Record<string, Steps>>("addons-steps.json"))) {
    it(`${name} moves a variable as Addons does`, () => {
      const optimizer = new KerasOptimizer(readOptimizer(expected.optimizer, 2)!);
      const variable = tf.variable(tf.tensor2d([0.5, -0.3, 0.2, 0.1], [2, 2]));
      optimizer.name(variable, "dense/kernel");
      for (const values of gradients)
        optimizer.applyGradients([{ name: variable.name, tensor: tf.tensor2d(values, [2, 2]) }]);
      variable.dataSync().forEach((value, i) => assert.ok(Math.abs(value - expected.variable[i]!) < 1e-6));
    });
  }

  it("whose learning rate is no number say so, and text that is no rate is none", () => {
    const rate = (learning_rate: JsonValue) =>
      unreadableRate({ class_name: "Adam", config: { learning_rate } });
    assert.equal(rate("fast"), '"fast"');
    assert.equal(rate(["a", 1]), '["a",1]');
    assert.equal(rate({ class_name: "Variable", config: { value: "x" } })?.slice(0, 13), '{"class_name"');
    for (const known of [0.1, null, { class_name: "Variable", config: { value: 0.2 } }])
      assert.equal(rate(known), null);
    assert.equal(unreadableRate({ class_name: "SGD", config: { lr: 0.1 } }), null);
    assert.equal(unreadableRate("sgd"), null);
  });

  it("whose patterns of names are none that are read stay unknown", () => {
    const config = { learning_rate: 0.1, decay: 0, weight_decay: 0.1, exclude_from_weight_decay: ["(a+)+$"] };
    for (const class_name of ["Addons>AdamW", "Addons>LAMB"])
      assert.equal(readOptimizer({ class_name, config }, 2), null);
    assert.equal(
      readOptimizer({ class_name: "Addons>ConditionalGradient", config: { ord: "nuclear" } }, 2),
      null,
    );
  });
});
