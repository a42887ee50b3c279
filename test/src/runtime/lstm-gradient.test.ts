import { strict as assert } from "node:assert";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { nativePlace } from "../../backends/places.js";

const run = promisify(execFile);
const module = (path: string) => JSON.stringify(new URL(`../../../${path}`, import.meta.url).href);

/** Gradients by x, both states, kernel, recurrent kernel and bias: through BlockLSTMV2, and one operation at a time. */
const GRADIENTS = `
  const { switchBackend } = await import(${module("src/runtime/switch.js")});
  const { wholeLstm } = await import(${module("src/layers/recurrent/whole-lstm.js")});
  const { tf } = await import(${module("src/index.js")});
  await switchBackend("native");
  const { whole } = wholeLstm("tanh", "sigmoid");
  const atOnce = (backwards) => (x, h, c, k, r, b) => whole(x, [h, c], [k, r, b], backwards, true);
  const byOperations = (backwards) => (x, h, c, k, r, b) => {
    const steps = tf.unstack(x, 1), outputs = [];
    for (const step of backwards ? steps.toReversed() : steps) {
      const [i, f, g, o] = tf.split(tf.add(tf.add(tf.matMul(step, k), tf.matMul(h, r)), b), 4, 1);
      c = tf.add(tf.mul(tf.sigmoid(f), c), tf.mul(tf.sigmoid(i), tf.tanh(g)));
      h = tf.mul(tf.sigmoid(o), tf.tanh(c));
      outputs.push(h);
    }
    return { output: tf.stack(outputs, 1), states: [h, c] };
  };
  const apart = (shape, time, units, backwards, read) => {
    const inputs = [[...shape.slice(0, 1), time, shape[1]], [shape[0], units], [shape[0], units], [shape[1], 4 * units], [units, 4 * units], [4 * units]]
      .map((dims, n) => tf.randomNormal(dims, 0, 1, "float32", n + 1));
    const of = (lstm) => tf.grads((...given) => read(lstm(backwards)(...given)))(inputs);
    const wanted = of(byOperations);
    return of(atOnce).map((got, n) => tf.max(tf.abs(tf.sub(got, wanted[n]))).dataSync()[0]);
  };
  const reads = {
    last: ({ states: [h] }) => tf.sum(tf.square(h)),
    all: ({ output }) => tf.sum(tf.mul(output, tf.cos(tf.range(0, output.size).reshape(output.shape)))),
    cell: ({ output, states: [h, c] }) => tf.sum(tf.add(tf.mul(c, 3), tf.mul(h, tf.sum(output)))),
  };
  const results = {};
  for (const [name, read] of Object.entries(reads))
    results[name] = Math.max(...apart([3, 4], 7, 5, false, read), ...apart([2, 3], 4, 6, true, read), ...apart([1, 1], 1, 2, false, read));
  console.log(JSON.stringify(results));
`;

describe("the gradient of a whole LSTM on native", () => {
  before(function () {
    const place = nativePlace();
    if ("missing" in place) {
      console.log(`      skipped: ${place.missing}`);
      this.skip();
    }
  });

  it("is that of its operations, whatever is read of the states", async () => {
    const args = ["--no-force-async-hooks-checks", "--input-type=module", "-e", GRADIENTS];
    const { stdout } = await run(process.execPath, args);
    const apart = JSON.parse(stdout.trim().split("\n").at(-1)!) as Record<string, number>;
    assert.deepEqual(Object.keys(apart), ["last", "all", "cell"]);
    for (const [read, most] of Object.entries(apart)) assert.ok(most < 1e-4, `${read}: ${most}`);
  }).timeout(60000);
});
