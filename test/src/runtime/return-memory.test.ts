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

describe("memory that TensorFlow has freed", () => {
  it("goes back to the system when a cell ends", async function () {
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
});
