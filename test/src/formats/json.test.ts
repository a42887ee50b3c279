import assert from "node:assert/strict";
import { JsonError, parseJson, parseJsonBytes } from "../../../src/formats/json.js";

const plain = (text: string): unknown => JSON.parse(JSON.stringify(parseJson(text)));

describe("formats/json", () => {
  it("reads what JSON.parse reads", () => {
    const text =
      '{"a": [1, -2.5e3, true, false, null, "x\\n\\u00e9\\"\\\\"], "b": {"c": {}, "d": []}, "": 0}';
    assert.deepEqual(plain(text), JSON.parse(text));
  });

  it("reads the numbers that Python writes", () => {
    const value = parseJson("[NaN, Infinity, -Infinity]") as number[];
    assert.ok(Number.isNaN(value[0]));
    assert.deepEqual(value.slice(1), [Infinity, -Infinity]);
  });

  it("keeps __proto__ and constructor as plain keys of objects without a prototype", () => {
    const value = parseJson('{"__proto__": {"polluted": true}, "constructor": 1}') as Record<string, unknown>;
    assert.deepEqual(Object.keys(value), ["__proto__", "constructor"]);
    assert.equal(Object.getPrototypeOf(value), null);
    assert.equal(({} as Record<string, unknown>)["polluted"], undefined);
  });

  it("passes over zeros and brackets behind the value, and says so", () => {
    for (const [text, said] of [
      ['{"a": [1]}\0\0\0', "3 characters"],
      ['{"a": [1]}\n}}', "2 characters"],
      ['{"a": [1]}]', "1 character "],
    ] as const) {
      const notes: string[] = [];
      assert.deepEqual(JSON.parse(JSON.stringify(parseJson(text, (note) => notes.push(note)))), { a: [1] });
      assert.equal(notes.length, 1, text);
      assert.ok(notes[0]!.startsWith(said), notes[0]);
    }
    assert.throws(() => parseJson('{"a": 1}}{"a": 2}'), /more text follows/);
  });

  it("says where the text stops making sense", () => {
    assert.throws(
      () => parseJson('{\n "a": 1,\n "b" 2}'),
      (error: unknown) => error instanceof JsonError && error.line === 3 && error.column === 6,
    );
    for (const text of [
      "",
      "{",
      "[1,",
      '"abc',
      '{"a"}',
      "[1] 2",
      "nul",
      '"\\x"',
      "{a: 1}",
      "[,]",
      "[1,,]",
      "/* no end",
      "[1] / 2",
    ]) {
      assert.throws(() => parseJson(text), JsonError, text);
    }
  });

  it("passes over comments and commas before brackets, and says so once with the line", () => {
    const notes: string[] = [];
    const text = '// by hand\n{"a": [1, 2,], /* "b": [1,], */\n "c": "// no comment",\n}';
    const value = parseJson(text, (note) => notes.push(note));
    assert.deepEqual(JSON.parse(JSON.stringify(value)), { a: [1, 2], c: "// no comment" });
    assert.deepEqual(notes, [
      "a comment on line 1 is passed over",
      "a comma before a closing bracket on line 2 is passed over",
    ]);
  });

  it("reads UTF-16 of both orders, with a mark and without", () => {
    for (const mark of ["", "\ufeff"]) {
      const little = Buffer.from(`${mark}{"name": "b\u00fcro"}`, "utf16le");
      for (const [bytes, encoding] of [
        [little, "UTF-16LE"],
        [Buffer.from(little).swap16(), "UTF-16BE"],
      ] as const) {
        const notes: string[] = [];
        const value = parseJsonBytes(bytes, (note) => notes.push(note));
        assert.deepEqual(JSON.parse(JSON.stringify(value)), { name: "b\u00fcro" });
        assert.deepEqual(notes, [`it is written in ${encoding}`]);
      }
    }
  });

  it("reads a text that is plain JSON as it reads one that is not", () => {
    const text =
      '{"a": [{"b": "\\"}{", "__proto__": {"x": 1}, "c": -0.0}, [[]], {}], "constructor": "\\u00e9\\ud800", "a2": 1e999, "d": 1, "d": 2}';
    assert.deepEqual(parseJson(text), parseJson(`${text} // no plain JSON`));
    const value = parseJson(text) as { a: [object] };
    assert.equal(Object.getPrototypeOf(value.a[0]), null);
  });

  it("does not hang on a config of 14 MB", () => {
    const dtype = { module: "keras", class_name: "DTypePolicy", config: { name: "float32" } };
    const layers = Array.from({ length: 85_000 }, (_, i) => ({
      module: "keras.layers",
      class_name: "Dense",
      config: { name: `dense_${i}`, trainable: true, dtype, units: 10, activation: "relu" },
    }));
    const text = JSON.stringify({ layers });
    assert.ok(text.length > 14e6);
    const from = process.cpuUsage();
    parseJson(text);
    const { user, system } = process.cpuUsage(from);
    assert.ok(user + system < 20_000_000, `${user + system} microseconds`);
  });

  it("reads JSON that was encoded twice, and says so", () => {
    const notes: string[] = [];
    const value = parseJson(JSON.stringify('{"a": [1]}'), (note) => notes.push(note));
    assert.deepEqual(JSON.parse(JSON.stringify(value)), { a: [1] });
    assert.deepEqual(notes, ["the JSON is the text of one JSON string"]);
    assert.equal(plain('"text"'), "text");
    assert.throws(() => parseJson(JSON.stringify('{"a": ')), JsonError);
  });

  it("reads what Python prints, and says so once", () => {
    const notes: string[] = [];
    const text = `{'name': 'it\\'s', u"on": True,\n "off": False, 'none': None, 'shape': (None, 6), 'one': (3,), 'void': ()}`;
    const value = parseJson(text, (note) => notes.push(note));
    assert.deepEqual(JSON.parse(JSON.stringify(value)), {
      name: "it's",
      on: true,
      off: false,
      none: null,
      shape: [null, 6],
      one: [3],
      void: [],
    });
    assert.deepEqual(notes, ["values as Python prints them, from line 1 on, are read as JSON's"]);
    for (const odd of ["(1, 2]", "{'a\": 1}", "Truth", "os.system('x')"])
      assert.throws(() => parseJson(odd), odd);
  });

  it("says of a text that was cut anywhere that it ends too early", () => {
    const text = '{"a": [1, -2.5, true], "b": {"c": "d"}}';
    for (let end = 1; end < text.length; end++) {
      if (/[-tru.]$/.test(text.slice(0, end))) continue; // In the middle of a word, the word is wrong.
      assert.throws(
        () => parseJson(text.slice(0, end)),
        /the text ends before the value does/,
        text.slice(0, end),
      );
    }
  });

  it("refuses depth and size", () => {
    assert.throws(() => parseJson("[".repeat(100_000)), /nested deeper than 256/);
    assert.throws(() => parseJson(" ".repeat(64 * 2 ** 20 + 1)), /larger/);
    assert.throws(() => parseJson(`[${"{},".repeat(1_000_000)}{}]`), /more than 1000000 objects and lists/);
    const keys = Array.from({ length: 250_001 }, (_, i) => `"${i}":0`);
    assert.throws(() => parseJson(`{"a": {${keys.join(",")}}}`), /one object has more than 250000 keys/);
    assert.equal((parseJson(`[{${keys.slice(1).join(",")}}]`) as unknown[]).length, 1);
  });
});
