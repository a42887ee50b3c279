import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { networkInterfaces, tmpdir } from "node:os";
import path from "node:path";
import { curveKeyPair, Dealer } from "zeromq";
import { address } from "../../../kernel/wire/connection-file.js";
import { setTimeout as sleep } from "node:timers/promises";
import { defaultRunnerOptions } from "../../../kernel/runner/runner-options.js";
import { executeContent, streamText, TestClient } from "../client.js";
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

  it("speaks over IPv6", async function () {
    if (!Object.values(networkInterfaces()).some((all) => all?.some(({ address: at }) => at === "::1"))) {
      console.log("skipped: this machine has no IPv6");
      return this.skip();
    }
    const { client, stop } = await startKernel({}, { ip: "::1" });
    assert.equal(streamText((await client.execute("console.log('hello')")).published), "hello\n");
    await stop();
  });

  it("hears a client that comes again under its name while its old connection stands", async () => {
    const { client, stop } = await startKernel();
    const again = () => {
      const dealer = new Dealer({ linger: 0, routingId: "the same", receiveTimeout: 5_000 });
      dealer.connect(address(client.connection, "hb"));
      return dealer;
    };
    const old = again();
    await old.send(["", "first"]);
    await old.receive();
    const now = again();
    try {
      await now.send(["", "second"]);
      assert.equal(String((await now.receive()).at(-1)), "second");
    } finally {
      for (const socket of [old, now]) socket.close();
      await stop();
    }
  });

  it("drops a message that is too large, and lives; its client can come again", async () => {
    const { client, stop } = await startKernel({}, {}, { maxMessageBytes: 2 ** 20 });
    const large = await TestClient.connect(client.connection);
    large.send("execute_request", executeContent(`"${"x".repeat(2 ** 21)}"`));
    await sleep(300);
    assert.equal(streamText((await client.execute("console.log('hello')")).published), "hello\n");
    const long = `"${"x".repeat(2 ** 19)}".length`;
    assert.equal((await large.execute(long)).reply.content.status, "ok");
    large.close();
    await stop();
  });

  it("welcomes each client before it sends it anything else, however much is being shown", async () => {
    const { client, stop } = await startKernel({ engine: defaultRunnerOptions().engine });
    try {
      await client.execute("setInterval(() => { display(1); console.log(2) }, 0); 0");
      // Each client goes while the next one comes.
      for (let i = 0; i < 100; i++) {
        const other = await TestClient.connect(client.connection);
        await other.next(({ header }) => header.msg_type === "display_data", 5_000);
        assert.equal(other.received[0]!.header.msg_type, "iopub_welcome");
        other.close();
      }
    } finally {
      await stop();
    }
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
