import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { executeContent, type TestClient } from "../client.js";
import { startKernel } from "../start-kernel.js";

const engine = new URL("../../../kernel/cells/index.js", import.meta.url).href;

describe("Language: over the protocol", () => {
  let client: TestClient;
  let stop: () => Promise<void>;
  before(async function () {
    this.timeout(60_000);
    ({ client, stop } = await startKernel({ engine }));
    await client.execute("let point = { left: 1, lower: 2, other: 3 }");
    await client.request("complete_request", { code: "", cursor_pos: 0 }); // loads TypeScript
  });
  after(() => stop());

  it("completes with kinds, counting code points", async () => {
    const code = "'\u{1f980}'; point.l";
    const { reply } = await client.request("complete_request", { code, cursor_pos: [...code].length });
    const { matches, cursor_start, cursor_end, metadata } = reply.content;
    assert.deepEqual(matches, ["left", "lower"]);
    assert.deepEqual([cursor_start, cursor_end], [11, 12]);
    assert.deepEqual(metadata, {
      _jupyter_types_experimental: ["left", "lower"].map((text) => ({
        text,
        type: "property",
        start: 11,
        end: 12,
      })),
    });
  });

  it("knows what a variable holds that its type does not tell", async () => {
    await client.execute('const parsed = JSON.parse(\'{ "alpha": { "beta": 1 } }\')');
    const asked = async () => {
      const { reply } = await client.request("complete_request", { code: "parsed.alpha.", cursor_pos: 13 });
      return reply.content.matches as readonly string[];
    };
    for (let tries = 0; (await asked()).length === 0 && tries < 100; tries++) await delay(50);
    assert.deepEqual(await asked(), ["beta"]);
  });

  it("answers while a cell runs", async () => {
    const id = client.send("execute_request", executeContent("await new Promise(() => {})"));
    await client.next((m) => m.parentHeader.msg_id === id && m.header.msg_type === "execute_input");
    const completed = await client.request("complete_request", { code: "point.o", cursor_pos: 7 });
    assert.deepEqual(completed.reply.content.matches, ["other"]);
    const inspected = await client.request("inspect_request", {
      code: "point",
      cursor_pos: 2,
      detail_level: 0,
    });
    assert.equal(inspected.reply.content.found, true);
    assert.match(JSON.stringify(inspected.reply.content.data), /left: number/);
    await client.request("interrupt_request", {}, { channel: "control" });
    await client.exchange(id);
  });

  const names = async (code: string) =>
    (await client.request("complete_request", { code, cursor_pos: code.length })).reply.content
      .matches as readonly string[];
  const until = async (code: string, expected: readonly string[]) => {
    for (let tries = 0; (await names(code)).join() !== expected.join() && tries < 100; tries++)
      await delay(50);
    assert.deepEqual(await names(code), expected);
  };

  it("offers no name that a failed cell did not come to, until another cell has it", async () => {
    await client.execute("const cameFirst = 1; null!.x; const cameSecond = 2");
    await until("came", ["cameFirst"]);
    await client.execute("let cameSecond = 'text'");
    await until("came", ["cameFirst", "cameSecond"]);
    const id = client.send(
      "execute_request",
      executeContent(
        "await 1; setTimeout(() => 1, 0); await new Promise((go) => setTimeout(go, 300)); let cameThird = 3",
      ),
    );
    await delay(200);
    await until("came", ["cameFirst", "cameSecond", "cameThird"]); // while the cell runs
    await client.exchange(id);
    await until("cameSecond.toUpp", ["toUpperCase"]);
  });

  it("forgets variables with the process that had them", async () => {
    await client.execute("const lostNumbers = [1, 2]; let lostAny = JSON.parse('{\"a\": 1}')");
    await until("lost", ["lostAny", "lostNumbers"]);
    await client.execute("process.exit()");
    await until("lost", []);
    await client.execute("const lostNumbers = 'a text'");
    await until("lost", ["lostNumbers"]);
    await until("lostNumbers.toUpp", ["toUpperCase"]);
  });

  it("finds nothing for nothing", async () => {
    const { reply } = await client.request("inspect_request", { code: " ", cursor_pos: 1, detail_level: 0 });
    assert.deepEqual(reply.content, { status: "ok", found: false, data: {}, metadata: {} });
  });
});
