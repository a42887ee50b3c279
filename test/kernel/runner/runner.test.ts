import assert from "node:assert/strict";
import { executeContent, streamText, type TestClient } from "../client.js";
import { hasEnded } from "../has-ended.js";
import { startKernel } from "../start-kernel.js";

describe("runner", () => {
  let client: TestClient;
  let stop: () => Promise<void>;

  beforeEach(async () => ({ client, stop } = await startKernel()));
  afterEach(() => stop());

  const DEATHS: Record<string, { code: string; says: RegExp }> = {
    "process.exit()": {
      code: "console.log('last words'); process.exit(3)",
      says: /process\.exit\(3\) was called/,
    },
    "a crash": { code: "console.log('last words'); process.abort()", says: /ended by the signal SIGABRT/ },
    "a kill from outside": {
      code: "console.log('last words'); process.kill(process.pid, 'SIGKILL'); await new Promise(() => {})",
      says: /ended by the signal SIGKILL/,
    },
  };
  for (const [what, { code, says }] of Object.entries(DEATHS)) {
    it(`outlives ${what} and says what was lost`, async () => {
      await client.execute("globalThis.x = 1");
      const { reply, published } = await client.execute(code);
      assert.equal(reply.content.ename, "RunnerExit");
      assert.match(String(reply.content.evalue), says);
      assert.match((reply.content.traceback as string[]).join("\n"), /variables.*gone/);
      assert.match(streamText(published), /last words/);
      const { reply: after, published: shown } = await client.execute("console.log(typeof x)");
      assert.equal(after.content.status, "ok");
      assert.equal(after.content.execution_count, 3);
      assert.equal(streamText(shown), "undefined\n");
    });
  }

  it("says so when it dies between cells", async () => {
    const { reply } = await client.execute("setTimeout(() => process.exit(4), 50); 1");
    const id = reply.parentHeader.msg_id;
    await client.next(
      (m) => m.parentHeader.msg_id === id && /process\.exit\(4\)/.test(String(m.content.text)),
    );
    assert.equal((await client.execute("1")).reply.content.status, "ok");
  });

  it("closes the comms of a runner that died", async () => {
    await client.execute("comms.open('widget')");
    await client.execute("process.exit()");
    await client.next((m) => m.header.msg_type === "comm_close");
    assert.deepEqual((await client.request("comm_info_request")).reply.content.comms, {});
  });

  it("ends its child processes with it", async () => {
    const { published } = await client.execute(`
      const { spawn } = await import("node:child_process");
      const child = spawn("sleep", ["1000"], { stdio: "inherit" });
      console.log(child.pid); process.exit()`);
    const pid = Number(streamText(published));
    assert.ok(pid > 0);
    assert.ok(hasEnded(pid), `process ${pid} still runs`);
  });

  it("interrupts after a restart", async () => {
    await client.execute("process.exit()");
    await client.execute("1");
    const id = client.send("execute_request", executeContent("console.log('in'); while (true) {}"));
    await client.next((m) => m.parentHeader.msg_id === id && m.header.msg_type === "stream");
    client.send("interrupt_request", {}, { channel: "control" });
    assert.equal((await client.exchange(id)).reply.content.ename, "KeyboardInterrupt");
  });
});

describe("a full heap", () => {
  it("ends the runner alone, and its user reads why", async () => {
    const { client, stop } = await startKernel({ heapLimitMiB: 64 });
    const { reply } = await client.execute(
      "const all = []; while (true) all.push(new Array(1000).fill(all.length))",
    );
    assert.match(String(reply.content.evalue), /heap is full \(limit 64 MiB\)/);
    assert.equal((await client.execute("1")).reply.content.status, "ok");
    await stop();
  });
});

describe("a runner that cannot start", () => {
  it("is told to the cell, with what it said, and tried again", async () => {
    const { client, stop } = await startKernel({ engine: "file:///no/such/engine.js" });
    for (let i = 0; i < 2; i++) {
      const { reply } = await client.execute("1");
      assert.match(String(reply.content.evalue), /could not start/);
      assert.match((reply.content.traceback as string[]).join("\n"), /no\/such\/engine/);
    }
    await stop();
  });
});
