import assert from "node:assert/strict";
import fs from "node:fs";
import { tf } from "../../../../src/index.js";
import { readPythonFunction } from "../../../../src/loading/lambda/python-function.js";
import { operationNamed } from "../../../../src/ops/call-by-name.js";
import { ensureBackend } from "../../../../src/runtime/choose.js";

interface Stored {
  readonly shape: number[];
  readonly values: number[];
}

interface Case {
  readonly source: string;
  readonly inputs: number;
  /** Base64 of the marshalled code, by Python version. */
  readonly code: Readonly<Record<string, string>>;
  /** TensorFlow's result; null where there is no translation. */
  readonly expected: Stored | null;
}

const { inputs, cases } = JSON.parse(fs.readFileSync("test/fixtures/lambda-branches.json", "utf8")) as {
  inputs: Stored[];
  cases: Case[];
};

/** What stands in the source and not in the code. */
const DEFAULTS: Readonly<Record<string, unknown[]>> = {
  "def f(x, mode='max')": ["max"],
  "def f(x, training=None)": [null],
  "def f(x, axis=None, keep=True)": [null, true],
};

function read({ source, inputs: count }: Case, code: string) {
  const defaults = DEFAULTS[source.slice(0, source.indexOf(":\n"))] ?? null;
  return readPythonFunction({
    function: [code, defaults as never, null],
    arguments: {},
    inputs: count,
    shapes: inputs.slice(0, count).map(({ shape: [, ...rest] }) => [null, ...rest]),
  })!;
}

function furthest(expected: Stored, values: ArrayLike<number>): number {
  return Math.max(
    ...expected.values.map((value, i) => Math.abs(value - values[i]!) / Math.max(1, Math.abs(value))),
  );
}

describe("Lambdas that branch, loop and define functions", () => {
  before(() => ensureBackend());

  for (const version of Object.keys(cases[0]!.code))
    it(`of Python ${version} compute TensorFlow's numbers, as do their texts, or are left to the user`, async () => {
      for (const one of cases) {
        const found = read(one, one.code[version]!);
        if (one.expected === null) {
          assert.equal(found.translation, null, one.source);
          assert.notEqual(found.obstacle, "");
          continue;
        }
        assert.ok(found.translation, `${one.source}: ${found.obstacle}`);
        const { text, run } = found.translation;
        const given = inputs.slice(0, one.inputs).map(({ values, shape }) => tf.tensor(values, shape));
        const x = one.inputs > 1 ? given : given[0]!;
        // The text was made by the translator, from a fixture of our own.
        const compiled = new Function("tf", `return ${text}`)(tf) as (...given: unknown[]) => tf.Tensor;
        for (const result of [
          run(x) as tf.Tensor,
          compiled(x, { training: false, operation: operationNamed }),
        ]) {
          assert.deepEqual(result.shape, one.expected.shape, one.source);
          assert.ok(furthest(one.expected, await result.data()) < 1e-5, `${one.source}\n${text}`);
        }
      }
    });

  it("go the way of training while the layer is trained", async () => {
    const one = cases.find(({ source }) => source.includes("training=None"))!;
    const { text, run } = read(one, one.code["3.11"]!).translation!;
    assert.equal(text, "(x, layer) => layer.training ? (() => tf.mul(x, 2))() : (() => tf.sub(x, 1))()");
    const values = async (training: boolean) => [
      ...(await (run(tf.tensor1d([3]), { training }) as tf.Tensor).data()),
    ];
    assert.deepEqual([await values(true), await values(false)], [[6], [2]]);
  });

  it("are for the shape alone by which they branched", () => {
    const one = cases.find(({ source }) => source.includes("len(x.shape)"))!;
    const { translation } = read(one, one.code["3.11"]!);
    assert.throws(
      () => translation!.run(tf.ones([2, 3])),
      /translated for inputs of shape \[any, 4, 2, 2\].*\[2, 3\]/,
    );
    const unknown = readPythonFunction({
      function: [one.code["3.11"]!, null, null],
      arguments: {},
      inputs: 1,
    })!;
    assert.match(unknown.obstacle, /branches by `len\(x\.shape\) == 4`, which is known only when it runs/);
  });

  it("make no call beside what they return by asking and counting", () => {
    for (const one of cases.filter(({ expected }) => expected !== null))
      assert.deepEqual(read(one, one.code["3.11"]!).besides, [], one.source);
  });

  it("draw random numbers that are used twice once", async () => {
    // Python 3.11: def f(x): r = tf.random.normal([2]); return r - r + x
    const code =
      "4wEAAAAAAAAAAAAAAAMAAAADAAAA81IAAACXAHQAAAAAAAAAAAAAAGoBAAAAAAAAAACgAgAAAAAAAAAAAAAAAAAAAAAAAAAAZAFnAaYBAACrAQAAAAAAAAAAfQF8AXwBegoAAHwAegAAAFMAKQJO6QIAAAApA9oCdGbaBnJhbmRvbdoGbm9ybWFsKQLaAXjaAXJzAgAAACAg+gg8c3RyaW5nPtoBZnIJAAAAAwAAAHMmAAAAgADdBgiEadcGFtIGFpgBkHPRBhvUBhuAIaBBqAGhRahBoUnQHS3zAAAAAA==";
    const { translation } = readPythonFunction({ function: [code, null, null], arguments: {}, inputs: 1 })!;
    assert.equal(
      translation!.text,
      "(x) => { const v1 = tf.randomNormal([2]); return tf.add(tf.sub(v1, v1), x); }",
    );
    assert.deepEqual([...(await (translation!.run(tf.tensor1d([3, 4])) as tf.Tensor).data())], [3, 4]);
  });

  it("of Python 2 that divide numbers, which may drop a rest, are left to the user", () => {
    // Python 2.7: lambda x: x * (x.shape[1] / 2)
    const code =
      "YwEAAAABAAAAAwAAAEMAAABzEwAAAHwAAHwAAGoAAGQBABlkAgAVFFMoAwAAAE5pAQAAAGkCAAAAKAEAAAB0BQAAAHNoYXBlKAEAAAB0AQAAAHgoAAAAACgAAAAAcwgAAAA8c3RyaW5nPnQIAAAAPGxhbWJkYT4DAAAAdAAAAAA=";
    const found = readPythonFunction({ function: [code, null, null], arguments: {}, inputs: 1 })!;
    assert.equal(found.translation, null);
    assert.match(found.obstacle, /Python 2 divides numbers/);
    // Python 2.7: lambda x: x * (2 / np.pi)
    const fraction =
      "YwEAAAABAAAAAwAAAEMAAABzDwAAAHwAAGQBAHQAAGoBABUUUygCAAAATmkCAAAAKAIAAAB0AgAAAG5wdAIAAABwaSgBAAAAdAEAAAB4KAAAAAAoAAAAAHMIAAAAPHN0cmluZz50CAAAADxsYW1iZGE+AwAAAHQAAAAA";
    const { translation } = readPythonFunction({
      function: [fraction, null, null],
      arguments: {},
      inputs: 1,
    })!;
    assert.equal(translation!.text, "(x) => tf.mul(x, 0.6366197723675814)");
  });
});
