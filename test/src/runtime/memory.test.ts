import { strict as assert } from "node:assert";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import * as tf from "@tensorflow/tfjs";
import { useBackend } from "../../../src/runtime/choose.js";
import { nativePlace, webgpuPlace, type Place } from "../../backends/places.js";

const run = promisify(execFile);
const module = (path: string) => JSON.stringify(new URL(`../../../${path}`, import.meta.url).href);

/** Two tensors of 5 MB a time, none kept, in one synchronous loop; the largest resident set in bytes. */
const LOOP = `
  const { useBackend } = await import(${module("src/runtime/choose.js")});
  const { tf } = await import(${module("src/index.js")});
  await useBackend(process.argv[1]);
  const kept = tf.range(0, 1000);
  let peak = 0;
  for (let i = 0; i < Number(process.argv[2]); i++) {
    tf.fill([1250, 1000], i).add(1);
    if (i % 20 === 0) peak = Math.max(peak, process.memoryUsage().rss);
  }
  console.log(JSON.stringify({ peak, tensors: tf.memory().numTensors, sum: (await kept.sum().data())[0] }));
  // A GPU's device would keep the process.
  process.exit(0);
`;

/** Each look for garbage falls between two operations that are still in use. */
const CELL = `
  const { useBackend } = await import(${module("src/runtime/choose.js")});
  const { cellEnds } = await import(${module("src/runtime/memory/current-cell.js")});
  const { tf } = await import(${module("src/index.js")});
  await useBackend("cpu");
  const cell = () => {
    for (let i = 0; i < 3; i++) tf.ones([25, 1000, 1000]).add(1).sum();
  };
  cell();
  cellEnds();
  console.log(tf.memory().numBytes);
`;

/** Operations that name their results: each look finds the last few in use. The most bytes that were held at once. */
const NAMED = `
  const { useBackend } = await import(${module("src/runtime/choose.js")});
  const { tf } = await import(${module("src/index.js")});
  await useBackend("wasm");
  let held = 0;
  for (let i = 0; i < 12; i++) {
    const a = tf.ones([25, 1000, 1000]);
    const b = a.add(1);
    held = Math.max(held, tf.memory().numBytes);
  }
  console.log(held);
  process.exit(0);
`;

describe("memory of tensors", function () {
  this.timeout(240_000);

  const here = (): Place => ({ env: {} });
  const places = { cpu: here, wasm: here, native: nativePlace, webgpu: webgpuPlace };
  for (const [backend, find] of Object.entries(places)) {
    // A GPU that a CPU plays takes two minutes for 10 GB.
    const times = backend === "webgpu" ? 250 : 1000;
    it(`${backend}: ${times / 100} GB of tensors that nothing holds stay under 1 GB`, async function () {
      const place = await find();
      if ("missing" in place) {
        console.log(`      skipped: ${place.missing}`);
        this.skip();
      }
      const env = { ...process.env, ...place.env };
      const { stdout } = await run(
        process.execPath,
        ["--input-type=module", "-e", LOOP, backend, String(times)],
        { env },
      );
      const { peak, tensors, sum } = JSON.parse(stdout) as { peak: number; tensors: number; sum: number };
      assert.ok(peak < 1e9, `${Math.round(peak / 1e6)} MB`);
      assert.ok(tensors < 100, `${tensors} tensors are left`);
      assert.equal(sum, 499500);
    });
  }

  it("counts what a reshaped and a cloned tensor share once", async () => {
    await useBackend("cpu");
    const bytes = () => tf.memory().numBytes;
    const before = bytes();
    const x = tf.zeros([10, 100]);
    const flat = x.reshape([1000]);
    const copy = flat.clone();
    assert.equal(bytes() - before, 4000);
    tf.dispose([x, flat]);
    assert.equal(bytes() - before, 4000);
    copy.dispose();
    assert.equal(bytes(), before);
    const flags = tf.tensor1d([true, false], "bool");
    const floats = flags.cast("float32");
    tf.dispose([flags, floats]);
    assert.equal(bytes(), before);
    const words = tf.tensor1d(["one", "two"]);
    tf.dispose([words.reshape([2, 1]), words]);
    assert.equal(bytes(), before);
  });

  it("looks often enough where each look finds tensors that are still in use", async () => {
    const { stdout } = await run(process.execPath, ["--input-type=module", "-e", NAMED]);
    assert.ok(Number(stdout) < 600e6, `${stdout.trim()} bytes were held at once`);
  });

  it("has none of a cell's tensors after its end when nothing holds them", async () => {
    const { stdout } = await run(process.execPath, ["--input-type=module", "-e", CELL]);
    assert.equal(Number(stdout), 0, "bytes");
  });
});
