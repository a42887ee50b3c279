import { strict as assert } from "node:assert";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { nativePlace } from "../../backends/places.js";

const here = dirname(fileURLToPath(import.meta.url));
const choose = join(here, "../../../src/runtime/choose.js");

/** Convolutions on native while signals arrive; prints how many came and the largest difference between results. */
const PROGRAM = `
  import * as tf from "@tensorflow/tfjs";
  import { spawn } from "node:child_process";
  import { once } from "node:events";
  import { useBackend } from ${JSON.stringify(choose)};
  await useBackend("native");
  let signals = 0;
  process.on("SIGUSR2", () => signals++);
  const x = tf.randomNormal([1, 14, 14, 1024], 0, 1, "float32", 1);
  const filter = tf.randomNormal([1, 1, 1024, 512], 0, 1, "float32", 2);
  const compute = () => tf.tidy(() => tf.conv2d(x, filter, 1, "same").dataSync());
  const wanted = compute();
  const sender = spawn("sh", ["-c", "while kill -USR2 " + process.pid + "; do sleep 0.0005; done"]);
  let apart = 0;
  const ends = Date.now() + 4000;
  while (Date.now() < ends) {
    for (let i = 0; i < 20; i++) tf.dispose(tf.conv2d(x, filter, 1, "same"));
    compute().forEach((value, i) => (apart = Math.max(apart, Math.abs(value - wanted[i]))));
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  sender.kill();
  const [, signal] = await once(sender, "exit");
  console.log(JSON.stringify({ signals, apart, signal }));
  process.exit(0);`;

describe("native: signals", function () {
  this.timeout(60_000);

  before(function () {
    const place = nativePlace();
    if (!("missing" in place)) return;
    console.log(`      skipped: ${place.missing}`);
    this.skip();
  });

  it("arrive, and destroy nothing in the middle of a convolution", async () => {
    const flags = ["--no-force-async-hooks-checks", "--input-type=module", "-e", PROGRAM];
    const child = spawn(process.execPath, flags, { stdio: ["ignore", "pipe", "pipe"] });
    let out = "";
    let err = "";
    child.stdout.on("data", (text: Buffer) => (out += text.toString()));
    child.stderr.on("data", (text: Buffer) => (err += text.toString()));
    const [code, killed] = (await once(child, "close")) as [number | null, string | null];
    assert.equal(killed ?? code, 0, err);
    const { signals, apart, signal } = JSON.parse(out) as { signals: number; apart: number; signal: string };
    assert.ok(signals > 20, `only ${signals} signals arrived`);
    assert.equal(apart, 0);
    assert.equal(signal, "SIGTERM", "a child process can be ended as ever");
  });
});
