import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { hasEnded } from "./has-ended.js";
import { executeContent, freeConnection, ofType, streamText, TestClient } from "./client.js";

const MAIN = fileURLToPath(new URL("../../kernel/main.js", import.meta.url));

describe("the kernel process", () => {
  let folder: string;
  let kernel: ChildProcess;
  let client: TestClient;

  beforeEach(async () => {
    folder = mkdtempSync(path.join(tmpdir(), "kernel-"));
    const connection = await freeConnection();
    const file = path.join(folder, "connection.json");
    writeFileSync(file, JSON.stringify(connection));
    const env = { ...process.env, JPY_PARENT_PID: String(process.pid), LOADLAB_HISTORY: "" };
    kernel = spawn(process.execPath, [MAIN, "-f", file], { stdio: "inherit", cwd: folder, env });
    client = await TestClient.connect(connection);
  });
  afterEach(async () => {
    client.close();
    if (kernel.exitCode === null && kernel.signalCode === null) {
      kernel.kill("SIGKILL");
      await once(kernel, "exit");
    }
    rmSync(folder, { recursive: true });
  });

  for (const restart of [false, true]) {
    it(`shuts down with restart ${restart}: what was shown, then the reply, then code 0`, async () => {
      const { published } = await client.execute("console.log(process.pid)");
      const runner = Number(streamText(published));
      const busy = client.send("execute_request", executeContent("console.log('begun'); while (true) {}"));
      await client.next((m) => m.parentHeader.msg_id === busy && m.header.msg_type === "stream");
      // As jupyter_client does it: an interrupt first.
      client.send("interrupt_request", {}, { channel: "control" });
      const exited = once(kernel, "exit");
      const { reply } = await client.request("shutdown_request", { restart }, { channel: "control" });
      assert.deepEqual(reply.content, { status: "ok", restart });
      assert.deepEqual(await exited, [0, null]);
      assert.ok(hasEnded(runner));
    });
  }

  it("shuts down although a cell never ends", async () => {
    const busy = client.send("execute_request", executeContent("console.log('begun'); while (true) {}"));
    await client.next((m) => m.parentHeader.msg_id === busy && m.header.msg_type === "stream");
    const exited = once(kernel, "exit");
    await client.request("shutdown_request", { restart: false }, { channel: "control" });
    assert.deepEqual(await exited, [0, null]);
  });

  it("interrupts at SIGINT and ends at SIGTERM", async () => {
    await client.execute("let kept = 1");
    const busy = client.send("execute_request", executeContent("console.log('begun'); while (true) {}"));
    await client.next((m) => m.parentHeader.msg_id === busy && m.header.msg_type === "stream");
    kernel.kill("SIGINT");
    assert.equal((await client.exchange(busy)).reply.content.ename, "KeyboardInterrupt");
    const { published } = await client.execute("kept");
    assert.deepEqual(ofType(published, "execute_result")[0]!.content.data, { "text/plain": "1" });
    const exited = once(kernel, "exit");
    kernel.kill("SIGTERM");
    assert.deepEqual(await exited, [0, null]);
  });

  it("takes its runner with it when it is killed", async () => {
    const { published } = await client.execute("console.log(process.pid); setTimeout(() => {}, 1e9); 1");
    const runner = Number(streamText(published));
    kernel.kill("SIGKILL");
    await once(kernel, "exit");
    for (let i = 0; i < 100 && !hasEnded(runner); i++)
      await new Promise((resolve) => setTimeout(resolve, 50));
    assert.ok(hasEnded(runner), `the runner ${runner} still runs`);
  });
});

describe("a kernel process whose client has died", () => {
  it("ends", async () => {
    const folder = mkdtempSync(path.join(tmpdir(), "kernel-"));
    const connection = await freeConnection();
    const file = path.join(folder, "connection.json");
    writeFileSync(file, JSON.stringify(connection));
    const code = `require("child_process").spawn(process.execPath, [${JSON.stringify(MAIN)}, ${JSON.stringify(file)}],
      { detached: true, stdio: "inherit", env: { ...process.env, JPY_PARENT_PID: String(process.pid) } })`;
    const parent = spawn(process.execPath, ["-e", code], { stdio: "inherit" });
    const client = await TestClient.connect(connection);
    const { published } = await client.execute("console.log(process.ppid)");
    const kernel = Number(streamText(published));
    parent.kill("SIGKILL");
    for (let i = 0; i < 100 && !hasEnded(kernel); i++)
      await new Promise((resolve) => setTimeout(resolve, 100));
    assert.ok(hasEnded(kernel), `the kernel ${kernel} still runs`);
    client.close();
    rmSync(folder, { recursive: true });
  });
});

describe("the kernel's command line", () => {
  const run = async (...args: string[]) => {
    const child = spawn(process.execPath, [MAIN, ...args], { stdio: ["ignore", "ignore", "pipe"] });
    let text = "";
    child.stderr.on("data", (chunk) => (text += chunk));
    const [code] = await once(child, "close");
    return { code, text };
  };

  it("says how it is used", async () => {
    const { code, text } = await run();
    assert.equal(code, 2);
    assert.match(text, /CONNECTION_FILE/);
  });

  it("says in one line which option there is not, and how it is used", async () => {
    const { code, text } = await run("--verbose");
    assert.equal(code, 2);
    assert.match(text, /^\[loadlab\] Unknown option '--verbose'.*\n.*Usage: .*\n$/);
  });

  it("says which connection file it cannot read, in one line", async () => {
    const { code, text } = await run("-f", "/no/such/file.json");
    assert.equal(code, 1);
    assert.match(text, /^\[loadlab\] Cannot read the connection file \/no\/such\/file\.json: ENOENT.*\n$/);
  });

  it("says which address is taken", async () => {
    const folder = mkdtempSync(path.join(tmpdir(), "kernel-"));
    const connection = await freeConnection();
    const file = path.join(folder, "connection.json");
    writeFileSync(file, JSON.stringify({ ...connection, iopub_port: connection.shell_port }));
    const { code, text } = await run(file);
    assert.equal(code, 1);
    assert.match(text, /Cannot bind the iopub socket to tcp:\/\/127\.0\.0\.1:\d+/);
    rmSync(folder, { recursive: true });
  });
});
