import assert from "node:assert/strict";
import { createHeader, MalformedMessage, MessageCodec, type Message } from "../../../kernel/wire/message.js";

const MESSAGE: Message = {
  identities: [Buffer.from("one"), Buffer.from("two")],
  header: createHeader("execute_request", "session"),
  parentHeader: {},
  metadata: { deletedCells: [] },
  content: { code: "'ü'" },
  buffers: [Uint8Array.of(0, 255), new Uint8Array(new ArrayBuffer(8), 2, 3)],
};

/** As a socket receives what the codec makes. */
const framesOf = (codec: MessageCodec, message = MESSAGE): Buffer[] =>
  codec.encode(message).map((frame) => Buffer.from(frame as string));

describe("MessageCodec", () => {
  it("brings back what it encodes, buffers included", () => {
    const codec = new MessageCodec("key");
    const frames = framesOf(codec);
    const decoded = codec.decode(frames);
    assert.deepEqual(
      { ...decoded, buffers: decoded.buffers.map((b) => [...b]) },
      {
        ...MESSAGE,
        buffers: [
          [0, 255],
          [0, 0, 0],
        ],
      },
    );
  });

  it("signs the four dicts as the reference does", () => {
    // hmac.new(b"key", b'{"a":1}' + b"{}" + b"{}" + b"{}", "sha256").hexdigest()
    const codec = new MessageCodec("key");
    const message = { ...MESSAGE, header: { a: 1 } as never, metadata: {}, content: {}, buffers: [] };
    assert.equal(
      codec.encode(message)[3]!.toString(),
      "f1128388193e4dd1aa760827bd756a1b40b627676b5efe22c0e8297919bfa218",
    );
  });

  it("signs by another hash when the connection file says so", () => {
    // hmac.new(b"key", b'{"a":1}' + b"{}" + b"{}" + b"{}", NAME).hexdigest()[:16]
    const message = { ...MESSAGE, header: { a: 1 } as never, metadata: {}, content: {}, buffers: [] };
    for (const [scheme, begin] of [
      ["hmac-sha512", "618e3e5eb73b5a5c"],
      ["hmac-sha3_256", "4a19f8d771ea0ded"],
    ] as const) {
      const signature = new MessageCodec("key", scheme).encode(message)[3]!.toString();
      assert.equal(signature.slice(0, 16), begin, scheme);
    }
  });

  it("does not sign the buffers", () => {
    const codec = new MessageCodec("key");
    const frames = framesOf(codec);
    frames[frames.length - 1] = Buffer.from("another");
    assert.equal(Buffer.from(codec.decode(frames).buffers[1]!).toString(), "another");
  });

  it("neither signs nor checks without a key", () => {
    const codec = new MessageCodec("");
    const frames = framesOf(codec);
    assert.equal(frames[3]!.length, 0);
    frames[3] = Buffer.from("anything");
    assert.equal(codec.decode(frames).header.msg_type, "execute_request");
  });

  const WRONG: Record<string, (frames: Buffer[]) => Buffer[]> = {
    "no frames": () => [],
    "no delimiter": (frames) => frames.slice(3),
    "too few frames": (frames) => frames.slice(0, 6),
    "another content": (frames) => frames.with(7, Buffer.from("{}")),
    "a short signature": (frames) => frames.with(3, Buffer.from("00")),
    "a signature of another key": (frames) => frames.with(3, framesOf(new MessageCodec("other"))[3]!),
  };
  for (const [what, damage] of Object.entries(WRONG)) {
    it(`refuses ${what}`, () => {
      const codec = new MessageCodec("key");
      assert.throws(() => codec.decode(damage(framesOf(codec))), MalformedMessage);
    });
  }

  it("refuses a message that comes twice", () => {
    const codec = new MessageCodec("key");
    const frames = framesOf(codec);
    codec.decode(frames);
    assert.throws(() => codec.decode(frames), /replayed/);
    assert.equal(
      codec.decode(framesOf(codec, { ...MESSAGE, content: {} })).header.msg_type,
      "execute_request",
    );
  });

  for (const text of ["", "null", "[]", "7", "{", "\ufffd"]) {
    it(`refuses the header ${JSON.stringify(text)}`, () => {
      const codec = new MessageCodec("");
      assert.throws(() => codec.decode(framesOf(codec).with(4, Buffer.from(text))), MalformedMessage);
    });
  }
});
