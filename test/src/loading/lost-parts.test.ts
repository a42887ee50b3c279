import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import type * as h5wasm from "h5wasm";
import { openModel, registerCustom, tf, unregisterCustom, type LoadSession } from "../../../src/index.js";
import { readMembers } from "../formats/fuzz/zip-members.js";
import { cardText } from "../../../src/display/card/card-text.js";
import { stubbedLayers } from "../../../src/loading/report/summarize.js";
import { assertSame, described, whole } from "./cases/case.js";
import {
  conv2d,
  copy,
  dense,
  functional,
  layer,
  savedLayer,
  sequential,
  type JsonObject,
  type Parts,
} from "./cases/parts.js";
import { dataset, hdf5, writeArchive, writeHdf5 } from "./cases/write.js";

describe("parts of a file that are lost or do not fit", () => {
  let folder: string;
  beforeEach(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), "loadlab-"))));
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

  const two = () => sequential(2, [null, 6], [dense("hidden", 6, 5), dense("out", 5, 3)]);
  const write = (parts: Parts, options = {}) => writeHdf5(path.join(folder, "model.h5"), parts, options);
  /** One question with this code at this place. */
  const asked = (session: LoadSession, code: string, place: string) => {
    assert.deepEqual(
      session.waiting.map((problem) => [problem.code, problem.where.layer]),
      [[code, place]],
      described(session),
    );
    return session.waiting[0]!;
  };

  it("several models in one file are told, with the groups that hold them", async () => {
    const target = await hdf5(path.join(folder, "model.h5"), (file) => {
      for (const name of ["teacher", "student"]) {
        const group = file.create_group(name) as h5wasm.Group;
        group.create_attribute("model_config", JSON.stringify(two().config));
        dataset(group, "model_weights/hidden/kernel", [1], new Float32Array(1));
      }
    });
    const session = await openModel(target);
    const [problem] = session.waiting;
    assert.deepEqual([problem?.code, problem?.title], ["F09", "Several models in one file"]);
    assert.match(problem!.found, /\/student, \/teacher|\/teacher, \/student/);
    assert.match(problem!.why, /side by side/);
    await assert.rejects(session.fixAll(), RangeError);
  });

  it("a layer of an unknown class that a cut archive has no weights of is not said to have had none", async () => {
    const gate = layer("Gate", "gate", { ratio: 4 });
    const parts = sequential(3, [null, 6], [dense("hidden", 6, 5), gate, dense("out", 5, 3)]);
    const unbroken = await writeArchive(path.join(folder, "model.keras"), parts);
    const said = async (file: string) => cardText((await openModel(file)).report());
    assert.match(await said(unbroken), /weights +none stored/);
    const bytes = fs.readFileSync(unbroken);
    const cut = path.join(folder, "cut.keras");
    fs.writeFileSync(cut, bytes.subarray(0, Math.round(bytes.length * 0.9)));
    assert.match(await said(cut), /weights +none found; the file is not whole, and may have held some/);
  });

  it("a group of a foreign name is the one layer that has none, wherever it stands among the groups", async () => {
    const names = ["first", "second", "third", "fourth"];
    const parts = sequential(
      2,
      [null, 4],
      names.map((name) => dense(name, 4, 4)),
    );
    const unbroken = await whole(folder, parts);
    const opened = async (...groups: string[]) => {
      const tree = await hdf5(path.join(folder, "tree.h5"), (file) =>
        parts.layers.forEach(({ weights }, i) =>
          weights.forEach(({ shape, values }, k) =>
            dataset(file as unknown as h5wasm.Group, `layers/${groups[i]}/vars/${k}`, shape, values),
          ),
        ),
      );
      const more = { "model.weights.h5": fs.readFileSync(tree) };
      return openModel(await writeArchive(path.join(folder, "model.keras"), parts, { more }));
    };
    const session = await opened("dense", "foreign", "dense_2", "dense_3");
    const found = session.settled.find(({ code }) => code === "W11")?.found;
    assert.match(found ?? "", /"foreign" for "second"/, described(session));
    await assertSame(session.finished(), unbroken);
    const open = await opened("dense", "foreign", "dense_2", "other");
    assert.equal(open.state, "waiting", "which of two is which, nothing tells");
  });

  it("weights that are gone altogether are F07, taken from another file", async () => {
    const unbroken = await whole(folder, two());
    const session = await openModel(await write({ ...two(), layers: [] }));
    asked(session, "F07", "hidden and 1 more");
    await session.fix(1, "weights", path.join(folder, "whole", "model.h5"));
    await assertSame(session.finished(), unbroken);
  });

  it("a part that an archive lacks is named as the place", async () => {
    const file = path.join(folder, "model.keras");
    const parts = sequential(
      3,
      [null, 6],
      [dense("hidden", 6, 5), layer("PReLU", "slope", {}, { alpha: [5] })],
    );
    await writeArchive(file, parts, { lacks: (name) => name === "slope" });
    asked(await openModel(file), "W12", "slope");
  });

  it("a Reshape to another number of values is a question at the layer", async () => {
    const make = (shape: number[]) =>
      sequential(2, [null, 6], [dense("hidden", 6, 4), layer("Reshape", "fold", { target_shape: shape })]);
    const unbroken = await whole(folder, make([2, 2]));
    for (const wrong of [
      [3, 2],
      [3, -1],
    ]) {
      const session = await openModel(await write(make(wrong)));
      assert.match(asked(session, "G11", "fold").found, /^\[4\] holds 4 numbers, target_shape \[3, /);
      await session.fix(1, "set", "target_shape=[2,2]");
      await assertSame(session.finished(), unbroken);
    }
  });

  it("the stored bias of a GRU tells its kind, whatever the config says", async () => {
    const make = (said: boolean) =>
      sequential(
        3,
        [null, 4, 3],
        [
          layer(
            "GRU",
            "memory",
            {
              units: 2,
              activation: "tanh",
              recurrent_activation: "sigmoid",
              use_bias: true,
              reset_after: said,
            },
            { kernel: [3, 6], recurrent_kernel: [2, 6], bias: [2, 6] },
          ),
        ],
      );
    const unbroken = await whole(folder, make(true));
    const session = await openModel(await write(make(false)));
    assert.deepEqual(
      session.settled.filter(({ code }) => code === "W06").map(({ where }) => where.layer),
      ["memory"],
    );
    await assertSame(session.finished(), unbroken);
  });

  it("the sizes of a kernel that Keras 1 saved one by one are one adjustment", async () => {
    const parts = sequential(2, [null, 5, 5, 2], [conv2d("conv", 2, 3)]);
    const unbroken = await whole(folder, parts);
    const older = copy(parts);
    const { config } = savedLayer(older, "conv");
    delete config["kernel_size"];
    Object.assign(config, { nb_row: 3, nb_col: 3 });
    const session = await openModel(await write(older));
    const said = session.settled.filter(({ code }) => code === "A07" || code === "A06");
    assert.deepEqual(
      said.map(({ code, subject }) => [code, subject]),
      [["A07", "conv.nb_row"]],
    );
    await assertSame(session.finished(), unbroken);
  });

  it("an optimizer's tensors that are gone are one note, and no question", async () => {
    const parts: Parts = {
      ...two(),
      training: { loss: "mse", optimizer_config: { class_name: "Adam", config: { learning_rate: 0.01 } } },
    };
    const session = await openModel(await write(parts, { lostOptimizer: ["adam/iteration", "adam/m_0"] }));
    assert.equal(session.state, "loaded", described(session));
    const told = session.settled.filter(({ code }) => code === "O01" || code === "W05");
    assert.deepEqual(
      told.map(({ code }) => code),
      ["O01"],
    );
    assert.match(told[0]!.found, /^2 of the 2 tensors .* adam\/iteration, adam\/m_0/);
  });

  it("what a cut file has left of an optimizer's state is not taken for all of it, and a state that is gone is told", async () => {
    // Keras 3.15: iteration and learning rate, then the slots, which an unbuilt optimizer has not.
    const sound = fs.readFileSync("test/fixtures/quantized/training/embedded_lora.h5");
    for (const [part, title] of [
      [0.975, "The state of the optimizer is not whole: Adam"],
      [0.9, "The state of the optimizer is lost: Adam"],
    ] as const) {
      const target = path.join(folder, "cut.h5");
      fs.writeFileSync(target, sound.subarray(0, Math.floor(sound.length * part)));
      const session = await openModel(target);
      assert.equal(session.state, "loaded", described(session));
      const told = session.settled.filter(({ code }) => code === "O01");
      assert.deepEqual(
        told.map((problem) => problem.title),
        [title],
      );
      assert.ok(session.report().notes.includes("Ready to train on: optimizer Adam, loss mse."));
    }
  });

  it("a wrapper takes and adopts arguments of what it holds", async () => {
    const make = (units: number) =>
      sequential(
        2,
        [null, 5, 4],
        [
          layer(
            "TimeDistributed",
            "each",
            {
              layer: {
                class_name: "Dense",
                config: { name: "inner", units, activation: "tanh", use_bias: true },
              },
            },
            { kernel: [4, 3], bias: [3] },
          ),
        ],
      );
    const unbroken = await whole(folder, make(3));
    for (const [remedy, argument] of [
      ["adopt", undefined],
      ["set", "units=3"],
    ] as const) {
      const session = await openModel(await write(make(7)));
      asked(session, "W03", "each");
      await assert.rejects(session.fix(1, "set", "unis=3"), /TimeDistributed has no argument unis.*units/);
      await session.fix(1, remedy, argument);
      await assertSame(session.finished(), unbroken);
    }
  });

  it("a layer that is not there becomes one that does not wait for who takes it", async () => {
    const make = () =>
      functional(
        2,
        { x: [null, 4] },
        [
          [dense("first", 4, 4), "x"],
          [dense("second", 4, 4), "first"],
          [dense("third", 4, 4), "second"],
        ],
        ["third"],
      );
    const unbroken = await whole(folder, make());
    const parts = make();
    savedLayer(parts, "first")["inbound_nodes"] = [[["third_input", 0, 0, {}]]];
    const session = await openModel(await write(parts));
    assert.equal(asked(session, "G02", "first").remedies.find(({ id }) => id === "connect")!.suggestion, "x");
    // Which layer was meant is for the user to say.
    await assert.rejects(session.fixAll(), /guesses, which are taken by their names: connect\./);
    await assert.rejects(session.skip(), /but a guess, which is taken by its name: %step fix 1 connect x\.$/);
    await session.fix(1, "connect");
    await assertSame(session.finished(), unbroken);
  });

  it("a call that is not there becomes the one whose output nothing takes", async () => {
    const make = (call: number) => {
      const parts = functional(
        2,
        { x: [null, 6], y: [null, 6] },
        [
          [dense("shared", 6, 4), "x"],
          [dense("after", 4, 4), "shared"],
          [layer("Subtract", "apart"), "shared", "after"],
        ],
        ["apart"],
      );
      (savedLayer(parts, "shared")["inbound_nodes"] as unknown[]).push([["y", 0, 0, {}]]);
      savedLayer(parts, "after")["inbound_nodes"] = [[["shared", call, 0, {}]]];
      return parts;
    };
    const unbroken = await whole(folder, make(1));
    const session = await openModel(await write(make(3)));
    const { remedies } = asked(session, "G03", "after");
    assert.equal(remedies.find(({ id }) => id === "connect")!.suggestion, "shared:1");
    await assert.rejects(session.fix(1, "connect", "shard"), /no layer shard\. The nearest: shared/);
    await session.fix(1, "connect");
    await assertSame(session.finished(), unbroken);
  });

  it("a dtype policy that nobody knows is told, and computed in float32", async () => {
    const unbroken = await whole(folder, two());
    const policies: JsonObject["dtype"][] = [
      "mixed_float7",
      { class_name: "MyPolicy", config: { name: "float32" } },
    ];
    for (const dtype of policies) {
      const parts = copy(two());
      savedLayer(parts, "hidden").config["dtype"] = dtype!;
      const session = await openModel(await write(parts));
      const told = session.settled.find(({ code }) => code === "C20");
      assert.match(told?.found ?? "", /mixed_float7|MyPolicy/);
      await assertSame(session.finished(), unbroken);
    }
  });

  it("two layers of one name in an archive get their own weights", async () => {
    const unbroken = await whole(folder, two());
    const parts = sequential(3, [null, 6], [dense("hidden", 6, 5), dense("out", 5, 3)]);
    const config = structuredClone(parts.config);
    savedLayer({ ...parts, config }, "out").config["name"] = "hidden";
    const file = path.join(folder, "model.keras");
    await writeArchive(file, parts, { config: JSON.stringify(config) });
    const session = await openModel(file);
    assert.equal(session.state, "loaded", described(session));
    assert.ok(session.settled.some(({ code }) => code === "G09"));
    await assertSame(session.finished(), unbroken);
  });
});

describe("SavedModels of which a file is cut or gone", () => {
  let folder: string;
  const MLP = path.resolve("test/fixtures/graph/keras2_mlp");
  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "loadlab-"));
    fs.cpSync(MLP, folder, { recursive: true });
  });
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

  it("take their weights from the checkpoint's list where saved_model.pb is cut in half", async () => {
    const graph = path.join(folder, "saved_model.pb");
    fs.truncateSync(graph, Math.floor(fs.statSync(graph).size / 2));
    const session = await openModel(folder);
    assert.equal(session.state, "loaded", described(session));
    const unbroken = (await openModel(MLP)).finished();
    await assertSame(session.finished(), unbroken);
  });

  it("ask for the variables where their only shard is gone", async () => {
    fs.rmSync(path.join(folder, "variables/variables.data-00000-of-00001"));
    const session = await openModel(folder);
    assert.deepEqual(
      session.waiting.map(({ code, title }) => [code, title]),
      [["F15", "A shard of the weights is missing"]],
      described(session),
    );
    await session.fix(1, "weights", path.join(MLP, "variables"));
    await assertSame(session.finished(), (await openModel(MLP)).finished());
  });
});

describe("weights in parts of which one is missing", () => {
  it("are one question, whose loss is named by layers", async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "loadlab-"));
    try {
      fs.cpSync("test/fixtures/archives/sharded", folder, { recursive: true });
      const whole = await openModel(folder);
      const parts = whole.finished().weights.length;
      fs.rmSync(path.join(folder, "model_00001.weights.h5"));
      const session = await openModel(folder);
      assert.deepEqual(
        session.waiting.map(({ code, title }) => [code, title]),
        [["F07", "A file of the weights is missing"]],
        described(session),
      );
      assert.match(session.waiting[0]!.found, /"model_00001\.weights\.h5".*tensors? whole; lost: /);
      await session.fix(1, "salvage");
      assert.equal(session.finished().weights.length, parts);
    } finally {
      fs.rmSync(folder, { recursive: true });
    }
  });
});

describe("a cut archive", () => {
  it("asks for the weights that a function of the user's own wants, not for another function", async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "loadlab-"));
    registerCustom("Mine", (inputs, { weights }) =>
      tf.matMul(inputs as tf.Tensor, weights[0]! as tf.Tensor2D),
    );
    try {
      const own = sequential(
        3,
        [null, 4],
        [layer("Mine", "mine", {}, { kernel: [4, 2] }), dense("out", 2, 3)],
      );
      const [file, intact] = [path.join(folder, "model.keras"), path.join(folder, "intact.keras")];
      await writeArchive(intact, own);
      assert.equal((await openModel(intact)).state, "loaded");
      fs.copyFileSync(intact, file);
      const weights = readMembers(fs.readFileSync(file)).at(-1)!.data.length;
      fs.truncateSync(file, fs.statSync(file).size - Math.floor(weights * 0.9));
      const session = await openModel(file);
      assert.deepEqual(
        session.waiting.map(({ code, where }) => [code, where.layer]),
        [["F03", "mine"]],
        described(session),
      );
      await session.fix(1, "weights", intact);
      assert.equal(session.state, "loaded", described(session));
    } finally {
      unregisterCustom("Mine");
      fs.rmSync(folder, { recursive: true });
    }
  });

  it("is one question, and the summary marks what is lost", async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "loadlab-"));
    try {
      const wide = sequential(
        3,
        [null, 40],
        [dense("first", 40, 50), dense("second", 50, 60), dense("out", 60, 3)],
      );
      const file = path.join(folder, "model.keras");
      await writeArchive(file, wide);
      fs.truncateSync(file, Math.floor(fs.statSync(file).size * 0.6));
      const session = await openModel(file);
      assert.equal(session.waiting.length, 1, described(session));
      assert.match(session.waiting[0]!.title, /^The file is cut off/);
      await session.fix(1, "salvage");
      const stubs = stubbedLayers(session.finished());
      assert.ok(stubs.length > 0);
      assert.ok(stubs.length < 3, "what is whole is not marked");
    } finally {
      fs.rmSync(folder, { recursive: true });
    }
  });

  it("marks a layer of a registered class that has lost its weights too", async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "loadlab-"));
    class Scale extends tf.layers.Layer {
      static className = "Scale";
      declare factor: tf.LayerVariable;
      override build(shape: tf.Shape): void {
        this.factor = this.addWeight("factor", [shape.at(-1)!], "float32", tf.initializers.ones());
        super.build(shape);
      }
      override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
        return tf.mul([inputs].flat()[0]!, this.factor.read());
      }
    }
    registerCustom("Scale", Scale);
    try {
      const scale = layer("Scale", "scale", {}, { factor: [5] });
      const parts = sequential(3, [null, 40], [dense("first", 40, 5), scale]);
      const file = path.join(folder, "model.keras");
      await writeArchive(file, parts);
      assert.deepEqual(stubbedLayers((await openModel(file)).finished()), []);
      fs.truncateSync(file, Math.floor(fs.statSync(file).size * 0.6));
      const session = await openModel(file);
      assert.match(session.waiting[0]!.found, /lost: .*scale/, described(session));
      await session.fix(1, "salvage");
      const model = session.finished();
      assert.ok(stubbedLayers(model).includes("scale"));
      assert.deepEqual([...model.getLayer("scale").getWeights()[0]!.dataSync()], [0, 0, 0, 0, 0]);
    } finally {
      unregisterCustom("Scale");
      fs.rmSync(folder, { recursive: true });
    }
  });
});
