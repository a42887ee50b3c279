import assert from "node:assert/strict";
import { executeContent, ofType, streamText, type TestClient } from "../client.js";
import { startKernel } from "../start-kernel.js";

describe("subshells", () => {
  let client: TestClient;
  let stop: () => Promise<void>;

  before(async () => ({ client, stop } = await startKernel()));
  after(() => stop());

  const control = async (type: string, content = {}) =>
    (await client.request(type, content, { channel: "control" })).reply.content;

  it("run while a cell of the main shell waits, each in order", async () => {
    const { subshell_id } = await control("create_subshell_request");
    const header = { subshell_id };
    const main = client.send(
      "execute_request",
      executeContent(
        "await new Promise((r) => (globalThis.release = r)); console.log('main'); await new Promise((r) => setTimeout(r, 50)); return 'result'",
      ),
    );
    const first = client.send("execute_request", executeContent("await 0; console.log('first')"), { header });
    const second = client.send("execute_request", executeContent("release(); console.log('second')"), {
      header,
    });
    assert.equal(streamText((await client.exchange(first)).published), "first\n");
    const { reply, published } = await client.exchange(second);
    assert.equal(streamText(published), "second\n");
    assert.equal(reply.parentHeader.subshell_id, subshell_id);
    const ended = await client.exchange(main);
    assert.equal(streamText(ended.published), "main\n");
    const [result] = ofType(ended.published, "execute_result");
    assert.equal(result!.content.execution_count, ended.reply.content.execution_count);
    assert.ok(Number(reply.content.execution_count) > Number(ended.reply.content.execution_count));
    assert.deepEqual((await control("list_subshell_request")).subshell_id, [subshell_id]);
    assert.equal((await control("delete_subshell_request", header)).status, "ok");
    assert.deepEqual((await control("list_subshell_request")).subshell_id, []);
  });

  it("abort only what is queued behind their own error", async () => {
    const { subshell_id } = await control("create_subshell_request");
    const header = { subshell_id };
    const main = client.send(
      "execute_request",
      executeContent("await new Promise((r) => setTimeout(r, 300))"),
    );
    const next = client.send("execute_request", executeContent("1"));
    client.send("execute_request", executeContent("throw new Error('in the subshell')"), { header });
    const aborted = client.send("execute_request", executeContent("1"), { header });
    assert.equal((await client.exchange(aborted)).reply.content.ename, "ExecutionAborted");
    assert.equal((await client.exchange(main)).reply.content.status, "ok");
    assert.equal((await client.exchange(next)).reply.content.status, "ok");
  });

  it("that do not exist are said so", async () => {
    assert.match(
      String((await control("delete_subshell_request", { subshell_id: "x" })).evalue),
      /no subshell x/,
    );
    const { reply } = await client.execute("1", {}, { header: { subshell_id: "x" } });
    assert.match(String(reply.content.evalue), /no subshell x/);
  });

  it("are made and listed while the main shell is busy", async () => {
    const id = client.send("execute_request", executeContent("console.log('in'); while (true) {}"));
    await client.next((m) => m.parentHeader.msg_id === id && m.header.msg_type === "stream");
    assert.equal((await control("create_subshell_request")).status, "ok");
    assert.equal((await control("list_subshell_request")).status, "ok");
    client.send("interrupt_request", {}, { channel: "control" });
    await client.exchange(id);
  });
});
