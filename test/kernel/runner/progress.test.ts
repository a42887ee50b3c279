import assert from "node:assert/strict";
import { createProgress } from "../../../kernel/runner/progress.js";

/** A progress function, and what a person would see of it. */
function watched() {
  const shown: string[] = [];
  const ids = new Set<string>();
  const see = (id: string, { data }: { data: Readonly<Record<string, unknown>> }) => {
    ids.add(id);
    shown.push(String(data["text/plain"]));
    assert.match(String(data["text/html"]), /^<div/);
  };
  return { progress: createProgress({ show: see, update: see }), shown, ids };
}

describe("progress", () => {
  it("goes along with a loop, in one display", () => {
    const { progress, shown, ids } = watched();
    assert.deepEqual([...progress(["a", "b", "c"], { label: "train" })], ["a", "b", "c"]);
    assert.match(shown[0]!, /^train: 0% \| {30}\| 0\/3 /);
    assert.match(shown.at(-1)!, /^train: 100% \|█{30}\| 3\/3 /);
    assert.equal(ids.size, 1);
  });

  it("goes along with for await", async () => {
    const { progress, shown } = watched();
    async function* numbers() {
      yield 1;
      yield 2;
    }
    const seen: number[] = [];
    for await (const number of progress(numbers())) seen.push(number);
    assert.deepEqual(seen, [1, 2]);
    assert.match(shown.at(-1)!, /^2 \[/);
  });

  it("says when a loop ended early, and ends its source", () => {
    const { progress, shown } = watched();
    let ended = false;
    function* source() {
      try {
        yield* [1, 2, 3, 4];
      } finally {
        ended = true;
      }
    }
    for (const number of progress(source(), { total: 4 })) if (number === 2) break;
    assert.match(shown.at(-1)!, /25% .* 1\/4 .*stopped\]/);
    assert.ok(ended);
  });

  it("is moved by hand", () => {
    const { progress, shown } = watched();
    const bar = progress(10, { label: "files" });
    bar.advance(4);
    bar.value += 6;
    assert.match(shown.at(-1)!, /^files: 100% .* 10\/10/);
    bar.close();
    assert.doesNotMatch(shown.at(-1)!, /stopped/);
  });

  it("does not flood the front end", () => {
    const { progress, shown } = watched();
    let sum = 0;
    for (const number of progress(Array.from({ length: 200_000 }, (_, n) => n))) sum += number;
    assert.equal(sum, 19_999_900_000);
    assert.ok(shown.length < 100, `${shown.length} displays`);
  });

  it("takes nothing else", () => {
    const { progress } = watched();
    assert.throws(
      () => progress({} as Iterable<number>),
      /progress takes a number, or something to loop over/,
    );
  });
});
