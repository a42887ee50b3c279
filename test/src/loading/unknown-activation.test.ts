import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { openModel, registerCustom, registerFunction, tf, unregisterCustom } from "../../../src/index.js";
import { assertReplayed, assertSame, whole } from "./cases/case.js";
import { copy, dense, layer, savedLayer, sequential } from "./cases/parts.js";
import { writeHdf5 } from "./cases/write.js";

describe("activations that nobody knows", () => {
  let folder: string;
  beforeEach(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), "loadlab-"))));
  afterEach(() => {
    fs.rmSync(folder, { recursive: true, force: true });
    for (const name of ["clipped", "wave"]) unregisterCustom(name);
  });

  const gru = (config: { activation: string; recurrent_activation: string }) =>
    layer(
      "GRU",
      "memory",
      { units: 2, use_bias: true, reset_after: false, ...config },
      { kernel: [3, 6], recurrent_kernel: [2, 6], bias: [6] },
    );
  const model = (one: string, other: string) =>
    sequential(
      2,
      [null, 4, 3],
      [
        gru({ activation: one, recurrent_activation: other }),
        dense("hidden", 2, 5, { activation: one }),
        dense("out", 5, 3, { activation: other }),
      ],
    );
  const broken = () => writeHdf5(path.join(folder, "model.h5"), model("clipped", "wave"));

  it("are one question each, however many layers have them, all at once", async () => {
    const session = await openModel(await broken());
    assert.deepEqual(
      session.waiting.map(({ code, subject, where }) => [code, subject, where.layer]),
      [
        ["C16", "clipped", "memory and 1 more"],
        ["C16", "wave", "memory and 1 more"],
      ],
    );
    session.abort();
  });

  it("are among what a model has of the user's own, with a package or without", async () => {
    const parts = model("mine>clipped", "wave");
    const session = await openModel(await writeHdf5(path.join(folder, "model.h5"), parts));
    registerCustom("clipped", (x) => tf.clipByValue(x as tf.Tensor, 0, 1));
    registerFunction("activation", "wave", (x: tf.Tensor) => tf.sin(x));
    await session.step();
    assert.equal(session.state, "loaded");
    assert.deepEqual(session.registered, ["clipped", "wave"]);
  });

  it("are not replaced by a name that nobody knows either", async () => {
    const session = await openModel(await broken());
    await assert.rejects(session.fix("wave", "replace", "sigmoyd"), {
      name: "RangeError",
      message: /no activation sigmoyd\. The nearest: .*sigmoid/,
    });
    assert.equal(session.decisions.length, 0);
    session.abort();
  });

  it("are known where Python printed the function, and None suggests no activation", async () => {
    const printed = await openModel(
      await writeHdf5(path.join(folder, "p.h5"), model("<function tanh at 0x7f1d2c3b4a60>", "sigmoid")),
    );
    await assertSame(printed.finished(), await whole(folder, model("tanh", "sigmoid")));
    const none = await openModel(await writeHdf5(path.join(folder, "n.h5"), model("None", "sigmoid")));
    await none.fix("None", "replace");
    await assertSame(none.finished(), await whole(folder, model("linear", "sigmoid")));
  });

  it("suggest what projects call so, or what the name holds as a word", async () => {
    const suggested = async (name: string) => {
      const session = await openModel(
        await writeHdf5(path.join(folder, `${name}.h5`), model(name, "sigmoid")),
      );
      const found = session.waiting[0]?.remedies.find(({ id }) => id === "replace")?.suggestion;
      session.abort();
      return found;
    };
    const names = ["hswish", "h_swish", "lrelu", "my_tanh", "swishActivation", "scaled_leaky_relu", "zigzag"];
    assert.deepEqual(await Promise.all(names.map(suggested)), [
      "hard_silu",
      "hard_silu",
      "leaky_relu",
      "tanh",
      "swish",
      "leaky_relu",
      undefined,
    ]);
  });

  it("are taken as the card's command says, with and without their kind", async () => {
    const unbroken = await whole(folder, model("tanh", "sigmoid"));
    const session = await openModel(await broken());
    const commands = session.waiting.map(({ remedies }) => remedies[0]!.command);
    assert.deepEqual(commands, [
      "%register_custom --kind activation clipped = (x) => x",
      "%register_custom --kind activation wave = (x) => x",
    ]);
    registerFunction("activation", "clipped", (x: tf.Tensor) => tf.tanh(x));
    registerCustom("wave", (x) => tf.sigmoid(x as tf.Tensor));
    await session.step();
    await assertSame(session.finished(), unbroken);
  });

  it("are replaced for all problems at once where the name is Keras's in other letters, else by name alone", async () => {
    const open = async (name: string) =>
      openModel(await writeHdf5(path.join(folder, "model.h5"), model(name, "sigmoid")));
    const loud = await open("TANH");
    await loud.fixAll();
    await assertSame(loud.finished(), await whole(folder, model("tanh", "sigmoid")));
    const own = await open("tanh2");
    assert.equal(own.waiting[0]!.remedies.find(({ id }) => id === "replace")!.suggestion, "tanh");
    await assert.rejects(own.fixAll(), RangeError);
    await own.fix(1, "replace");
    await assertSame(own.finished(), await whole(folder, model("tanh", "sigmoid")));
  });

  it("are replaced wherever they stand, and nothing else is", async () => {
    const unbroken = await whole(folder, model("tanh", "sigmoid"));
    const file = await broken();
    const session = await openModel(file);
    await session.fix("wave", "replace", "sigmoid");
    await session.fix("clipped", "replace", "tanh");
    await assertSame(session.finished(), unbroken);
    await assertReplayed(session, file);
  });

  it("leave Keras's own functions alone where a layer's function is registered under their name", async () => {
    registerCustom("relu", () => assert.fail("no activation"));
    try {
      const unbroken = await whole(folder, model("tanh", "relu"));
      assert.ok(unbroken.predict(tf.ones([1, 4, 3])));
    } finally {
      unregisterCustom("relu");
    }
  });

  it("are asked together with what else is wrong behind them", async () => {
    const parts = copy(model("tanh", "sigmoid"));
    savedLayer(parts, "hidden").config["units"] = -5;
    savedLayer(parts, "out").config["units"] = 0;
    const session = await openModel(await writeHdf5(path.join(folder, "model.h5"), parts));
    assert.deepEqual(
      session.waiting.map(({ code, where }) => [code, where.layer]),
      [
        ["A24", "hidden"],
        ["A24", "out"],
      ],
    );
    await session.fixAll();
    await assertSame(session.finished(), await whole(folder, model("tanh", "sigmoid")));
  });

  it("refuses a class that is no layer where it is registered", () => {
    assert.throws(
      () =>
        registerCustom(
          "Foo",
          class Foo {
            size = 1;
          } as never,
        ),
      /the class Foo extends no tf\.layers\.Layer/,
    );
  });
});

describe("a TensorFlow function that nobody knows", () => {
  it("is registered by its own name", async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "loadlab-"));
    const call = (name: string) => layer("TFOpLambda", "call", { function: name });
    const make = (name: string) =>
      sequential(2, [null, 6], [dense("first", 6, 4), call(name), dense("out", 4, 3)]);
    try {
      const unbroken = await whole(folder, make("math.softplus"));
      const session = await openModel(
        await writeHdf5(path.join(folder, "model.h5"), make("experimental.soft")),
      );
      const [problem] = session.waiting;
      assert.equal(problem!.code, "C09");
      assert.equal(problem!.remedies[0]!.command, "%register_custom experimental.soft = (x) => x");
      registerCustom("experimental.soft", (x) => tf.softplus(x as tf.Tensor));
      await session.step();
      await assertSame(session.finished(), unbroken);
    } finally {
      unregisterCustom("experimental.soft");
      fs.rmSync(folder, { recursive: true });
    }
  });
});
