import assert from "node:assert/strict";
import {
  forgetUninterrupted,
  isStarting,
  nothingStarts,
  tellUninterrupted,
  uninterrupted,
  uninterruptedCall,
  uninterruptedStart,
} from "../../src/uninterrupted.js";

describe("work that no interrupt ends midway", () => {
  const told: number[] = [];
  const never = () => new Promise<void>(() => {});

  before(() => tellUninterrupted((count) => void told.push(count)));
  beforeEach(() => {
    forgetUninterrupted();
    told.length = 0;
  });
  after(() => {
    forgetUninterrupted();
    tellUninterrupted(() => {});
  });

  it("keeps no later cell waiting for a module that never comes", () => {
    void uninterrupted(never);
    assert.equal(isStarting(), false);
    assert.deepEqual(told, [1]);
  });

  it("lets the next cell wait for a back end until it has started", async () => {
    let started = () => {};
    void uninterruptedStart(() => new Promise<void>((resolve) => (started = resolve)));
    assert.equal(isStarting(), true);
    const waited = nothingStarts(2 ** 30);
    started();
    await waited;
    assert.equal(isStarting(), false);
  });

  it("counts what was begun after a termination, whatever of before ends meanwhile", async () => {
    let end = () => {};
    const before = uninterrupted(() => new Promise<void>((resolve) => (end = resolve)));
    forgetUninterrupted();
    void uninterrupted(never);
    end();
    await before;
    assert.equal(told.at(-1), 1);
    assert.equal(
      uninterruptedCall(() => told.at(-1)),
      2,
    );
    assert.equal(told.at(-1), 1);
  });
});
