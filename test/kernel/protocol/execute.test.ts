import assert from "node:assert/strict";
import { executeContent, ofType, streamText, type TestClient } from "../client.js";
import { startKernel } from "../start-kernel.js";

describe("execute", () => {
  let client: TestClient;
  let stop: () => Promise<void>;

  before(async () => ({ client, stop } = await startKernel()));
  after(() => stop());

  it("publishes busy, input, output, result and idle, in this order", async () => {
    const { reply, published } = await client.execute("console.log('hello'); 6 * 7");
    assert.deepEqual(
      published.map((m) => m.header.msg_type),
      ["status", "execute_input", "stream", "execute_result", "status"],
    );
    assert.equal(reply.header.msg_type, "execute_reply");
    assert.equal(reply.content.status, "ok");
    const [result] = ofType(published, "execute_result");
    assert.deepEqual(result!.content.data, { "text/plain": "42" });
    assert.equal(result!.content.execution_count, reply.content.execution_count);
    assert.equal(new Set([reply, ...published].map((m) => m.header.session)).size, 1);
  });

  it("gives an error in the reply and as output", async () => {
    const { reply, published } = await client.execute("throw new TypeError('no')");
    const [error] = ofType(published, "error");
    assert.deepEqual([error!.content.ename, error!.content.evalue], ["TypeError", "no"]);
    assert.deepEqual(reply.content.traceback, error!.content.traceback);
    assert.equal(typeof reply.content.execution_count, "number");
  });

  it("is quiet and uncounted when silent", async () => {
    const before = await client.execute("1");
    const { reply, published } = await client.execute("console.log('x'); 7", { silent: true });
    assert.equal(reply.content.status, "ok");
    assert.deepEqual(
      published.map((m) => m.header.msg_type),
      ["status", "status"],
    );
    const after = await client.execute("1");
    assert.equal(after.reply.content.execution_count, Number(before.reply.content.execution_count) + 1);
  });

  it("does not count what is not stored", async () => {
    const first = await client.execute("1");
    const { reply, published } = await client.execute("2", { store_history: false });
    assert.equal(reply.content.execution_count, first.reply.content.execution_count);
    assert.equal(ofType(published, "execute_result").length, 1);
    const { reply: tail } = await client.request("history_request", {
      hist_access_type: "tail",
      n: 1,
      output: true,
    });
    assert.deepEqual((tail.content.history as unknown[][])[0]!.slice(1), [
      first.reply.content.execution_count,
      ["1", "1"],
    ]);
  });

  it("evaluates user_expressions, each on its own", async () => {
    const { reply } = await client.execute("globalThis.x = 20", {
      user_expressions: { good: "x + 1", bad: "x.y.z" },
    });
    const { good, bad } = reply.content.user_expressions as Record<string, Record<string, unknown>>;
    assert.deepEqual(good, { status: "ok", data: { "text/plain": "21" }, metadata: {} });
    assert.equal(bad!.status, "error");
    assert.equal(bad!.ename, "TypeError");
  });

  it("aborts what is queued behind an error", async () => {
    const ids = ["throw new Error('first')", "globalThis.second = 1", "globalThis.third = 1"].map((code) =>
      client.send("execute_request", executeContent(code)),
    );
    const [first, second, third] = await Promise.all(ids.map((id) => client.exchange(id)));
    assert.equal(first!.reply.content.ename, "Error");
    const sent = [first!, second!, third!].map(({ reply }) => reply.header.date);
    assert.deepEqual(sent, sent.toSorted());
    for (const aborted of [second!, third!]) {
      assert.equal(aborted.reply.content.status, "error");
      assert.equal(aborted.reply.content.ename, "ExecutionAborted");
      assert.deepEqual(
        aborted.published.map((m) => m.content.execution_state),
        ["busy", "idle"],
      );
    }
    const after = await client.execute("typeof second + typeof third");
    assert.deepEqual(ofType(after.published, "execute_result")[0]!.content.data, {
      "text/plain": "undefinedundefined",
    });
  });

  it("goes on behind an error without stop_on_error", async () => {
    const first = client.send("execute_request", executeContent("throw 1", { stop_on_error: false }));
    const second = client.send("execute_request", executeContent("console.log('ran')"));
    assert.equal((await client.exchange(first)).reply.content.status, "error");
    assert.equal(streamText((await client.exchange(second)).published), "ran\n");
  });

  it("returns payloads", async () => {
    const { reply } = await client.execute("page({ mime: { 'text/plain': 'long' } }); setNextInput('next')");
    assert.deepEqual(reply.content.payload, [
      { source: "page", data: { "text/plain": "long" }, start: 0 },
      { source: "set_next_input", text: "next", replace: false },
    ]);
  });

  it("answers a request without code with an error, and lives", async () => {
    const { reply } = await client.request("execute_request", {});
    assert.equal(reply.content.status, "error");
    assert.match(String(reply.content.evalue), /"code" must be a string/);
    assert.equal((await client.execute("1")).reply.content.status, "ok");
  });
});
