import { randomBytes, randomUUID } from "node:crypto";
import type { TestClient } from "../client.js";
import type { Random } from "./random.js";

const TYPES = [
  "execute_request",
  "complete_request",
  "inspect_request",
  "is_complete_request",
  "history_request",
  "comm_info_request",
  "comm_open",
  "comm_msg",
  "comm_close",
  "kernel_info_request",
  "input_reply",
  "delete_subshell_request",
  "debug_request",
  "no_such_request",
];
const FIELDS = [
  "code",
  "cursor_pos",
  "comm_id",
  "target_name",
  "data",
  "hist_access_type",
  "n",
  "pattern",
  "subshell_id",
];
const VALUES: unknown[] = [
  null,
  true,
  -1,
  1e300,
  "",
  "x",
  "\u{1f980}",
  [],
  {},
  { __proto__: null, a: [[[]]] },
  "tail",
];

/** Sends `count` messages that are wrong: damaged frames, or well signed with content that makes no sense. */
export async function fuzz(client: TestClient, random: Random, count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    const channel = random.pick(["shell", "control", "stdin"] as const);
    const frames = client.encode(random.pick(TYPES), content(random));
    await client.sendRaw(channel, random.next() < 0.5 ? damaged(frames, random) : frames);
    if (i % 1000 === 0) {
      await client.request("kernel_info_request"); // else the kernel falls behind without bound
      client.received.length = 0;
    }
  }
}

/** Never a cell that could run. */
function content(random: Random): Record<string, unknown> {
  const fields = Array.from(
    { length: random.below(4) },
    () => [random.pick(FIELDS), random.pick(VALUES)] as const,
  );
  return { ...Object.fromEntries(fields), silent: "no" };
}

function damaged(frames: Buffer[], random: Random): Buffer[] {
  const at = random.below(frames.length);
  const how = random.below(5);
  if (how === 0) return frames.slice(0, at + 1);
  if (how === 1) return frames.with(at, randomBytes(random.below(100)));
  if (how === 2) return [...frames, ...frames];
  if (how === 3) return frames.with(at, Buffer.from(JSON.stringify(random.pick(VALUES))));
  return [Buffer.from(randomUUID())];
}
