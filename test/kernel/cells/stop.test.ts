import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { executeContent, streamText, type TestClient } from "../client.js";
import { startKernel } from "../start-kernel.js";
import { defaultRunnerOptions } from "../../../kernel/runner/runner-options.js";

/** Cells that go on in the background unless Stop ends what they await; each says "begun" and then counts. */
const WAITING: Readonly<Record<string, string>> = {
  "a loop that awaits":
    "console.log('begun'); while (true) { await new Promise((r) => setTimeout(r, 5)); count++ }",
  "a function that awaits":
    "async function poll() { for (;;) { await sleep(5); count++ } }\nconsole.log('begun'); await poll()",
  "loops side by side":
    "const one = async () => { for (;;) { await sleep(5); count++ } }\nconsole.log('begun'); await Promise.all([one(), one()])",
  "for await":
    "async function* ticks() { for (;;) yield await sleep(5) }\nconsole.log('begun'); for await (const _ of ticks()) count++",
  "for await over a stream of Node":
    "const { setInterval: every } = await import('node:timers/promises');\nconsole.log('begun'); for await (const _ of every(5)) count++",
  "an interval": "console.log('begun'); setInterval(() => count++, 5); await new Promise(() => {})",
  "a loop that catches what it awaits":
    "console.log('begun'); for (;;) { try { await sleep(5); count++ } finally { await null } }",
};

describe("Stop of a cell that awaits", function () {
  this.timeout(60_000);
  let client: TestClient;
  let stop: () => Promise<void>;

  before(async () => {
    ({ client, stop } = await startKernel(defaultRunnerOptions()));
    await client.execute(
      "var count = 0, kept = 'kept'; const sleep = (ms: number) => new Promise<void>((r) => setTimeout(r, ms))",
    );
  });
  after(() => stop());

  const printed = async (code: string) => {
    const { reply, published } = await client.execute(`console.log(String(${code}))`);
    assert.equal(reply.content.status, "ok", JSON.stringify(reply.content));
    return streamText(published).trim();
  };

  async function stopped(code: string, delay: number): Promise<string> {
    const id = client.send("execute_request", executeContent(code));
    await client.next((m) => m.parentHeader.msg_id === id && /begun/.test(String(m.content.text)), 30_000);
    await sleep(delay);
    client.send("interrupt_request", {}, { channel: "control" });
    assert.equal((await client.exchange(id)).reply.content.ename, "KeyboardInterrupt");
    return id;
  }

  for (const [name, code] of Object.entries(WAITING)) {
    it(`ends ${name}, quietly`, async () => {
      const id = await stopped(code, 60);
      await sleep(30); // one step may be under way
      const before = await printed("count");
      assert.ok(Number(before) > 0);
      await sleep(100);
      assert.equal(await printed("count"), before);
      assert.equal(streamText(client.published(id), "stderr"), "");
      assert.equal(await printed("kept"), "kept");
      await client.execute("count = 0");
    });
  }

  it("runs finally, and leaves what later cells start alone", async () => {
    await stopped(
      "console.log('begun'); let tidied = false; try { await sleep(400) } finally { tidied = true }",
      5,
    );
    await sleep(600);
    assert.equal(await printed("tidied"), "true");
    assert.equal(await printed("(await sleep(20), 'slept')"), "slept");
  });

  it("leaves a server that the cell has started at work", async () => {
    await stopped(
      `const { createServer } = await import("node:http");
       const server = createServer(async (_, answer) => { await sleep(1); answer.end("served") });
       await new Promise<void>((r) => server.listen(0, "127.0.0.1", () => r()));
       console.log("begun"); await new Promise(() => {})`,
      5,
    );
    const address = "`http://127.0.0.1:${(server.address() as any).port}`";
    assert.equal(await printed(`await (await fetch(${address})).text()`), "served");
    await client.execute("server.close()");
  });

  it("leaves timers and loops of other cells alone", async () => {
    await client.execute("const ticking = setInterval(() => count++, 5)");
    await stopped("console.log('begun'); await new Promise(() => {})", 5);
    const before = Number(await printed("count"));
    await sleep(60);
    assert.ok(Number(await printed("count")) > before);
    await client.execute("clearInterval(ticking)");
  });

  const MODEL = `
    import * as tf from "@tensorflow/tfjs";
    const model = tf.sequential({ layers: [tf.layers.dense({ units: UNITS, inputShape: [64], activation: "relu" }), tf.layers.dense({ units: 1 })] });
    model.compile({ loss: "meanSquaredError", optimizer: "sgd" });
    const [x, y] = [tf.ones([ROWS, 64]), tf.ones([ROWS, 1])]; let batches = 0`;
  const FIT =
    "console.log('begun'); await model.fit(x, y, { epochs: 1e6, batchSize: BATCH, verbose: 0, callbacks: { onBatchEnd: () => void batches++ } })";

  for (const [how, units, rows, batch] of [
    ["between two small batches", 4, 64, 8],
    ["in the middle of a large one", 4096, 4096, 4096],
  ] as const) {
    it(`ends model.fit ${how}; gradients and training work afterwards`, async () => {
      const fill = (text: string) =>
        text.replaceAll("UNITS", `${units}`).replaceAll("ROWS", `${rows}`).replaceAll("BATCH", `${batch}`);
      const { reply } = await client.execute(fill(MODEL));
      assert.equal(reply.content.status, "ok", JSON.stringify(reply.content));
      await stopped(fill(FIT), 300);
      await sleep(200);
      const before = await printed("batches");
      await sleep(200);
      assert.equal(await printed("batches"), before);
      assert.equal(await printed("tf.grad((v) => v.square().sum())(tf.tensor1d([3])).dataSync()[0]"), "6");
      assert.equal(await printed("model.isTraining"), "false");
      const history =
        "(await model.fit(x.slice(0, 16), y.slice(0, 16), { epochs: 1, verbose: 0 })).epoch.length";
      assert.equal(await printed(history), "1");
      const tensors = await printed("tf.memory().numTensors");
      await client.execute("tf.tidy(() => tf.ones([2]).add(1).dataSync())");
      assert.equal(await printed("tf.memory().numTensors"), tensors);
    });
  }
});
