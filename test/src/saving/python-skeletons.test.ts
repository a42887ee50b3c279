import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { openModel, saveModel, type tf } from "../../../src/index.js";
import { openModelFile } from "../../../src/formats/open.js";
import { assertSame } from "../loading/cases/case.js";
import { dense, functional, inputsFor, layer, savedLayer } from "../loading/cases/parts.js";
import { writeHdf5 } from "../loading/cases/write.js";

/** `lambda x: x / 127.5 - 1.0` and `lambda x: (x - 0.5) * 2`, by Python 3.9. */
const [SCALED, SHIFTED] = (
  JSON.parse(fs.readFileSync("test/fixtures/lambdas.json", "utf8")) as {
    cases: { code: Record<string, string> }[];
  }
).cases.map(({ code }) => ({ function: [code["3.9"]!, null, null], function_type: "lambda", arguments: {} }));

/** A Keras 2 model with a function that is called on a list of tensors and numbers, as no operation of Keras 3 is. */
function reshaped(): ReturnType<typeof functional> {
  const parts = functional(
    2,
    { x: [null, 3, 4] },
    [
      [layer("TFOpLambda", "shape", { function: "shape" }), "x"],
      [layer("SlicingOpLambda", "size", { function: "__operators__.getitem" }), "shape"],
      [layer("TFOpLambda", "reshape", { function: "reshape" }), "x"],
    ],
    ["reshape"],
  );
  savedLayer(parts, "size")["inbound_nodes"] = [["shape", 0, 0, { slice_spec: 0 }]] as never;
  savedLayer(parts, "reshape")["inbound_nodes"] = [["x", 0, 0, { shape: [["size", 0, 0], 12] }]] as never;
  return parts;
}

describe("the Python module beside a saved model", () => {
  let folder: string;
  beforeEach(() => void (folder = fs.mkdtempSync(path.join(os.tmpdir(), "skeletons-"))));
  afterEach(() => fs.rmSync(folder, { recursive: true }));

  const ODD = "b\nraise SystemExit";
  const inFolder = (name: string) => path.join(folder, name);

  async function twoLambdas(remedy: "translate" | "identity-stub", second = ODD) {
    const layers: Parameters<typeof functional>[2] = [
      [layer("Lambda", "a", SCALED!), "x"],
      [layer("Lambda", second, SHIFTED!), "a"],
    ];
    const file = await writeHdf5(inFolder("m.h5"), functional(2, { x: [null, 4] }, layers, [second]));
    const session = await openModel(file);
    await session.fix("a", remedy);
    await session.fix(second, remedy);
    return session.finished();
  }

  it("writes what translated Lambdas compute, whatever the layer is called", async () => {
    const { notes } = await saveModel(await twoLambdas("translate"), inFolder("saved.keras"));
    assert.deepEqual(notes, ["saved_layers.py defines what Keras does not have: import it before loading."]);
    const module = fs.readFileSync(inFolder("saved_layers.py"), "utf8");
    assert.match(module, /^def a_[0-9a-f]{8}\(x\):\n {4}# a: .*\n {4}return x \/ 127\.5 - 1\.0$/m);
    assert.match(module, /^ {4}# b\?raise SystemExit: .*\n {4}return \(x - 0\.5\) \* 2$/m);
    assert.doesNotMatch(module, /^\s*raise /m);
  });

  it("leaves a Lambda that was not translated to be written", async () => {
    const { notes } = await saveModel(await twoLambdas("identity-stub"), inFolder("saved.keras"));
    assert.match(notes[0]!, /complete it and import it/);
    const module = fs.readFileSync(inFolder("saved_layers.py"), "utf8");
    assert.match(module, /# a: lambda x: x \/ 127\.5 - 1\.0\n {4}raise NotImplementedError/);
  });

  it("keeps the bytecode in both formats, so that what was saved can be translated again", async () => {
    const model = await twoLambdas("translate");
    for (const name of ["saved.keras", "saved.h5"]) {
      await saveModel(model, inFolder(name));
      const session = await openModel(inFolder(name));
      assert.deepEqual(
        session.waiting.map(({ code, remedies }) => [code, remedies[0]!.id]),
        [
          ["A15", "translate"],
          ["A15", "translate"],
        ],
      );
    }
  });

  it("has a name for each Keras, is written anew as long as it is untouched, and never once it was edited", async () => {
    const model = await twoLambdas("translate");
    await saveModel(model, inFolder("saved.keras"));
    await saveModel(model, inFolder("saved.h5"));
    const file = inFolder("saved_layers.py");
    const written = fs.readFileSync(file, "utf8");
    assert.match(written, /^import keras$/m);
    assert.match(fs.readFileSync(inFolder("saved_keras2_layers.py"), "utf8"), /^import tf_keras as keras/m);
    fs.rmSync(inFolder("saved.keras"));
    await saveModel(model, inFolder("saved.keras"));
    const edited = written.replace("return (x", "return 1.0 * (x");
    fs.writeFileSync(file, edited);
    const { notes } = await saveModel(model, inFolder("saved.keras"), { overwrite: true });
    assert.match(notes[0]!, /^saved_layers\.py was edited since .* delete it to have it written anew\.$/);
    assert.equal(fs.readFileSync(file, "utf8"), edited);
    fs.writeFileSync(file, "SETTINGS = 1\n");
    await assert.rejects(saveModel(model, inFolder("saved.keras")), /saved_layers\.py are there already/);
  });

  it("has what layers of public packages compute, each layer of a class with its own settings and shapes", async () => {
    const groups = (name: string, size: number, count: number) =>
      layer(
        "Addons>GroupNormalization",
        name,
        { groups: count, axis: -1, epsilon: 0.001 },
        { gamma: [size], beta: [size] },
      );
    const file = await writeHdf5(
      inFolder("m.h5"),
      functional(
        2,
        { x: [null, 3, 4] },
        [
          [groups("a", 4, 2), "x"],
          [dense("d", 4, 6), "a"],
          [groups("b", 6, 3), "d"],
        ],
        ["b"],
      ),
    );
    const { notes } = await saveModel((await openModel(file)).finished(), inFolder("saved.keras"));
    assert.match(notes[0]!, /what Keras does not have: import it/);
    const module = fs.readFileSync(inFolder("saved_layers.py"), "utf8");
    assert.match(module, /if self\.name in \("a",\):\n {12}self\.w0 = .*shape=\(4,\)/);
    assert.match(module, /elif self\.name in \("b",\):\n {12}self\.w0 = .*shape=\(6,\)/);
    assert.match(module, /groups = 2\n[^]*groups = 3\n/);
  });

  it("keeps lists of tensors and numbers from Keras 3, which refuses them in a call", async () => {
    const model = (await openModel(await writeHdf5(inFolder("m.h5"), reshaped()))).finished();
    await saveModel(model, inFolder("saved.keras"));
    assert.match(
      fs.readFileSync(inFolder("saved_layers.py"), "utf8"),
      /def call\(self, .*shape__0=None, shape__1=None/,
    );
    await assertSame((await openModel(inFolder("saved.keras"))).finished(), model);
  });

  /** Two models whose functions of TensorFlow take other arguments, each saved with its module. */
  async function twoOfFunctions(): Promise<tf.LayersModel[]> {
    const rolled = functional(
      2,
      { x: [null, 4] },
      [[layer("TFOpLambda", "roll", { function: "roll" }), "x"]],
      ["roll"],
    );
    savedLayer(rolled, "roll")["inbound_nodes"] = [["x", 0, 0, { shift: 1, axis: 1 }]] as never;
    const models: tf.LayersModel[] = [];
    for (const [name, parts] of [
      ["one", reshaped()],
      ["two", rolled],
    ] as const) {
      const model = (await openModel(await writeHdf5(inFolder(`${name}.h5`), parts))).finished();
      await saveModel(model, inFolder(`${name}.keras`));
      models.push(model);
    }
    return models;
  }

  it("registers functions that take other arguments under other names, the same under the same", async () => {
    const [, second] = await twoOfFunctions();
    const names = (file: string) =>
      [...fs.readFileSync(inFolder(file), "utf8").matchAll(/name="(TFOpLambda_[0-9a-f]{8})"/g)].map(
        ([, n]) => n!,
      );
    const [one, two] = [names("one_layers.py"), names("two_layers.py")];
    assert.ok(one.length > 0 && two.length === 1 && !one.includes(two[0]!), `${one.join()} ${two.join()}`);
    await assertSame((await openModel(inFolder("two.keras"))).finished(), second!);
    await saveModel((await openModel(inFolder("two.keras"))).finished(), inFolder("again.keras"));
    assert.deepEqual(names("again_layers.py"), two);
  });

  it("goes with that of another model in one Python", async function () {
    const python = process.env["LOADLAB_KERAS_PYTHON"];
    if (python === undefined) {
      console.log("      skipped: LOADLAB_KERAS_PYTHON names no Python with Keras 3 and TensorFlow");
      return this.skip();
    }
    this.timeout(120_000);
    await twoOfFunctions();
    const program = [
      "import numpy as np, keras, one_layers, two_layers",
      "x = np.arange(24, dtype='float32').reshape(2, 3, 4)",
      "np.testing.assert_allclose(keras.models.load_model('one.keras')(x), x.reshape(2, 12))",
      "np.testing.assert_allclose(keras.models.load_model('two.keras')(x[0]), np.roll(x[0], 1, 1))",
    ].join("\n");
    const { status, stderr } = spawnSync(python, ["-c", program], { cwd: folder, encoding: "utf8" });
    assert.equal(status, 0, stderr);
  });

  /** Layers of Keras 2 that Keras 3 does not have, with each layout of their kernels, saved for Keras 3. */
  async function locallyConnected(): Promise<tf.LayersModel> {
    const common = { filters: 2, data_format: "channels_last", use_bias: true, activation: "tanh" };
    const row = { ...common, kernel_size: [3], strides: [2] };
    const image = { ...common, kernel_size: [2, 3], strides: [1, 2] };
    const parts = functional(
      2,
      { x: [null, 7, 2], z: [null, 4, 7, 1] },
      [
        [
          layer(
            "LocallyConnected1D",
            "a",
            { ...row, implementation: 1 },
            { kernel: [3, 6, 2], bias: [3, 2] },
          ),
          "x",
        ],
        [
          layer(
            "LocallyConnected1D",
            "b",
            { ...row, implementation: 2 },
            { kernel: [7, 2, 3, 2], bias: [3, 2] },
          ),
          "x",
        ],
        [
          layer("LocallyConnected1D", "c", { ...row, implementation: 3 }, { kernel: [36], bias: [3, 2] }),
          "x",
        ],
        [
          layer(
            "LocallyConnected1D",
            "d",
            { ...row, implementation: 2, padding: "same" },
            { kernel: [7, 2, 4, 2], bias: [4, 2] },
          ),
          "x",
        ],
        [
          layer(
            "LocallyConnected2D",
            "e",
            { ...image, implementation: 2 },
            { kernel: [4, 7, 1, 3, 3, 2], bias: [3, 3, 2] },
          ),
          "z",
        ],
        [
          layer(
            "LocallyConnected2D",
            "f",
            { ...image, implementation: 3 },
            { kernel: [108], bias: [3, 3, 2] },
          ),
          "z",
        ],
      ],
      ["a", "b", "c", "d", "e", "f"],
    );
    const model = (await openModel(await writeHdf5(inFolder("local.h5"), parts))).finished();
    await saveModel(model, inFolder("local.keras"));
    return model;
  }

  it("has what LocallyConnected layers compute, in each layout of their kernels", async () => {
    await locallyConnected();
    assert.doesNotMatch(fs.readFileSync(inFolder("local_layers.py"), "utf8"), /NotImplementedError/);
  });

  /**
   * Operations of Keras 3 on tensors and numbers, saved for Keras 2, which does not have them.
   * @param types whether the file tells the types of the tensors; without them nothing says that TensorFlow takes them
   */
  async function operations(name = "operations.h5", types = false): Promise<tf.LayersModel> {
    const dtype = types ? { dtype: "float32" } : {};
    const ref = (from: string) => ({
      class_name: "__keras_tensor__",
      config: { shape: [null, 4], ...dtype, keras_history: [from, 0, 0] },
    });
    const calls = [
      ["Multiply", "doubled", [ref("x"), 2], {}],
      ["Subtract", "turned", [1, ref("doubled")], {}],
      ["Maximum", "larger", [ref("turned"), ref("x")], {}],
      ["Exp", "power", [ref("larger")], {}],
      ["Mean", "mean", [ref("power")], { axis: -1, keepdims: true }],
      ["Add", "all", [ref("power"), ref("mean")], {}],
    ] as const;
    const parts = functional(
      3,
      { x: [null, 4] },
      calls.map(([className, name, , config]) => [layer(className, name, { ...config }), "x"] as const),
      ["all"],
    );
    for (const [className, name, args, config] of calls)
      Object.assign(savedLayer(parts, name), {
        module: "keras.src.ops.numpy",
        registered_name: className,
        config: { name, ...config },
        inbound_nodes: [{ args, kwargs: {} }],
      });
    const model = (await openModel(await writeHdf5(inFolder("given.h5"), parts))).finished();
    await saveModel(model, inFolder(name));
    return model;
  }
  const functions = () => operations("functions.h5", true);

  it("is not there for operations of Keras 3 that are functions of TensorFlow", async () => {
    const model = await functions();
    assert.ok(!fs.existsSync(inFolder("functions_keras2_layers.py")));
    const { config, close } = await openModelFile(inFolder("functions.h5"));
    close();
    assert.match(JSON.stringify(config), /"function":"math.reduce_mean"/);
    await assertSame((await openModel(inFolder("functions.h5"))).finished(), model);
  });

  it("has what a ReversibleEmbedding computes both ways, and its mask, for Keras 2", async () => {
    const source = fileURLToPath(
      new URL("../../../../test/fixtures/whole-models/tied.keras3.h5", import.meta.url),
    );
    await saveModel((await openModel(source)).finished(), inFolder("tied.h5"));
    const written = fs.readFileSync(inFolder("tied_keras2_layers.py"), "utf8");
    assert.doesNotMatch(written, /NotImplementedError/);
    assert.match(written, /if reverse:\n +scores = tf\.tensordot\(inputs, self\.w0, \[\[-1\], \[1\]\]\)/);
    assert.match(written, /def compute_mask/);
  });

  it("has what operations of Keras 3 compute, for Keras 2", async () => {
    await operations();
    const written = fs.readFileSync(inFolder("operations_keras2_layers.py"), "utf8");
    assert.doesNotMatch(written, /NotImplementedError/);
    assert.match(written, /return tf\.reduce_mean\(x, axis=-1, keepdims=True\)/);
  });

  for (const [what, make, library, file, module] of [
    ["LocallyConnected layers in Keras 3", locallyConnected, "keras", "local.keras", "local_layers"],
    ["operations in Keras 2", operations, "tf_keras", "operations.h5", "operations_keras2_layers"],
    ["operations as TensorFlow's functions", functions, "tf_keras", "functions.h5", "json"],
  ] as const)
    it(`gives the numbers of ${what}`, async function () {
      const python = process.env["LOADLAB_KERAS_PYTHON"];
      if (python === undefined) {
        console.log(
          "      skipped: LOADLAB_KERAS_PYTHON names no Python with Keras 3, tf_keras and TensorFlow",
        );
        return this.skip();
      }
      this.timeout(120_000);
      const model = await make();
      const inputs = inputsFor(model);
      const outputs = [model.predict(inputs)].flat();
      const lists = async (tensors: tf.Tensor[]) =>
        JSON.stringify(await Promise.all(tensors.map((tensor) => tensor.array())));
      const program = [
        `import json, sys, numpy as np, ${library}, ${module}`,
        "given, expected = map(json.loads, sys.argv[1:])",
        "given = [np.float32(x) for x in given]",
        `found = ${library}.models.load_model('${file}')(given if len(given) > 1 else given[0])`,
        "found = found if isinstance(found, (list, tuple)) else [found]",
        "for y, z in zip(found, expected, strict=True):",
        "    np.testing.assert_allclose(y, z, atol=1e-5)",
      ].join("\n");
      const args = ["-c", program, await lists(inputs), await lists(outputs)];
      const { status, stderr } = spawnSync(python, args, { cwd: folder, encoding: "utf8" });
      assert.equal(status, 0, stderr);
    });

  it("is imported by Keras 3 and Keras 2 as it stands, which compute the same with it", async function () {
    const python = process.env["LOADLAB_KERAS_PYTHON"];
    if (python === undefined) {
      console.log(
        "      skipped: LOADLAB_KERAS_PYTHON names no Python with Keras 3, tf_keras and TensorFlow",
      );
      return this.skip();
    }
    this.timeout(120_000);
    const model = await twoLambdas("translate", "b");
    await saveModel(model, inFolder("saved.keras"));
    await saveModel(model, inFolder("saved.h5"));
    const program = [
      "import numpy as np, keras, tf_keras, saved_layers, saved_keras2_layers",
      "for library, name in ((keras, 'saved.keras'), (tf_keras, 'saved.h5')):",
      "    y = library.models.load_model(name)(np.float32([[0, 255, 127.5, 1]]))",
      "    np.testing.assert_allclose(y, (np.float32([[-1, 1, 0, 1 / 127.5 - 1]]) - 0.5) * 2, atol=1e-6)",
    ].join("\n");
    const { status, stderr } = spawnSync(python, ["-c", program], { cwd: folder, encoding: "utf8" });
    assert.equal(status, 0, stderr);
  });
});
