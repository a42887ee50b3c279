import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { switchBackend } from "../../../src/runtime/switch.js";
import type { WasmBackend } from "../../../src/runtime/wasm/wasm-backend.js";

/** Fills wasm's memory with tensors of so many MiB that nobody writes to, until there is no room for one more. */
function fill(mebibytes: number): { tensors: tf.TensorInfo[]; error: Error } {
  const backend = tf.backend() as unknown as WasmBackend;
  const tensors: tf.TensorInfo[] = [];
  try {
    for (;;) tensors.push(backend.makeOutput([mebibytes, 512, 512], "float32"));
  } catch (error) {
    return { tensors, error: error as Error };
  }
}

const free = (tensors: readonly tf.TensorInfo[]) =>
  tensors.forEach(({ dataId }) => (tf.backend() as tf.KernelBackend).disposeData(dataId));

describe("wasm, when its memory grows for a tensor of another back end", () => {
  it("gathers rows of it", async () => {
    await switchBackend("cpu");
    const x = tf.range(0, 24 * 2 ** 20).reshape([-1, 1024]);
    await switchBackend("wasm");
    assert.deepEqual([...tf.gather(x, [3, 1]).slice([0, 0], [2, 1]).dataSync()], [3072, 1024]);
    x.dispose();
  });
});

describe("wasm without memory left", () => {
  before(() => switchBackend("wasm"));

  it("is an error that says so, and leaves what is there whole", () => {
    const kept = tf.range(0, 1000);
    const { tensors, error } = fill(128);
    assert.match(error.message, /Out of memory on wasm: no room for a tensor of 128 MiB in the 4 GiB/);
    assert.ok(tensors.length > 20, `${tensors.length}`);
    assert.throws(() => tf.fill([128, 512, 512], 7), /Out of memory on wasm: Fill of \[128,512,512\]/);
    assert.equal(tf.sum(kept).dataSync()[0], 499500);
    free(tensors);
    tf.tidy(() => assert.equal(tf.sum(tf.fill([128, 512, 512], 1)).dataSync()[0], 128 * 512 * 512));
  });

  it("is an error too where XNNPACK finds no room for its own", () => {
    const x = tf.ones([16, 1024]) as tf.Tensor2D;
    const weights = tf.ones([1024, 4096]) as tf.Tensor2D;
    const { tensors } = fill(4);
    free(tensors.splice(-1));
    assert.throws(() => tf.matMul(x, weights), /Out of memory on wasm: .*MatMul of \[16,1024\]/i);
    free(tensors);
    assert.equal(tf.matMul(x, weights).dataSync()[5], 1024);
  });

  it("refuses a product larger than there can be, whose size lost its upper bits, and computes on", () => {
    const kept = tf.range(0, 1000);
    const tall = tf.ones([60000, 10]) as tf.Tensor2D;
    assert.throws(
      () => tf.matMul(tall, tall, false, true),
      /Out of memory on wasm: BatchMatMul of \[60000,10\] float32, \[60000,10\] float32 found no room for 13\.4 GB/,
    );
    assert.equal(tf.sum(kept).dataSync()[0], 499500);
    assert.equal(tf.matMul(tall, tall, true, false).dataSync()[99], 60000);
  });
});
