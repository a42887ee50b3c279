import { strict as assert } from "node:assert";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
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

  it("reads synchronously, so that kernels it lacks run on the CPU", async () => {
    const [values, text, distinct, pending] = (await onGpu(`
      const open = x.add(1).data();
      const values = [...x.slice([0], [3]).dataSync()];
      const distinct = [...tf.unique(x.mod(3)).values.dataSync()];
      await end([values, x.toString(), distinct, (await open)[3]]);`)) as unknown[];
    assert.deepEqual(values, [0, 2, 4]);
    assert.match(String(text), /\[0, 2, 4, \.\.\., 7994, 7996, 7998\]/);
    assert.deepEqual(distinct, [0, 2, 1]);
    assert.equal(pending, 7);
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

  describe("where its driver is broken", () => {
    const folder = mkdtempSync(join(tmpdir(), "loadlab-vulkan-"));
    after(() => rmSync(folder, { recursive: true, force: true }));

    /** What the list says of webgpu, and what computes instead. */
    async function passedOver(
      env: NodeJS.ProcessEnv,
    ): Promise<{ why: string; remedy: string; instead: string }> {
      if ("missing" in place) throw new Error(place.missing);
      const code = `
        const { ensureBackend } = await import(${module("src/runtime/choose.js")});
        const { backend, passedOver } = await ensureBackend();
        const { why, remedy } = passedOver.find(({ name }) => name === "webgpu");
        console.log(JSON.stringify({ why, remedy, instead: backend.name }));`;
      const { stdout } = await run(process.execPath, ["--input-type=module", "-e", code], {
        env: { ...process.env, ...place.env, LOADLAB_BACKEND: "", XDG_CACHE_HOME: folder, ...env },
      });
      return JSON.parse(stdout) as { why: string; remedy: string; instead: string };
    }

    function description(name: string, text: string): string {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    }

    it("names the library that its description names and that is not there", async () => {
      const ICD = { library_path: "./libgone.so", api_version: "1.1.0" };
      const file = description("gone.json", JSON.stringify({ file_format_version: "1.0.0", ICD }));
      const { why, remedy, instead } = await passedOver({ VK_DRIVER_FILES: file });
      assert.match(why, /libgone\.so, which cannot be opened/);
      assert.match(remedy, /reinstall the driver/);
      assert.match(instead, /native|wasm/);
    });

    it("names a description that is no JSON", async () => {
      const { why } = await passedOver({ VK_DRIVER_FILES: description("half.json", '{"file_format') });
      assert.match(why, /no valid JSON: .*half\.json/);
    });

    it("says that the loader cannot be opened", async () => {
      writeFileSync(join(folder, "libvulkan.so.1"), "");
      const { why, remedy } = await passedOver({ LD_LIBRARY_PATH: folder });
      assert.match(why, /loader cannot be opened: .*libvulkan\.so\.1/);
      assert.match(remedy, /libvulkan1/);
    });

    it("says which GPUs there are when none has the name that was asked for", async () => {
      const { why, instead } = await passedOver({ LOADLAB_WEBGPU_ADAPTER: "no such GPU" });
      assert.match(
        why,
        /No GPU has "no such GPU" in its name \(LOADLAB_WEBGPU_ADAPTER\)\. There (is|are): \w/,
      );
      assert.match(instead, /native|wasm/);
    });
  });
});
