import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { tf, unregisterCustom } from "../../../src/index.js";
import { MODELS } from "../../src/loading/reference.js";
import { notebook } from "./notebook.js";

const MNIST = path.resolve(MODELS, "mnist_cnn.h5");

describe("%save_model, %compare, %environment, %register_custom", () => {
  let folder: string;

  before(async () => {
    await tf.setBackend("cpu");
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "loadlab-magics-"));
  });
  after(() => fs.rmSync(folder, { recursive: true }));

  it("saves, loads again, and the two agree layer by layer", async () => {
    const { run, shown } = notebook(undefined, folder);
    await run(`%load_model ${MNIST}`);
    await run("%save_model fixed.keras");
    assert.match(shown.stdout, /fixed\.keras: \d+ bytes/);
    await assert.rejects(run("%save_model fixed.keras"), /is there already\. --overwrite replaces it/);
    await run("%load_model fixed.keras --as fixed");
    assert.match(
      String(shown.bundles.at(-1)!.data["text/plain"]),
      /loaded as layers, in the variable fixed\n/,
    );
    await run("%compare model fixed");
    assert.match(String(shown.bundles.at(-1)!.data["text/plain"]), /All \d+ agree to 0\.00001/);
  });

  it("draws the load of a variable that waits, however many began after it", async () => {
    const { run, shown } = notebook(undefined, folder);
    await run(`%load_model ${path.resolve(MODELS, "custom_attention.h5")} --as waits`);
    await run(`%load_model ${MNIST} --as later`);
    await run("%model_graph waits");
    assert.match(String(shown.bundles.at(-1)!.data["text/plain"]), /MyAttention is unknown/);
  });

  it("shows what ran before the error of a profiled cell", async () => {
    const { run, shown } = notebook(undefined, folder);
    await assert.rejects(
      run(
        '%%profile\nimport * as tf from "@tensorflow/tfjs"; tf.square(3);\nthrow new Error("of the cell");',
      ),
      /of the cell/,
    );
    assert.match(String(shown.bundles.at(-1)!.data["text/plain"]), /outside layers .* Square/);
    shown.bundles.length = 0;
    await assert.rejects(run("%%profile\nlet y: = 1"), { name: "SyntaxError" });
    assert.deepEqual(shown.bundles, []);
  });

  it("says which layer differs first", async () => {
    const { run, scope, shown } = notebook(undefined, folder);
    await run(`%load_model ${MNIST}`);
    await run(`%load_model ${MNIST} --as other`);
    const dense = (scope["other"] as tf.LayersModel).layers.at(-1)!;
    dense.setWeights(dense.getWeights().map((weight) => weight.mul(2)));
    await run("%compare model other");
    assert.match(
      String(shown.bundles.at(-1)!.data["text/plain"]),
      new RegExp(`The first that differs is ${dense.name}`),
    );
  });

  it("lets no earlier model predict in place of one that waits", async () => {
    const { run, scope } = notebook(undefined, folder);
    const isModel = () => scope["model"] instanceof tf.LayersModel;
    const waiting = path.resolve(MODELS, "custom_attention.h5");
    await run(`%load_model ${MNIST}`);
    await assert.rejects(run("%load_model nothing_here.h5"));
    assert.ok(isModel(), "an error keeps the variable, as in Python");
    await run(`%load_model ${waiting}`);
    assert.equal(scope["model"], undefined);
    await assert.rejects(run("%compare reference.npz"), /there is no model yet: its load waits/);
    await run("%step skip");
    assert.ok(isModel());
    await run("%step undo");
    assert.equal(scope["model"], undefined);
  });

  it("says of a cell that finds no model that its load waits, or was given up", async () => {
    const { run, shown } = notebook(undefined, folder);
    const said = async (code: string) => {
      shown.stdout = "";
      await run(code).catch(() => undefined);
      return shown.stdout;
    };
    await run(`%load_model ${path.resolve(MODELS, "custom_attention.h5")} --as words`);
    const waits = "There is no words yet: its load waits for a decision. %step show shows the card.\n";
    assert.equal(await said("words"), waits);
    assert.equal(await said("await words.predict(1)"), waits);
    assert.equal(await said("%profile words"), waits);
    assert.ok((await said("%time words.predict(1)")).startsWith(waits));
    assert.equal(await said("const other = undefined;\nother.words"), waits);
    assert.equal(await said("swords.predict(1)"), "", "another name");
    assert.equal(await said("throw new Error('words')"), "", "another error");
    await run(`%load_model ${MNIST} --step`);
    assert.match(await said("words.predict(1)"), /%step --of words show/);
    assert.match(await said("model.predict(1)"), /There is no model yet: its load pauses at a step/);
    await run("%step --of words abort");
    assert.equal(await said("words.predict(1)"), "There is no words: its load was given up.\n");
    await run("%step to verify\n%step");
    assert.equal(await said("model.nothing.at"), "", "there is one");
    const named = `The model of ${path.basename(MNIST)} is in the variable model.\n`;
    assert.equal(await said("mnist_cnn.summary()"), named, "by the name of its file");
  });

  it("registers a class that imports nothing", async () => {
    const { run, scope } = notebook(undefined, folder);
    try {
      await run("%register_custom Doubles = class extends tf.layers.Layer {}");
      assert.equal(scope["tf"], tf);
    } finally {
      unregisterCustom("Doubles");
    }
  });

  it("compares a graph with a reference", async () => {
    const { run, shown } = notebook(undefined, folder);
    const graph = path.resolve("test/fixtures/graph/export_dense");
    const reference = JSON.parse(fs.readFileSync(path.join(graph, "reference.json"), "utf8")) as {
      inputs: object;
      outputs: object;
    };
    const lists = { inputs: Object.values(reference.inputs), outputs: Object.values(reference.outputs) };
    fs.writeFileSync(path.join(folder, "graph.json"), JSON.stringify(lists));
    await run(`%load_model ${graph}`);
    await run("%compare graph.json");
    assert.match(String(shown.bundles.at(-1)!.data["text/plain"]), /All 1 agree to 0\.00001/);
  });

  it("compares with a reference, and says what a file lacks", async () => {
    const { run, shown } = notebook(undefined, folder);
    await run(`%load_model ${MNIST}`);
    await run(`%compare ${path.resolve(MODELS, "mnist_cnn.reference.json")}`);
    assert.match(String(shown.bundles.at(-1)!.data["text/plain"]), /All 1 agree/);
    fs.writeFileSync(path.join(folder, "no.json"), "{}");
    await assert.rejects(run("%compare no.json"), /no list "inputs"/);
  });

  it("tells the environment of a file, and writes it where nothing is", async () => {
    const { run, shown } = notebook(undefined, folder);
    await run(`%environment ${MNIST} --out requirements.txt`);
    assert.match(fs.readFileSync(path.join(folder, "requirements.txt"), "utf8"), /^tf-keras==2\.21\.\*/m);
    assert.match(String(shown.bundles[0]!.data["text/plain"]), /TF_USE_LEGACY_KERAS=1/);
    await assert.rejects(run(`%environment ${MNIST} --out requirements.txt`), /there already/);
  });

  it("registers functions, files and known layers, lists and forgets them", async () => {
    const { run, shown } = notebook(undefined, folder);
    await run("%register_custom --kind loss my_loss = (yTrue, yPred) => yTrue.sub(yPred).abs().mean(-1)");
    await run("%register_custom --kind activation steep = (x) => x.mul(3)");
    fs.writeFileSync(
      path.join(folder, "layers.ts"),
      'import * as tf from "@tensorflow/tfjs";\nexport const halve = (x: tf.Tensor) => x.div(2);\nexport const number = 3;\n',
    );
    await run("%register_custom --from layers.ts");
    await run("%register_custom --known tcn");
    await run("%register_custom --list");
    const list = shown.stdout.split("registered.").at(-1)!;
    for (const row of ["halve  layer", "TCN  layer", "my_loss  loss", "steep  activation"])
      assert.ok(list.includes(row), list);
    await run("%register_custom --remove my_loss");
    await assert.rejects(run("%register_custom --remove my_loss"), /is not registered/);
    await assert.rejects(run("%register_custom --from layers.ts Missing"), /layers\.ts exports halve/);
    for (const name of ["halve", "TCN", "steep"]) unregisterCustom(name);
  });
});
