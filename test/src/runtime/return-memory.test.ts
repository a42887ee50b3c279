import { strict as assert } from "node:assert";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { nativePlace } from "../../backends/places.js";

const run = promisify(execFile);
const module = (path: string) => JSON.stringify(new URL(`../../../${path}`, import.meta.url).href);

/** 1 GB in tensors of 20 MB, freed in a cell that ends, with one above them in the heap that stays. */
const FREED = `
  const { useBackend } = await import(${module("src/runtime/choose.js")});
  const { cellEnds } = await import(${module("src/runtime/memory/current-cell.js")});
  const { tf } = await import(${module("src/index.js")});
  await useBackend("native");
  const x = tf.ones([5e6]);
  const before = process.memoryUsage().rss;
  const many = Array.from({ length: 50 }, () => tf.add(x, x));
  const most = process.memoryUsage().rss;
  const above = tf.add(x, x);
  tf.dispose(many);
  cellEnds();
  console.log(JSON.stringify({ before, most, after: process.memoryUsage().rss, sum: above.dataSync()[1] }));
`;

/** A result that is larger than all that TensorFlow may take, then one that is not. */
const TOO_LARGE = `
  const { useBackend } = await import(${module("src/runtime/choose.js")});
  const { tf } = await import(${module("src/index.js")});
  await useBackend("native");
  const [column, row] = [tf.ones([30000, 1]), tf.ones([1, 30000])];
  let said = "";
  try {
    tf.matMul(column, row);
  } catch (error) {
    said = error.message;
  }
  console.log(JSON.stringify({ said, sum: tf.matMul(row, column).dataSync()[0] }));
`;

describe("memory of TensorFlow", () => {
  it("goes back to the system when it was freed and a cell ends", async function () {
    const native = nativePlace();
    if ("missing" in native) {
      console.log(`      skipped: ${native.missing}`);
      return this.skip();
    }
    const { stdout } = await run(process.execPath, ["--input-type=module", "-e", FREED]);
    const { before, most, after, sum } = JSON.parse(stdout) as Record<string, number>;
    assert.ok(most! - before! > 800e6, `${most} bytes with 1 GB more than ${before}`);
    assert.ok(after! - before! < 400e6, `${after} bytes after, ${before} before`);
    assert.equal(sum, 2);
  });

  it("is limited: what needs more is an error with its size, and the process lives", async function () {
    const native = nativePlace();
    if ("missing" in native) {
      console.log(`      skipped: ${native.missing}`);
      return this.skip();
    }
    const env = { ...process.env, TF_CPU_BFC_MEM_LIMIT_IN_MB: "2000" };
    const { stdout } = await run(process.execPath, ["--input-type=module", "-e", TOO_LARGE], { env });
    const { said, sum } = JSON.parse(stdout) as { said: string; sum: number };
    assert.match(said, /Out of memory on native: .* found no room for \[30000,30000\] \(3\.4 GB\) beside/);
    assert.equal(sum, 30000);
  });
});
