import assert from "node:assert/strict";
import { fromBinary, toBinary, type DescMessage, type MessageShape } from "@bufbuild/protobuf";
import { fromText, toText } from "@bufbuild/protobuf/txtpb";
import fs from "node:fs";
import path from "node:path";
import { textToBinary, wholeTextFields } from "../../../../src/formats/proto/text-format.js";
import {
  AttrValueSchema,
  GraphDefSchema,
  SavedModelSchema,
  TensorProtoSchema,
} from "../../../../src/formats/proto/tensorflow_pb.js";

function read<Desc extends DescMessage>(schema: Desc, text: string): MessageShape<Desc> {
  return fromBinary(schema, textToBinary(schema, text));
}

describe("formats/proto: messages in text form", () => {
  it("reads what protobuf writes of the graphs that the tests have", () => {
    const all = fs.readdirSync("test/fixtures/graph", { recursive: true, encoding: "utf8" });
    let count = 0;
    for (const [ending, schema] of [
      ["graph.pb", GraphDefSchema],
      ["saved_model.pb", SavedModelSchema],
    ] as const) {
      for (const name of all.filter((each) => path.basename(each) === ending)) {
        const message = fromBinary(schema, fs.readFileSync(path.join("test/fixtures/graph", name)), {
          readUnknownFields: false,
        });
        const again = toBinary(schema, read(schema, toText(schema, message)));
        assert.ok(Buffer.compare(again, toBinary(schema, message)) === 0, name);
        count++;
      }
    }
    assert.ok(count > 5);
  }).timeout(60_000);

  it("reads numbers, marks and lists in all their spellings, as protobuf does", () => {
    const text = String.raw`# by hand
      dtype: DT_FLOAT, tensor_shape < dim { size: 0x2 } dim: { size: 010; }; unknown_rank: false >
      float_val: [1, -2.5e-1f, inf, - 3, .5] float_val: -inf; double_val: 1e300
      int64_val: -9223372036854775808 uint64_val: 18446744073709551615 int_val: -1 bool_val: [true, f, 1]
      tensor_content: "a\x41\101\n\\" '\'"' string_val: "\xc3\xa9é😀\u00e9\U0001F600"`;
    const expected = fromText(TensorProtoSchema, text);
    assert.deepEqual(read(TensorProtoSchema, text), expected);
    assert.ok(Number.isNaN(read(AttrValueSchema, "f: NaN").value.value));
  });

  it("passes over fields, extensions and names of enumerations that it does not know", () => {
    const text = `node { name: "a" made_up { x: [1, { y: "}" }] <z: 3> } [some.ext/x]: { q: "]" } op: "Add" }
      versions { producer: SOME_NAME } made_up: -inf`;
    assert.deepEqual(read(GraphDefSchema, text.replace(" <z: 3>", "")).node[0]!.op, "Add");
    assert.equal(read(AttrValueSchema, "type: DT_OF_TOMORROW").value.case, undefined);
  });

  it("reads strings of millions of escapes, as weights are written", () => {
    const graph = read(GraphDefSchema, `node { name: "${"\\001".repeat(4_000_000)}" made_up: "x" }`);
    assert.equal(graph.node[0]!.name.length, 4_000_000);
  });

  it("says at which line a text is no message", () => {
    const wrong: readonly [string, RegExp][] = [
      ['node {\n name: "a\\" }', /line 2: a string does not end/],
      ['node {\n name: "a\n" }', /line 2: a string does not end/],
      ["node {\n name: 5 }", /line 2: "5" is no value of "name"/],
      ["node {\n\n", /"}" is missing/],
      ["versions { producer: 1.5 }", /"1.5" is no value of "producer"/],
      ["node: 5", /"5" is no value of "node"/],
      ['versions: "x"', /"versions" is no string/],
      ["node { name { } }", /"name" is no message/],
      ["}", /"}" is not expected/],
      ["node { input: [", /"]" is missing/],
      ["a {".repeat(100), /nested too deep/],
    ];
    for (const [text, message] of wrong)
      assert.throws(() => textToBinary(GraphDefSchema, text), message, text);
  });

  it("keeps the fields before a cut", () => {
    const text = 'node { name: "a" } node { name: "b" } node { name: "c';
    const graph = fromBinary(GraphDefSchema, wholeTextFields(GraphDefSchema, text));
    assert.deepEqual(
      graph.node.map(({ name }) => name),
      ["a", "b"],
    );
    assert.equal(wholeTextFields(GraphDefSchema, 'node { name: "c').length, 0);
  });

  it("does not take long for a graph of 30 MB, which has 400,000 nodes", () => {
    const node = 'node {\n  name: "n"\n  op: "Const"\n  attr { key: "dtype" value { type: DT_FLOAT } }\n}\n';
    const text = node.repeat(Math.ceil(30e6 / node.length));
    const from = process.cpuUsage();
    textToBinary(GraphDefSchema, text);
    const { user, system } = process.cpuUsage(from);
    assert.ok(user + system < 20_000_000, `${user + system} microseconds`);
  });
});
