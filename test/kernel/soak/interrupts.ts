import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { executeContent, streamText, type TestClient } from "../client.js";
import { ENDLESS, EVERY_WAIT } from "../endless-cells.js";
import type { Random } from "./random.js";

/**
 * Interrupts endless cells at random moments, some twice, and looks after each whether the kernel is as before.
 * @returns milliseconds from each interrupt to the reply.
 */
export async function interruptStress(client: TestClient, random: Random, rounds: number): Promise<number[]> {
  const times: number[] = [];
  await client.execute("globalThis.n = 0; globalThis.survived = 0");
  for (let round = 1; round <= rounds; round++) {
    const name = random.pick(Object.keys(ENDLESS));
    try {
      times.push(await interruptOnce(client, random, ENDLESS[name]!));
      const { published } = await client.execute("console.log(++survived)");
      assert.equal(streamText(published), `${round}\n`);
      if (round % 10 === 0) assert.equal(streamText((await client.execute(EVERY_WAIT)).published), "works\n");
    } catch (error) {
      throw new Error(`Round ${round} (${name}): ${(error as Error).message}`, { cause: error });
    }
    client.received.length = 0;
  }
  return times;
}

async function interruptOnce(client: TestClient, random: Random, code: string): Promise<number> {
  const id = client.send("execute_request", executeContent(code));
  const sign = code.includes("begun") ? "stream" : "execute_input";
  await client.next((m) => m.parentHeader.msg_id === id && m.header.msg_type === sign);
  const began = performance.now() + 60 * random.next() ** 2; // mostly early, while the cell begins
  while (performance.now() < began) await sleep(0);
  const asked = performance.now();
  client.send("interrupt_request", {}, { channel: "control" });
  if (random.next() < 0.3) {
    await sleep(random.below(40));
    client.send("interrupt_request", {}, { channel: "control" });
  }
  const { reply } = await client.exchange(id);
  assert.equal(reply.content.ename, "KeyboardInterrupt");
  return reply.at - asked;
}
