import { setTimeout as sleep } from "node:timers/promises";
import assert from "node:assert/strict";
import { executeContent, streamText, TestClient } from "../client.js";
import { DebugClient, startDebugging } from "./debug-client.js";

const HELD = "let held = 1;\nheld++;\nheld;";

describe("debugger: sessions", function () {
  this.timeout(60_000);
  let parts: Awaited<ReturnType<typeof startDebugging>>;

  beforeEach(async () => {
    parts = await startDebugging();
  });
  afterEach(() => parts.stop());

  it("answers what JupyterLab asks of every kernel while the debugger is off", async () => {
    const { debug } = parts;
    const info = await debug.body("debugInfo");
    assert.equal(info.isStarted, false);
    assert.equal(info.hashMethod, "Murmur2");
    assert.deepEqual([info.breakpoints, info.stoppedThreads], [[], []]);
    assert.ok(Array.isArray(info.exceptionPaths));
    assert.deepEqual(await debug.body("modules"), { modules: [] });
    const { success, message } = await debug.ask("nonsense");
    assert.equal(success, false);
    assert.match(message, /does not know the request 'nonsense'/);
    assert.match((await debug.ask("setBreakpoints", {})).message, /source\.path/);
    assert.match((await debug.ask("next")).message, /Nothing is stopped/);
  });

  it("tells a front end that was reloaded where things stand", async () => {
    const { debug } = parts;
    await debug.turnOn();
    const cell = await debug.run(HELD, [{ line: 2 }]);
    await debug.stopped(cell);
    const info = await debug.body("debugInfo");
    assert.equal(info.isStarted, true);
    assert.deepEqual(info.stoppedThreads, [1]);
    assert.deepEqual(info.breakpoints[0].breakpoints, [{ line: 2 }]);
    assert.equal((await debug.body("threads")).threads.length, 1);
    await debug.go("continue");
    await debug.ended(cell);
  });

  it("answers completion, inspection and the heartbeat while stopped", async () => {
    const { client, debug } = parts;
    await debug.turnOn();
    const cell = await debug.run(HELD, [{ line: 2 }]);
    await debug.stopped(cell);
    const { reply } = await client.request("complete_request", { code: "Math.ab", cursor_pos: 7 });
    assert.deepEqual(reply.content["matches"], ["abs"]);
    await client.request("kernel_info_request", {}, { channel: "control" });
    await client.heartbeat.send("beat");
    assert.equal(String((await client.heartbeat.receive())[0]), "beat");
    await debug.go("continue");
    await debug.ended(cell);
  });

  it("ends a stopped cell by interrupt, and goes on debugging", async () => {
    const { client, debug } = parts;
    await debug.turnOn();
    for (const code of [HELD, "await null;\nlet held = 2;\nwhile (true) held++;"]) {
      const cell = await debug.run(code, [{ line: 2 }]);
      await debug.stopped(cell);
      await client.request("interrupt_request", {}, { channel: "control" });
      assert.equal((await debug.ended(cell)).reply.content["ename"], "KeyboardInterrupt");
    }
    const cell = await debug.run("const after = 1;\nafter;", [{ line: 2 }]);
    await debug.stopped(cell);
    await debug.body("terminate");
    await debug.ended(cell);
  });

  it("runs nothing of a stopped cell that is interrupted", async () => {
    const { client, debug } = parts;
    await debug.turnOn();
    for (const code of [
      'debugger;\nconsole.log("went on");',
      'function held() {\n  debugger;\n  console.log("went on");\n}\nheld();',
      'await null;\ntry {\n  debugger;\n} finally {\n  console.log("went on");\n}',
      '[1, 2].forEach(() => {\n  debugger;\n  console.log("went on");\n});',
    ]) {
      const cell = await debug.run(code);
      await debug.stopped(cell);
      await client.request("interrupt_request", {}, { channel: "control" });
      const { reply, published } = await debug.ended(cell);
      assert.equal(reply.content["ename"], "KeyboardInterrupt", code);
      assert.equal(streamText(published), "", code);
      const { reply: next } = await client.execute("let fine = 1; await fine; fine + 1");
      assert.equal(next.content["status"], "ok");
    }
  });

  it("goes off by disconnect: what is stopped goes on, and the next run does not stop", async () => {
    const { client, debug } = parts;
    await debug.turnOn();
    const cell = await debug.run(HELD, [{ line: 2 }]);
    await debug.stopped(cell);
    await debug.body("disconnect", { restart: false, terminateDebuggee: false });
    assert.equal((await debug.ended(cell)).reply.content.status, "ok");
    assert.equal((await debug.body("debugInfo")).isStarted, false);
    await debug.ended(client.send("execute_request", executeContent(HELD)));
    await debug.turnOn(); // its breakpoints are still there
    const again = client.send("execute_request", executeContent(HELD));
    await debug.stopped(again);
    await debug.go("continue");
    await debug.ended(again);
  });

  it("serves two front ends; one that leaves does not end the other's", async () => {
    const { client, debug } = parts;
    const second = await TestClient.connect(client.connection);
    const other = new DebugClient(second);
    await debug.turnOn();
    await other.turnOn();
    const cell = await debug.run(HELD, [{ line: 2 }]);
    await debug.stopped(cell);
    while (!other.event("stopped")) await sleep(5); // both see the stop
    assert.deepEqual(await other.frames(), await debug.frames());
    await other.body("disconnect");
    assert.deepEqual((await debug.body("debugInfo")).stoppedThreads, [1]);
    await debug.go("continue");
    await debug.ended(cell);
    second.close();
  });

  it("lets a cell exit, and says that the debugger went with the process", async () => {
    const { client, debug } = parts;
    await debug.turnOn();
    const cell = await debug.run("const q = 1;\nprocess.exit(3);", [{ line: 1 }]);
    await debug.stopped(cell);
    await debug.go("continue");
    assert.equal((await debug.ended(cell)).reply.content["ename"], "RunnerExit");
    await client.next((m) => m.content["event"] === "terminated");
    assert.equal((await debug.body("debugInfo")).isStarted, false);
    assert.equal((await client.execute("1 + 1")).reply.content.status, "ok");
  });

  it("shuts down while a cell is stopped", async () => {
    const { debug, kernel } = parts;
    await debug.turnOn();
    const cell = await debug.run(HELD, [{ line: 2 }]);
    await debug.stopped(cell);
    const began = performance.now();
    await kernel.close();
    assert.ok(performance.now() - began < 5000);
  });
});
