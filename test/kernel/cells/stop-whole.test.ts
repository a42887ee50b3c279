import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { defaultRunnerOptions } from "../../../kernel/runner/runner-options.js";
import { executeContent, streamText, type TestClient } from "../client.js";
import { startKernel } from "../start-kernel.js";

/** A step of training a small network for pictures, over and over: products, pools, and memory that grows. */
const TRAINING = `{
  const x = tf.randomNormal([8, 32, 32, 3]), w = tf.variable(tf.randomNormal([3, 3, 3, 64]));
  const loss = () => tf.sum(tf.square(tf.maxPool(tf.conv2d(x as tf.Tensor4D, w as unknown as tf.Tensor4D, 1, "same"), 2, 2, "same"))) as tf.Scalar;
  for (;;) tf.tidy(() => { tf.add(Object.values(tf.variableGrads(loss, [w]).grads)[0]!, 1).dataSync(); });
}`;

describe("Stop, where half of a thing is worse than none", function () {
  this.timeout(120_000);

  async function stopAfter(client: TestClient, code: string, milliseconds: number): Promise<void> {
    const id = client.send("execute_request", executeContent(code));
    await sleep(milliseconds);
    client.send("interrupt_request", {}, { channel: "control" });
    await client.exchange(id);
  }

  async function sumOnWasm(client: TestClient): Promise<string> {
    const code =
      "console.log(tf.getBackend(), tf.matMul(tf.ones([200, 200]), tf.ones([200, 200])).sum().dataSync()[0])";
    const { reply, published } = await client.execute(code);
    assert.equal(reply.content.status, "ok", JSON.stringify(reply.content));
    return streamText(published).trim();
  }

  for (const milliseconds of [100, 300, 500, 700, 900, 1200]) {
    it(`leaves modules and back ends whole: %backend, stopped after ${milliseconds} ms`, async () => {
      const { client, stop } = await startKernel(defaultRunnerOptions());
      try {
        await stopAfter(client, "%backend wasm", milliseconds);
        const { reply } = await client.execute(
          'import * as tf from "@tensorflow/tfjs";\nawait tf.setBackend("wasm")',
        );
        assert.equal(reply.content.status, "ok", JSON.stringify(reply.content));
        assert.equal(await sumOnWasm(client), "wasm 8000000");
      } finally {
        await stop();
      }
    });
  }

  it("leaves the memory of wasm whole, stopped ten times while it trains", async () => {
    const { client, stop } = await startKernel(defaultRunnerOptions());
    try {
      await client.execute("%backend wasm");
      await client.execute('import * as tf from "@tensorflow/tfjs";');
      for (let i = 0; i < 10; i++) {
        await stopAfter(client, TRAINING, 80 + 90 * i);
        assert.equal(await sumOnWasm(client), "wasm 8000000");
      }
    } finally {
      await stop();
    }
  });
});
