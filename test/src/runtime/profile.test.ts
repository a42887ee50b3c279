import { strict as assert } from "node:assert";
import * as tf from "@tensorflow/tfjs";
import { PROFILE } from "../../../src/display/bundle.js";
import { profileBundle } from "../../../src/display/profile/profile.js";
import { OUTSIDE, type Frame } from "../../../src/runtime/profile/profile.js";
import { cellInterrupted } from "../../../src/runtime/memory/current-cell.js";
import { recordProfile } from "../../../src/runtime/profile/record-profile.js";
import { useBackend } from "../../../src/runtime/choose.js";

function small(): tf.LayersModel {
  const inner = tf.sequential({
    name: "inner",
    layers: [tf.layers.dense({ units: 6, inputShape: [4], name: "a" })],
  });
  const last = tf.layers.dense({ units: 2 });
  const x = tf.input({ shape: [4] });
  const model = tf.model({
    name: "whole",
    inputs: x,
    outputs: last.apply(inner.apply(x)) as tf.SymbolicTensor,
  });
  // Files have such names.
  last.name = "b<i>";
  return model;
}

describe("%%profile", () => {
  before(() => useBackend("cpu"));

  it("gives each layer the kernels that ran in it, and what ran in none", async () => {
    const model = small();
    const x = tf.ones([5, 4]);
    const { result, profile } = await recordProfile(async () => {
      const y = model.predict(x) as tf.Tensor;
      return tf.mul(y, 2);
    });
    assert.deepEqual(result.shape, [5, 2]);
    const layers = new Map(profile.layers.map((row) => [row.name, row]));
    for (const name of ["a", "b<i>"]) {
      assert.equal(layers.get(name)?.calls, 1);
      assert.ok(layers.get(name)!.kernels.some((kernel) => /MatMul/.test(kernel.name)));
      assert.equal(layers.get(name)!.detail, "Dense");
    }
    assert.ok(layers.get(OUTSIDE)!.kernels.some(({ name }) => name === "Multiply"));
    const product = layers.get("a")!.kernels.find(({ name }) => /MatMul/.test(name))!;
    assert.equal(product.bytes, 5 * 6 * 4);
  });

  it("names a layer of a class that has no className by the class", async () => {
    class Doubled extends tf.layers.Layer {
      override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
        return tf.mul([inputs].flat()[0]!, 2);
      }
    }
    const model = tf.sequential({
      layers: [tf.layers.dense({ units: 2, inputShape: [3] }), new Doubled({ name: "twice" })],
    });
    const { profile } = await recordProfile(async () => model.predict(tf.ones([1, 3])));
    assert.equal(profile.layers.find(({ name }) => name === "twice")?.detail, "Doubled");
    assert.match(profileBundle(profile).data["text/plain"] as string, /^twice +Doubled /m);
  });

  it("nests what ran: the model, the model in it, the layer, its kernels, each within its parent", async () => {
    const model = small();
    const { profile } = await recordProfile(async () => void model.predict(tf.ones([5, 4])));
    const path = (frames: readonly Frame[], name: string): string[] | null => {
      for (const frame of frames) {
        if (frame.name === name) return [frame.name];
        const below = path(frame.children, name);
        if (below) return [frame.name, ...below];
      }
      return null;
    };
    const above = path(profile.frames, "a")!;
    assert.deepEqual([above[0], above[1], above.at(-1)], ["whole", "inner", "a"]);
    const check = (parent: Frame) => {
      for (const child of parent.children) {
        assert.ok(child.start >= parent.start);
        assert.ok(child.start + child.duration <= parent.start + parent.duration + 1e-6);
        check(child);
      }
    };
    profile.frames.forEach(check);
    assert.ok(profile.peakBytes >= 5 * 6 * 4);
  });

  it("keeps layers of one name apart, and sums the calls of one layer", async () => {
    const dense = () => tf.layers.dense({ units: 3, inputShape: [3], name: "dense" });
    const part = (name: string) => tf.sequential({ name, layers: [dense()] });
    const [left, right, own] = [part("left"), part("right"), dense()];
    const x = tf.input({ shape: [3] });
    const twice = left.apply(left.apply(x));
    const model = tf.model({
      name: "m",
      inputs: x,
      outputs: own.apply(right.apply(twice)) as tf.SymbolicTensor,
    });
    const other = tf.model({ name: "m", inputs: x, outputs: dense().apply(x) as tf.SymbolicTensor });
    const { profile } = await recordProfile(async () => [
      model.predict(tf.ones([2, 3])),
      model.apply(tf.ones([1, 3])),
      other.predict(tf.ones([2, 3])),
    ]);
    const calls = profile.layers.flatMap(({ name, calls }) => (name === OUTSIDE ? [] : [`${name} ${calls}`]));
    assert.deepEqual(calls.sort(), ["left/dense 4", "m/dense (2) 1", "m/dense 2", "right/dense 2"]);
  });

  it("listens no longer when the code has thrown", async () => {
    const { apply } = tf.layers.Layer.prototype;
    await assert.rejects(
      recordProfile(() => Promise.reject(new Error("of the cell"))),
      /of the cell/,
    );
    assert.equal(tf.layers.Layer.prototype.apply, apply);
  });

  it("listens no longer when an interrupt has ended the code without finally, and within another", async () => {
    const { apply } = tf.layers.Layer.prototype;
    let begun = false;
    void recordProfile(() => {
      begun = true;
      return new Promise(() => undefined);
    });
    while (!begun) await new Promise(setImmediate);
    assert.notEqual(tf.layers.Layer.prototype.apply, apply);
    cellInterrupted(true);
    assert.equal(tf.layers.Layer.prototype.apply, apply);
    await recordProfile(() => recordProfile(async () => undefined));
    assert.equal(tf.layers.Layer.prototype.apply, apply);
  });

  it("of code without tensors says so", async () => {
    const { profile } = await recordProfile(async () => undefined);
    const { data } = profileBundle(profile);
    assert.match(String(data["text/plain"]), /\n\nNothing was computed with tensors\.$/);
    assert.doesNotMatch(String(data["text/html"]), /<th/);
  });

  it("is shown as text, HTML without markup of names, and JSON", async () => {
    const model = small();
    const { profile } = await recordProfile(async () => void model.predict(tf.ones([5, 4])));
    const { data } = profileBundle(profile);
    assert.match(String(data["text/plain"]), /^[\d.]+ m?s on cpu[^]*b<i>\s+Dense\s+1 /);
    assert.ok(!String(data["text/html"]).includes("<i>"));
    assert.deepEqual(JSON.parse(JSON.stringify(data[PROFILE])), JSON.parse(JSON.stringify(profile)));
  });
});
