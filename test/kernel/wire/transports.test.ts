import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { curveKeyPair, Dealer } from "zeromq";
import { address } from "../../../kernel/wire/connection-file.js";
import { streamText } from "../client.js";
import { startKernel } from "../start-kernel.js";

describe("transports", () => {
  it("speaks over IPC", async function () {
    if (process.platform === "win32") {
      console.log("skipped: ZeroMQ has no IPC on Windows");
      return this.skip();
    }
    const folder = mkdtempSync(path.join(tmpdir(), "ipc-"));
    const { client, stop } = await startKernel({}, { transport: "ipc", ip: path.join(folder, "kernel") });
    assert.equal(streamText((await client.execute("console.log('hello')")).published), "hello\n");
    await stop();
    rmSync(folder, { recursive: true });
  });

  it("encrypts every socket when the connection file has keys", async () => {
    const { client, stop } = await startKernel({}, { curve: curveKeyPair() });
    assert.equal(streamText((await client.execute("console.log('hello')")).published), "hello\n");
    assert.equal(
      (await client.request("kernel_info_request", {}, { channel: "control" })).reply.content.status,
      "ok",
    );
    await client.heartbeat.send("ping");
    assert.equal(String((await client.heartbeat.receive())[0]), "ping");
    // Who does not know the key is not answered.
    for (const channel of ["hb", "shell"] as const) {
      const stranger = new Dealer({ linger: 0, receiveTimeout: 300 });
      stranger.connect(address(client.connection, channel));
      await stranger.send(client.encode("kernel_info_request", {}));
      await assert.rejects(stranger.receive(), { code: "EAGAIN" });
      stranger.close();
    }
    await stop();
  });
});
