import assert from "node:assert/strict";
import { decodeChunk, FILTER } from "../../../../src/formats/hdf5/filters.js";

describe("formats/hdf5: filters", () => {
  const shuffled = (size: number, bytes: readonly number[]) =>
    decodeChunk(Uint8Array.from(bytes), [{ id: FILTER.shuffle, values: [size] }], 0, bytes.length, 0);

  it("puts shuffled bytes back, and leaves those after the last element", () => {
    assert.deepEqual([...shuffled(2, [1, 3, 2, 4, 9])], [1, 2, 3, 4, 9]);
  });

  it("is not kept busy by an element of 4 GiB in a chunk of 4 bytes", () => {
    assert.deepEqual([...shuffled(2 ** 32 - 1, [1, 2, 3, 4])], [1, 2, 3, 4]);
  });
});
