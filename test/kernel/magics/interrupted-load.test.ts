import assert from "node:assert/strict";
import { MODELS } from "../../src/loading/reference.js";
import { executeContent, type Received, type TestClient } from "../client.js";
import { TYPESCRIPT } from "../debugger/debug-client.js";
import { startKernel } from "../start-kernel.js";

const ENDLESS = `%%register_custom MyAttention
import * as tf from "@tensorflow/tfjs";
class MyAttention extends tf.layers.Layer {
  build(shape) {
    console.log("building");
    for (;;);
  }
}`;

const RIGHT = `%%register_custom MyAttention
import * as tf from "@tensorflow/tfjs";
class MyAttention extends tf.layers.Layer {
  constructor(config) {
    super({ name: config.name });
    this.units = config.units;
  }
  build(shape) {
    this.w = this.addWeight("w", [shape.at(-1), this.units]);
    this.b = this.addWeight("b", [this.units]);
    this.v = this.addWeight("v", [this.units, 1]);
    super.build(shape);
  }
  call(inputs) {
    const x = Array.isArray(inputs) ? inputs[0] : inputs;
    const [, time, features] = x.shape;
    const hidden = tf.tanh(x.reshape([-1, features]).matMul(this.w.read()).add(this.b.read()));
    const scores = hidden.matMul(this.v.read()).reshape([-1, time]);
    return x.mul(tf.softmax(scores).expandDims(2)).sum(1);
  }
}`;

const AT_RESOLVE = /custom_attention\.h5 pauses[^]*● resolve ○ connect/;

function shown({ content }: Received): string {
  const { text, data } = content as { text?: string; data?: Record<string, string> };
  return text ?? data?.["text/plain"] ?? "";
}

describe("a load that is interrupted", () => {
  let client: TestClient;
  let stop: () => Promise<void>;
  beforeEach(async () => void ({ client, stop } = await startKernel({ engine: TYPESCRIPT })));
  afterEach(() => stop());

  /** Runs a cell. @returns what it shows as text; @throws Error with what its error says. */
  async function run(code: string): Promise<string> {
    const { reply, published } = await client.request("execute_request", executeContent(code));
    if (reply.content["status"] !== "ok")
      throw new Error(`${reply.content["ename"]}: ${reply.content["evalue"]}`);
    return published.map(shown).join("");
  }

  /** Interrupts a cell when its layer is being built. */
  async function interrupted(code: string): Promise<void> {
    const id = client.send("execute_request", executeContent(code));
    await client.next((m) => m.parentHeader.msg_id === id && /building/.test(String(m.content["text"])));
    client.send("interrupt_request", {}, { channel: "control" });
    assert.equal((await client.exchange(id)).reply.content["ename"], "KeyboardInterrupt");
  }

  const load = `%load_model ${MODELS}/custom_attention.h5`;

  it("stays at its step, and goes on from there", async () => {
    const card = await run(load);
    await run(ENDLESS);
    await interrupted("%step");
    assert.equal(await run("%step show"), card);
    await interrupted("%step"); // again, with the same class
    assert.match(await run("%step show"), AT_RESOLVE);
    await run(RIGHT);
    assert.match(await run("%step"), /attention \[custom\]/);
    // What was ended inside layers left no name scope behind.
    assert.equal(await run("tf.layers.dense({ units: 1, inputShape: [2], name: 'plain' }).name"), "'plain'");
    const names = `const d = tf.layers.dense({ units: 1, name: "named" }); d.apply(tf.input({ shape: [2] })); d.weights.map(({ name }) => name).join()`;
    assert.equal(await run(names), "'named/kernel,named/bias'");
  });

  it("stands where it is when its very first call is interrupted", async () => {
    await run(ENDLESS);
    await interrupted(load);
    assert.match(await run("%step show"), AT_RESOLVE);
    await run(RIGHT);
    assert.match(await run("%step"), /attention \[custom\]/);
  });

  it("goes on by its own methods as well", async () => {
    await run(load);
    await run(ENDLESS);
    await interrupted("await session.step()");
    await run(RIGHT);
    await run("await session.step()");
    assert.match(await run("session.state"), /loaded/);
  });
});
