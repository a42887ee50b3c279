import assert from "node:assert/strict";
import ts = require("typescript");
import { skeleton, type SkeletonSource } from "../../../src/loading/drafts/skeleton.js";

const source: SkeletonSource = {
  spec: {
    className: "pkg>My-Attention",
    name: "attention",
    path: "attention",
    module: null,
    registeredName: null,
    config: {
      name: "attention",
      units: 8,
      "odd key": "text",
      use_bias: true,
      dims: [1, 2],
      nested: { class_name: "Zeros" },
      nothing: null,
    },
    buildConfig: null,
    model: null,
    inner: {},
  },
  evidence: {
    className: "pkg>My-Attention",
    path: "attention",
    config: "units=8",
    weights: [
      { name: "attention/kernel:0", shape: [16, 8], dtype: "float32" },
      { name: "attention/weights:0", shape: [], dtype: "float32" },
      { name: "attention/inner/kernel:0", shape: [8], dtype: "float32" },
    ],
    upstream: [
      { path: "a", className: "Dense", shape: [null, 12, 16] },
      { path: "b", className: "Dense", shape: null },
    ],
    downstream: [{ path: "hidden", className: "Dense", shape: null }],
  },
};

/** What the compiler has to say about cells, their magic lines left out. */
function complaints(cells: readonly string[]): string[] {
  const texts = new Map(cells.map((cell, i) => [`cell${i}.ts`, cell.replace(/^%%.*\n/, "")]));
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    noImplicitOverride: true,
    noUncheckedIndexedAccess: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    types: [],
  };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  host.getSourceFile = (name, ...rest) => {
    const text = texts.get(name);
    return text === undefined
      ? getSourceFile.call(host, name, ...rest)
      : ts.createSourceFile(name, text, ts.ScriptTarget.ES2022);
  };
  host.fileExists = (name) => texts.has(name) || fileExists.call(host, name);
  const program = ts.createProgram([...texts.keys()], options, host);
  return ts
    .getPreEmitDiagnostics(program)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
}

describe("skeleton", () => {
  it("is named as the file names the class", () => {
    assert.match(skeleton("pkg>My-Attention", source), /^%%register_custom pkg>My-Attention\n/);
  });

  it("has the saved arguments, the weights in order with their shapes, and the neighbours", () => {
    const text = skeleton("pkg>My-Attention", source);
    for (const part of [
      "units: number;",
      'this.odd_key = config["odd key"];',
      "dims: number[];",
      'this.kernel = this.addWeight("kernel", [16, 8],',
      'this.own_weights = this.addWeight("own_weights", [],',
      'this.kernel_2 = this.addWeight("kernel_2", [8],',
      "// Called on a (Dense (None, 12, 16)) and b (Dense).",
    ]) {
      assert.ok(text.includes(part), `${part}\nis not in\n${text}`);
    }
    assert.ok(!text.includes("nested:"), "an object is left to the comment");
  });

  it("names the weights of an archive by what tells them apart", () => {
    const names = ["att/query_dense/vars/0", "att/query_dense/vars/1", "ffn/layers/dense/vars/0", "vars/0"];
    const weights = names.map((name) => ({ name: `layers/block/${name}`, shape: [2], dtype: "float32" }));
    const text = skeleton("Block", { ...source, evidence: { ...source.evidence, weights } });
    for (const name of ["att_query_dense_0", "att_query_dense_1", "ffn_dense_0", "weight_0"])
      assert.ok(text.includes(`${name}!: tf.LayerVariable;`), text);
  });

  it("compiles for odd names and configs", function () {
    this.timeout(120000);
    const words = [
      "class",
      "default",
      "tf",
      "Array",
      "Größe",
      "名前",
      "my layer",
      "3D",
      "a.b",
      "a-b",
      "a_b",
      "yield",
    ];
    const packages = ["", "pkg>", "my pkg.sub>", "Custom>"];
    const configs: SkeletonSource["spec"]["config"][] = [
      {
        stateful: true,
        build: false,
        constructor: 3,
        weights: [1, 2],
        name: "n",
        "a-b": 1,
        a_b: 2,
        "a b": "x",
      },
      { class: "x", new: 1, "": 2, 'quote"d': "y", "new\nline": 3, "*/": 4, "${x}": 5, "`": 6 },
      {
        nested: { deep: { er: [1] } },
        mixed: [1, "a"],
        empty: [],
        pairs: [[1, 2], [3]],
        nothing: null,
        é: 1.5,
      },
      {
        call: "relu",
        dtype: "float32",
        input: 1,
        output: 2,
        losses: [true],
        __proto__x: 1,
        inputs: 1,
        x: "x",
      },
      { huge: 1e300, tiny: -0, text: "\u2028 // */", of: [["a"], ["b"]], toString: 1, valueOf: 2 },
    ];
    const weights = ["x", "inputs", "default", "call", "w/0", "0", "größe", "a-b:0", "a_b:0", "constructor"];
    const cells = Array.from({ length: 60 }, (_, i) => {
      const className = `${packages[i % 4]!}${words[i % words.length]!}${i >= 48 ? String(i) : ""}`;
      const upstream = source.evidence.upstream.slice(0, i % 3);
      const spec = { ...source.spec, className, config: configs[i % 5]!, name: words[i % words.length]! };
      const found = weights.map((name) => ({ name, shape: [i, 2], dtype: "float32" })).slice(0, i % 11);
      const evidence = { ...source.evidence, className, path: spec.name, weights: found, upstream };
      return skeleton(className, { spec: { ...spec, path: spec.name }, evidence });
    });
    assert.deepEqual(complaints(cells), []);
  });

  it("compiles as it stands, with and without a file", function () {
    this.timeout(60000);
    const lambda = { ...source, spec: { ...source.spec, className: "Lambda" } };
    const cells = [
      skeleton("pkg>My-Attention", source),
      skeleton("Unknown", null),
      skeleton("attention", lambda),
    ];
    assert.deepEqual(complaints(cells), []);
    // The compiler does look: a mistake in one of them is found.
    assert.match(complaints([cells[0]!.replace("config.units", "config.unit")])[0]!, /'unit' does not exist/);
  });
});
