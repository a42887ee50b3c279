import assert from "node:assert/strict";
import { encodeFrame, FrameReader } from "../../../kernel/runner/frames.js";
import type { FromRunner } from "../../../kernel/runner/messages.js";

const MESSAGES: FromRunner[] = [
  { type: "ready" },
  { type: "stream", cell: 7, name: "stdout", text: "zürich \u{1f980}\n" },
  { type: "stream", cell: 4_000_000_000, name: "stderr", text: "x".repeat(200_000) },
  { type: "display", cell: 7, bundle: { data: { a: [1, { b: 2n }] }, metadata: {} }, update: false },
  { type: "stream", cell: 0, name: "stdout", text: "" },
];

describe("frames", () => {
  for (const size of [1, 3, 4, 5, 64 * 1024, Infinity]) {
    it(`brings messages back from chunks of ${size} bytes`, () => {
      const bytes = Buffer.concat(MESSAGES.map((message) => encodeFrame(message)));
      const received: object[] = [];
      const reader = new FrameReader((message) => received.push(message));
      for (let at = 0; at < bytes.length; at += size) reader.push(bytes.subarray(at, at + size));
      assert.deepEqual(received, MESSAGES);
    });
  }
});
