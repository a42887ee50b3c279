import assert from "node:assert/strict";
import { startKernel } from "../start-kernel.js";
import { fuzz } from "./fuzz.js";
import { interruptStress } from "./interrupts.js";
import { Random } from "./random.js";
import { soak } from "./soak.js";

describe("soak", function () {
  this.timeout(60_000);
  const seed = Date.now() % 1e6;

  it(`loses nothing and mixes nothing up in 200 random cells (seed ${seed})`, async () => {
    const { client, stop } = await startKernel();
    await soak(client, new Random(seed), 200);
    await stop();
  });

  it(`outlives 60 interrupts at random moments (seed ${seed})`, async () => {
    const { client, stop } = await startKernel();
    await interruptStress(client, new Random(seed), 60);
    await stop();
  });

  it(`lives through 2,000 malformed messages (seed ${seed})`, async () => {
    const { client, logged, stop } = await startKernel();
    await fuzz(client, new Random(seed), 2000);
    assert.equal((await client.execute("1")).reply.content.status, "ok");
    assert.ok(logged.length > 500);
    await stop();
  });
});
