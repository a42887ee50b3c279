import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import {
  loadModel,
  LoadError,
  openModel,
  registerCustom,
  summarize,
  tf,
  unregisterCustom,
} from "../../../src/index.js";
import { assertClose } from "./cases/case.js";
import { dense, functional, layer } from "./cases/parts.js";
import { writeHdf5 } from "./cases/write.js";
import { MyAttention } from "./my-attention.js";
import { assertPredictsAsKeras, MODELS } from "./reference.js";

const CUSTOM = `${MODELS}/custom_attention.h5`;

describe("LoadSession", () => {
  afterEach(() => void unregisterCustom("MyAttention"));

  it("loads a model that needs no help, with Keras's numbers", async () => {
    const session = await openModel(`${MODELS}/mnist_cnn.h5`);
    assert.equal(session.state, "loaded");
    await assertPredictsAsKeras(session.finished(), "mnist_cnn");
    assert.ok(session.report().steps.every(({ state }) => state === "done"));
  });

  it("opens the path that a file: URL stands for, as a text too", async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "a model's "));
    fs.copyFileSync(`${MODELS}/mnist_cnn.h5`, path.join(folder, "mnist 1.h5"));
    const url = pathToFileURL(path.join(folder, "mnist 1.h5"));
    for (const source of [url, url.href]) assert.equal((await openModel(source)).state, "loaded");
    fs.rmSync(folder, { recursive: true });
    const [problem] = (await openModel(url.href)).waiting;
    assert.match(problem!.found, /nothing at ".*a model's .*mnist 1\.h5"/);
  });

  it("stops at an unknown class and says all that the file knows about it", async () => {
    const session = await openModel(CUSTOM);
    assert.equal(session.state, "waiting");
    assert.equal(session.model, null);
    const [problem, ...others] = session.report().waiting;
    assert.equal(others.length, 0);
    assert.equal(problem!.code, "C01");
    assert.equal(problem!.where.layer, "attention");
    assert.deepEqual(problem!.evidence, {
      className: "MyAttention",
      path: "attention",
      config: "units=8",
      weights: [
        { name: "attention/w", shape: [16, 8], dtype: "float32" },
        { name: "attention/b", shape: [8], dtype: "float32" },
        { name: "attention/v", shape: [8, 1], dtype: "float32" },
      ],
      upstream: [{ path: "lstm", className: "LSTM", shape: [null, 12, 16] }],
      downstream: [{ path: "hidden", className: "Dense", shape: null }],
    });
    assert.match(problem!.kerasSays[0]!.message, /^Unknown layer: 'MyAttention'\. Please ensure/);
    session.abort();
  });

  it("goes on from the layer when its class is registered", async () => {
    const session = await openModel(CUSTOM);
    registerCustom("MyAttention", MyAttention);
    await session.step();
    await assertPredictsAsKeras(session.finished(), "custom_attention");
    const attention = summarize(session.model!).layers.find(({ name }) => name === "attention")!;
    assert.deepEqual([attention.className, attention.mark?.kind], ["MyAttention", "custom"]);
  });

  it("takes a function in place of a class", async () => {
    const session = await openModel(CUSTOM);
    registerCustom("MyAttention", (inputs, { weights: [w, b, v] }) => {
      const x = inputs as tf.Tensor3D;
      const [, time, features] = x.shape;
      const hidden = tf.tanh(tf.add(tf.matMul(x.reshape([-1, features]), w!), b!)) as tf.Tensor2D;
      const scores = tf.matMul(hidden, v as tf.Tensor2D).reshape([-1, time]);
      return tf.sum(tf.mul(x, tf.softmax(scores).expandDims(2)), 1);
    });
    await session.step();
    await assertPredictsAsKeras(session.finished(), "custom_attention");
  });

  it("makes a throw in the user's class a problem at the layer, corrected by registering again", async () => {
    const session = await openModel(CUSTOM);
    registerCustom(
      "MyAttention",
      class extends MyAttention {
        override call(): tf.Tensor {
          throw new Error("not written yet");
        }
      },
    );
    await session.step();
    const [problem] = session.report().waiting;
    assert.equal(problem!.code, "C21");
    assert.equal(problem!.where.layer, "attention");
    assert.match(problem!.found, /not written yet/i);
    assert.deepEqual(problem!.evidence?.upstream[0]?.shape, [null, 12, 16]);
    registerCustom("MyAttention", MyAttention);
    await session.step();
    await assertPredictsAsKeras(session.finished(), "custom_attention");
  });

  it("makes a wrong weight of the user's class a problem with both shapes, and goes on when it is right", async () => {
    const session = await openModel(CUSTOM);
    registerCustom(
      "MyAttention",
      class extends MyAttention {
        override build(inputShape: tf.Shape): void {
          this.units = 4;
          super.build(inputShape);
        }
      },
    );
    await session.step();
    const [problem] = session.report().waiting;
    assert.equal(problem!.code, "W03");
    assert.equal(problem!.where.layer, "attention");
    assert.match(problem!.found, /\[16, ?4\]/);
    assert.match(problem!.found, /\[16, ?8\]/);
    registerCustom("MyAttention", MyAttention);
    await session.step();
    await assertPredictsAsKeras(session.finished(), "custom_attention");
  });

  it("makes only the corrected class and what is behind it again", async () => {
    const made: string[] = [];
    const counted = (name: string, extra: (x: tf.Tensor) => tf.Tensor = (x) => x) =>
      class extends tf.layers.Layer {
        constructor(config: { name: string }) {
          super({ name: config.name });
          made.push(name);
        }
        override computeOutputShape(shape: tf.Shape): tf.Shape {
          return shape;
        }
        override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
          return extra([inputs].flat()[0]!);
        }
      };
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "loadlab-again-"));
    const parts = functional(
      2,
      { x: [null, 6] },
      [
        [dense("first", 6, 5), "x"],
        [layer("Early", "early", {}), "first"],
        [dense("side", 5, 5), "first"],
        [layer("Late", "late", {}), "early"],
        [layer("After", "after", {}), "late"],
        [layer("Add", "sum", {}), "after", "side"],
      ],
      ["sum"],
    );
    try {
      const session = await openModel(await writeHdf5(path.join(folder, "model.h5"), parts));
      const wrong = (): tf.Tensor => {
        throw new Error("not yet");
      };
      for (const [name, object] of [
        ["Early", counted("Early")],
        ["Late", counted("Late", wrong)],
        ["After", counted("After")],
      ] as const)
        registerCustom(name, object);
      await session.step();
      assert.deepEqual(
        session.waiting.map(({ code, subject }) => [code, subject]),
        [["C21", "late"]],
      );
      registerCustom("Late", counted("Late", tf.neg));
      await session.step();
      assert.equal(session.state, "loaded");
      assert.deepEqual(made, ["Early", "Late", "Late", "After"]);
      const model = session.finished();
      const x = tf.randomNormal([2, 6]);
      const of = (name: string) =>
        tf.model({ inputs: model.inputs, outputs: model.getLayer(name).output }).predict(x) as tf.Tensor;
      const expected = tf.sub(of("side"), of("first"));
      await assertClose(model.predict(x) as tf.Tensor, expected);
    } finally {
      for (const name of ["Early", "Late", "After"]) unregisterCustom(name);
      fs.rmSync(folder, { recursive: true });
    }
  });

  it("stubs on request, says so, and takes the stub back", async () => {
    const session = await openModel(CUSTOM);
    await session.fix("MyAttention", "identity-stub");
    assert.deepEqual(session.decisions, [{ code: "C01", subject: "MyAttention", remedy: "identity-stub" }]);
    // Let through unchanged, time stays an axis, and the layers above take it.
    assert.equal(session.state, "loaded");
    assert.deepEqual(session.model!.outputs[0]!.shape, [null, 12, 3]);
    const summary = session.report().summary!;
    assert.equal(summary.layers.find(({ name }) => name === "attention")!.mark?.kind, "stub");
    assert.equal(summary.origin!.settled.find(({ code }) => code === "C01")?.applied?.fidelity, "stub");

    const again = await openModel(CUSTOM);
    await again.fix(1, "identity-stub");
    await again.undo();
    assert.equal(again.state, "waiting");
    assert.deepEqual(again.decisions, []);
    registerCustom("MyAttention", MyAttention);
    await again.step();
    await assertPredictsAsKeras(again.finished(), "custom_attention");
  });

  it("pauses at every step when asked to", async () => {
    const session = await openModel(`${MODELS}/mnist_cnn.h5`, { step: true });
    const states: string[] = [];
    while (session.state === "paused") {
      states.push(
        session
          .report()
          .steps.filter(({ state }) => state === "done")
          .at(-1)!.step,
      );
      await session.step();
    }
    assert.deepEqual(states, ["identify", "read", "configure", "resolve", "connect", "bind", "train"]);
    assert.equal(session.state, "loaded");
  });

  it("goes on to a step", async () => {
    const session = await openModel(`${MODELS}/mnist_cnn.h5`, { step: true });
    await session.run("bind");
    assert.equal(session.report().steps.find(({ state }) => state === "here")!.step, "train");
  });

  it("runs calls made at the same time one after the other", async () => {
    const session = await openModel(CUSTOM);
    registerCustom("MyAttention", MyAttention);
    await Promise.all([session.step(), session.step(), session.retry()]);
    assert.equal(session.state, "loaded");
  });

  it("says what there is when a problem or remedy does not exist", async () => {
    const session = await openModel(CUSTOM);
    await assert.rejects(session.fix(2), {
      name: "RangeError",
      message: /Those that wait: 1 \(C01 MyAttention\)/,
    });
    await assert.rejects(session.fix(1, "magic"), {
      name: "RangeError",
      message: /offers identity-stub, .*, not magic/,
    });
    await assert.rejects(session.undo(), { name: "RangeError", message: /no decision to take back/ });
    session.abort();
    assert.equal(session.state, "aborted");
    assert.equal((await session.step()).state, "aborted");
  });

  it("has a report that survives being sent to another process", async () => {
    const session = await openModel(CUSTOM);
    assert.deepEqual(structuredClone(session.report()), session.report());
    assert.deepEqual(JSON.parse(JSON.stringify(session.report())), session.report());
  });

  it("reports a file that is not there, and never throws for it", async () => {
    const session = await openModel(`${MODELS}/mnist_cn.h5`);
    assert.equal(session.state, "waiting");
    const [problem] = session.report().waiting;
    assert.equal(problem!.code, "F04");
    assert.match(problem!.advice, /mnist_cnn\.h5/);
    assert.equal((await session.step()).state, "waiting");
    await session.fix(1, "open");
    assert.match(session.report().file.path, /mnist_cnn\.h5$/);
    await assertPredictsAsKeras(session.finished(), "mnist_cnn");
  });
});

describe("loadModel", () => {
  it("gives a genuine model of layers", async () => {
    const model = await loadModel(`${MODELS}/mnist_cnn.h5`);
    assert.ok(model instanceof tf.LayersModel);
    await assertPredictsAsKeras(model, "mnist_cnn");
  });

  it("throws one error that names every problem and what to call", async () => {
    await assert.rejects(loadModel(CUSTOM), (error: unknown) => {
      assert.ok(error instanceof LoadError);
      assert.match(
        error.message,
        /custom_attention\.h5 cannot be loaded as it is:\n {2}C01 The class MyAttention/,
      );
      assert.match(error.message, /registerCustom\("MyAttention", class extends tf\.layers\.Layer/);
      assert.equal(error.problems.length, 1);
      return true;
    });
  });
});

describe("registerCustom", () => {
  it("takes only classes and functions", () => {
    assert.throws(() => registerCustom("X", {} as never), {
      name: "TypeError",
      message: /registerCustom\("X", \.\.\.\) takes a class/,
    });
  });
});
