import assert from "node:assert/strict";
import { executeContent, streamText, type TestClient } from "../client.js";
import { startKernel } from "../start-kernel.js";

describe("setImmediate in a cell", () => {
  let client: TestClient;
  let stop: () => Promise<void>;

  before(async () => ({ client, stop } = await startKernel()));
  after(() => stop());

  const printed = async (code: string) => streamText((await client.execute(code)).published);

  it("keeps Node's order: ticks and promises between two of them, new ones in the next turn", async () => {
    const text = await printed(`
      await new Promise((done) => {
        setImmediate((a, b) => {
          console.log("first", a, b);
          process.nextTick(() => console.log("tick"));
          Promise.resolve().then(() => console.log("promise"));
          setImmediate(() => { console.log("next turn"); done(); });
        }, 1, 2);
        clearImmediate(setImmediate(() => console.log("never")));
        setImmediate(() => console.log("second"));
      })`);
    assert.equal(text, "first 1 2\ntick\npromise\nsecond\nnext turn\n");
  });

  it("keeps the context in which it was called, and its promise forms", async () => {
    const text = await printed(`
      const { AsyncLocalStorage } = await import("node:async_hooks");
      const storage = new AsyncLocalStorage();
      await new Promise((done) => storage.run("inside", () => setImmediate(() => done(console.log(storage.getStore())))));
      const { promisify } = await import("node:util");
      console.log(await promisify(setImmediate)("promisified"));
      console.log(await (await import("node:timers/promises")).setImmediate("awaited"));
      const timers = await import("node:timers");
      console.log(timers.clearImmediate === clearImmediate, timers.setImmediate === timers.default.setImmediate)`);
    assert.equal(text, "inside\npromisified\nawaited\ntrue true\n");
  });

  it("goes on behind one that throws and one that is interrupted", async () => {
    const id = client.send(
      "execute_request",
      executeContent(`
        const timers = await import("node:timers"); // a library's; the cell's own end with it
        timers.setImmediate(() => { throw new Error("as planned"); });
        timers.setImmediate(() => { console.log("begun"); while (true) {} });
        timers.setImmediate(() => console.log("behind"));
        await new Promise(() => {})`),
    );
    await client.next((m) => m.parentHeader.msg_id === id && /begun/.test(String(m.content.text)));
    client.send("interrupt_request", {}, { channel: "control" });
    assert.equal((await client.exchange(id)).reply.content.ename, "KeyboardInterrupt");
    await client.next((m) => m.parentHeader.msg_id === id && /behind/.test(String(m.content.text)));
    assert.match(streamText(client.published(id), "stderr"), /as planned/);
    assert.equal(
      await printed("await new Promise((done) => setImmediate(done)); console.log('fine')"),
      "fine\n",
    );
  });

  it("says what is wrong with a callback that is none", async () => {
    const { reply } = await client.execute("setImmediate(1)");
    assert.equal(reply.content.ename, "TypeError");
    assert.match(String(reply.content.evalue), /callback/);
  });
});
