import assert from "node:assert/strict";
import zlib from "node:zlib";
import * as tf from "@tensorflow/tfjs";
import { DataType } from "../../../src/formats/proto/tensorflow_pb.js";
import { openGraph } from "../../../src/graph/open-graph.js";
import { graphFile, node } from "./build-graph.js";

function chunk(name: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(name), data]);
  const ends = Buffer.alloc(8);
  ends.writeUInt32BE(data.length, 0);
  ends.writeUInt32BE(zlib.crc32(body), 4);
  return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)]);
}

/** A picture of one row. */
function png(width: number, depth: number, color: number, row: number[], extra: Buffer[] = []): Buffer {
  return Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
    chunk("IHDR", Uint8Array.of(0, 0, 0, width, 0, 0, 0, 1, depth, color, 0, 0, 0)),
    ...extra,
    chunk("IDAT", zlib.deflateSync(Uint8Array.of(0, ...row))),
    chunk("IEND", new Uint8Array()),
  ]);
}

async function decoded(file: Buffer): Promise<number[]> {
  const graph = await openGraph(
    graphFile([
      node(
        "x",
        "Placeholder",
        [],
        [{ key: "dtype", value: { value: { case: "type", value: DataType.DT_STRING } } }],
      ),
      node("y", "DecodePng", ["x"], [{ key: "channels", value: { value: { case: "i", value: 4n } } }]),
    ]),
  );
  const x = tf.tensor([Uint8Array.from(file)] as never, [], "string");
  return Array.from((await graph.execute({ x }, ["y"]))[0]!.dataSync());
}

// The numbers are those of TensorFlow 2.21's tf.io.decode_png.
describe("the alpha that a PNG does not store", () => {
  it("is the greatest value of the file's own depth", async () => {
    assert.deepEqual(await decoded(png(2, 1, 0, [0x80])), [255, 255, 255, 1, 0, 0, 0, 1]);
    assert.deepEqual(await decoded(png(2, 4, 0, [0x12])), [17, 17, 17, 15, 34, 34, 34, 15]);
    assert.deepEqual(await decoded(png(2, 8, 0, [1, 2])), [1, 1, 1, 255, 2, 2, 2, 255]);
    const palette = chunk("PLTE", Uint8Array.of(10, 11, 12, 13, 14, 15));
    assert.deepEqual(await decoded(png(2, 1, 3, [0x40], [palette])), [10, 11, 12, 1, 13, 14, 15, 1]);
  });

  it("is 0 for the colour that the file calls transparent", async () => {
    const gray = chunk("tRNS", Uint8Array.of(0, 2));
    assert.deepEqual(await decoded(png(2, 8, 0, [1, 2], [gray])), [1, 1, 1, 255, 2, 2, 2, 0]);
    const bit = chunk("tRNS", Uint8Array.of(0, 1));
    assert.deepEqual(await decoded(png(2, 1, 0, [0x80], [bit])), [255, 255, 255, 0, 0, 0, 0, 255]);
    const color = chunk("tRNS", Uint8Array.of(0, 3, 0, 4, 0, 5));
    assert.deepEqual(
      await decoded(png(3, 8, 2, [0, 1, 2, 3, 4, 5, 6, 7, 8], [color])),
      [0, 1, 2, 255, 3, 4, 5, 0, 6, 7, 8, 255],
    );
  });
});
