import assert from "node:assert/strict";
import { createCellEngine } from "../../../kernel/cells/create-cell-engine.js";
import { collectGarbage } from "../../../src/runtime/memory/collect-garbage.js";

/** Runs cells as the runner does: what one ends with is kept. */
function notebook() {
  const engine = createCellEngine({ folder: process.cwd() });
  let executionCount = 0;
  const run = async (code: string) => {
    const { hasValue, value } = await engine.run({ code, executionCount: ++executionCount });
    if (hasValue) engine.results.add(executionCount, value);
    return value;
  };
  return { engine, run };
}

describe("Out and _", () => {
  it("give earlier results", async () => {
    const { run, engine } = notebook();
    await run("1 + 1");
    await run("'text'");
    await run("let nothing");
    assert.equal(await run("_"), "text");
    assert.deepEqual(await run("[Out[1], Out[2], Out[3], Out[99]]"), [2, "text", undefined, undefined]);
    assert.deepEqual(await run("Object.keys(Out)"), ["1", "2", "4", "5"]);
    assert.equal(await run("1 in Out && !(3 in Out)"), true);
    assert.deepEqual(Object.keys(engine.scope), ["nothing"]);
  });

  it("_, __ and ___ are the latest three", async () => {
    const { run } = notebook();
    for (const code of ["1", "2", "3"]) await run(code);
    assert.deepEqual(await run("[_, __, ___]"), [3, 2, 1]);
  });

  it("leave a name alone that a cell declares", async () => {
    const { run } = notebook();
    await run("import _ from 'node:path'");
    await run("7");
    assert.equal(await run("_.sep"), "/");
    assert.equal(await run("_ === Out[2]"), false);
  });

  it("may be assigned", async () => {
    const { run } = notebook();
    await run("_ = 5");
    assert.equal(await run("_ + 1"), 6);
  });

  it("let large results go, the latest three not", async () => {
    const { run, engine } = notebook();
    await run("var kept = new Uint8Array(200 * 2 ** 20)");
    await run("kept");
    for (let n = 0; n < 4; n++) await run("new Uint8Array(100 * 2 ** 20)");
    assert.equal(await run("Out[2] === kept"), true, "another variable holds it");
    for (const code of ["1", "2", "3"]) await run(code);
    collectGarbage();
    await assert.rejects(run("Out[3]"), /ReferenceError|Out\[3\] was let go/);
    assert.ok(engine.results.kept().bytes <= 256 * 2 ** 20);
    assert.equal(await run("Out[8]"), 1);
  });

  it("count tensors, also inside other values", async () => {
    const { run, engine } = notebook();
    await run("import * as tf from '@tensorflow/tfjs'; tf.zeros([1000])");
    assert.ok(engine.results.kept().bytes >= 4000);
    await run("new Map([['x', [{ y: tf.zeros([1000]) }]]])");
    assert.ok(engine.results.kept().bytes >= 8000);
    await run("delete Out[1]");
    assert.ok(engine.results.kept().bytes < 8000);
  });

  it("keep at most 1000", async () => {
    const { engine } = notebook();
    for (let n = 1; n <= 1100; n++) engine.results.add(n, n);
    assert.equal(engine.results.kept().count, 1000);
  });

  it("survive values that resist being looked at", async () => {
    const { run, engine } = notebook();
    const trap = () => {
      throw new Error("trap");
    };
    engine.results.add(
      1,
      new Proxy({}, { ownKeys: trap, getOwnPropertyDescriptor: trap, get: trap, getPrototypeOf: trap }),
    );
    engine.results.add(2, Object.defineProperty({}, "a", { get: trap, enumerable: true }));
    assert.equal(await run("Object.keys(Out).length"), 2);
  });
});
