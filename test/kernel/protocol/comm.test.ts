import assert from "node:assert/strict";
import { executeContent, ofType, streamText, type TestClient } from "../client.js";
import { startKernel } from "../start-kernel.js";

describe("comms", () => {
  let client: TestClient;
  let stop: () => Promise<void>;

  before(async () => ({ client, stop } = await startKernel()));
  after(() => stop());

  const openComms = async (content = {}) =>
    (await client.request("comm_info_request", content)).reply.content.comms;
  const send = async (type: string, content: Record<string, unknown>, buffers: Uint8Array[] = []) => {
    const id = client.send(type, content, { buffers });
    await client.idle(id);
    return client.published(id);
  };

  it("opens one from the front end, with buffers both ways", async () => {
    // The target is registered by a cell that is still queued when the comm_open arrives.
    const cell = client.send(
      "execute_request",
      executeContent(`await new Promise((r) => setTimeout(r, 100));
        comms.registerTarget("echo", (comm, open) => {
          console.log("opened with", open.data.x);
          comm.onMessage(({ data, buffers }) => comm.send({ got: data }, { buffers: [Buffer.from(buffers[0]).reverse()] }));
          comm.onClose(({ data }) => console.log("closed with", data.y));
        })`),
    );
    const opening = send("comm_open", { comm_id: "c1", target_name: "echo", data: { x: 1 } });
    const talking = send("comm_msg", { comm_id: "c1", data: [1, 2] }, [Uint8Array.of(1, 2, 3)]);
    assert.equal((await client.exchange(cell)).reply.content.status, "ok");
    assert.equal(streamText(await opening), "opened with 1\n");
    const [answer] = ofType(await talking, "comm_msg");
    assert.deepEqual(answer!.content, { comm_id: "c1", data: { got: [1, 2] } });
    assert.deepEqual([...answer!.buffers[0]!], [3, 2, 1]);
    assert.deepEqual(await openComms(), { c1: { target_name: "echo" } });
    assert.deepEqual(await openComms({ target_name: "other" }), {});
    assert.equal(streamText(await send("comm_close", { comm_id: "c1", data: { y: 2 } })), "closed with 2\n");
    assert.deepEqual(await openComms(), {});
  });

  it("opens one from a cell", async () => {
    const { published } = await client.execute(`
      globalThis.comm = comms.open("widget", { a: 1 }, { metadata: { version: "2.1.0" }, buffers: [Buffer.of(9)] });
      comm.onMessage(({ data }) => { console.log("clicked", data.n); comm.close(); })`);
    const [open] = ofType(published, "comm_open");
    assert.equal(open!.content.target_name, "widget");
    assert.deepEqual(open!.content.data, { a: 1 });
    assert.deepEqual(open!.metadata, { version: "2.1.0" });
    assert.deepEqual([...open!.buffers[0]!], [9]);
    const clicked = await send("comm_msg", { comm_id: open!.content.comm_id, data: { n: 3 } });
    assert.equal(streamText(clicked), "clicked 3\n");
    assert.equal(ofType(clicked, "comm_close").length, 1);
    assert.deepEqual(await openComms(), {});
  });

  it("takes nothing from a cell that runs, however many messages come meanwhile", async () => {
    await client.execute(
      `let got = 0; comms.registerTarget("flood", (comm) => comm.onMessage(() => void got++))`,
    );
    await send("comm_open", { comm_id: "flood", target_name: "flood", data: {} });
    const cell = client.send(
      "execute_request",
      executeContent(`while (got < 1100) await new Promise((r) => setTimeout(r, 5));
        console.log("still here");
        (await import("node:child_process")).spawnSync("echo", ["from a child"], { stdio: "inherit" });
        return got;`),
    );
    for (let sent = 0; sent < 1100; sent++) await send("comm_msg", { comm_id: "flood", data: {} });
    const { reply, published } = await client.exchange(cell);
    assert.match(streamText(published), /^still here\nfrom a child\n$/);
    const [result] = ofType(published, "execute_result");
    assert.deepEqual(result!.content.data, { "text/plain": "1100" });
    assert.equal(result!.content.execution_count, reply.content.execution_count);
    await send("comm_close", { comm_id: "flood", data: {} });
  });

  it("closes a target that nobody registered", async () => {
    const published = await send("comm_open", { comm_id: "c2", target_name: "nobody", data: {} });
    assert.deepEqual(ofType(published, "comm_close")[0]!.content, { comm_id: "c2", data: {} });
    assert.deepEqual(await openComms(), {});
  });

  it("shows an error of a handler under its message and lives", async () => {
    await client.execute(`comms.registerTarget("bad", () => { throw new Error("in handler") })`);
    const published = await send("comm_open", { comm_id: "c3", target_name: "bad", data: {} });
    assert.match(streamText(published, "stderr"), /in handler/);
    assert.equal(ofType(published, "comm_close").length, 1);
    assert.deepEqual(await openComms(), {});
    assert.equal((await client.execute("1")).reply.content.status, "ok");
  });
});
