import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { executeContent, TestClient } from "../client.js";
import { startKernel } from "../start-kernel.js";

describe("requests", () => {
  let client: TestClient;
  let logged: string[];
  let stop: () => Promise<void>;

  before(async () => ({ client, logged, stop } = await startKernel()));
  after(() => stop());

  for (const channel of ["shell", "control"] as const) {
    it(`answers kernel_info on ${channel}`, async () => {
      const { reply } = await client.request("kernel_info_request", {}, { channel });
      const { content } = reply;
      assert.equal(content.status, "ok");
      assert.equal(content.protocol_version, "5.5");
      assert.equal(reply.header.version, "5.5");
      assert.deepEqual(content.supported_features, ["debugger", "kernel subshells"]);
      const language = content.language_info as Record<string, unknown>;
      assert.equal(language.name, "typescript");
      assert.equal(language.file_extension, ".ts");
      assert.equal(language.codemirror_mode, "typescript");
    });
  }

  it("welcomes each subscriber", async () => {
    // connect() waits for the welcome; the second client has the same subscription as the first
    const second = await TestClient.connect(client.connection);
    const [welcome] = second.received;
    assert.equal(welcome!.header.msg_type, "iopub_welcome");
    assert.deepEqual(welcome!.content, { subscription: "" });
    assert.deepEqual(welcome!.parentHeader, {});
    second.close();
  });

  it("answers while a cell is busy: heartbeat, kernel_info, history, comm_info", async () => {
    const id = client.send("execute_request", executeContent("while (true) {}"));
    await client.next((m) => m.parentHeader.msg_id === id && m.header.msg_type === "execute_input");
    await sleep(50);
    await client.heartbeat.send("ping");
    assert.equal(String((await client.heartbeat.receive())[0]), "ping");
    assert.equal((await client.request("kernel_info_request")).reply.content.status, "ok");
    assert.equal(
      (await client.request("history_request", { hist_access_type: "tail", n: 3 })).reply.content.status,
      "ok",
    );
    assert.equal((await client.request("comm_info_request")).reply.content.status, "ok");
    await client.request("interrupt_request", {}, { channel: "control" });
    assert.equal((await client.exchange(id)).reply.content.ename, "KeyboardInterrupt");
  });

  const COMPLETENESS = {
    "1 + 1": "complete",
    "for (;;) {": "incomplete",
    "const s = `a": "incomplete",
    "x = )": "invalid",
  };
  for (const [code, status] of Object.entries(COMPLETENESS)) {
    it(`says that ${JSON.stringify(code)} is ${status}`, async () => {
      assert.equal((await client.request("is_complete_request", { code })).reply.content.status, status);
    });
  }

  it("finds earlier cells: tail, range, search", async () => {
    for (const code of ["'needle 1'", "'hay'", "'needle 2'", "'needle 1'"]) await client.execute(code);
    const ask = async (content: Record<string, unknown>) =>
      (await client.request("history_request", content)).reply.content.history as [number, number, unknown][];
    const search = { hist_access_type: "search", pattern: "*needle*" };
    assert.equal((await ask(search)).length, 3);
    assert.deepEqual(
      (await ask({ ...search, unique: true })).map((e) => e[2]),
      ["'needle 2'", "'needle 1'"],
    );
    assert.deepEqual(
      (await ask({ ...search, n: 1 })).map((e) => e[2]),
      ["'needle 1'"],
    );
    assert.deepEqual(
      (await ask({ hist_access_type: "tail", n: 2 })).map((e) => e[2]),
      ["'needle 2'", "'needle 1'"],
    );
    const [[, line]] = (await ask({ hist_access_type: "tail", n: 1 })) as [[number, number, unknown]];
    const range = { hist_access_type: "range", session: 0, start: line, stop: line + 1, output: true };
    assert.deepEqual(
      (await ask(range)).map((e) => e[2]),
      [["'needle 1'", "needle 1"]],
    );
  });

  it("completes and inspects without an error", async () => {
    const { reply } = await client.request("complete_request", { code: "\u{1f980}.x", cursor_pos: 3 });
    assert.equal(reply.content.status, "ok");
    assert.deepEqual([reply.content.cursor_start, reply.content.cursor_end], [2, 3]);
    const inspected = await client.request("inspect_request", { code: "x", cursor_pos: 9, detail_level: 0 });
    assert.equal(inspected.reply.content.status, "ok");
  });

  it("answers a request that it does not know with an error", async () => {
    const { reply } = await client.request("brew_request", {});
    assert.equal(reply.header.msg_type, "brew_reply");
    assert.equal(reply.content.status, "error");
    assert.match(String(reply.content.evalue), /brew_request/);
  });

  it("drops what is malformed and lives", async () => {
    logged.length = 0;
    const good = client.encode("kernel_info_request", {});
    for (const channel of ["shell", "control", "stdin"] as const) {
      await client.sendRaw(channel, ["nonsense"]);
      await client.sendRaw(channel, ["", "<IDS|MSG>"]);
      await client.sendRaw(channel, good.with(1, Buffer.from("0".repeat(64))));
      await client.sendRaw(channel, good.slice(0, 4));
      await client.sendRaw(channel, good.with(2, Buffer.from([0xff, 0xfe])));
    }
    client.send("input_reply", { value: "nobody asked" }, { channel: "stdin" });
    client.send("comm_msg", { comm_id: "unknown", data: {} });
    client.send("comm_msg", {});
    assert.equal((await client.request("kernel_info_request")).reply.content.status, "ok");
    assert.equal((await client.execute("1")).reply.content.status, "ok");
    for (const channel of ["shell", "control", "stdin"])
      assert.equal(logged.filter((line) => line.startsWith(`Dropped a message on ${channel}: `)).length, 5);
  });
});
