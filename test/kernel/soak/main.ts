/**
 * `npm run soak [-- --cells N --messages N --interrupts N --seed N]`: the long form of soak.test.ts, over the whole
 * kernel as a Jupyter client starts it.
 */
import { parseArgs } from "node:util";
import type { TestClient } from "../client.js";
import { startProcess } from "../start-process.js";
import { fuzz } from "./fuzz.js";
import { interruptStress } from "./interrupts.js";
import { Random } from "./random.js";
import { soak } from "./soak.js";

const { values } = parseArgs({
  options: {
    cells: { type: "string", default: "10000" },
    messages: { type: "string", default: "100000" },
    interrupts: { type: "string", default: "500" },
    seed: { type: "string", default: String(Date.now() % 1e6) },
  },
});
const [cells, messages, interrupts, seed] = [
  values.cells,
  values.messages,
  values.interrupts,
  values.seed,
].map(Number) as [number, number, number, number];
const WARM = Math.min(1000, Math.floor(cells / 2));
/** What the memory may grow by. */
const GROWTH = 0.1;

console.log(
  `seed ${seed}: ${cells} cells, ${interrupts} interrupts, ${messages} malformed messages, Node ${process.version}`,
);
const { client, logged, stop } = await startProcess();
const growth = await soakCells();
await interruptCells();
const lives = await fuzzMessages();
await stop();
process.exitCode = growth > GROWTH || !lives ? 1 : 0;

async function soakCells(): Promise<number> {
  const memory: number[] = [];
  const began = performance.now();
  await soak(client, new Random(seed), cells, async (n) => {
    if (n % WARM !== 0) return;
    memory.push(await memoryOf(client));
    console.log(`${n} cells: ${memory.at(-1)!.toFixed(0)} MiB, ${since(began)} s`);
  });
  const growth = memory.at(-1)! / memory[0]! - 1;
  console.log(`memory after ${cells} cells: ${(100 * growth).toFixed(1)} % above that after ${WARM}`);
  console.log("nothing was lost, and nothing came to the wrong cell");
  return growth;
}

async function interruptCells(): Promise<void> {
  const times = (await interruptStress(client, new Random(seed), interrupts)).sort((a, b) => a - b);
  const at = (share: number) => times[Math.floor(share * (times.length - 1))]?.toFixed(0);
  console.log(`${interrupts} interrupts: ended after ${at(0.5)} ms (median), ${at(1)} ms (longest)`);
}

async function fuzzMessages(): Promise<boolean> {
  const began = performance.now();
  await fuzz(client, new Random(seed), messages);
  const { reply } = await client.execute("1 + 1");
  const dropped = logged.join("").split("\n").length - 1;
  const memory = (await memoryOf(client)).toFixed(0);
  console.log(
    `${messages} malformed messages: ${dropped} lines logged, ${since(began)} s, ${memory} MiB; ` +
      `the next cell is ${reply.content.status}`,
  );
  return reply.content.status === "ok";
}

/** MiB of all processes of the kernel, when what is no longer needed has been collected where a cell can ask for it. */
async function memoryOf(client: TestClient): Promise<number> {
  await client.execute(
    `require("v8").setFlagsFromString("--expose-gc"); require("vm").runInNewContext("gc")(); 0`,
  );
  const { reply } = await client.request("usage_request", {}, { channel: "control" });
  return (reply.content.kernel_memory as number) / 2 ** 20;
}

function since(began: number): string {
  return ((performance.now() - began) / 1000).toFixed(0);
}
