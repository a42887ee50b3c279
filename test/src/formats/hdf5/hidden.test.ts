import assert from "node:assert/strict";
import fs from "node:fs";
import { openModelBytes } from "../../../../src/formats/open.js";
import type { ModelFile } from "../../../../src/formats/model-file.js";

const ORIGINAL = fs.readFileSync("notebooks/models/mnist_cnn.h5");

async function weightsOf(model: ModelFile): Promise<string[]> {
  const all = model.layers.flatMap(({ weights }) => weights);
  const read = await Promise.all(all.map((weight) => weight.read()));
  model.close();
  return read.map((value) => JSON.stringify(Array.from(value as Iterable<number>).slice(0, 50)));
}

describe("an HDF5 file that begins as none", () => {
  it("is found behind other bytes, at any place", async () => {
    const head = Buffer.from("HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\n\r\n");
    const model = await openModelBytes(Buffer.concat([head, ORIGINAL]), "model.h5");
    const [finding] = model.findings;
    assert.equal(finding!.code, "F01");
    assert.match(finding!.detail, new RegExp(`begins at byte ${head.length};`));
    assert.deepEqual(await weightsOf(model), await weightsOf(await openModelBytes(ORIGINAL, "model.h5")));
  });

  it("has every byte again where it was copied as text, each line feed for a carriage return and a line feed", async () => {
    const text = ORIGINAL.toString("latin1");
    const copied = Buffer.from(text.replaceAll("\n", "\r\n"), "latin1");
    const model = await openModelBytes(copied, "model.h5");
    assert.match(model.findings[0]!.detail, /gives back every byte/);
    assert.deepEqual(await weightsOf(model), await weightsOf(await openModelBytes(ORIGINAL, "model.h5")));
  });

  it("is refused where line feeds were replaced in part: bytes are lost", async () => {
    const copied = Buffer.from(ORIGINAL.toString("latin1").replaceAll("\n", "\r\n"), "latin1");
    const mixed = Buffer.concat([copied, Buffer.from("a\nb")]);
    await assert.rejects(openModelBytes(mixed, "model.h5"), {
      name: "FormatError",
      message: /copied as text/,
    });
  });
});
