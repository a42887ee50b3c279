import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { defaultRunnerOptions } from "../../../kernel/runner/runner-options.js";
import { executeContent, ofType, streamText, type TestClient } from "../client.js";
import { startKernel } from "../start-kernel.js";

describe("outputs", () => {
  let client: TestClient;
  let stop: () => Promise<void>;

  before(async () => ({ client, stop } = await startKernel()));
  after(() => stop());

  it("keeps text, displays and the result in order", async () => {
    const { published } = await client.execute(`
      console.log("a"); console.error("b"); console.log("c");
      await display("d");
      process.stdout.write("e");
      return "f"`);
    const shown = published
      .filter((m) => !["status", "execute_input"].includes(m.header.msg_type))
      .map((m) => m.content.text ?? (m.content.data as Record<string, string>)["text/plain"]);
    assert.deepEqual(shown, ["a\n", "b\n", "c\n", "d", "e", "f"]);
  });

  it("keeps the order when a display takes its time", async () => {
    const { published } = await client.execute(`
      console.log("a");
      display({ later: new Promise((r) => setTimeout(r, 50, { data: { "text/plain": "b" }, metadata: {} })) });
      console.log("c"); display("d"); await 0; return "e"`);
    const shown = published
      .filter((m) => !["status", "execute_input"].includes(m.header.msg_type))
      .map((m) => m.content.text ?? (m.content.data as Record<string, string>)["text/plain"]);
    assert.deepEqual(shown, ["a\n", "b", "c\n", "d", "e"]);
  });

  it("shows a promise as Node does", async () => {
    const { published } = await client.execute("console.log(Promise.resolve(1), [Promise.resolve('x')])");
    assert.equal(streamText(published), "Promise { 1 } [ Promise { 'x' } ]\n");
  });

  it("shows a child process and a server without the kernel's bookkeeping", async () => {
    const { published } = await client.execute(`
      const child = process.getBuiltinModule("node:child_process").spawn("sleep", ["0"]);
      const server = process.getBuiltinModule("node:net").createServer().listen(0);
      console.log(child, server); server.close()`);
    const text = streamText(published);
    assert.match(text, /_handle: Process \{[^]*_handle: TCP \{/);
    assert.doesNotMatch(text, /kResourceStore|FrameOutput/);
  });

  it("lives on where a cell takes the process's listeners away", async () => {
    await client.execute(
      "kept = 1; process.removeAllListeners('unhandledRejection'); process.removeAllListeners()",
    );
    const { published } = await client.execute(
      "Promise.reject(new Error('lost')); setTimeout(() => { throw new Error('thrown') }); await new Promise((r) => setTimeout(r, 50)); return kept",
    );
    assert.match(streamText(published, "stderr"), /lost[\s\S]*thrown/);
    const { data } = ofType(published, "execute_result")[0]!.content;
    assert.deepEqual(data, { "text/plain": "1" });
  });

  it("shows a timer without what changes from run to run", async () => {
    const { published } = await client.execute(
      "const t = setTimeout(() => {}, 10); console.log(t); clearTimeout(t)",
    );
    assert.equal(
      streamText(published),
      "Timeout {\n  _idleTimeout: 10,\n  _onTimeout: [Function (anonymous)],\n  _repeat: null,\n  _destroyed: false\n}\n",
    );
  });

  it("loses none of 20,000 lines", async () => {
    const { published } = await client.execute("for (let i = 0; i < 20000; i++) console.log('line ' + i)");
    const lines = streamText(published).split("\n");
    assert.equal(lines.length, 20001);
    assert.ok(lines.slice(0, -1).every((line, i) => line === `line ${i}`));
    assert.ok(published.length < 200, `${published.length} messages`);
  });

  it("shows output while the cell is still busy", async () => {
    const id = client.send(
      "execute_request",
      executeContent("console.log('early'); console.log('too'); while (true) {}"),
    );
    const isText =
      (text: string) => (m: { parentHeader: { msg_id?: string }; content: Record<string, unknown> }) =>
        m.parentHeader.msg_id === id && String(m.content.text).includes(text);
    await client.next(isText("early"));
    await client.next(isText("too"));
    client.send("interrupt_request", {}, { channel: "control" });
    await client.exchange(id);
  });

  it("shows what native code and child processes write", async () => {
    const { published } = await client.execute(`
      const fs = await import("node:fs");
      const { spawnSync, spawn } = await import("node:child_process");
      fs.writeSync(1, "descriptor 1\\n");
      fs.writeSync(2, "descriptor 2\\n");
      spawnSync("sh", ["-c", "echo child out; echo child err >&2"], { stdio: "inherit" });
      await new Promise((done) => spawn("sh", ["-c", "echo later"], { stdio: "inherit" }).on("exit", done));`);
    assert.equal(streamText(published, "stdout"), "descriptor 1\nchild out\nlater\n");
    assert.equal(streamText(published, "stderr"), "descriptor 2\nchild err\n");
  });

  it("shows a flood of a child process before the cell ends", async () => {
    const { published } = await client.execute(
      `(await import("node:child_process")).spawnSync("sh", ["-c", "seq 1 100000"], { stdio: "inherit" })`,
    );
    assert.equal(streamText(published).trimEnd().split("\n").at(-1), "100000");
  });

  it("holds back half a character until it is whole", async () => {
    const { published } = await client.execute(`
      const fs = await import("node:fs");
      const bytes = Buffer.from("ü€\u{1f980}");
      for (const byte of bytes) {
        fs.writeSync(1, Buffer.of(byte));
        await new Promise((r) => setTimeout(r, 20));
      }
      for (const byte of bytes) process.stdout.write(Buffer.of(byte));`);
    assert.equal(streamText(published), "ü€\u{1f980}ü€\u{1f980}");
  });

  it("gives late output to the cell that started it", async () => {
    const first = await client.execute("setTimeout(() => console.log('late'), 300); 1");
    const second = await client.execute(
      "await new Promise((r) => setTimeout(() => { console.log('second'); r() }, 500))",
    );
    assert.equal(streamText(second.published), "second\n");
    const id = first.reply.parentHeader.msg_id!;
    assert.equal(streamText(client.published(id)), "late\n");
  });

  it("shows an unhandled rejection and an uncaught error in the cell they come from", async () => {
    const rejecting = await client.execute("void Promise.reject(new Error('rejected'))");
    const throwing = await client.execute("setTimeout(() => { throw new Error('thrown') }, 50); 1");
    await sleep(10);
    await client.execute("await new Promise((r) => setTimeout(r, 200))");
    const errorsOf = ({ reply }: typeof rejecting) =>
      streamText(client.published(reply.parentHeader.msg_id!), "stderr");
    assert.match(errorsOf(rejecting), /Uncaught.*rejected/s);
    assert.match(errorsOf(throwing), /Uncaught.*thrown/s);
  });

  it("cuts what a cell prints beyond the limit, and says how to raise it", async () => {
    const { client, stop } = await startKernel({ outputLimit: 1000 });
    const { published } = await client.execute("for (let i = 0; i < 1000; i++) console.log('0123456789')");
    assert.equal(streamText(published, "stdout").length, 1000);
    assert.match(streamText(published, "stderr"), /more than 1,000 characters.*LOADLAB_OUTPUT_LIMIT/);
    assert.equal(streamText((await client.execute("console.log('next')")).published), "next\n");
    await stop();
  });

  it("shows an object of MIME types and texts as what it says", async () => {
    const { client, stop } = await startKernel(defaultRunnerOptions());
    const shown = async (code: string) => {
      const { published } = await client.execute(code);
      return published.find(({ content }) => "data" in content)?.content.data;
    };
    assert.deepEqual(await shown(`display({ "text/html": "<b>1</b>" })`), {
      "text/plain": "<text/html>",
      "text/html": "<b>1</b>",
    });
    assert.deepEqual(await shown(`display({ "application/json": { a: 1 }, "text/plain": "one" })`), {
      "text/plain": "one",
      "application/json": { a: 1 },
    });
    for (const other of [`display({ "text/html": 5 })`, `display({ "text/html": "", a: "" })`, `display({})`])
      assert.deepEqual(Object.keys((await shown(other)) as object), ["text/plain"], other);
    const plain = { "text/plain": "{ 'text/html': '<b>1</b>' }" };
    assert.deepEqual(await shown(`display({ "text/html": "<b>1</b>" }, { raw: false })`), plain);
    assert.deepEqual(await shown(`({ "text/html": "<b>1</b>" })`), plain);
    await stop();
  });

  it("updates a display from a later cell, and clears", async () => {
    const { published: shown } = await client.execute("await display(1, { displayId: 'd' })");
    assert.deepEqual(ofType(shown, "display_data")[0]!.content.transient, { display_id: "d" });
    const { published: updated } = await client.execute("await updateDisplay('d', 2)");
    const [update] = ofType(updated, "update_display_data");
    assert.deepEqual(update!.content.data, { "text/plain": "2" });
    assert.deepEqual(update!.content.transient, { display_id: "d" });
    const { published: cleared } = await client.execute("clearOutput(true)");
    assert.deepEqual(ofType(cleared, "clear_output")[0]!.content, { wait: true });
    const { published: byConsole } = await client.execute("console.log(1); console.clear(); console.log(2)");
    const types = byConsole.map(({ header }) => header.msg_type);
    assert.deepEqual(
      types.filter((type) => type !== "status" && type !== "execute_input"),
      ["stream", "clear_output", "stream"],
    );
  });
});
