/** `npm run soak [-- --cells N --messages N --seed N]`: the long form of soak.test.ts, over the TypeScript engine. */
import { parseArgs } from "node:util";
import type { TestClient } from "../client.js";
import { startKernel } from "../start-kernel.js";
import { defaultRunnerOptions } from "../../../kernel/runner/runner-options.js";
import { fuzz } from "./fuzz.js";
import { Random } from "./random.js";
import { soak } from "./soak.js";

const { values } = parseArgs({
  options: {
    cells: { type: "string", default: "10000" },
    messages: { type: "string", default: "100000" },
    seed: { type: "string", default: String(Date.now() % 1e6) },
  },
});
const [cells, messages, seed] = [values.cells, values.messages, values.seed].map(Number) as [
  number,
  number,
  number,
];
const WARM = Math.min(1000, Math.floor(cells / 2));

console.log(`seed ${seed}: ${cells} cells, ${messages} malformed messages`);
const { client, logged, stop } = await startKernel(defaultRunnerOptions());
const memory: number[] = [];
await soak(client, new Random(seed), cells, async (n) => {
  if (n % WARM !== 0) return;
  memory.push(await memoryOf(client));
  console.log(`${n} cells, ${memory.at(-1)!.toFixed(0)} MiB`);
});
const growth = memory.at(-1)! / memory[0]! - 1;
console.log(`memory after ${cells} cells: ${(100 * growth).toFixed(1)} % above that after ${WARM}`);
await fuzz(client, new Random(seed), messages);
const { reply } = await client.execute("1 + 1");
console.log(
  `${messages} malformed messages: ${logged.length} lines logged, the next cell is ${reply.content.status}`,
);
await stop();
process.exitCode = growth > 0.1 || reply.content.status !== "ok" ? 1 : 0;

/** Of the runner alone: the kernel shares this process with the client. */
async function memoryOf(client: TestClient): Promise<number> {
  const { published } = await client.execute(
    `require("v8").setFlagsFromString("--expose-gc"); require("vm").runInNewContext("gc")(); process.memoryUsage.rss()`,
  );
  const result = published.find((m) => m.header.msg_type === "execute_result")!;
  return Number((result.content.data as Record<string, string>)["text/plain"]) / 2 ** 20;
}
