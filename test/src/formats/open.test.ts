import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { FormatError, type FormatFinding } from "../../../src/formats/model-file.js";
import { modelsNearby } from "../../../src/formats/nearby.js";
import { openModelFile } from "../../../src/formats/open.js";
import { writeZip } from "./archive/write-zip.js";

describe("formats/open: what is no model file", () => {
  let folder: string;
  before(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "loadlab-open-"));
  });
  after(() => {
    fs.rmSync(folder, { recursive: true });
  });

  const write = (name: string, content: string | Uint8Array): string => {
    const file = path.join(folder, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, content);
    return file;
  };

  const refusal = async (file: string): Promise<FormatFinding> => {
    try {
      (await openModelFile(file)).close();
    } catch (error) {
      assert.ok(error instanceof FormatError, String(error));
      return error.finding;
    }
    throw new Error(`${file} was opened`);
  };

  it("names the path tried and the models nearby, the likeliest first", async () => {
    write("mnist_cnn.h5", "x");
    write("other.keras", "x");
    const finding = await refusal(path.join(folder, "mnist_cn.h5"));
    assert.equal(finding.code, "F04");
    assert.match(finding.detail, /mnist_cn\.h5/);
    assert.match(finding.advice, /mnist_cnn\.h5.*other\.keras/);
  });

  it("says how a file is fetched from a store that it does not download from", async () => {
    for (const [address, advice] of [
      ["hf://user/repo/model.keras", /https:\/\/huggingface\.co\/user\/repo\/resolve\/main\/model\.keras/],
      ["gs://bucket/dir/model.h5", /!gsutil cp gs:\/\/bucket\/dir\/model\.h5 \./],
      ["s3://bucket/model.h5", /!aws s3 cp s3:\/\/bucket\/model\.h5 \.`, then open `model\.h5`/],
      ["ftp://host/model.h5", /the program that knows ftp:\/\//],
    ] as const) {
      const finding = await refusal(address);
      assert.deepEqual([finding.code, finding.title], ["F04", "An address that is not fetched"]);
      assert.match(finding.advice, advice);
    }
  });

  it("looks in the nearest folder that exists", async () => {
    write("deep.h5", "x");
    const finding = await refusal(path.join(folder, "no", "such", "deep.h5"));
    assert.match(finding.advice, /deep\.h5/);
  });

  it("looks in a folder that was given, and not in those beside it", async () => {
    write("beside/model.h5", "x");
    write("given/notes.txt", "x");
    write("given/deeper/model.keras", "x");
    const nearby = modelsNearby(path.join(folder, "given"));
    assert.ok(nearby[0]!.endsWith(path.join("given", "deeper", "model.keras")), nearby.join());
    assert.ok(!nearby.some((file) => file.includes("beside")), nearby.join());
  });

  const kinds: readonly [string, string | Uint8Array, RegExp][] = [
    [
      "pointer.h5",
      "version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 2\n",
      /Git-LFS pointer.*begins with "version/,
    ],
    ["annex.h5", `/annex/objects/SHA256E-s12--${"0".repeat(64)}.h5\n`, /git-annex pointer/],
    ["page.h5", "\n<!DOCTYPE html><html></html>", /web page/],
    ["notes.keras", "these are notes\n", /plain text/],
    ["pickled.h5", Uint8Array.of(0x80, 4, 0x95, 1, 2), /pickle.*\\x80\\x04/],
    ["model.tflite", "\u001c\0\0\0TFL3\u0014\0 \0", /TensorFlow Lite/],
    ["named.h5", "\u001c\0\0\0TFL3\u0014\0 \0", /TensorFlow Lite/],
    ["model.onnx", "\b\u0008\u0012\u0007pytorch\u001a\u00052.1.0:\u0002\n\0", /ONNX/],
    [
      "model.pt",
      writeZip([{ name: "archive/data.pkl", data: Uint8Array.of(0x80, 2, 0x7d, 0x2e) }]),
      /PyTorch/,
    ],
    ["list.h5", '[{"a": 1}]', /JSON/],
    ["config.h5", '{"a": 1}', /JSON/],
    ["empty.h5", "", /empty/],
    ["array.h5", "\u0093NUMPY", /not known|text/],
    ["noise.h5", Uint8Array.of(0xff, 0xfe, 0xfd, 0), /not known/],
  ];
  it("says what a link that leads nowhere stands for (F04)", async () => {
    const linkTo = (name: string, target: string) => {
      const link = path.join(folder, name);
      fs.symlinkSync(target, link);
      return link;
    };
    const annexed = linkTo("annexed.h5", "../.git/annex/objects/aa/bb/SHA256E-s12--00.h5");
    const [fetched, itself] = [await refusal(annexed), await refusal(linkTo("itself.h5", "itself.h5"))];
    assert.deepEqual([fetched.code, itself.code], ["F04", "F04"]);
    assert.match(fetched.advice, /git annex get/);
    assert.match(itself.detail, /link to "itself.h5"/);
    // What lies beside a link to itself can still be opened.
    fs.copyFileSync("test/fixtures/checkpoints/v2/model.ckpt-7.index", path.join(folder, "c.index"));
    const data = "model.ckpt-7.data-00000-of-00001";
    fs.copyFileSync(`test/fixtures/checkpoints/v2/${data}`, path.join(folder, data.replace(/^.*-7/, "c")));
    (await openModelFile(path.join(folder, "c"))).close();
  });

  for (const [name, content, expected] of kinds) {
    it(`says what ${name} is`, async () => {
      const finding = await refusal(write(name, content));
      assert.equal(finding.code, finding.detail.includes("not known") ? "F16" : "F02");
      assert.match(finding.detail, expected);
      assert.notEqual(finding.advice, "");
    });
  }

  it("shows first bytes without control characters or markup that acts", async () => {
    const finding = await refusal(write("ansi.h5", "\u001b[31mred\u0000"));
    // eslint-disable-next-line no-control-regex
    assert.doesNotMatch(finding.detail, /[\u0000-\u001f]/);
    assert.match(finding.detail, /\\x1b\[31mred\\x00/);
  });

  it("says what a folder without a model holds", async () => {
    const inner = path.join(folder, "empty");
    fs.mkdirSync(inner);
    fs.writeFileSync(path.join(inner, "readme.txt"), "x");
    const finding = await refusal(inner);
    assert.equal(finding.code, "F12");
    assert.match(finding.detail, /readme\.txt/);
  });

  it("says which part of a SavedModel is missing", async () => {
    const inner = path.join(folder, "parts");
    fs.mkdirSync(path.join(inner, "variables"), { recursive: true });
    assert.match(
      (await refusal(inner)).detail,
      /parts of a SavedModel \("variables"\), but not saved_model\.pb/,
    );
  });

  it("opens the one model file of a folder and asks which of several", async () => {
    const inner = path.join(folder, "download");
    fs.mkdirSync(inner);
    fs.copyFileSync("test/fixtures/hdf5/keras_0.h5", path.join(inner, "weights.h5"));
    const model = await openModelFile(inner);
    assert.equal(model.findings[0]!.code, "F12");
    assert.equal(model.layers.length, 12);
    model.close();
    fs.copyFileSync("test/fixtures/hdf5/keras_0.h5", path.join(inner, "other.h5"));
    assert.match((await refusal(inner)).advice, /"[^"]*other\.h5", "[^"]*weights\.h5"/);
  });
});
