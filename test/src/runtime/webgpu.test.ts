import { strict as assert } from "node:assert";
import { execFile } from "node:child_process";
import process from "node:process";
import { promisify } from "node:util";
import { type Place, webgpuPlace } from "../../backends/places.js";

const run = promisify(execFile);
const module = (path: string) => JSON.stringify(new URL(`../../../${path}`, import.meta.url).href);

const BEGIN = `
  const { useBackend } = await import(${module("src/runtime/choose.js")});
  const { switchBackend } = await import(${module("src/runtime/switch.js")});
  const { finishGpuWork } = await import(${module("src/runtime/webgpu/finish-work.js")});
  const { tf } = await import(${module("src/index.js")});
  await useBackend("webgpu");
  const x = tf.range(0, 4000).mul(2);
  const end = async (answer) => { await finishGpuWork(); console.log(JSON.stringify(answer)); process.exit(0); };
`;

describe("webgpu, on Vulkan or Chromium's software driver", function () {
  this.timeout(60_000);

  let place: Place;

  async function onGpu(code: string): Promise<unknown> {
    if ("missing" in place) throw new Error(place.missing);
    const { stdout } = await run(process.execPath, ["--input-type=module", "-e", BEGIN + code], {
      env: { ...process.env, ...place.env },
    });
    return JSON.parse(stdout);
  }

  before(async function () {
    place = await webgpuPlace();
    if (!("missing" in place)) return;
    console.log(`    skipped: ${place.missing}`);
    this.skip();
  });

  it("takes tensors along to another back end and back", async () => {
    const sums = await onGpu(`
      const sums = [];
      for (const name of ["wasm", "webgpu", "cpu"]) {
        await switchBackend(name);
        sums.push((await x.slice([0], [3]).sum().data())[0]);
      }
      await end(sums);`);
    assert.deepEqual(sums, [6, 6, 6]);
  });

  it("says how to read what cannot be read synchronously", async () => {
    const message = await onGpu(`
      let message = "";
      try { x.dataSync(); } catch (error) { message = error.message; }
      await x.data();
      await end([message, x.dataSync()[1]]);`);
    assert.match((message as string[])[0]!, /await x\.data\(\)/);
    assert.equal((message as number[])[1], 2);
  });

  it("refuses a tensor that no buffer can hold, with both sizes", async () => {
    const message = await onGpu(`
      let message = "";
      try { await tf.ones([300, 1000, 1000]).add(1).data(); } catch (error) { message = error.message; }
      await end(message);`);
    assert.match(String(message), /1\.1 GB does not fit .* holds \d/);
  });

  it("throws what the GPU rejects, in place of zeros", async () => {
    const message = await onGpu(`
      const { device } = tf.backend();
      device.createBuffer({ size: 4, usage: 0 });
      const answer = await x.add(1).data().then(() => "no error", (error) => error.message);
      await end(answer);`);
    assert.match(String(message), /The GPU rejected a computation/);
  });
});
