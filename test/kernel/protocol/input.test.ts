import assert from "node:assert/strict";
import { executeContent, ofType, type TestClient } from "../client.js";
import { startKernel } from "../start-kernel.js";

describe("input", () => {
  let client: TestClient;
  let stop: () => Promise<void>;

  before(async () => ({ client, stop } = await startKernel()));
  after(() => stop());

  const question = (id: string) =>
    client.next((m) => m.header.msg_type === "input_request" && m.parentHeader.msg_id === id);

  for (const [how, code] of Object.entries({
    "with await": "await input('name? ').then((name) => 'hello ' + name)",
    "waiting for it": "'hello ' + prompt('name? ')",
  })) {
    it(`asks the user, ${how}`, async () => {
      const id = client.send(
        "execute_request",
        executeContent(`const answer = ${code}; await 0; return answer`),
      );
      const asked = await question(id);
      assert.equal(asked.channel, "stdin");
      assert.deepEqual(asked.content, { prompt: "name? ", password: false });
      client.send("input_reply", { status: "ok", value: "Ada" }, { channel: "stdin" });
      const { published } = await client.exchange(id);
      assert.deepEqual(ofType(published, "execute_result")[0]!.content.data, { "text/plain": "hello Ada" });
    });
  }

  it("says when an answer is a password, and finds it by its parent", async () => {
    const id = client.send("execute_request", executeContent("await input('key', { password: true })"));
    const asked = await question(id);
    assert.equal(asked.content.password, true);
    client.send("input_reply", { value: "x" }, { channel: "stdin", parentHeader: { ...asked.header } });
    assert.equal((await client.exchange(id)).reply.content.status, "ok");
  });

  for (const [what, code] of Object.entries({
    "two questions at once": "return (await Promise.all([input('1'), input('2')])).join()",
    "readline's question": `const { createInterface } = await import('node:readline/promises');
      const line = createInterface({ input: process.stdin, output: process.stdout });
      const both = [await line.question('1'), await line.question('2')]; line.close(); return both.join()`,
    "readline's question with a callback": `const { createInterface } = await import('node:readline');
      const line = createInterface({ input: process.stdin });
      const ask = (query) => new Promise((resolve) => line.question(query, {}, resolve));
      return [await ask('1'), await ask('2')].join()`,
    "readline's question made a promise": `const { createInterface } = await import('node:readline');
      const line = createInterface({ input: process.stdin });
      const ask = (await import('node:util')).promisify(line.question).bind(line);
      return [await ask('1'), await ask('2')].join()`,
  }))
    it(`asks ${what} one after the other, and takes each answer for its question`, async () => {
      const id = client.send("execute_request", executeContent(code));
      for (const prompt of ["1", "2"]) {
        await client.next(
          (m) =>
            m.header.msg_type === "input_request" &&
            m.parentHeader.msg_id === id &&
            m.content.prompt === prompt,
        );
        const asked = client.received.filter(
          (m) => m.header.msg_type === "input_request" && m.parentHeader.msg_id === id,
        );
        assert.equal(asked.length, Number(prompt));
        client.send("input_reply", { value: `to ${prompt}` }, { channel: "stdin" });
      }
      const { published } = await client.exchange(id);
      assert.deepEqual(ofType(published, "execute_result")[0]!.content.data, { "text/plain": "to 1,to 2" });
    });

  it("leaves readline alone that reads something else", async () => {
    const { published } = await client.execute(`
      const { createInterface } = await import('node:readline/promises');
      const { PassThrough } = await import('node:stream');
      const input = new PassThrough();
      const line = createInterface({ input });
      setImmediate(() => input.write('typed\\n'));
      return line.question('1')`);
    assert.deepEqual(ofType(published, "execute_result")[0]!.content.data, { "text/plain": "typed" });
  });

  it("is an error where the front end has no stdin", async () => {
    const { reply } = await client.execute("await input()", { allow_stdin: false });
    assert.equal(reply.content.ename, "InputNotAllowed");
  });

  for (const code of ["await input()", "prompt()"]) {
    it(`ends ${code} by an interrupt`, async () => {
      const id = client.send("execute_request", executeContent(code));
      await question(id);
      client.send("interrupt_request", {}, { channel: "control" });
      assert.equal((await client.exchange(id)).reply.content.ename, "KeyboardInterrupt");
      client.send("input_reply", { value: "too late" }, { channel: "stdin" });
      assert.equal((await client.execute("1")).reply.content.status, "ok");
    });
  }
});
