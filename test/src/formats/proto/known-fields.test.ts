import assert from "node:assert/strict";
import { knownFields } from "../../../../src/formats/proto/known-fields.js";
import { GraphDefSchema } from "../../../../src/formats/proto/tensorflow_pb.js";

describe("formats/proto: messages in text form", () => {
  it("reads strings of millions of escapes, as weights are written", () => {
    const content = "\\001".repeat(4_000_000);
    const kept = knownFields(GraphDefSchema, `node { name: "${content}" made_up: "x" }`);
    assert.ok(kept.includes(content));
    assert.ok(!kept.includes("made_up"));
  });

  it("ends strings at their own quotes only", () => {
    const kept = knownFields(GraphDefSchema, String.raw`node { name: "a\\" op: 'it"s\'' made_up: "}\"" }`);
    assert.match(kept, /"a\\\\"/);
    assert.match(kept, /'it"s\\''/);
    assert.doesNotMatch(kept, /made_up/);
    assert.throws(() => knownFields(GraphDefSchema, 'node { name: "a\\" }'), /a string does not end/);
  });
});
