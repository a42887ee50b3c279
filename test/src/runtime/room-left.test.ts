import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { leavesRoom } from "../../../src/runtime/memory/room-left.js";

const GB = 2 ** 30;

describe("room left on the machine", () => {
  it("is as much again as was made, and a part for everything else", () => {
    assert.equal(leavesRoom(1.5 * GB, 8 * GB, 16 * GB), true);
    assert.equal(leavesRoom(1.5 * GB, 1.6 * GB, 16 * GB), false);
    assert.equal(leavesRoom(0.3 * GB, 0.6 * GB, 8 * GB), true);
    assert.equal(leavesRoom(0.3 * GB, 0.4 * GB, 8 * GB), false);
  });

  // The machine's size is what the process believes of it: no test may fill the machine itself.
  it("is asked for before tensors fill the machine, and what is then let go of can be used", function () {
    this.timeout(60_000);
    const lines = execFileSync(process.execPath, ["--input-type=module", "-e", PROGRAM], {
      encoding: "utf8",
    }).split("\n");
    assert.match(lines[0]!, /^RangeError: Out of memory on cpu: a tensor of \[8192,10240\] found no room on/);
    assert.equal(lines[1], "[2,2]");
    assert.match(
      lines[2]!,
      /^RangeError: Out of memory on cpu: BatchMatMul of .* found no room for 1\.5 GB on this machine/,
    );
    assert.equal(lines[3], "[2,2]");
  });
});

const module = (name: string): string =>
  JSON.stringify(new URL(`../../../src/runtime/${name}.js`, import.meta.url).href);

const PROGRAM = `
  import * as tf from "@tensorflow/tfjs";
  const left = process.availableMemory();
  const before = process.memoryUsage.rss();
  const GB = 2 ** 30;
  process.availableMemory = () => Math.min(left, GB - (process.memoryUsage.rss() - before));
  process.constrainedMemory = () => GB;
  const { useBackend } = await import(${module("choose")});
  await useBackend("cpu");
  try {
    const large = () => tf.tensor(new Float32Array(8192 * 10240).fill(1), [8192, 10240]);
    tf.tidy(() => { const all = []; while (all.length < 8) all.push(large()); });
  } catch (error) { console.log(String(error)); }
  console.log(JSON.stringify(tf.matMul(tf.ones([2, 3]), tf.ones([3, 2])).shape));
  const tall = tf.ones([20000, 1]);
  try { tf.matMul(tall, tall, false, true); } catch (error) { console.log(String(error)); }
  console.log(JSON.stringify(tf.matMul(tf.ones([2, 3]), tf.ones([3, 2])).shape));
`;
