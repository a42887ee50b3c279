import assert from "node:assert/strict";
import { createCellEngine } from "../../../kernel/cells/create-cell-engine.js";
import { EXPORTED } from "../../../kernel/cells/errors/keras-advice.js";
import { newerNodeAdvice } from "../../../kernel/cells/errors/newer-node.js";
import { traceback } from "../../../kernel/cells/errors/traceback.js";
import * as loadlab from "../../../src/index.js";
import { failureOf } from "./failure-of.js";
import { notebookFolder } from "./sequences.js";

const folder = notebookFolder({});
const failure = (...cells: string[]) => failureOf(folder, ...cells);

describe("What to do about an error", () => {
  it("says how a file is read that fetch was asked for", async () => {
    for (const [cell, file] of [
      ["await fetch('./data.json')", "./data.json"],
      ["await fetch(new URL('file:///data.json'))", "data.json"],
    ] as const) {
      const { lines } = await failure(cell);
      assert.match(lines.at(-1)!, new RegExp(`not files.*readFile\\("${file}", "utf8"\\)$`));
    }
    const { lines } = await failure("await fetch('http://127.0.0.1:9/')");
    assert.doesNotMatch(lines.join("\n"), /not files/);
  });

  it("says where a promise was taken for what it gives", async () => {
    for (const [cells, advice] of [
      [["const rows = Promise.resolve([1]);", "rows.map((x) => x)"], "(await rows).map(…)"],
      [["const rows = (async () => [1])(); for (const row of rows) row;"], "await rows"],
      [["async function load() { return [1]; }", "load().map((x) => x)"], "(await load(…)).map(…)"],
      [["fetch('http://127.0.0.1:9/').json()"], "(await fetch(…)).json(…)"],
    ] as const) {
      const { evalue, lines } = await failure(...cells);
      assert.match(evalue, /^(?:rows|load|fetch)[.( ]/);
      assert.ok(lines.at(-1)!.endsWith(`comes with await: ${advice}`), lines.at(-1));
    }
    assert.doesNotMatch((await failure("const a = [1]; a.mapp()")).lines.join("\n"), /await/);
  });

  it("says where a file was looked for", async () => {
    const { lines } = await failure('import fs from "node:fs"; fs.readFileSync("no/such.csv")');
    assert.match(lines.at(-1)!, /^There is no \/.*no\/such\.csv\. Paths begin at the folder/);
  });

  it("says which quotation marks are none of code's", async () => {
    assert.match((await failure("const s = “a”;")).lines.at(-1)!, /^“ is a quotation mark of prose/);
  });

  it("says what takes the place of an import of Deno's or a browser's", async () => {
    for (const [from, advice] of [
      ["npm:lodash@4", '%npm install lodash@4 and: import … from "lodash"'],
      ["jsr:@std/path", '!npx jsr add @std/path and: import … from "@std/path"'],
      ["https://esm.sh/lodash", "%npm install NAME has packages"],
    ] as const) {
      const { evalue, lines } = await failure(`import x from "${from}"; x`);
      assert.ok(evalue.includes(advice), evalue);
      assert.match(lines[1]!, /at Cell \[1\]:1:1$/);
    }
  });

  it("says how large an array was asked for that none can be", async () => {
    const { lines } = await failure("new Float32Array(1e12)");
    assert.match(lines.at(-1)!, /^(?:An array of 1,000,000,000,000 numbers .* 3,725 GiB|There is no memory)/);
    assert.doesNotMatch((await failure("new Float32Array(-1)")).lines.at(-1)!, /GiB|memory/);
  });

  it("says how to get help where a cell asks for it as in IPython", async () => {
    for (const code of ["const a = 1;\na?", "??console.log", "console.log ?"])
      assert.match((await failure(code)).lines.at(-1)!, /^Shift\+Tab behind a name/);
    assert.doesNotMatch((await failure("a ? 1")).lines.at(-1)!, /Shift/);
  });

  it("says what to do about a name that is not declared", async () => {
    for (const [code, advice] of [
      ["x = 5", "A variable is declared before it is assigned to: let x = …"],
      ["{ const f = () => { y = 1 }; f() }", "A variable is declared before it is assigned to: let y = …"],
      ["print('a')", "In TypeScript: console.log(value)."],
      ["In[2]", "The texts of earlier cells are not kept as variables; their results are: Out[n] and _."],
      ["_12", "The result of cell 12 is Out[12]."],
      ["quit()", "Restart Kernel, in the menu, ends what runs and forgets all variables."],
      [
        "var files = !ls",
        'What a program prints: execSync("COMMAND", { encoding: "utf8" }), imported from "node:child_process".',
      ],
      [
        "isNaN(1, epochs=3)",
        "Arguments have no names in TypeScript; functions take objects: f(x, { epochs: … })",
      ],
      ["size: int = 5", "A variable is declared before it is assigned to: let size: number = …"],
      ["tf.zeros([1])", 'It is imported: import { tf } from "loadlab".'],
      ["sum([1, 2])", "In TypeScript: values.reduce((a, b) => a + b, 0)."],
      ["__dirname", "A cell is an ES module: import.meta.dirname is the folder of the notebook."],
      [
        "x = keras.models.load_model('my model.h5')",
        '%load_model my model.h5 opens it as the variable model; in code: import { loadModel } from "loadlab", then await loadModel("my model.h5").',
      ],
      ["load_model(path)", '%load_model FILE opens a model; in code: import { loadModel } from "loadlab".'],
      ["await openModel('a.h5')", 'It is imported: import { openModel } from "loadlab".'],
      [
        "class A extends Layer {}",
        'A layer of your own extends tf.layers.Layer: import { tf } from "loadlab".',
      ],
      ["Conv2D(3, 3)", 'In TypeScript: layers.conv2D({ … }), imported from "loadlab".'],
      [
        "keras.optimizers.AdamW({ learning_rate: 1e-3 })",
        'In TypeScript: optimizers.adamW({ … }), imported from "loadlab".',
      ],
      ["new AUC()", 'In TypeScript: metrics.auc({ … }), imported from "loadlab".'],
    ] as const) {
      const { ename, lines } = await failure(code);
      assert.equal(ename, "ReferenceError");
      assert.equal(lines.at(-1), advice);
    }
    const ofTensorFlow = await failure("const tf = {}; tf.keras.models.load_model(path)");
    assert.match(ofTensorFlow.lines.at(-1)!, /^Keras is Python's\. %load_model FILE opens/);
    for (const code of ["z == 5", "sum + 1"]) {
      const { lines } = await failure(code);
      assert.match(lines.at(-1)!, /^ +\| \^$/, code);
    }
  });

  it("names as imported only what loadlab exports", () => {
    for (const name of EXPORTED) assert.ok(name in loadlab, name);
  });

  it("says which member was meant by one that a value does not have", async () => {
    const scope = `class Model { predict() {} apply() {} getLayer() {} loadWeights() {} }
      class Layer { apply() {} countParams() {} }
      const tf = { matMul() {}, mean() {}, mul() {} };
      const [xs, word, model] = [[1], "a", Object.assign(new Model(), { layers: [new Layer()] })];\n`;
    for (const [code, advice] of [
      ["model.get_layer('a')", "Did you mean model.getLayer?"],
      ["model.load_weights('a.h5')", /^%load_model FILE opens a file of weights/],
      ["model(1)", "A model is called by model.predict(x), or by model.apply(x) where gradients are wanted."],
      ["model.layers[0](1)", "A layer is called by model.layers[0].apply(x)."],
      ["model.layers[0].adapt([1])", /^Layers do not learn from data here/],
      ["tf.matmul(1, 2)", "Did you mean tf.matMul?"],
      ["tf.reduce_mean(1)", "Did you mean tf.mean?"],
      ["tf.multiply(1, 2)", "Did you mean tf.mul?"],
      ["tf.nn.log_softmax(1)", /its functions are those of tf: tf\.logSoftmax\.$/],
      ["tf.node.decodeImage(1)", /^tf\.node is tfjs-node's: import/],
      ["xs.append(2)", "Did you mean xs.push?"],
      ["word.upper()", "Did you mean word.toUpperCase?"],
      // One property for each item would be more than memory holds.
      ["const all = new Uint8Array(1e9); all.sorted()", "Did you mean all.sort?"],
      ["const long = 'a'.repeat(5e8); long.lower()", "Did you mean long.toLowerCase?"],
      ["xs()", /\^$/],
      ["model.frobnicate()", /\^$/],
    ] as const) {
      const last = (await failure(scope + code)).lines.at(-1)!;
      if (typeof advice === "string") assert.equal(last, advice);
      else assert.match(last, advice, code);
    }
  });

  it("says how TypeScript writes what a cell has in Python", async () => {
    for (const [code, advice] of [
      ["def foo(x, y=1):\n    return x", "function foo(x, y=1) { … }"],
      ["class Foo(nn.Module):\n    pass", "class Foo extends nn.Module { … }"],
      ["class Foo:\n    pass", "class Foo { … }"],
      ['print "a", b', 'console.log("a", b)'],
      ["for i in range(10):\n    f(i)", "for (let i = 0; i < 10; i++) { … }"],
      ["for i in range(2, n):\n    f(i)", "for (let i = 2; i < n; i++) { … }"],
      ["for i, x in enumerate(xs):\n    f(i)", "for (const [i, x] of xs.entries()) { … }"],
      ["for k, v in pairs:\n    f(k)", "for (const [k, v] of pairs) { … }"],
      ["for x in xs:  # all\n    f(x)", "for (const x of xs) { … }"],
      ["while True:\n    break", "while (condition) { … }"],
      ["if a == 1:\n    b = 2", "if (condition) { … } else { … }"],
      ["try:\n    f()\nexcept Exception as e:\n    pass", "try { … } catch (error) { … } finally { … }"],
      ["raise ValueError('bad')", "throw new Error('bad')"],
      ["b = [i * 2 for i in xs]", "xs.map((i) => i * 2)"],
      ["b = [i * 2 for i in range(3)]", "Array.from({ length: 3 }, (_, i) => i * 2)"],
      ["b = sorted(xs, key=lambda x: x.age)", "(x) => x.age"],
      ['const s = f"sum {a + b}"', "`sum ${a + b}…`"],
      ["a is not None", "a !== null"],
      ["const both = a and b", "a && b"],
      ["const c = 1 if a else 2", "a ? 1 : 2"],
      ["import my.module as m", 'import * as m from "my/module"'],
      ["from my.module import f, g", 'import { f, g } from "my/module"'],
    ] as const) {
      const { ename, lines } = await failure(code);
      assert.equal(ename, "SyntaxError", code);
      assert.equal(lines.at(-1), `In TypeScript: ${advice}`, code);
    }
    for (const [code, advice] of [
      ["import numpy as np", /^numpy is a package of Python\. Here: .*loadlab/m],
      ["import * as np from 'numpy'", /numpy is a package of Python/],
      ["const a = 1\n# more", /comment begins with \/\//],
      ['"""text"""', /comment is \/\* … \*\//],
    ] as const)
      assert.match((await failure(code)).lines.join("\n"), advice);
    for (const code of [
      "const a = (1",
      "let x = {a: 1",
      "for (const x of [1) f()",
      "if (a) { b(",
      'console.log("salt and pepper"',
      "const a = ; // do not touch, or else",
      "let a = 1, b; if (a) b = 2 else b = 3",
      "const t = `not in [list], for x in xs` +",
    ])
      assert.match((await failure(code)).lines.at(-1)!, /^ +\| +\^$/, code);
  });

  it("says which Node.js has what this one lacks", () => {
    const groupBy = "Object.groupBy is not a function";
    assert.match(
      newerNodeAdvice(groupBy, "20.20.2"),
      /^There is Object\.groupBy from Node\.js 21 on, and this is 20\.20\.2/,
    );
    assert.equal(newerNodeAdvice(groupBy, "22.0.0"), "");
    assert.match(
      newerNodeAdvice("(intermediate value).union is not a function", "20.1.0"),
      /^A Set has union/,
    );
    assert.match(newerNodeAdvice("[1,2].values(...).map is not a function", "20.1.0"), /^Iterators have map/);
    assert.match(newerNodeAdvice("Iterator is not defined", "20.1.0"), /^There is Iterator from/);
    for (const other of [
      "a.map is not a function",
      "Object.nope is not a function",
      "toString is not defined",
    ])
      assert.equal(newerNodeAdvice(other, "20.1.0"), "");
  });

  it("knows no feature as missing that this Node.js has, and none as there that it lacks", async () => {
    for (const code of [
      "Object.groupBy([1], (x) => x)",
      "Promise.withResolvers()",
      "new Set([1]).union(new Set())",
      "[1].values().map((x) => x)",
      "Promise.try(() => 1)",
      "RegExp.escape('a')",
      "new Float16Array(1)",
    ]) {
      const engine = createCellEngine({ folder: process.cwd() });
      const outcome = await engine.run({ code, executionCount: 1 }).then(() => null, traceback);
      if (outcome) assert.match(outcome.traceback.at(-1)!, /from Node\.js \d+ on/, code);
    }
  });

  it("says where a line goes on with the one above", async () => {
    for (const [code, line] of [
      ["const a = 5\n[1, 2].map(String)", 2],
      ["let a = 1, b = 2\n\n[a, b] = [b, a]", 3],
      ["const f = 5\n(async () => {})()", 2],
      ["{\n  const a = { n: 1 }\n  [a, a.n].nope()\n}", 3],
    ] as const) {
      const { lines } = await failure(code);
      assert.equal(
        lines.at(-1),
        `Line ${line} goes on with the line above, which has no semicolon at its end.`,
      );
    }
    for (const code of ["const a = 5;\n[1, 2].nope()", "String(\n  [1].nope(),\n)", "null.x\n;[1]"])
      assert.doesNotMatch((await failure(code)).lines.join("\n"), /goes on/);
    for (const code of ["const a = 1\n<b>x</b>", "const a = 1\n<div>\n  {a}\n</div>"])
      assert.match((await failure(code)).lines.at(-1)!, /^The line above <.*> needs a semicolon/);
  });

  it("says that eval knows no names of cells", async () => {
    const { lines } = await failure("const known = 1", "eval('known + 1')");
    assert.match(lines.at(-1)!, /^Code in eval knows .* not those of cells/);
  });

  it("says how a picture is read that a browser's function was given", async () => {
    const { lines } = await failure(
      'import { tf } from "loadlab"; tf.browser.fromPixels("cat.png" as never)',
    );
    assert.match(lines.at(-1)!, /^Pictures in files: .*tf\.node\.decodeImage\(fs\.readFileSync\(FILE\)\)\.$/);
  });
});
