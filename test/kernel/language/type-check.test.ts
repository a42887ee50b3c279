import assert from "node:assert/strict";
import type { TestClient } from "../client.js";
import { startKernel } from "../start-kernel.js";

const engine = new URL("../../../kernel/cells/index.js", import.meta.url).href;

describe("Type check below the cell", () => {
  let client: TestClient;
  let stop: () => Promise<void>;
  before(async function () {
    this.timeout(60_000);
    ({ client, stop } = await startKernel({ engine, typeCheck: "warn" }));
    await client.request("complete_request", { code: "", cursor_pos: 0 }); // loads TypeScript
  });
  after(() => stop());

  /** The note that comes for a cell, also when the cell has ended. */
  async function noteFor(code: string) {
    const { reply } = await client.execute(code);
    const id = reply.parentHeader.msg_id;
    const note = await client.next(
      (m) => m.parentHeader.msg_id === id && m.header.msg_type === "display_data",
    );
    return { status: reply.content.status, data: note.content.data as Record<string, string> };
  }

  it("shows an error and runs the cell", async () => {
    const { status, data } = await noteFor("const n: number = 'text'\nn");
    assert.equal(status, "ok");
    assert.match(
      data["text/plain"]!,
      /^TS2322 Cell \[\d+\]:1:7 Type 'string' is not assignable to type 'number'\./,
    );
    assert.match(data["text/plain"]!, /\n {2}1 \| const n: number = 'text'\n {4}\| {7}~/);
    assert.match(data["text/html"]!, /TS2322/);
  });

  it("escapes what it shows", async () => {
    const { data } = await noteFor("const s: '<b>' = '<i>' as any as '<script>'");
    assert.ok(!/<script>|<i>|<b>/.test(data["text/html"]!), data["text/html"]);
  });

  it("takes no line of a text or comment for the magic", async () => {
    await client.execute("const text = `it's\n%typecheck strict\n`; /*\n%typecheck strict\n*/");
    const { reply } = await client.execute("const j: number = 'text'");
    assert.equal(reply.content.status, "ok");
  });

  it("says below a failed cell what may be why", async () => {
    const { status, data } = await noteFor("const scores = [1]; scores.mapp((n) => n)");
    assert.equal(status, "error");
    assert.match(data["text/plain"]!, /^TS2551 Cell .*Did you mean 'map'\?/);
  });

  it("says nothing twice, and nothing of what was interrupted or misspelt", async () => {
    for (const code of ["[1].nothing()", "({}).nothing.more", "const n: number = 's'; JSON.parse('{')"]) {
      const { reply } = await client.execute(code);
      assert.equal(reply.content.status, "error");
      const next = await noteFor("const n: number = 'next'");
      const notes = client.received.filter((m) => m.header.msg_type === "display_data");
      assert.ok(!notes.some((m) => m.parentHeader.msg_id === reply.parentHeader.msg_id), code);
      assert.equal(next.status, "ok");
    }
  });

  it("strict does not run a cell with a type error", async () => {
    await client.execute("%typecheck strict");
    const { reply } = await client.execute("let ran = true; const m: number = 'text'");
    assert.equal(reply.content.ename, "TypeCheckError");
    assert.match(String(reply.content.evalue), /^TS2322 line 1:/);
    await client.execute("%typecheck off");
    const after = await client.execute("typeof ran");
    assert.match(JSON.stringify(after.published.map(({ content }) => content)), /undefined/);
    const off = await client.execute("const k: number = 'text'");
    assert.equal(off.reply.content.status, "ok");
    await client.execute("%typecheck warn");
  });
});
