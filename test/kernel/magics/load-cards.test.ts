import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CARD_TARGET, type CardAction, type CardNews } from "../../../src/display/card/card-messages.js";
import { PROBLEM_CARD } from "../../../src/display/bundle.js";
import type { CardData } from "../../../src/display/card/problem-card.js";
import { readNews } from "../../../src/display/reading/read-report.js";
import { MODELS } from "../../src/loading/reference.js";
import { executeContent, ofType, streamText, type TestClient } from "../client.js";
import { startKernel } from "../start-kernel.js";

const ENGINE = new URL("../../../kernel/cells/index.js", import.meta.url).href;
const CLASS = `class Mine extends tf.layers.Layer {
  call(x) { return (Array.isArray(x) ? x[0] : x).mean(1); }
  computeOutputShape([batch, , features]) { return [batch, features]; }
  build(shape) { this.addWeight("w", [16, 8]); this.addWeight("b", [8]); this.addWeight("v", [8, 1]); super.build(shape); }
}`;

describe("the card of a load, over a comm", function () {
  this.timeout(60_000);
  let client: TestClient;
  let stop: () => Promise<void>;
  let folder: string;
  let comms = 0;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "loadlab-cards-"));
    ({ client, stop } = await startKernel({ engine: ENGINE }));
    await run('import * as tf from "@tensorflow/tfjs";');
  });
  after(async () => {
    await stop();
    rmSync(folder, { recursive: true });
  });

  async function run(code: string) {
    const { reply, published } = await client.execute(code);
    assert.equal(reply.content.status, "ok", JSON.stringify(reply.content));
    return published;
  }

  /** Loads the model with the unknown class. @returns what its card shows */
  async function load(name: string): Promise<CardData> {
    const published = await run(`%load_model ${MODELS}/custom_attention.h5 --as ${name}`);
    const [shown] = ofType(published, "display_data");
    return (shown!.content.data as Record<string, CardData>)[PROBLEM_CARD]!;
  }

  /** A card in a front end: what it hears, and how it asks. */
  async function open({ session, showing = null }: { session: string; showing?: number | null }) {
    const id = `card-${++comms}`;
    const opening = { comm_id: id, target_name: CARD_TARGET, data: { session, showing } };
    await client.idle(client.send("comm_open", opening));
    const heard = () =>
      client.received
        .filter((message) => message.header.msg_type === "comm_msg" && message.content.comm_id === id)
        .map(({ content }) => readNews(content.data));
    const post = (data: CardAction | unknown, header = {}) =>
      client.send("comm_msg", { comm_id: id, data }, { header });
    return {
      heard,
      last: () => heard().at(-1)!,
      card: () =>
        heard().findLast((news): news is CardNews & { news: "state" } => news.news === "state")!.card,
      post,
      /** Asks and waits until it is done. */
      ask: async (data: CardAction | unknown) => {
        await client.idle(post(data));
        return heard().at(-1)!;
      },
    };
  }

  const problem = { code: "C01", subject: "MyAttention" };
  const stub = { action: "fix", problem, remedy: "identity-stub" } as const;

  it("takes remedies, takes them back, and binds the model for the cell that waits behind", async () => {
    const card = await open(await load("net"));
    assert.equal(card.card().state, "waiting");
    card.post(stub);
    const cell = client.send(
      "execute_request",
      executeContent("console.log(net.layers.length, session.state)"),
    );
    assert.equal(streamText((await client.exchange(cell)).published), "6 loaded\n");
    const last = card.last();
    assert.ok(last.news === "state");
    assert.match(last.said, /custom_attention\.h5 is loaded as net/);
    assert.equal(last.card.summary!.layers.length, 6);
    assert.deepEqual(last.card.decisions, [{ ...problem, remedy: "identity-stub" }]);

    const before = await card.ask({ action: "undo" });
    assert.ok(before.news === "state" && before.card.state === "waiting");
    assert.deepEqual(before.card.decisions, []);
  });

  it("waits for the cell that runs, also where the front end gives its comms a subshell", async () => {
    const card = await open(await load("patient"));
    const { reply } = await client.request("create_subshell_request", {}, { channel: "control" });
    const header = { subshell_id: reply.content.subshell_id };
    const cell = client.send(
      "execute_request",
      executeContent(
        "await new Promise((r) => setTimeout(r, 300)); console.log(typeof patient, session.state)",
      ),
    );
    await client.idle(card.post(stub, header));
    assert.equal(streamText(client.published(cell)), "undefined waiting\n");
    assert.equal(card.card().state, "loaded");
  });

  it("tells every card of the session, however it went on; a card that was shown again since says so", async () => {
    const shown = await load("twice");
    const [one, two] = [await open(shown), await open(shown)];
    await run("await session.fix(1, 'zeros-like-stub')");
    assert.equal(one.card().state, "loaded");
    assert.equal(two.card().state, "loaded");
    await one.ask({ action: "undo" });
    assert.equal(two.card().state, "waiting");

    await run("%step show");
    assert.deepEqual(one.last(), { news: "past", headline: "custom_attention.h5 waits for 1 decision" });
    const taken = await one.ask({ action: "take over" });
    assert.ok(taken.news === "state" && taken.card.showing === 3);
  });

  it("leaves the card of an earlier cell as it is when a later cell moves the load on, or takes its variable", async () => {
    const shown = await load("left");
    const card = await open(shown);
    const before = card.card();
    await run("%step --of left fix 1 identity-stub");
    assert.deepEqual(card.last(), { news: "past", headline: "custom_attention.h5 is loaded" });
    assert.deepEqual(card.card(), before, "it was not told to show another state");
    await client.execute("%step --of left fix 1 nonsense");
    assert.equal(card.last().news, "past", "a cell that fails leaves it there too");

    const other = await open(await load("taken"));
    const waiting = other.card();
    await load("taken");
    assert.deepEqual(other.last(), { news: "gone" });
    assert.deepEqual(other.card(), waiting, "it was not told that it was given up");
    assert.deepEqual(await other.ask(stub), { news: "gone" });
  });

  it("offers the notebook's classes, takes one, and gives the skeleton as a cell", async () => {
    const card = await open(await load("own"));
    const asked = await card.ask({ action: "skeleton", problem });
    assert.ok(asked.news === "skeleton");
    assert.match(
      asked.source,
      /^%%register_custom MyAttention\n[^]*class MyAttention extends tf\.layers\.Layer/,
    );
    await run(CLASS);
    const offered = card.last();
    assert.ok(offered.news === "state" && offered.choices.classes.includes("Mine"));
    const done = await card.ask({ action: "register", problem, variable: "Mine" });
    assert.ok(done.news === "state");
    assert.equal(done.card.state, "loaded");
    assert.equal(done.card.summary!.layers.find(({ name }) => name === "attention")!.mark!.kind, "custom");
    await run("%register_custom --remove MyAttention");
  });

  it("writes the recipe beside the notebook", async () => {
    const card = await open(await load("kept"));
    await card.ask(stub);
    const file = join(folder, "fix.json");
    const saved = await card.ask({ action: "save", file });
    assert.ok(saved.news === "state");
    assert.match(saved.said, /fix\.json: 1 decision\./);
    assert.equal(JSON.parse(readFileSync(file, "utf8")).decisions[0].remedy, "identity-stub");
  });

  it("says what is wrong, and stays where it was", async () => {
    const card = await open(await load("wrong"));
    const cases: readonly [object, RegExp][] = [
      [{ action: "fix", problem, remedy: "zeros-stub", argument: "a,b" }, /a,b is no shape/],
      [{ action: "fix", problem, remedy: "nonsense" }, /C01 offers .*identity-stub.*, not nonsense/],
      [{ ...stub, problem: { code: "C01", subject: "Other" } }, /C01 Other no longer waits/],
      [{ action: "undo" }, /no decision to take back/],
      [{ action: "register", problem, variable: "nowhere" }, /takes a class/],
      [{ action: "to", step: "bnid" }, /Did you mean bind/],
      [{ action: "explode" }, /./],
      [{ action: "fix" }, /./],
      [{ action: "save", file: "/dev/null/x.json" }, /ENOTDIR|EEXIST/],
    ];
    for (const [message, why] of cases) {
      const answer = await card.ask(message);
      assert.ok(answer.news === "refused", JSON.stringify([message, answer]));
      assert.match(answer.why, why);
    }
    assert.equal(card.card().state, "waiting");
    assert.equal(streamText(await run("console.log(1 + 1)")), "2\n");
  });

  it("says so where the session is gone, also for nonsense", async () => {
    assert.deepEqual((await open({ session: "load-1" })).last(), { news: "gone" });
    for (const data of [null, 5, "x", [], { session: {} }, { action: "step" }]) {
      const id = `odd-${++comms}`;
      await client.idle(client.send("comm_open", { comm_id: id, target_name: CARD_TARGET, data }));
      const answers = client.received.filter(({ content }) => content.comm_id === id);
      assert.deepEqual(
        answers.map(({ content }) => content.data),
        [{ news: "gone" }],
      );
    }
  });
});
