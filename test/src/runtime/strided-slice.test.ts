import assert from "node:assert/strict";
import { tf } from "../../../src/index.js";
import { ensureBackend } from "../../../src/runtime/choose.js";

/** `x[parts]` of NumPy, element by element: a number drops its axis, else [start, stop, step]. */
type Part = number | readonly [start: number | null, stop: number | null, step: number];

function expected(shape: readonly number[], parts: readonly Part[]): number[] {
  const axes = shape.map((size, axis): number[] => {
    const part = parts[axis] ?? [null, null, 1];
    if (typeof part === "number") return [part < 0 ? part + size : part];
    const [start, stop, step] = part;
    const found: number[] = [];
    const from = start ?? (step > 0 ? 0 : size - 1);
    const to = stop ?? (step > 0 ? size : -1);
    for (let i = from; step > 0 ? i < to : i > to; i += step) found.push(i);
    return found;
  });
  const places = axes.reduce<number[]>(
    (all, indexes, axis) => all.flatMap((place) => indexes.map((i) => place * shape[axis]! + i)),
    [0],
  );
  return places;
}

function sliced(x: tf.Tensor, parts: readonly Part[]): tf.Tensor {
  const bits = (is: (part: Part) => boolean) =>
    parts.reduce<number>((mask, part, i) => (is(part) ? mask | (1 << i) : mask), 0);
  return tf.stridedSlice(
    x,
    parts.map((part) => (typeof part === "number" ? part : (part[0] ?? 0))),
    parts.map((part) => (typeof part === "number" ? part + 1 : (part[1] ?? 0))),
    parts.map((part) => (typeof part === "number" ? 1 : part[2])),
    bits((part) => typeof part !== "number" && part[0] === null),
    bits((part) => part === -1 || (typeof part !== "number" && part[1] === null)),
    0,
    0,
    bits((part) => typeof part === "number"),
  );
}

describe("stridedSlice with axes that are dropped and others that have a stride", () => {
  const cases: readonly (readonly Part[])[] = [
    [[null, null, 1], 1, [2, null, 1], [null, null, -1]],
    [[null, null, 1], [null, null, 2], 0],
    [1, [3, null, -2], [null, null, 1], [0, 3, 2]],
    [-1, -1, [null, null, -1]],
    [[null, null, -1], 2, 3],
    [0, [null, null, 3]],
  ];
  let own: string;
  before(async () => {
    await ensureBackend();
    own = tf.getBackend();
  });
  afterEach(async () => void (await tf.setBackend(own)));

  for (const backend of ["wasm", "cpu"]) {
    it(`takes the right elements on ${backend}`, async () => {
      await tf.setBackend(backend);
      const shape = [2, 4, 4, 5];
      const x = tf.range(0, 160).reshape(shape);
      for (const parts of cases)
        assert.deepEqual([...(await sliced(x, parts).data())], expected(shape, parts), JSON.stringify(parts));
    });
  }
});
