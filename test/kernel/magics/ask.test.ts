import assert from "node:assert/strict";
import { executeContent, ofType, type TestClient } from "../client.js";
import { startKernel } from "../start-kernel.js";
import path from "node:path";
import { MODELS } from "../../src/loading/reference.js";

const engine = new URL("../../../kernel/cells/index.js", import.meta.url).href;
const FILE = path.resolve(MODELS, "custom_attention.h5");

describe("%load_model --ask, over the protocol", function () {
  this.timeout(60_000);
  let client: TestClient;
  let stop: () => Promise<void>;

  before(async () => ({ client, stop } = await startKernel({ engine })));
  after(() => stop());

  const question = (id: string, seen: Set<unknown>) =>
    client.next(
      (m) =>
        m.header.msg_type === "input_request" && m.parentHeader.msg_id === id && !seen.has(m.header.msg_id),
    );

  it("asks about each problem by number, and says what an answer cannot mean", async () => {
    const id = client.send("execute_request", executeContent(`%load_model ${FILE} --ask`));
    const seen = new Set<unknown>();
    const answers = ["99", "identity-stub"];
    let prompt = "";
    for (;;) {
      const next = await Promise.race([
        question(id, seen),
        client.next((m) => m.header.msg_type === "execute_reply" && m.parentHeader.msg_id === id),
      ]);
      if (next.header.msg_type === "execute_reply") break;
      seen.add(next.header.msg_id);
      prompt = String(next.content.prompt);
      assert.match(prompt, /^[A-Z]\d\d .+\n/);
      client.send("input_reply", { status: "ok", value: answers.shift() ?? "skip" }, { channel: "stdin" });
    }
    assert.match(prompt, /a number, skip, undo, abort, or Enter to stop here: $/);
    const { reply, published } = await client.exchange(id);
    assert.equal(reply.content.status, "ok");
    const text = ofType(published, "stream")
      .map((m) => String(m.content["text"]))
      .join("");
    assert.match(text, /"99" is none of them/);
  });

  it("takes an answer as the card writes it, and refuses one without a new card", async () => {
    const id = client.send("execute_request", executeContent(`%load_model ${FILE} --ask`));
    const seen = new Set<unknown>();
    for (const value of ["register", "zeros-like-stub now", "%step fix 1 zeros-like-stub"]) {
      const asked = await question(id, seen);
      seen.add(asked.header.msg_id);
      client.send("input_reply", { status: "ok", value }, { channel: "stdin" });
    }
    const { published } = await client.exchange(id);
    const text = ofType(published, "stream")
      .map((m) => String(m.content["text"]))
      .join("");
    assert.match(text, /"register" goes into a cell of its own/);
    assert.match(text, /zeros-like-stub takes nothing behind it, and "now" was given/);
    assert.doesNotMatch(text, /%step fix/);
    const cards = ofType(published, "display_data").map((m) => JSON.stringify(m.content["data"]));
    assert.equal(cards.length, 2, "one before the first question, and the model");
    assert.match(cards[1]!, /predictions run through 1 stub/);
  });

  it("opens the file that it proposes on Enter", async () => {
    const missing = FILE.replace("custom_attention", "custom_atention");
    const id = client.send("execute_request", executeContent(`%load_model ${missing} --ask`));
    const seen = new Set<unknown>();
    const prompts: string[] = [];
    for (const value of ["1", "", ""]) {
      const asked = await question(id, seen);
      seen.add(asked.header.msg_id);
      prompts.push(String(asked.content["prompt"]));
      client.send("input_reply", { status: "ok", value }, { channel: "stdin" });
    }
    await client.exchange(id);
    assert.match(prompts[1]!, /^PATH \(Enter: .*custom_attention\.h5\): $/);
    assert.match(prompts[2]!, /^C01 The class MyAttention is unknown/);
  });

  it("stops on an empty answer, and %step goes on from there", async () => {
    const id = client.send("execute_request", executeContent(`%load_model ${FILE} --ask`));
    await question(id, new Set());
    client.send("input_reply", { status: "ok", value: "" }, { channel: "stdin" });
    assert.equal((await client.exchange(id)).reply.content.status, "ok");
    assert.equal((await client.execute("%step show")).reply.content.status, "ok");
  });

  it("is interrupted in the middle of a question, and the session stays", async () => {
    const id = client.send("execute_request", executeContent(`%load_model ${FILE} --ask`));
    await question(id, new Set());
    client.send("interrupt_request", {}, { channel: "control" });
    assert.equal((await client.exchange(id)).reply.content.ename, "KeyboardInterrupt");
    assert.equal((await client.execute("%step show")).reply.content.status, "ok");
  });
});
