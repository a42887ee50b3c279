import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { guardCalls } from "../../../src/called-whole.js";
import { switchBackend } from "../../../src/runtime/switch.js";

/** Ends what runs before its call of that number; calls within calls count as one. */
function endBefore(call: number): { readonly calls: () => number } {
  let [depth, calls] = [0, 0];
  guardCalls({
    enter() {
      if (depth === 0 && ++calls === call) throw new Error("ended here");
      depth++;
    },
    leave: () => void depth--,
  });
  return { calls: () => calls };
}

describe("a training step that is ended midway", () => {
  before(() => switchBackend("wasm"));
  afterEach(() => endBefore(0));

  it("leaves every weight with data, and no data freed twice, wherever it ends", async () => {
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 3, inputShape: [4] })] });
    const optimizer = tf.train.adam(0.01);
    const x = tf.ones([2, 4]);
    const step = () => optimizer.minimize(() => tf.sum(tf.square(model.predict(x) as tf.Tensor)));
    step();
    const { calls } = endBefore(0);
    step();
    const all = calls();
    assert.ok(all > 50, `${all}`);
    const { tensorInfo: held } = tf.engine().state as unknown as { tensorInfo: WeakMap<object, object> };
    const heldBefore = tf.memory().numDataBuffers;
    for (let call = 1; call <= all; call++) {
      endBefore(call);
      assert.throws(step, /ended here/, `${call}`);
      endBefore(0);
      for (const { dataId } of model.getWeights()) assert.ok(held.has(dataId), `${call}: no data`);
      const values = model.getWeights().flatMap((weight) => [...weight.dataSync()]);
      assert.ok(values.length === 15 && values.every(Number.isFinite), `${call}: ${values.join(" ")}`);
    }
    step();
    // What a step holds when it is ended is left to the collector.
    assert.ok(tf.memory().numDataBuffers >= heldBefore);
    assert.equal(
      tf
        .grad((v) => tf.sum(tf.square(v)))(tf.tensor1d([3]))
        .dataSync()[0],
      6,
    );
    tf.dispose(x);
    model.dispose();
  });
});
