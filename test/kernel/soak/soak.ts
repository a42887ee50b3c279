import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { executeContent, ofType, streamText, type TestClient } from "../client.js";
import type { Random } from "./random.js";

/** Runs one random cell or comm message and checks that all that it shows, and nothing else, comes back to it. */
type Step = (client: TestClient, random: Random, n: number) => Promise<void>;

const STEPS: Readonly<Record<string, Step>> = {
  async prints(client, random, n) {
    const lines = 1 + random.below(200);
    const { published } = await client.execute(`for (let i = 0; i < ${lines}; i++) console.log("${n}", i)`);
    assert.equal(streamText(published), Array.from({ length: lines }, (_, i) => `${n} ${i}\n`).join(""));
  },
  async declares(client, _random, n) {
    const { published } = await client.execute(
      `var kept = (globalThis.kept ?? 0); globalThis.kept = ${n}; globalThis.kept`,
    );
    assert.deepEqual(ofType(published, "execute_result")[0]!.content.data, { "text/plain": String(n) });
  },
  async fails(client, _random, n) {
    const { reply, published } = await client.execute(
      `console.log(${n}); throw new RangeError("error ${n}")`,
    );
    assert.deepEqual([reply.content.ename, reply.content.evalue], ["RangeError", `error ${n}`]);
    assert.equal(streamText(published), `${n}\n`);
  },
  async loops(client, random) {
    await interrupted(client, random, "console.log('begun'); while (true) {}");
  },
  async waits(client, random) {
    await interrupted(client, random, "console.log('begun'); await new Promise(() => {})");
  },
  async talks(client, random, n) {
    const bytes = Uint8Array.from({ length: random.below(1000) }, () => random.below(256));
    const id = client.send("comm_msg", { comm_id: "soak", data: n }, { buffers: [bytes] });
    await client.idle(id);
    const [answer, ...more] = ofType(client.published(id), "comm_msg");
    assert.deepEqual([answer!.content.data, more.length], [n, 0]);
    assert.deepEqual([...answer!.buffers[0]!], [...bytes]);
  },
  async printsLate(client, random, n) {
    const { reply } = await client.execute(
      `setTimeout(() => console.log("late ${n}"), ${random.below(20)}); 0`,
    );
    const id = reply.parentHeader.msg_id!;
    await client.next((m) => m.parentHeader.msg_id === id && m.header.msg_type === "stream");
    assert.equal(streamText(client.published(id)), `late ${n}\n`);
  },
  async displays(client, _random, n) {
    const { published } = await client.execute(`display(${n}, { displayId: "d${n}" }); display("${n}")`);
    const shown = ofType(published, "display_data").map(({ content }) => content.transient);
    assert.deepEqual(shown, [{ display_id: `d${n}` }, {}]);
    const later = await client.execute(`updateDisplay("d${n}", "changed")`);
    assert.equal(ofType(later.published, "update_display_data").length, 1);
  },
  async asks(client, random, n) {
    const id = client.send("execute_request", executeContent(`console.log("${n}" + await input("?"))`));
    const question = await client.next((m) => m.channel === "stdin" && m.parentHeader.msg_id === id);
    const value = String(random.below(1e9));
    client.send("input_reply", { value }, { channel: "stdin", parentHeader: { ...question.header } });
    assert.equal(streamText((await client.exchange(id)).published), `${n}${value}\n`);
  },
  async queues(client, random, n) {
    const content = executeContent(`console.log("${n}")`, { stop_on_error: random.next() < 0.5 });
    const ids = Array.from({ length: 5 }, () => client.send("execute_request", content));
    for (const id of ids) assert.equal(streamText((await client.exchange(id)).published), `${n}\n`);
  },
  async looksUp(client) {
    const { reply } = await client.request("inspect_request", { code: "Math.max", cursor_pos: 8 });
    assert.equal(reply.content.status, "ok");
    const completions = await client.request("complete_request", { code: "consol", cursor_pos: 6 });
    assert.equal(completions.reply.content.status, "ok");
  },
  async runsChild(client, _random, n) {
    const { published } = await client.execute(
      `await (await import("node:child_process")).spawnSync("echo", ["child ${n}"], { stdio: "inherit" }).status`,
    );
    assert.equal(streamText(published), `child ${n}\n`);
  },
};

async function interrupted(client: TestClient, random: Random, code: string): Promise<void> {
  const id = client.send("execute_request", executeContent(code));
  await client.next((m) => m.parentHeader.msg_id === id && m.header.msg_type === "stream");
  await sleep(random.below(20));
  client.send("interrupt_request", {}, { channel: "control" });
  const { reply, published } = await client.exchange(id);
  assert.equal(reply.content.ename, "KeyboardInterrupt");
  assert.equal(streamText(published), "begun\n");
}

/** These take long. */
const RARE = new Set(["runsChild", "looksUp"]);

/** Steps chosen at random; `onStep` is told each number. */
export async function soak(
  client: TestClient,
  random: Random,
  steps: number,
  onStep: (n: number) => Promise<void> = async () => {},
): Promise<void> {
  const names = Object.keys(STEPS);
  client.received.length = 0;
  await client.execute(`comms.registerTarget("soak", (comm) =>
    comm.onMessage(({ data, buffers }) => comm.send(data, { buffers })))`);
  await client.idle(client.send("comm_open", { comm_id: "soak", target_name: "soak", data: {} }));
  client.received.length = 0; // the state that a front end is told when it comes has no parent
  for (let n = 1; n <= steps; n++) {
    const chosen = random.pick(names);
    const name = RARE.has(chosen) && n % 20 !== 0 ? "prints" : chosen;
    try {
      await STEPS[name]!(client, random, n);
      checkParents(client);
    } catch (error) {
      throw new Error(`Step ${n} (${name}): ${(error as Error).message}`, { cause: error });
    }
    await onStep(n);
    client.received.length = 0;
    client.sent.clear();
  }
}

/** Nothing may come for a request that was done with before, or for none. */
function checkParents({ received, sent }: TestClient): void {
  const stray = received.find(({ parentHeader }) => !sent.has(parentHeader.msg_id!));
  if (!stray) return;
  const { header, parentHeader, content } = stray;
  throw new Error(`${header.msg_type} for ${parentHeader.msg_id}: ${JSON.stringify(content).slice(0, 200)}`);
}
