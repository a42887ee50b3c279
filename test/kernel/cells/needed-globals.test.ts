import assert from "node:assert/strict";
import { streamText, type TestClient } from "../client.js";
import { startKernel } from "../start-kernel.js";

describe("What cells and the kernel share", () => {
  let client: TestClient;
  let stop: () => Promise<void>;
  before(async () => {
    const engine = new URL("../../../kernel/cells/index.js", import.meta.url).href;
    ({ client, stop } = await startKernel({ engine }));
  });
  after(() => stop());

  const printed = async (code: string, name: "stdout" | "stderr" = "stdout") =>
    streamText((await client.execute(code)).published, name);

  const BROKEN = {
    Promise: "Promise = 3 as any",
    JSON: "delete (globalThis as any).JSON",
    process: "process = undefined as any",
    Error: "globalThis.Error = null as any",
    "Array.prototype.push": "Array.prototype.push = null as any",
    "Array.prototype[Symbol.iterator]": "(Array.prototype as any)[Symbol.iterator] = 5",
  };
  for (const [name, code] of Object.entries(BROKEN))
    it(`is put back and told: ${name}`, async () => {
      const told = await printed(code, "stderr");
      assert.ok(told.startsWith(`${name}: `), told);
      assert.equal(
        await printed("console.log(JSON.stringify([await Promise.resolve(process.argv.length > 0)]))"),
        "[true]\n",
      );
    });

  it("is put back after the error that a cell's own method causes", async () => {
    assert.equal(await printed("Array.prototype.map = () => { throw new Error('mine') }"), "");
    const { reply, published } = await client.execute("1");
    assert.equal(reply.content.evalue, "mine");
    assert.match(streamText(published, "stderr"), /^Array\.prototype\.map: /);
    assert.equal(await printed("console.log([1].map((n) => n + 1)[0])"), "2\n");
  });

  it("may be a cell's own, as its timers", async () => {
    await client.execute("globalThis.setTimeout = (() => 1) as any");
    assert.equal(await printed("console.log('shown', globalThis.setTimeout(() => {}))"), "shown 1\n");
  });
});
