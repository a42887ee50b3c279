import assert from "node:assert/strict";
import { streamText } from "../client.js";
import { type DebugClient, startDebugging } from "./debug-client.js";

/** Cells in which every error is caught. */
const CAUGHT: Record<string, string> = {
  "in the cell": "try { throw new Error('a') } catch {}",
  "thrown by Node": "try { JSON.parse('{') } catch {}",
  "of an awaited function":
    "async function f() { await null; throw new Error('b') }\ntry { await f() } catch {}",
  "of a promise": "async function f() { throw new Error('c') }\nf().catch(() => {});\nawait null;",
};

/** Cells with an error that nobody catches, and the line at which they stop. */
const UNCAUGHT: Record<string, [string, number]> = {
  "in the cell": ["const a = 1;\nthrow new Error('a')", 2],
  "in a function": ["function f() {\n  throw new Error('b')\n}\nf()", 2],
  "after an await": ["await null;\nnull!.toString()", 2],
  "in a finally without catch": ["try {\n  throw new Error('d')\n} finally { Math.abs(1) }", 2],
  "in a package": [
    "import * as tf from '@tensorflow/tfjs';\nawait tf.setBackend('cpu');\ntf.matMul(tf.ones([2, 3]), tf.ones([2, 3]));",
    3,
  ],
};

describe("debugger: exceptions", function () {
  this.timeout(60_000);
  let debug: DebugClient;
  let stop: () => Promise<void>;

  before(async () => {
    ({ debug, stop } = await startDebugging());
    await debug.turnOn();
    await debug.body("setExceptionBreakpoints", { filters: ["uncaught"] });
  });
  after(() => stop());

  for (const [where, code] of Object.entries(CAUGHT))
    it(`does not stop at one that is caught: ${where}`, async () => {
      assert.equal((await debug.ended(await debug.run(code))).reply.content.status, "ok");
    });

  for (const [where, [code, line]] of Object.entries(UNCAUGHT))
    it(`stops at one that is not: ${where}`, async () => {
      const cell = await debug.run(code);
      const { reason, text } = await debug.stopped(cell);
      assert.equal(reason, "exception");
      assert.ok(text.length > 0);
      assert.match((await debug.frames())[0]!, new RegExp(`:${line}$`));
      const { exceptionId, breakMode } = await debug.body("exceptionInfo", { threadId: 1 });
      assert.match(exceptionId, /Error$/);
      assert.equal(breakMode, "unhandled");
      await debug.go("continue");
      for (;;) {
        const { stop, end } = await debug.next(cell); // an async function throws once more, to who awaits it
        if (end) return assert.equal(end.reply.content.status, "error");
        assert.equal(stop.reason, "exception");
        await debug.go("continue");
      }
    });

  it("has messages of caught errors name what the user wrote, and steps through their catch", async () => {
    await debug.ended(await debug.run("const notCalled = 1;"));
    const code =
      "try {\n  notCalled();\n} catch (e) {\n  const { message } = e;\n  console.log(message, `${e.message}`);\n  try { notCalled() } catch (inner) { console.log(inner.message, e === inner, { e }) }\n}";
    const cell = await debug.run(code, [{ line: 2 }]);
    await debug.stopped(cell);
    for (const line of [4, 5, 6]) {
      await debug.go("next");
      await debug.stopped(cell);
      assert.deepEqual(await debug.frames(), [`(cell):${line}`]);
    }
    await debug.go("continue");
    const text = streamText((await debug.ended(cell)).published);
    assert.match(
      text,
      /^notCalled is not a function notCalled is not a function\nnotCalled is not a function false/,
    );
    const awaited = await debug.run(
      "await Promise.reject(1).catch((e) => e + 1);\nawait (async () => { notCalled() })().catch((e) => console.log(e.message));",
    );
    assert.match(streamText((await debug.ended(awaited)).published), /^notCalled is not a function\n/);
  });

  it("stops at all of them when asked to", async () => {
    await debug.body("setExceptionBreakpoints", { filters: ["all"] });
    const called = await debug.run("const named = 1;\ntry {\n  named();\n} catch {}");
    assert.equal((await debug.stopped(called)).text, "TypeError: named is not a function");
    const { description, breakMode } = await debug.body("exceptionInfo", { threadId: 1 });
    assert.deepEqual([description, breakMode], ["TypeError: named is not a function", "always"]);
    await debug.go("continue");
    await debug.ended(called);
    const cell = await debug.run("try {\n  throw new Error('x')\n} catch {}");
    assert.equal((await debug.stopped(cell)).reason, "exception");
    await debug.go("continue");
    await debug.ended(cell);
    await debug.body("setExceptionBreakpoints", { filters: [] });
    await debug.ended(await debug.run("try {\n  throw new Error('y')\n} catch {}"));
  });
});
