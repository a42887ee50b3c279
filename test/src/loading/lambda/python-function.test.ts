import assert from "node:assert/strict";
import fs from "node:fs";
import { tf } from "../../../../src/index.js";
import { readPythonFunction } from "../../../../src/loading/lambda/python-function.js";
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

const { inputs, cases } = JSON.parse(fs.readFileSync("test/fixtures/lambdas.json", "utf8")) as {
  inputs: Stored[];
  cases: Case[];
};

const DEFAULTS = new Map([["lambda x, scale=2.0: x * scale", [2]]]);

function read(code: string, { source, inputs: count }: Case) {
  const config = { function: [code, DEFAULTS.get(source) ?? null, null], arguments: {}, inputs: count };
  return readPythonFunction(config);
}

/** Text of numbers and quotes as JavaScript writes them. */
function normal(source: string): string {
  return source
    .replaceAll(/(\d)\.0\b/g, "$1")
    .replaceAll("1e-6", "0.000001")
    .replaceAll("'", '"')
    .replace(", scale=2", ", scale")
    .replaceAll(/\[(tf\.shape\(x\)\[0\], -1)\]/g, "[$1]");
}

describe("readPythonFunction", () => {
  before(() => ensureBackend());

  for (const version of Object.keys(cases[0]!.code)) {
    it(`reads and translates what Python ${version} marshalled, with TensorFlow's numbers`, async () => {
      for (const one of cases) {
        const found = read(one.code[version]!, one);
        assert.ok(found, one.source);
        assert.equal(found.name, "<lambda>");
        if (!one.expected) {
          assert.equal(found.translation, null, one.source);
          assert.notEqual(found.obstacle, "");
          continue;
        }
        assert.equal(normal(found.source ?? ""), normal(one.source));
        assert.ok(found.translation, `${one.source}: ${found.obstacle}`);
        const given = inputs.slice(0, one.inputs).map(({ values, shape }) => tf.tensor(values, shape));
        const result = found.translation.run(one.inputs > 1 ? given : given[0]!) as tf.Tensor;
        assert.deepEqual(result.shape, one.expected.shape, one.source);
        const values = await result.data();
        const furthest = Math.max(...one.expected.values.map((value, i) => Math.abs(value - values[i]!)));
        assert.ok(furthest < 1e-4, `${one.source} differs by ${furthest}`);
      }
    });
  }

  it("gives a translation whose text computes the same", async () => {
    for (const one of cases.filter(({ expected }) => expected)) {
      const { translation } = read(one.code["3.9"]!, one)!;
      // The text was made by the translator, from a fixture of our own.
      const compiled = new Function("tf", `return ${translation!.text}`)(tf) as (x: unknown) => tf.Tensor;
      const given = inputs.slice(0, one.inputs).map(({ values, shape }) => tf.tensor(values, shape));
      const values = await compiled(one.inputs > 1 ? given : given[0]).data();
      const furthest = Math.max(...one.expected!.values.map((value, i) => Math.abs(value - values[i]!)));
      assert.ok(furthest < 1e-4, `${translation!.text} differs by ${furthest}`);
    }
  });

  it("never throws on damaged bytecode", () => {
    const bytes = Buffer.from(cases[0]!.code["3.9"]!, "base64");
    for (let i = 0; i < bytes.length; i++) {
      for (const value of [0, 1, 0x63, 0x7f, 0xff]) {
        const damaged = Buffer.from(bytes);
        damaged[i] = value;
        readPythonFunction({ function: [damaged.toString("base64"), null, null], arguments: {}, inputs: 1 });
        readPythonFunction({
          function: [damaged.subarray(0, i).toString("base64"), null, null],
          arguments: {},
          inputs: 1,
        });
      }
    }
  });

  it("gives up on nesting and counts that lie", () => {
    const nested = Buffer.from(`${")\u0001".repeat(100_000)}N`, "latin1").toString("base64");
    assert.equal(readPythonFunction({ function: [nested, null, null], arguments: {}, inputs: 1 }), null);
    const bomb = Buffer.from([0x28, 0xff, 0xff, 0xff, 0x7f]).toString("base64");
    assert.equal(readPythonFunction({ function: [bomb, null, null], arguments: {}, inputs: 1 }), null);
  });

  // No interpreter of 3.14 wrote these: they are put together by its tables of instructions.
  const NEWEST: readonly (readonly [source: string, code: string, text: RegExp])[] = [
    [
      "lambda x: x * 0.5",
      "4wEAAAAAAAAAAAAAAAIAAAADAAAA8xQAAACAAFYAUgAsBQAAAAAAAAAAAAAjAKkB5wAAAAAAAOA/qQApAdoBeHMBAAAAIPoHPHN0ZGluPvoIPGxhbWJkYT5yBwAAAAgAAADzCgAAAIAAkAGQI5EFgADzAAAAAA==",
      /0\.5/,
    ],
    [
      "lambda x: x / 255",
      "4wEAAAAAAAAAAAAAAAIAAAADAAAA8xQAAACAAFYAXv8sCwAAAAAAAAAAAAAjAKkAcgIAAAApAdoBeHMBAAAAIPoHPHN0ZGluPvoIPGxhbWJkYT5yBQAAAAgAAADzCgAAAIAAkAGQI5EFgADzAAAAAA==",
      /255/,
    ],
    [
      "lambda x: K.mean(x, axis=1)",
      "4wEAAAAAAAAAAAAAAAIAAAADAAAA8zAAAACAAFwAAAAAAAAAAABQAwAAAAAAAAAAAAAAAAAAAAAAAFYAXgFSADcCAAAAAAAAIwCpAakB2gRheGlzqQLaAUvaBG1lYW4pAdoBeHMBAAAAIPoHPHN0ZGluPvoIPGxhbWJkYT5yCgAAAAgAAADzCgAAAIAAkAGQI5EFgADzAAAAAA==",
      /mean/,
    ],
    [
      "lambda x: x[:, 0]",
      "4wEAAAAAAAAAAAAAAAIAAAADAAAA8xQAAACAAFYAUgAsGgAAAAAAAAAAAAAjAKkBqQI6Tk5OaQAAAACpACkB2gF4cwEAAAAg+gc8c3RkaW4++gg8bGFtYmRhPnIHAAAACAAAAPMKAAAAgACQAZAjkQWAAPMAAAAA",
      /./,
    ],
  ];
  for (const [source, code, text] of NEWEST) {
    it(`reads instructions of Python 3.14: ${source}`, () => {
      const found = readPythonFunction({ function: [code, null, null], arguments: {}, inputs: 1 });
      assert.equal(found?.source, source);
      assert.equal(found.pythons, "Python 3.14");
      assert.match(found.translation?.text ?? found.obstacle, text);
      const x = tf.tensor([
        [1, 2],
        [3, 4],
      ]);
      const expected = source.includes("[") ? [1, 3] : source.includes("mean") ? [1.5, 3.5] : null;
      const result = found.translation!.run(x) as tf.Tensor;
      if (expected) assert.deepEqual([...result.dataSync()], expected);
      else assert.deepEqual(result.shape, [2, 2]);
    });
  }
});
