import assert from "node:assert/strict";
import zlib from "node:zlib";
import { FormatError } from "../../../src/index.js";
import { openModelBytes } from "../../../src/formats/open.js";
import { zip } from "../loading/cases/write.js";

async function refusal(bytes: Uint8Array): Promise<FormatError> {
  try {
    (await openModelBytes(bytes, "model.h5")).close();
  } catch (error) {
    assert.ok(error instanceof FormatError, String(error));
    return error;
  }
  assert.fail("it was opened");
}

const text = (content: string) => new TextEncoder().encode(content);

const bytesOf = (head: string, rest = 600) =>
  Uint8Array.from([
    ...Buffer.from(head, "latin1"),
    ...Array.from({ length: rest }, (_, i) => (i * 37) % 251),
  ]);

describe("what is no model file is told by what it is", () => {
  const kinds: [string, Uint8Array, RegExp][] = [
    ["bzip2", bytesOf("BZh91AY&SY"), /bzip2/],
    ["RAR", bytesOf("Rar!\x1a\x07\x01\x00"), /RAR/],
    ["7z", bytesOf("7z\xbc\xaf\x27\x1c"), /7z/],
    ["a picture", bytesOf("\x89PNG\r\n\x1a\n"), /PNG/],
    ["HDF5 copied as text", bytesOf("\x89HDF\r\r\n\x1a\r\n"), /copied as text/],
    ["HDF5 written as UTF-8", bytesOf("\xc2\x89HDF\r\n\x1a\n"), /written as text \(UTF-8\)/],
    ["zeros", new Uint8Array(4096), /nothing but zeros/],
    ["a program of Windows", bytesOf("MZ\x90\0\x03"), /program of Windows/],
    ["GGUF", bytesOf("GGUF\x03\0\0\0"), /GGUF/],
    ["Darknet's weights", bytesOf("\0\0\0\0\x02\0\0\0\0\0\0\0"), /Darknet/],
    ["MATLAB 5", bytesOf("MATLAB 5.0 MAT-file, Platform: GLNXA64"), /MAT file of MATLAB/],
    ["joblib", zlib.deflateSync(bytesOf("\x80\x04\x95")), /joblib/],
    ["a store's refusal", text('<?xml version="1.0"?>\n<Error><Code>AccessDenied</Code></Error>'), /XML/],
    ["a server's refusal", text('{"error":"Repository not found"}'), /answer of a server/],
    ["a notebook", text('{\n "cells": [],\n "nbformat": 4\n}'), /Jupyter notebook/],
    ["code", text('"""Trains."""\n# by hand\nimport keras\nmodel = keras.Sequential()\n'), /Python source/],
    [
      "a pointer of DVC's",
      text("outs:\n- md5: a304afb96060aad90176268345e10355\n  path: m.h5\n"),
      /DVC pointer/,
    ],
    ["a placeholder of iCloud's", bytesOf("bplist00\xd2\x01\x02"), /iCloud keeps one in place of a file/],
    ["a data URL", text("data:application/octet-stream;base64,iUhERg0KGgoAAAAA".padEnd(900, "A")), /base64/],
    ["base64", new TextEncoder().encode("iUhERg0KGgoAAAAA".repeat(50)), /base64/],
  ];
  for (const [name, bytes, sentence] of kinds) {
    it(name, async () => {
      const { finding } = await refusal(bytes);
      assert.equal(finding.code, "F02");
      assert.match(finding.detail, sentence);
      assert.notEqual(finding.advice, "");
    });
  }

  it("three bytes of a zip archive are no protocol buffer", async () => {
    const { finding } = await refusal(Uint8Array.from([0x50, 0x4b, 0x03]));
    assert.equal(finding.code, "F16");
  });
});

describe("a zip archive with bytes around it", () => {
  const config = JSON.stringify({
    class_name: "Sequential",
    config: { name: "s", layers: [{ class_name: "Dense", config: { name: "d", units: 2 } }] },
  });
  const archive = zip({ "config.json": config, "metadata.json": '{"keras_version": "3.8.0"}' });

  for (const [before, behind] of [
    [202, 0],
    [0, 40],
    [7, 9],
  ] as const) {
    it(`${before} before, ${behind} behind`, async () => {
      const whole = Uint8Array.from([
        ...new Uint8Array(before).fill(0xee),
        ...archive,
        ...new Uint8Array(behind).fill(0x0a),
      ]);
      const file = await openModelBytes(whole, "model.keras");
      assert.equal(file.kerasVersion, "3.8.0");
      const told = file.findings.find(({ code }) => code === "F01");
      assert.match(told!.detail, /the archive is whole/);
      if (before > 0) assert.match(told!.detail, new RegExp(`${before} bytes before it`));
      if (behind > 0) assert.match(told!.detail, new RegExp(`${behind} bytes behind it`));
      file.close();
    });
  }
});
