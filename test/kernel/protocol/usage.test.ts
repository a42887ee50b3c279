import assert from "node:assert/strict";
import { executeContent } from "../client.js";
import { startKernel } from "../start-kernel.js";

describe("usage", () => {
  it("counts the whole process tree, also while a cell is busy", async () => {
    const { client, stop } = await startKernel({ heapLimitMiB: 512 });
    const ask = async () => (await client.request("usage_request", {}, { channel: "control" })).reply.content;
    await client.execute("globalThis.kept = new Uint8Array(200 * 2 ** 20).fill(1); 0");
    const idle = await ask();
    assert.ok(Number(idle.kernel_memory) > 200 * 2 ** 20, `${idle.kernel_memory} bytes`);
    assert.equal(idle.kernel_heap_limit, 512 * 2 ** 20);
    assert.equal(idle.tensors, null);
    const id = client.send("execute_request", executeContent("console.log('in'); while (true) {}"));
    await client.next((m) => m.parentHeader.msg_id === id && m.header.msg_type === "stream");
    await ask();
    await new Promise((resolve) => setTimeout(resolve, 500));
    assert.ok(Number((await ask()).kernel_cpu) > 5);
    client.send("interrupt_request", {}, { channel: "control" });
    await client.exchange(id);
    const host = idle.host_virtual_memory as Record<string, number>;
    assert.ok(host.total! > host.available! && host.available! > 0);
    await stop();
  });
});
