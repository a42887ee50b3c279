/** Run by wasm-threads.test.ts: ends loops on wasm from outside, wherever they are, and computes on. */

import vm from "node:vm";
import * as tf from "@tensorflow/tfjs";
import { switchBackend } from "../../../src/runtime/switch.js";

const ENDED = 25;

await switchBackend("wasm");
const a = tf.randomUniform([512, 512], -1, 1, "float32", 1) as tf.Tensor2D;
const images = tf.randomUniform([4, 40, 40, 32], -1, 1, "float32", 2) as tf.Tensor4D;
const filters = tf.randomUniform([3, 3, 32, 32], -1, 1, "float32", 3) as tf.Tensor4D;
const results = () =>
  tf.tidy(() => [tf.matMul(a, a), tf.conv2d(images, filters, 1, "same")].map((y) => String(tf.sum(y))));
const expected = String(results());

const loop = () => {
  for (;;) results();
};
let ended = 0;
let same = 0;
for (let i = 0; i < ENDED; i++) {
  try {
    vm.runInNewContext("loop()", { loop }, { timeout: 10 + 3 * i });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_SCRIPT_EXECUTION_TIMEOUT") ended++;
  }
  if (String(results()) === expected) same++;
  // Now and then the next loop comes before new threads are there.
  await new Promise((resolve) => setTimeout(resolve, i % 3 === 0 ? 0 : 150));
}
console.log(JSON.stringify({ ended, same }));
