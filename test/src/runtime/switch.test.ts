import { strict as assert } from "node:assert";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { nativePlace, webgpuPlace, type Place } from "../../backends/places.js";

const run = promisify(execFile);
const module = (path: string) => JSON.stringify(new URL(`../../../${path}`, import.meta.url).href);

/** Tensors that share their data with others of another shape or type, taken from back end to back end. */
const SWITCHES = `
  const { switchBackend } = await import(${module("src/runtime/switch.js")});
  const { tf } = await import(${module("src/index.js")});
  const [first, ...others] = process.argv.slice(1);
  await switchBackend(first);
  const flat = tf.range(0, 6);
  const x = flat.reshape([2, 3]);
  // Its origin is gone, and its data has that one's shape.
  const weights = tf.variable(tf.tidy(() => tf.range(0, 6).reshape([3, 2])));
  const flags = tf.tensor1d([true, false, true], "bool");
  const whole = tf.tensor1d([1, 2, 3], "int32");
  const complex = whole.cast("complex64").reshape([3, 1]);
  const kept = { flat, x, weights, complex, floats: flags.cast("float32"), counts: flags.cast("int32"), halves: whole.cast("float32") };
  const results = [];
  for (const name of [first, ...others]) {
    await switchBackend(name);
    const { flat, x, weights, complex, floats, counts, halves } = kept;
    const made = [
      x.add([[10], [20]]), x.mul(flat.reshape([2, 3])), x.matMul(weights), x.transpose(), flat.sum(),
      floats.mul(2), counts.mul(2), halves.mul(0.5), tf.real(complex).mul([[1], [10], [100]]),
    ];
    const values = [];
    for (const tensor of made) values.push([tensor.shape, [...(await tensor.data())]]);
    results.push(values);
  }
  console.log(JSON.stringify(results));
  // A GPU's device would keep the process.
  process.exit(0);
`;

const EXPECTED = [
  [
    [2, 3],
    [10, 11, 12, 23, 24, 25],
  ],
  [
    [2, 3],
    [0, 1, 4, 9, 16, 25],
  ],
  [
    [2, 2],
    [10, 13, 28, 40],
  ],
  [
    [3, 2],
    [0, 3, 1, 4, 2, 5],
  ],
  [[], [15]],
  [[3], [2, 0, 2]],
  [[3], [2, 0, 2]],
  [[3], [0.5, 1, 1.5]],
  [
    [3, 1],
    [1, 20, 300],
  ],
];

describe("tensors that share data, when the back end is switched", function () {
  this.timeout(120_000);
  const here = (): Place => ({ env: {} });
  const routes: readonly [string[], () => Place | Promise<Place>][] = [
    [["cpu", "wasm", "cpu"], here],
    [["cpu", "native", "wasm", "native"], nativePlace],
    [["wasm", "native", "cpu"], nativePlace],
    [["cpu", "webgpu", "wasm"], webgpuPlace],
    [["wasm", "webgpu", "cpu"], webgpuPlace],
  ];
  for (const [names, find] of routes) {
    it(`keep shapes and types: ${names.join(", ")}`, async function () {
      const place = await find();
      if ("missing" in place) {
        console.log(`      skipped: ${place.missing}`);
        this.skip();
      }
      const env = { ...process.env, ...place.env };
      const { stdout } = await run(process.execPath, ["--input-type=module", "-e", SWITCHES, ...names], {
        env,
      });
      const results = JSON.parse(stdout) as unknown[];
      for (const [i, name] of names.entries()) assert.deepEqual(results[i], EXPECTED, name);
    });
  }
});
