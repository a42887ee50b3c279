import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { executeContent, type TestClient } from "../client.js";
import { startKernel } from "../start-kernel.js";

describe("Interrupt of TypeScript cells", () => {
  let client: TestClient;
  let stop: () => Promise<void>;
  before(async () => {
    const engine = new URL("../../../kernel/cells/index.js", import.meta.url).href;
    ({ client, stop } = await startKernel({ engine }));
  });
  after(() => stop());

  async function interruptCell(code: string) {
    const id = client.send("execute_request", executeContent(code));
    await client.next((m) => m.parentHeader.msg_id === id && m.header.msg_type === "execute_input");
    await sleep(400);
    await client.request("interrupt_request", {}, { channel: "control" });
    return (await client.exchange(id)).reply;
  }

  async function value(code: string) {
    const { published } = await client.execute(code);
    const result = published.find((m) => m.header.msg_type === "execute_result");
    return (result?.content.data as Record<string, string> | undefined)?.["text/plain"];
  }

  async function printed(code: string) {
    const { published } = await client.execute(code);
    const streams = published.filter((m) => m.header.msg_type === "stream" && m.content.name === "stdout");
    return streams
      .map((m) => m.content.text)
      .join("")
      .trim();
  }

  it("ends a loop over top-level variables, which keep how far it came", async () => {
    await client.execute("let n = 0, kept = 'kept'");
    const reply = await interruptCell("while (true) n++");
    assert.equal(reply.content.ename, "KeyboardInterrupt");
    assert.equal(await value("n > 1000"), "true");
    assert.equal(await value("kept"), "'kept'");
  });

  it("ends a loop in a function, and the function still works", async () => {
    await client.execute("let turns = 0; function spin(forever: boolean) { do turns++; while (forever) }");
    await interruptCell("spin(true)");
    assert.equal(await value("turns = 0; spin(false); turns"), "1");
  });

  it("ends a cell that waits for a module, which goes on loading", async () => {
    const module = "data:text/javascript,await new Promise((goOn) => { globalThis.goOn = goOn })";
    await client.execute("let ran = false");
    const reply = await interruptCell(`import "${module}"; ran = true`);
    assert.equal(reply.content.ename, "KeyboardInterrupt");
    const loaded = `(globalThis as any).goOn(); await import("${module}"); await new Promise(setImmediate); ran`;
    assert.equal(await value(loaded), "false");
  });

  it("ends a command and what that has started", async function () {
    if (process.platform === "win32") this.skip(); // no bash
    const seconds = `98.${process.pid}`;
    const reply = await interruptCell(`!sleep ${seconds} & sleep ${seconds}; echo not reached`);
    assert.equal(reply.content.ename, "KeyboardInterrupt");
    const left = `!ps -A -o args | grep -c '[s]leep ${seconds}'`;
    for (let tries = 0; tries < 40 && (await printed(left)) !== "0"; tries++) await sleep(200);
    assert.equal(await printed(left), "0");
  });

  it("keeps what the cell declared before the loop", async () => {
    await interruptCell("const before = 1; for (;;);\nconst behind = 2");
    assert.equal(await value("before"), "1");
    assert.equal(await value("typeof behind"), "'undefined'");
  });
});
