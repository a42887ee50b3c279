import assert from "node:assert/strict";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { FrameBuffer } from "../../../kernel/runner/frame-buffer.js";
import { encodeFrame, FrameReader, type StreamText } from "../../../kernel/runner/frames.js";
import { createWords } from "../../../kernel/runner/shared-words.js";

describe("FrameBuffer", () => {
  let folder: string;
  let file: number;
  let buffer: FrameBuffer;

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "frames-"));
    file = openSync(path.join(folder, "out"), "w");
    buffer = new FrameBuffer(file, new SharedArrayBuffer(64), createWords());
  });
  afterEach(() => {
    closeSync(file);
    rmSync(folder, { recursive: true });
  });

  const text = (cell: number, name: "stdout" | "stderr", text: string): StreamText => ({
    type: "stream",
    cell,
    name,
    text,
  });

  function written(): object[] {
    buffer.flush();
    const messages: object[] = [];
    new FrameReader((message) => messages.push(message)).push(readFileSync(path.join(folder, "out")));
    return messages;
  }

  it("joins texts of the same cell and stream, and no others", () => {
    buffer.addText(text(1, "stdout", "a"));
    buffer.addText(text(1, "stdout", "ü\u{1f980}"));
    buffer.addText(text(1, "stderr", "b"));
    buffer.addText(text(2, "stderr", "c"));
    buffer.addText(text(2, "stderr", "d"));
    assert.deepEqual(written(), [
      text(1, "stdout", "aü\u{1f980}"),
      text(1, "stderr", "b"),
      text(2, "stderr", "cd"),
    ]);
  });

  it("begins a new frame behind another message and behind what was written", () => {
    buffer.addText(text(1, "stdout", "a"));
    buffer.add(encodeFrame({ type: "ready" }));
    buffer.addText(text(1, "stdout", "b"));
    buffer.flush();
    buffer.addText(text(1, "stdout", "c"));
    assert.deepEqual(written(), [
      text(1, "stdout", "a"),
      { type: "ready" },
      text(1, "stdout", "b"),
      text(1, "stdout", "c"),
    ]);
  });

  it("loses nothing when it is full, nor of a text that is longer than it", () => {
    const texts = Array.from({ length: 200 }, (_, i) => (i % 50 === 0 ? "x".repeat(100) : `${i} `));
    for (const piece of texts) buffer.addText(text(1, "stdout", piece));
    assert.equal((written() as StreamText[]).map(({ text }) => text).join(""), texts.join(""));
  });
});
