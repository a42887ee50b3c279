import assert from "node:assert/strict";
import type { TestClient } from "../client.js";
import { startKernel } from "../start-kernel.js";

const TYPESCRIPT = new URL("../../../kernel/cells/index.js", import.meta.url).href;

/** The plain text of everything that a cell showed. */
async function shown(client: TestClient, code: string): Promise<string> {
  const { published } = await client.execute(code);
  return published
    .map(({ content }) => {
      const data = content["data"] as Record<string, string> | undefined;
      return (
        data?.["text/plain"] ??
        content["text"] ??
        (content["traceback"] as string[] | undefined)?.join("\n") ??
        ""
      );
    })
    .join("\n");
}

describe("%backend and %memory in a running kernel", () => {
  let client: TestClient;
  let stop: () => Promise<void>;

  before(async () => {
    ({ client, stop } = await startKernel({ engine: TYPESCRIPT }));
  });
  after(() => stop());

  it("start TensorFlow.js without a word on a back end that was tested", async () => {
    const text = await shown(client, `import * as tf from "@tensorflow/tfjs"; tf.getBackend()`);
    assert.match(text, /wasm|tensorflow|webgpu/);
    assert.doesNotMatch(text, /looks like you are running/);
  });

  it("name a line that works in a cell, and that loadlab's own answers there name too", async () => {
    const doctor = await shown(client, "!XDG_CACHE_HOME=/nothing-here loadlab doctor; true");
    assert.match(doctor, /ZeroMQ/);
    const hints = doctor.match(/.?\bloadlab backend add native/g);
    assert.deepEqual([...new Set(hints)], ["!loadlab backend add native"]);
    assert.match(await shown(client, "%%bash\nloadlab list --help"), /List the tensors of a model file/);
    const listed = await shown(client, "%backend");
    for (const [hint] of listed.matchAll(/.?\bloadlab (?:backend|doctor)/g)) assert.equal(hint[0], "!");
  });

  it("data that a model does not take ends in the line of the cell, without the inside of TensorFlow.js", async () => {
    await shown(
      client,
      `const narrow = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [3] })] });`,
    );
    for (const call of [
      "narrow.predict(tf.zeros([2, 4]))",
      "await narrow.fit(tf.zeros([2, 4]), tf.zeros([2, 1]))",
    ]) {
      const text = await shown(client, call);
      assert.match(text, /ModelCallError.*: .*(takes \[samples, 3\]|is compiled)/);
      assert.match(text, /Cell.* \[\d+\]/);
      assert.doesNotMatch(text, /node_modules/);
    }
  });

  it("list every back end, with what would enable those that are not there", async () => {
    const text = await shown(client, "%backend");
    for (const name of ["cuda", "webgpu", "native", "wasm", "cpu"])
      assert.match(text, new RegExp(`^.. ?${name}`, "m"));
    assert.match(text, /^\* \w+ +in use/m);
  });

  it("switch, and take tensors along", async () => {
    await shown(client, "const kept = tf.tensor([1, 2, 3]).mul(2)");
    assert.match(await shown(client, "%backend cpu"), /\* cpu +in use/);
    assert.match(await shown(client, "Array.from(await kept.add(1).data())"), /3, 5, 7/);
    assert.match(await shown(client, "%backend wasm"), /\* wasm +in use/);
  });

  it("say what to type for a back end that cannot start", async () => {
    assert.match(await shown(client, "%backend cuba"), /cuda.*Did you mean cuda/s);
  });

  it("book tensors on the cell that made them, and free those that nothing holds", async () => {
    const made = await client.execute(
      "const big = tf.ones([1000, 1000]); for (let i = 0; i < 50; i++) tf.ones([1000, 100])",
    );
    const count = made.reply.content["execution_count"] as number;
    const text = await shown(client, "%memory");
    const row = text.split("\n").find((line) => line.startsWith(`In [${count}]`));
    assert.match(row ?? text, /In \[\d+\] +1 +3\.8 MB +\[1000,1000\] float32/);
  });
});
