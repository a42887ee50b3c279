import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import * as tf from "@tensorflow/tfjs";
import { layers, loadModel, losses, metrics, optimizers, saveModel, schedules } from "../../../src/index.js";
import { TRAINING_CLASSES, TRAINING_REQUIRED } from "../../../src/training/factory-types.js";

type Args = Readonly<Record<string, unknown>>;
type Factories<T> = Readonly<Record<string, (args: object) => T>>;

interface Reference {
  readonly data: Readonly<Record<string, { yTrue: number[][] | number[]; yPred: number[][] }>>;
  readonly optimizers: readonly { name: string; args: Args; after: number[] }[];
  readonly losses: readonly { name: string; args: Args; of: string; value: number[] }[];
  readonly metrics: readonly { name: string; args: Args; of: string; value: number[] }[];
}

const reference = JSON.parse(fs.readFileSync("test/fixtures/training/factories.json", "utf8")) as Reference;

function denseModel(): tf.Sequential {
  const dense = layers.dense({ units: 2, useBias: false, kernelInitializer: "identity", inputShape: [2] });
  return tf.sequential({ layers: [dense] });
}

function near(actual: readonly number[], expected: readonly number[], tolerance: number): void {
  assert.equal(actual.length, expected.length);
  actual.forEach((value, i) =>
    assert.ok(Math.abs(value - expected[i]!) <= tolerance, `${actual.join()} for ${expected.join()}`),
  );
}

/** With a schedule made where the reference names one. */
function optimizerArguments(args: Args): object {
  const rate = args["learningRate"] as { schedule: string; args: object } | number | undefined;
  if (typeof rate !== "object") return args;
  return {
    ...args,
    learningRate: (schedules as unknown as Factories<unknown>)[rate.schedule]!(rate.args),
  };
}

describe("Keras's optimizers, losses and metrics, made with arguments", () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "loadlab-factories-"));
  after(() => fs.rmSync(folder, { recursive: true }));

  for (const [i, { name, args, after }] of reference.optimizers.entries())
    it(`optimizers.${name}(${JSON.stringify(args)}) moves as in Keras, and so does what is saved with it`, async () => {
      const made = () => (optimizers as unknown as Factories<tf.Optimizer>)[name]!(optimizerArguments(args));
      const [x, y] = [tf.tensor2d([[1, 2]]), tf.tensor2d([[0.5, -1]])];
      const model = denseModel();
      model.compile({ optimizer: made(), loss: losses.meanSquaredError() });
      for (let step = 0; step < 2; step++) await model.trainOnBatch(x, y);
      const file = path.join(folder, `${i}.keras`);
      const { notes } = await saveModel(model, file);
      assert.deepEqual(notes, []);
      const again = await loadModel(file);
      for (const one of [model, again]) {
        for (let step = 0; step < 2; step++) await one.trainOnBatch(x, y);
        near([...(await one.getWeights()[0]!.data())], after, 2e-6);
      }
    });

  for (const kind of ["losses", "metrics"] as const)
    for (const { name, args, of, value } of reference[kind])
      it(`${kind}.${name}(${JSON.stringify(args)}) is Keras's`, () => {
        const factories = { losses, metrics }[kind] as unknown as Factories<typeof tf.metrics.binaryAccuracy>;
        const { yTrue, yPred } = reference.data[of]!;
        const result = factories[name]!(args)(tf.tensor(yTrue), tf.tensor(yPred));
        // Of several results of a metric the history has the mean.
        const mean = kind === "metrics" ? [value.reduce((sum, one) => sum + one / value.length, 0)] : value;
        near([...result.dataSync()], mean, 1e-5);
      });

  it("there is one for each class, and it can be made", () => {
    const given: Args = { recall: 0.5, precision: 0.5, sensitivity: 0.5, specificity: 0.5, numClasses: 3 };
    const made = { optimizers, losses, metrics, schedules };
    for (const [kind, classes] of Object.entries(TRAINING_CLASSES))
      for (const [name, className] of Object.entries(classes)) {
        const needed = TRAINING_REQUIRED[className as string] ?? [];
        const usual: Args = { ...given, targetClassIds: [0], boundaries: [1], values: [1, 2] };
        const args = Object.fromEntries(
          needed.map((key) => {
            const camel = key.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
            return [camel, usual[camel] ?? 1];
          }),
        );
        const factories = made[kind as keyof typeof made] as unknown as Factories<unknown>;
        assert.ok(factories[name]!(args), `${kind}.${name}`);
      }
  });

  it("count in compile, and are saved with the model", async () => {
    const model = denseModel();
    const loss = losses.sparseCategoricalCrossentropy({ fromLogits: true });
    const shown = [
      metrics.sparseTopKCategoricalAccuracy({ k: 1, name: "first" }),
      metrics.sparseCategoricalCrossentropy({ fromLogits: true }),
    ];
    model.compile({ optimizer: optimizers.adam({ learningRate: 0.1 }), loss, metrics: shown });
    const file = path.join(folder, "compiled.keras");
    assert.deepEqual((await saveModel(model, file)).notes, []);
    const again = await loadModel(file);
    const [x, y] = [tf.tensor2d([[1, 2], [3, 1], [0, 1]]), tf.tensor2d([[0], [1], [1]])]; // prettier-ignore
    const results = [model, again].map((one) =>
      (one.evaluate(x, y) as tf.Scalar[]).map((each) => each.dataSync()[0]!),
    );
    assert.deepEqual(model.metricsNames, ["loss", "first", "sparse_categorical_crossentropy"]);
    assert.equal(results[0]!.length, 3);
    near(results[1]!, results[0]!, 0);
    near([results[0]![0]!], [(loss(y, model.predict(x) as tf.Tensor).dataSync() as Float32Array)[0]!], 1e-6);
  });

  it("take labels without a last axis of 1, and refuse those that would spread over the outputs", () => {
    const [y, p] = [tf.tensor2d([[0, 1], [1, 1]]), tf.tensor3d([[[0.1], [0.8]], [[0.6], [0.3]]])]; // prettier-ignore
    const loss = losses.binaryCrossentropy();
    near([...loss(y, p).dataSync()], [...loss(y.expandDims(-1), p).dataSync()], 0);
    for (const one of [loss, losses.categoricalCrossentropy(), losses.binaryFocalCrossentropy()])
      assert.throws(
        () => one(tf.ones([4, 1]), tf.ones([4, 3])),
        /Labels \[4, 1\] are not of the shape of the outputs, \[4, 3\]\./,
      );
  });

  it("take Keras's names of arguments as they are in Python, too", () => {
    const made = optimizers.adam({ learning_rate: 0.5, beta_1: 0.1 } as never);
    assert.equal(made.learningRate, 0.5);
    assert.equal(made.spec.config["beta_1"], 0.1);
  });

  for (const [what, make, told] of [
    [
      "another argument",
      () => optimizers.adam({ learningrat: 1 } as never),
      /optimizers\.adam has no argument learningrat\. Near it: learningRate\./,
    ],
    [
      "a number alone",
      () => optimizers.adam(0.001 as never),
      /optimizers\.adam\(\) takes one object: optimizers\.adam\(\{ learningRate: … \}\)\./,
    ],
    [
      "a text as the rate",
      () => optimizers.sgd({ learningRate: "fast" } as never),
      /optimizers\.sgd: learningRate = "fast" is no number and none of schedules\./,
    ],
    [
      "a function as the rate",
      () => optimizers.sgd({ learningRate: () => 1 } as never),
      /learningRate = a function is no number/,
    ],
    [
      "NaN",
      () => optimizers.sgd({ momentum: Number.NaN }),
      /optimizers\.sgd: momentum = null is no finite number\./,
    ],
    [
      "a number for a truth",
      () => losses.binaryCrossentropy({ fromLogits: 1 } as never),
      /losses\.binaryCrossentropy: fromLogits = 1 is no boolean\./,
    ],
    ["nothing for what is needed", () => metrics.meanIoU({} as never), /metrics\.meanIoU needs numClasses\./],
    [
      "no schedule",
      () => schedules.cosineDecay({ initialLearningRate: 1 } as never),
      /schedules\.cosineDecay needs decaySteps\./,
    ],
  ] as const)
    it(`say what is wrong with ${what}`, () => assert.throws(make, told));
});
