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
  const end = async (answer) => { await finishGpuWork(); process.stdout.write(JSON.stringify(answer), () => process.exit(0)); };
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

  it("gives 1 for 1 to any power, and for any number to the power 0", async () => {
    const powers = await onGpu(`
      const powers = (a, b) => tf.pow(tf.tensor1d(a), tf.tensor1d(b)).data();
      const [a, b] = [[1, NaN, -1, 1, NaN, -0.5, -2, 2], [NaN, 0, Infinity, -Infinity, 2, -Infinity, 3, NaN]];
      await end([[...await powers(a, b)], [...await powers(a.slice(1), b.slice(1))]].map((row) => row.map(String)));`);
    const wanted = ["1", "1", "1", "1", "NaN", "Infinity", "-8", "NaN"];
    assert.deepEqual(powers, [wanted, wanted.slice(1)]);
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

  it("computes integers above 2^24 exactly", async () => {
    const [given, results] = (await onGpu(`
      const values = Int32Array.from({ length: 1200 }, (_, i) => (i * 48271) ^ (i << 19));
      const int = (array, shape) => tf.tensor(array, shape, "int32");
      const [a, b] = [int(values, [4, 300]), int(values.slice().reverse(), [4, 300])];
      const divisor = int([16777217], [1]);
      const at = int([3, 0], [2]);
      const results = {
        add: a.add(b), sub: a.sub(b), mul: a.mul(b), max: a.maximum(b), min: a.minimum(b), floorDiv: a.floorDiv(divisor),
        mod: a.mod(divisor), neg: a.neg(), abs: a.abs(), square: a.square(), greater: a.greater(a.sub(int([1], [1]))),
        where: tf.where(a.less(b), a, b), gather: a.gather(at), slice: a.slice([1, 5], [1, 3]), concat: tf.concat([a, b], 1),
        transpose: a.transpose(), reverse: a.reverse(1), pad: tf.pad(a, [[0, 0], [1, 0]], 16777217), fill: tf.fill([4, 300], 16777217, "int32"),
        sum: a.sum(1), prod: a.prod(0), largest: a.max(), cumsum: a.cumsum(1), clip: tf.clipByValue(a, -16777217, 16777217),
        oneHot: tf.oneHot(at, 4, 16777217, -16777217, "int32"), product: tf.matMul(a, b, false, true),
        scatter: tf.scatterND(int([[2], [2]], [2, 1]), a.slice(0, 2), [3, 300]), round: tf.round(a),
      };
      const read = {};
      for (const [name, result] of Object.entries(results)) read[name] = [...(await result.data())];
      await end([[...values], read]);`)) as [number[], Record<string, number[]>];
    const a = Int32Array.from(given);
    const b = a.slice().reverse();
    const both = (combine: (x: number, y: number) => number) => Array.from(a, (x, i) => combine(x, b[i]!));
    const rows = [0, 1, 2, 3].map((row) => [...a.subarray(row * 300, (row + 1) * 300)]);
    const otherRows = [0, 1, 2, 3].map((row) => [...b.subarray(row * 300, (row + 1) * 300)]);
    const inProduct = (x: number[], y: number[]) =>
      x.reduce((sum, value, i) => (sum + Math.imul(value, y[i]!)) | 0, 0);
    const within = (x: number) => Math.max(-16777217, Math.min(16777217, x));
    const wanted: Record<string, number[]> = {
      add: both((x, y) => (x + y) | 0),
      sub: both((x, y) => (x - y) | 0),
      mul: both(Math.imul),
      max: both(Math.max),
      min: both(Math.min),
      floorDiv: [...a].map((x) => Math.floor(x / 16777217)),
      mod: [...a].map((x) => x - Math.floor(x / 16777217) * 16777217),
      neg: [...a].map((x) => -x | 0),
      abs: [...a].map((x) => Math.abs(x) | 0),
      square: [...a].map((x) => Math.imul(x, x)),
      greater: [...a].map((x) => Number(x > ((x - 1) | 0))),
      where: both(Math.min),
      gather: [...rows[3]!, ...rows[0]!],
      slice: rows[1]!.slice(5, 8),
      concat: rows.flatMap((row, i) => [...row, ...otherRows[i]!]),
      transpose: rows[0]!.flatMap((_, column) => rows.map((row) => row[column]!)),
      reverse: rows.flatMap((row) => [...row].reverse()),
      pad: rows.flatMap((row) => [16777217, ...row]),
      fill: new Array<number>(1200).fill(16777217),
      sum: rows.map((row) => row.reduce((sum, x) => (sum + x) | 0, 0)),
      prod: rows[0]!.map((_, column) => rows.reduce((product, row) => Math.imul(product, row[column]!), 1)),
      largest: [Math.max(...a)],
      cumsum: rows.flatMap((row) => {
        let sum = 0;
        return row.map((x) => (sum = (sum + x) | 0));
      }),
      clip: [...a].map(within),
      oneHot: [3, 0].flatMap((place) => [0, 1, 2, 3].map((i) => (i === place ? 16777217 : -16777217))),
      product: rows.flatMap((row) => otherRows.map((other) => inProduct(row, other))),
      scatter: [...new Array<number>(600).fill(0), ...rows[0]!.map((x, i) => (x + rows[1]![i]!) | 0)],
      round: [...a],
    };
    for (const [name, values] of Object.entries(wanted)) assert.deepEqual(results[name], values, name);
  });

  it("divides by infinity, raises it to powers, and tells the angles of both zeros, as TensorFlow", async () => {
    const results = await onGpu(`
      const two = async (f, a, b) => [...await f(tf.tensor1d(a), tf.tensor1d(b)).data()];
      const both = async (...all) => [await two(...all), await two(...all.map((x) => Array.isArray(x) ? x.slice(1) : x))];
      const text = (rows) => rows.map((row) => row.map(String));
      await end([
        text(await both(tf.mod, [5, -5, -1, 1, Infinity, 0, -7, 7], [Infinity, Infinity, 1e30, -Infinity, Infinity, -Infinity, 3, -3])),
        text(await both(tf.pow, [2, -Infinity, -Infinity, -Infinity, -Infinity, -Infinity, -2, -2], [3, 0.5, 1.2, -3.5, 3, 2, 0.5, 3])),
        text((await both(tf.atan2, [0, 0, -0, 0, -0, -0, 1, -1], [1, -0, -0, 0, -2, 2, 0, -0])).map((row) => row.map((x) => Math.round(x * 100)))),
      ]);`);
    const wanted = [
      ["5", "Infinity", "1.0000000150474662e+30", "-Infinity", "NaN", "0", "2", "-2"],
      ["8", "Infinity", "Infinity", "0", "-Infinity", "Infinity", "NaN", "-8"],
      ["0", "314", "-314", "0", "-314", "0", "157", "-157"],
    ];
    assert.deepEqual(
      results,
      wanted.map((row) => [row, row.slice(1)]),
    );
  });

  it("takes the first of equal numbers, and passes NaN on", async () => {
    const [first, past, activations, logarithms, angle] = (await onGpu(`
      const ties = tf.tensor(Array.from({ length: 2000 }, (_, i) => ([7, 64, 1130].includes(i) ? 5 : 0)));
      const rows = tf.concat([tf.tensor([[NaN, 1, 3], [2, NaN, 1]]), tf.zeros([998, 3])]);
      const specials = tf.concat([tf.tensor([NaN, 0, Infinity]), tf.ones([1997])]);
      const activations = [];
      for (const f of ["sigmoid", "exp", "softplus", "elu", "expm1"]) activations.push((await tf[f](specials).data())[0]);
      const filter = tf.ones([1, 1, 1, 4]);
      const image = tf.concat([tf.tensor([NaN, 9]), tf.ones([1998])]).reshape([1, 1, 2000, 1]);
      activations.push((await tf.fused.conv2d({ x: image, filter, strides: 1, pad: "same", activation: "relu6" }).data())[0]);
      await end([
        (await tf.argMax(ties).data())[0],
        [...(await tf.argMax(rows, 1).slice(0, 2).data())],
        activations.map(String),
        [...(await tf.log(specials).slice(1, 2).data())].map(String),
        [...(await tf.atan2(tf.zeros([2000]).neg(), tf.ones([2000])).slice(0, 1).data())],
      ]);`)) as unknown[];
    assert.equal(first, 7);
    assert.deepEqual(past, [2, 0]);
    assert.deepEqual(activations, new Array(6).fill("NaN"));
    assert.deepEqual(logarithms, ["-Infinity", "Infinity"]);
    assert.deepEqual(angle, [0]);
  });

  it("computes with seven axes and with none of a length", async () => {
    const answer = await onGpu(`
      const seven = tf.ones([2, 1, 5, 2, 10, 2, 5]);
      const empty = tf.zeros([0, 7, 7, 3]);
      await end([
        [...(await seven.add(tf.range(0, 5)).sum([0, 1, 2, 3, 4, 5]).data())],
        (await tf.conv2d(empty, tf.ones([3, 3, 3, 2]), 1, "same")).shape,
        [...(await tf.matMul(tf.zeros([2, 0]), tf.zeros([0, 2])).data())],
        tf.fft(tf.complex(tf.ones([2, 3, 400]), tf.ones([2, 3, 400]))).shape,
      ]);`);
    assert.deepEqual(answer, [
      [400, 800, 1200, 1600, 2000],
      [0, 7, 7, 2],
      [0, 0, 0, 0],
      [2, 3, 400],
    ]);
  });

  it("predicts no further ahead of the GPU than its bar shows", async () => {
    const shares = (await onGpu(`
      const { displayThrough } = await import(${module("src/runtime/cell-display.js")});
      const { watchPredictions } = await import(${module("src/runtime/predict-in-batches.js")});
      const shown = [];
      displayThrough({ note() {}, show: (id, bundle) => shown.push(bundle.data["text/plain"]), update: (id, bundle) => shown.push(bundle.data["text/plain"]) });
      watchPredictions();
      const model = tf.sequential({ layers: [tf.layers.dense({ units: 256, inputShape: [256] }), tf.layers.dense({ units: 256 })] });
      await model.predict(tf.ones([32, 256])).data();
      // As many samples as take longer than a bar waits for, on whatever device this is.
      for (let count = 1024, left = 0, whole = 0; ; count *= 2) {
        const samples = tf.ones([count, 256]);
        const began = performance.now();
        const result = model.predict(samples);
        const returned = performance.now();
        await result.data();
        [left, whole] = [performance.now() - returned, performance.now() - began];
        tf.dispose([samples, result]);
        if (whole <= 2000 && count < 1e6) continue;
        await end([left / whole, shown.at(-1) ?? ""]);
        break;
      }`)) as [number, string];
    const [left, bar] = shares;
    assert.match(bar, /predict: 100%/);
    assert.ok(left < 0.3, `${left} of the time is left when predict() returns`);
  }).timeout(180_000);

  it("refuses a tensor that no buffer can hold, with both sizes", async () => {
    const message = await onGpu(`
      let message = "";
      try { await tf.ones([300, 1000, 1000]).add(1).data(); } catch (error) { message = error.message; }
      await end(message);`);
    assert.match(String(message), /1\.1 GB does not fit .* holds \d/);
  });

  it("refuses indices outside, for which the GPU reads zeros", async () => {
    const messages = await onGpu(`
      const table = tf.reshape(tf.slice(x, 0, 3000), [3, 1000]), indices = (values) => tf.tensor(values, undefined, "int32");
      const messages = [
        () => tf.gather(table, indices([1, 3])), () => tf.gather(table, indices([-1])),
        () => tf.gatherND(table, indices([[2, 1000]])), () => tf.scatterND(indices([[4]]), tf.tensor1d([1]), [4]),
      ].map((compute) => { try { compute(); return "no error"; } catch (error) { return error.message; } });
      await end([...messages, await tf.gather(table, indices([2])).max().data()]);`);
    const [above, below, beside, beyond, inside] = messages as [string, string, string, string, unknown];
    assert.match(above, /index value 3 is not in \[0, 2\]/);
    assert.match(below, /index value -1 is not in \[0, 2\]/);
    assert.match(beside, /index 1000 is not in \[0, 999\]/);
    assert.match(beyond, /index 4 is not in \[0, 3\]/);
    assert.deepEqual(inside, { 0: 5998 });
  });

  it("throws what the GPU rejects, in place of zeros", async () => {
    const message = await onGpu(`
      const { device } = tf.backend();
      device.createBuffer({ size: 4, usage: 0 });
      const answer = await x.add(1).data().then(() => "no error", (error) => error.message);
      await end(answer);`);
    assert.match(String(message), /The GPU rejected a computation/);
  });

  it("says that the GPU was lost, lets the user leave it, and opens it again", async () => {
    const [read, sync, elsewhere, again] = (await onGpu(`
      const messages = [];
      tf.backend().device.destroy();
      messages.push(await x.add(1).data().then(() => "values", (error) => error.message));
      try { messages.push(x.add(1).dataSync()[0]); } catch (error) { messages.push(error.message); }
      await switchBackend("wasm");
      messages.push(tf.ones([3]).add(1).dataSync()[0]);
      await switchBackend("webgpu");
      messages.push(tf.range(0, 2000).add(1).dataSync()[3]);
      await end(messages);`)) as unknown[];
    assert.match(String(read), /GPU (was lost|did not give).*%backend/s);
    assert.match(String(sync), /The GPU was lost/);
    assert.equal(elsewhere, 2);
    assert.equal(again, 4);
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
