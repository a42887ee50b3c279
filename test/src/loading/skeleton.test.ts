import assert from "node:assert/strict";
import ts = require("typescript");
import { skeleton, type SkeletonSource } from "../../../src/loading/skeleton.js";

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
      'this.weights1 = this.addWeight("weights1", [],',
      'this.kernel2 = this.addWeight("kernel2", [8],',
      "// Called on a (Dense (None, 12, 16)) and b (Dense).",
    ]) {
      assert.ok(text.includes(part), `${part}\nis not in\n${text}`);
    }
    assert.ok(!text.includes("nested:"), "an object is left to the comment");
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
