import assert from "node:assert/strict";
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
      assert.match((await debug.body("exceptionInfo", { threadId: 1 })).exceptionId, /Error$/);
      await debug.go("continue");
      for (;;) {
        const { stop, end } = await debug.next(cell); // an async function throws once more, to who awaits it
        if (end) return assert.equal(end.reply.content.status, "error");
        assert.equal(stop.reason, "exception");
        await debug.go("continue");
      }
    });

  it("stops at all of them when asked to", async () => {
    await debug.body("setExceptionBreakpoints", { filters: ["all"] });
    const cell = await debug.run("try {\n  throw new Error('x')\n} catch {}");
    assert.equal((await debug.stopped(cell)).reason, "exception");
    await debug.go("continue");
    await debug.ended(cell);
    await debug.body("setExceptionBreakpoints", { filters: [] });
    await debug.ended(await debug.run("try {\n  throw new Error('y')\n} catch {}"));
  });
});
