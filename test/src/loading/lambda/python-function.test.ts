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

const EFFECT =
  "4wEAAAAAAAAAAAAAAAEAAAADAAAAQwAAAHMYAAAAdABkAWQCgwKgAWQDoQEBAHwAZAQbAFMAKQVO2gFh2gF32gFi6f8AAAApAtoEb3BlbtoFd3JpdGUpAdoBeKkAcggAAADaCDxzdHJpbmc+2glub3JtYWxpc2UDAAAAcwQAAAAAARAB";

/** `lambda x: tf.exp(K.mean(x, axis=1)) + tf.nn.relu(x[:, 0])` of a script, which imports `tf` and `K` itself. */
const OF_A_SCRIPT = {
  "3.10":
    "4wEAAAAAAAAAAAAAAAEAAAAGAAAAQwAAAHMsAAAAdACgAXQCagN8AGQBZAKNAqEBdABqBKAFfABkAGQAhQJkA2YCGQChARcAUwApBE7pAQAAACkBWgRheGlz6QAAAAApBtoCdGZaA2V4cNoBS1oEbWVhbloCbm5aBHJlbHUpAdoBeKkAcgYAAAD6BHMucHnaCDxsYW1iZGE+AwAAAHMCAAAALAA=",
  "3.11":
    "4wEAAAAAAAAAAAAAAAYAAAADAAAA86YAAACXAHQBAAAAAAAAAAAAAGoBAAAAAAAAAAB0BQAAAAAAAAAAAABqAwAAAAAAAAAAfABkAawCpgIAAKsCAAAAAAAAAACmAQAAqwEAAAAAAAAAAHQAAAAAAAAAAAAAAGoEAAAAAAAAAACgBQAAAAAAAAAAAAAAAAAAAAAAAAAAfABkAGQAhQJkA2YCGQAAAAAAAAAAAKYBAACrAQAAAAAAAAAAegAAAFMAKQRO6QEAAAApAdoEYXhpc+kAAAAAKQbaAnRm2gNleHDaAUvaBG1lYW7aAm5u2gRyZWx1KQHaAXhzAQAAACD6BHMucHn6CDxsYW1iZGE+cg0AAAADAAAAcz4AAACAAI1CjEaVMZQ2mCGgIdATJNETJNQTJNEMJdQMJa0CrAWvCqoKsDGwUbBRsFG4AbBUtDfRKDvUKDvRDDuAAPMAAAAA",
  "3.12":
    "4wEAAAAAAAAAAAAAAAYAAAADAAAA86QAAACXAHQBAAAAAAAAAABqAgAAAAAAAAAAAAAAAAAAAAAAAHQFAAAAAAAAAABqBgAAAAAAAAAAAAAAAAAAAAAAAHwAZAGsAqsCAAAAAAAAqwEAAAAAAAB0AAAAAAAAAAAAaggAAAAAAAAAAAAAAAAAAAAAAABqCwAAAAAAAAAAAAAAAAAAAAAAAHwAZABkAIUCZANmAhkAAACrAQAAAAAAAHoAAABTACkETukBAAAAKQHaBGF4aXPpAAAAACkG2gJ0ZtoDZXhw2gFL2gRtZWFu2gJubtoEcmVsdSkB2gF4cwEAAAAg+gRzLnB5+gg8bGFtYmRhPnINAAAAAwAAAHM0AAAAgACMQo9GiUaUMZc2kTaYIaAh1BMk0wwlrAKvBakFrwqpCrAxslG4AbBUsTfTKDvRDDuAAPMAAAAA",
  "3.13":
    "4wEAAAAAAAAAAAAAAAcAAAADAAAA86IAAACVAFsAAAAAAAAAAABSAgAAAAAAAAAAAAAAAAAAAAAAACIAWwQAAAAAAAAAAFIGAAAAAAAAAAAAAAAAAAAAAAAAIgBVAFMBUwI5AjUBAAAAAAAAWwAAAAAAAAAAAFIIAAAAAAAAAAAAAAAAAAAAAAAAUgsAAAAAAAAAAAAAAAAAAAAAAABVAFMAUwAyAlMDNAIFAAAANQEAAAAAAAAtAAAAJAApBE7pAQAAACkB2gRheGlz6QAAAAApBtoCdGbaA2V4cNoBS9oEbWVhbtoCbm7aBHJlbHUpAdoBeHMBAAAAINoEcy5wedoIPGxhbWJkYT5yDQAAAAMAAABzMgAAAIAAjEKPRopGlDGXNpI2mCGgIdETJNMMJawCrwWpBa8KqQqwMbJRuAGwVLE30yg70gw78wAAAAA=",
};

/** `lambda x: tf.reshape(x, (-1, *x.shape[2:], 1))`: one instruction up to Python 3.8. */
const SPREAD = {
  "3.6":
    "4wEAAAAAAAAAAQAAAAYAAABDAAAAcxwAAAB0AGoBfABkBHwAagJkAmQAhQIZAGQFmAODAlMAKQZO6QEAAADpAgAAAOn/////KQFyAwAAACkBcgEAAAApA9oCdGbaB3Jlc2hhcGXaBXNoYXBlKQHaAXipAHIIAAAA2gg8c3RyaW5nPtoIPGxhbWJkYT4DAAAAcwAAAAA=",
  "3.8":
    "4wEAAAAAAAAAAAAAAAEAAAAHAAAAQwAAAHMcAAAAdACgAXwAZAR8AGoCZAJkAIUCGQBkBZgDoQJTACkGTun/////6QIAAADpAQAAACkBcgEAAAApAXIDAAAAKQPaAnRm2gdyZXNoYXBl2gVzaGFwZSkB2gF4qQByCAAAANoIPHN0cmluZz7aCDxsYW1iZGE+AwAAAPMAAAAA",
};

/** Relative to what is large, else absolute. */
function apart(expected: number, value: number): number {
  return Math.abs(expected - value) / Math.max(1, Math.abs(expected));
}

describe("readPythonFunction", () => {
  before(() => ensureBackend());

  for (const [version, code] of Object.entries(OF_A_SCRIPT))
    it(`reads a function of a module that the script itself imports, by Python ${version}`, () => {
      const read = readPythonFunction({ function: [code, null, null], arguments: {}, inputs: 1 });
      assert.equal(read?.source, "lambda x: tf.exp(K.mean(x, axis=1)) + tf.nn.relu(x[:, 0])");
      assert.match(read.translation!.text, /tf\.exp\(tf\.mean\(x, 1\)\)/);
    });

  for (const [python, code] of Object.entries(SPREAD))
    it(`spreads a shape in a list, by Python ${python}`, () => {
      const { translation } = readPythonFunction({ function: [code, null, null], arguments: {}, inputs: 1 })!;
      const result = translation!.run(tf.zeros([2, 3, 4])) as tf.Tensor;
      assert.deepEqual(result.shape, [6, 4, 1]);
    });

  it("has code of Python 2.7 and 3.6 to 3.14, as their interpreters wrote it", () => {
    const versions = ["2.7", ...Array.from({ length: 9 }, (_, i) => `3.${i + 6}`)];
    assert.deepEqual(Object.keys(cases[0]!.code), versions);
  });

  for (const version of Object.keys(cases[0]!.code)) {
    it(`reads and translates what Python ${version} marshalled, with TensorFlow's numbers`, async () => {
      for (const one of cases) {
        const code = one.code[version];
        if (code === undefined) continue; // a source that this Python does not take
        const found = read(code, one);
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
        const furthest = Math.max(...one.expected.values.map((value, i) => apart(value, values[i]!)));
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
      const furthest = Math.max(...one.expected!.values.map((value, i) => apart(value, values[i]!)));
      assert.ok(furthest < 1e-4, `${translation!.text} differs by ${furthest}`);
    }
  });

  it("shows calls whose results are not used, and says that a translation is without them", () => {
    // Python 3.9: def normalise(x): open("a", "w").write("b"); return x / 255
    const { besides, source, translation } = read(EFFECT, { source: "", inputs: 1 } as Case)!;
    assert.deepEqual(besides, ['open("a", "w").write("b")']);
    assert.equal(source, 'def normalise(x): open("a", "w").write("b"); return x / 255');
    assert.equal(translation?.text, "(x) => tf.div(x, 255)");
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

  // mk = lambda cfg: (lambda x, more: x * cfg["scale"]["by"] + sum(more.values()) if cfg.get("on") else x), Python 3.12
  it("looks up what dictionaries of its closure and its arguments hold", async () => {
    const code =
      "YwIAAAAAAAAAAAAAAAUAAAATAAAA83QAAACVAZcAiQJqAQAAAAAAAAAAAAAAAAAAAAAAAGQBqwEAAAAAAAByJXwAiQJkAhkAAABkAxkAAAB6BQAAdAMAAAAAAAAAAHwBagUAAAAAAAAAAAAAAAAAAAAAAACrAAAAAAAAAKsBAAAAAAAAegAAAFMAfABTAKkETtoCb27aBXNjYWxl2gJieakD2gNnZXTaA3N1bdoGdmFsdWVzKQPaAXjaBG1vcmXaA2NmZ3MDAAAAICCA2gFm+gg8bGFtYmRhPvoaPGxhbWJkYT4uPGxvY2Fscz4uPGxhbWJkYT4CAAAA8wAAAAByDwAAAA==";
    const result = (on: boolean) => {
      const { translation, obstacle } = readPythonFunction({
        function: [code, null, [{ scale: { by: 3 }, on }]],
        arguments: { more: { a: 10, b: 0.5 } },
        inputs: 1,
      })!;
      assert.ok(translation, obstacle);
      return (translation.run(tf.tensor1d([1, 2])) as tf.Tensor).data();
    };
    assert.deepEqual([...(await result(true))], [13.5, 16.5]);
    assert.deepEqual([...(await result(false))], [1, 2]);
  });

  it("takes no layer that an argument holds for None", () => {
    // lambda x, k: x if k is None else x * 2, Python 3.12
    const code =
      "YwIAAAAAAAAAAAAAAAIAAAADAAAA8xQAAACXAHwBgAJ8AFMAfABkAXoFAABTAKkCTukCAAAAqQApAtoBeNoBa3MCAAAAICDaAWb6CDxsYW1iZGE+cgcAAAADAAAA8wAAAAByCAAAAA==";
    const { translation } = readPythonFunction({
      function: [code, null, null],
      arguments: { k: { class_name: "Dense", config: { units: 2 } } },
      inputs: 1,
    })!;
    assert.equal(translation, null);
  });

  // def masked_mean(x, mask=None), Python 3.12:
  //   if mask is not None: m = tf.cast(mask, x.dtype)[..., None]; return tf.reduce_sum(x * m, 1) / tf.reduce_sum(m, 1)
  //   return tf.reduce_mean(x, 1)
  it("does what it does with a mask where there is one", async () => {
    const code =
      "YwIAAAAAAAAAAAAAAAUAAAADAAAA89gAAACXAHwBgVN0AAAAAAAAAAAAagMAAAAAAAAAAAAAAAAAAAAAAAB8AXwAagQAAAAAAAAAAAAAAAAAAAAAAACrAgAAAAAAAGQBGQAAAH0CdAAAAAAAAAAAAGoHAAAAAAAAAAAAAAAAAAAAAAAAfAB8AnoFAABkAqsCAAAAAAAAdAAAAAAAAAAAAGoHAAAAAAAAAAAAAAAAAAAAAAAAfAJkAqsCAAAAAAAAegsAAFMAdAAAAAAAAAAAAGoJAAAAAAAAAAAAAAAAAAAAAAAAfABkAqsCAAAAAAAAUwCpA06pAi5O6QEAAACpBdoCdGbaBGNhc3TaBWR0eXBl2gpyZWR1Y2Vfc3Vt2gtyZWR1Y2VfbWVhbikD2gF42gRtYXNr2gFtcwMAAAAgICDaAWbaC21hc2tlZF9tZWFucg4AAAADAAAA8wAAAAByDwAAAA==";
    const { translation, python, obstacle } = readPythonFunction({
      function: [code, [null], null],
      arguments: {},
      inputs: 1,
    })!;
    assert.ok(translation, obstacle);
    // One function of Python would be for one of both.
    assert.equal(python, null);
    const x = tf.tensor3d([2, 4, 6, 10, 20, 60], [2, 3, 1]);
    const mask = tf.tensor2d([1, 1, 0, 1, 0, 0], [2, 3], "bool");
    const text = new Function("tf", `return ${translation.text}`)(tf) as typeof translation.run;
    for (const run of [translation.run, text]) {
      const [without, masked] = [null, mask].map((given) =>
        (run(x, { training: false, mask: given }) as tf.Tensor).arraySync(),
      );
      assert.deepEqual(without, [[4], [30]]);
      assert.deepEqual(masked, [[3], [10]]);
    }
  });
});
