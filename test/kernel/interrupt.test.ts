import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { executeContent, streamText, type TestClient } from "./client.js";
import { ENDLESS } from "./endless-cells.js";
import { startKernel } from "./start-kernel.js";

describe("interrupt", () => {
  let client: TestClient;
  let stop: () => Promise<void>;
  const times: number[] = [];

  before(async () => {
    ({ client, stop } = await startKernel());
    await client.execute("globalThis.n = 0; globalThis.kept = { answer: 42 }");
  });
  after(() => stop());

  for (const [name, code] of Object.entries(ENDLESS)) {
    it(`ends ${name} and keeps the variables`, async () => {
      const id = client.send("execute_request", executeContent(code));
      await client.next((m) => m.parentHeader.msg_id === id && m.header.msg_type === "execute_input");
      await sleep(60);
      const asked = performance.now();
      const answer = client.request("interrupt_request", {}, { channel: "control" });
      const { reply } = await client.exchange(id);
      const took = reply.at - asked;
      assert.equal(reply.content.status, "error");
      assert.equal(reply.content.ename, "KeyboardInterrupt");
      times.push(took);
      assert.equal((await answer).reply.content.status, "ok");
      const after = await client.execute(
        "console.log(kept.answer); await new Promise((r) => setTimeout(r, 1))",
      );
      assert.equal(after.reply.content.status, "ok");
      assert.equal(streamText(after.published), "42\n");
    });
  }

  it("takes less than 100 ms", () => {
    // The middle one: a machine that is busy with other things may delay a few.
    const middle = times.sort((a, b) => a - b)[Math.floor(times.length / 2)]!;
    assert.ok(middle < 100, `${times.map((ms) => ms.toFixed(0)).join(", ")} ms`);
  });

  it("does nothing to an idle kernel", async () => {
    await client.request("interrupt_request", {}, { channel: "control" });
    await client.request("interrupt_request", {}, { channel: "control" });
    const { reply } = await client.execute("kept.answer");
    assert.equal(reply.content.status, "ok");
  });

  it("waits for a runner that still starts, which would never run a cell if it were ended midway", async () => {
    const starting = await startKernel({ engine: new URL("./slow-engine.js", import.meta.url).href });
    try {
      const id = starting.client.send("execute_request", executeContent("for (;;);"));
      await sleep(600);
      await starting.client.request("interrupt_request", {}, { channel: "control" });
      const { reply } = await starting.client.exchange(id);
      assert.equal(reply.content.ename, "KeyboardInterrupt");
      assert.equal((await starting.client.execute("1 + 1")).reply.content.status, "ok");
    } finally {
      await starting.stop();
    }
  });

  it("waits for a call of native code, says so, and takes effect when it returns", async () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), "loadlab-"));
    const pipe = path.join(folder, "pipe"); // opened when someone writes to it
    execFileSync("mkfifo", [pipe]);
    spawn("sh", ["-c", `sleep 3; echo > ${pipe}; rm -r ${folder}`]);
    const code = `kept.before = true; process.getBuiltinModule('node:fs').readFileSync('${pipe}'); kept.after = true; while (true) {}`;
    const id = client.send("execute_request", executeContent(code));
    await client.next((m) => m.parentHeader.msg_id === id && m.header.msg_type === "execute_input");
    await sleep(200);
    client.send("interrupt_request", {}, { channel: "control" });
    const { reply, published } = await client.exchange(id);
    assert.equal(reply.content.ename, "KeyboardInterrupt");
    assert.match(
      streamText(published, "stderr"),
      /inside a call of native code.* ends when that call returns/,
    );
    const { published: after } = await client.execute("console.log(kept.before, kept.after, kept.answer)");
    assert.equal(streamText(after), "true undefined 42\n");
  });

  it("ends the child process that the cell waits for, and no other", async () => {
    await client.execute(
      "globalThis.children = process.getBuiltinModule('node:child_process'); kept.other = children.spawn('sleep', ['60'])",
    );
    const id = client.send("execute_request", executeContent("children.execSync('sleep 60; sleep 60')"));
    await client.next((m) => m.parentHeader.msg_id === id && m.header.msg_type === "execute_input");
    await sleep(200);
    client.send("interrupt_request", {}, { channel: "control" });
    const { reply, published } = await client.exchange(id);
    assert.equal(reply.content.ename, "KeyboardInterrupt");
    assert.equal(streamText(published, "stderr"), "");
    const { published: after } = await client.execute(
      "console.log(kept.other.exitCode, kept.other.signalCode); kept.other.kill()",
    );
    assert.equal(streamText(after), "null null\n");
  });

  it("leaves the next cell alone", async () => {
    for (let i = 0; i < 10; i++) {
      const id = client.send("execute_request", executeContent("while (true) {}", { stop_on_error: false }));
      const next = client.send("execute_request", executeContent("console.log('next')"));
      await client.next((m) => m.parentHeader.msg_id === id && m.header.msg_type === "execute_input");
      await sleep(5 * i);
      client.send("interrupt_request", {}, { channel: "control" });
      assert.equal((await client.exchange(id)).reply.content.status, "error");
      assert.equal((await client.exchange(next)).reply.content.status, "ok");
    }
  });
});
