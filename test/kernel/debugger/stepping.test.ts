import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { executeContent, streamText, type TestClient } from "../client.js";
import { type DebugClient, startDebugging } from "./debug-client.js";

const ADD = `function add(a: number, b: number): number {
  const sum: number = a + b;
  return sum;
}
let total = 10;
for (let i = 0; i < 2; i++) {
  total += add(i, 1);
}
await null;
const done = total;
console.log(done);`;

describe("debugger: breakpoints and steps", function () {
  this.timeout(60_000);
  let client: TestClient;
  let debug: DebugClient;
  let stop: () => Promise<void>;

  before(async () => {
    ({ client, debug, stop } = await startDebugging());
    await debug.turnOn();
  });
  after(() => stop());

  it("stops at a line of a function, in the user's lines, with names as written", async () => {
    const cell = await debug.run(ADD, [{ line: 2 }]);
    const stop = await debug.stopped(cell);
    assert.equal(stop.reason, "breakpoint");
    assert.deepEqual(await debug.frames(), ["add:2", "(cell):7"]);
    const scopes = await debug.scopes();
    assert.deepEqual(scopes["Local (add)"], { a: "0", b: "1", sum: "undefined" });
    assert.equal(scopes["Globals"]!["total"], "10");
    assert.equal(await debug.evaluate("a + total + (b as number)"), "11");
    await debug.go("next");
    await debug.stopped(cell);
    assert.deepEqual(await debug.frames(), ["add:3", "(cell):7"]);
    assert.equal(await debug.evaluate("sum"), "1");
    await debug.go("stepOut");
    await debug.stopped(cell);
    assert.equal((await debug.frames()).length, 1);
    await debug.go("continue");
    await debug.stopped(cell);
    assert.deepEqual((await debug.scopes())["Local (add)"], { a: "1", b: "1", sum: "undefined" });
    assert.equal(
      (await debug.scopes(2))["Globals"]!["total"],
      "11",
      "a loop's variables are not kept elsewhere",
    );
    await debug.go("continue");
    assert.equal(streamText((await debug.ended(cell)).published), "13\n");
  });

  it("steps over an await, line by line", async () => {
    const cell = await debug.run(ADD, [{ line: 9 }]);
    await debug.stopped(cell);
    for (const line of [10, 11]) {
      await debug.go("next");
      assert.equal((await debug.stopped(cell)).reason, "step");
      assert.deepEqual(await debug.frames(), [`(cell):${line}`]);
    }
    await debug.go("next");
    await debug.ended(cell);
    await debug.ended(client.send("execute_request", executeContent("1 + 1"))); // the step does not go on there
  });

  it("shows who awaits the code that is stopped, up to the cell", async () => {
    const code = `async function outer() {
  return (await inner()) + 1;
}
async function inner() {
  await new Promise((resolve) => setTimeout(resolve, 1));
  return 1;
}
await outer();`;
    const cell = await debug.run(code, [{ line: 6 }]);
    await debug.stopped(cell);
    assert.deepEqual(await debug.frames(), ["inner:6", "outer ← await:2", "(cell) ← await:8"]);
    assert.deepEqual(Object.keys(await debug.scopes(2)), ["Globals"]);
    const { success, message } = await debug.ask("evaluate", { expression: "1", frameId: 2 });
    assert.equal(success, false);
    assert.match(message, /outer is not running now.*breakpoint behind line 2/);
    await debug.go("continue");
    await debug.ended(cell);
  });

  it("a step from a yield goes to whoever asked for the value", async () => {
    const code = `function* count() {
  const said: unknown = yield 1;
  yield Number(said);
}
const counted = count();
counted.next();
const behind = 5;
void behind;`;
    for (const step of ["next", "stepIn"] as const) {
      const cell = await debug.run(code, [{ line: 2 }]);
      await debug.stopped(cell);
      await debug.go(step);
      await debug.stopped(cell);
      assert.deepEqual(await debug.frames(), ["(cell):7"], step);
      await debug.go("next");
      await debug.stopped(cell);
      assert.deepEqual(await debug.frames(), ["(cell):8"], step);
      await debug.go("continue");
      await debug.ended(cell);
    }
  });

  it("looks at the notebook's variables without side effects", async () => {
    await client.execute("let early = [1, 2];");
    const cell = await debug.run("let here = { n: 1 };\nvoid here;", [{ line: 2 }]);
    await debug.stopped(cell);
    const hover = (expression: string) => debug.ask("evaluate", { expression, frameId: 1, context: "hover" });
    assert.equal((await hover("here.n + early.length")).body.result, "3");
    assert.equal((await hover("here.n++")).success, false);
    assert.equal(await debug.evaluate("here.n"), "1");
    await debug.go("continue");
    await debug.ended(cell);
  });

  it("says why nothing can be awaited while stopped", async () => {
    const cell = await debug.run("const here = 1;\nvoid here;", [{ line: 2, condition: "await here" }]);
    assert.match((await debug.stopped(cell)).text, /await is not to be had while the program is stopped/);
    assert.equal(await debug.evaluate("typeof (async () => await 1)"), '"function"');
    await debug.go("continue");
    await debug.ended(cell);
  });

  it("says what to do instead of import() while stopped", async () => {
    const cell = await debug.run("const here = 1;\nvoid here;", [{ line: 2 }]);
    await debug.stopped(cell);
    const expression = 'import("node:fs")';
    const { message } = await debug.ask("evaluate", { expression, frameId: 1, context: "repl" });
    assert.match(message, /import\(\) is not to be had.*import the module in the cell/);
    await debug.go("continue");
    await debug.ended(cell);
  });

  it("moves a breakpoint to the next line with code, and says when there is none", async () => {
    const code = "// nothing\n\nconst moved = 1;\n// the end";
    await client.execute(code);
    const { sourcePath } = await debug.body("dumpCell", { code });
    const breakpoints = [{ line: 1 }, { line: 4 }];
    const answer = await debug.body("setBreakpoints", { source: { path: sourcePath }, breakpoints });
    assert.deepEqual(
      answer.breakpoints.map(({ line, verified }: { line: number; verified: boolean }) => [line, verified]),
      [
        [3, true],
        [4, false],
      ],
    );
  });

  it("stops under a condition, counts hits and prints messages", async () => {
    const code = "let acc = 0;\nfor (let i = 0; i < 10; i++) {\n  acc += i;\n}\nacc;";
    const cell = await debug.run(code, [
      { line: 3, condition: "i === 4 && (acc as number) > 0" },
      { line: 3, logMessage: "i={i} acc={acc} {[{ i }].map(({ i }) => i)[0]} \\{x\\}" },
      { line: 3, hitCondition: "% 9" },
    ]);
    await debug.stopped(cell);
    assert.equal(await debug.evaluate("[i, acc].join()"), '"4,6"');
    await debug.go("continue");
    await debug.stopped(cell);
    assert.equal(await debug.evaluate("i"), "8");
    await debug.go("continue");
    const { published } = await debug.ended(cell);
    assert.equal(
      streamText(published).split("\n").slice(0, 3).join("|"),
      "i=0 acc=0 0 {x}|i=1 acc=0 1 {x}|i=2 acc=1 2 {x}",
    );
  });

  it("stops where a condition fails, and says why", async () => {
    const cell = await debug.run("const hit = 1;", [{ line: 1, condition: "nope.length" }]);
    const { reason, text } = await debug.stopped(cell);
    assert.equal(reason, "breakpoint");
    assert.match(text, /condition.*nope is not defined/);
    await debug.go("continue");
    await debug.ended(cell);
  });

  it("stops at a debugger statement", async () => {
    const cell = await debug.run("let before: number = 1;\ndebugger;\nbefore;");
    await debug.stopped(cell);
    assert.deepEqual(await debug.frames(), ["(cell):2"]);
    await debug.go("continue");
    await debug.ended(cell);
  });

  it("steps into a function of an earlier cell and of a local file", async () => {
    const folder = mkdtempSync(join(tmpdir(), "loadlab-debug-"));
    const file = join(folder, "twice.ts");
    writeFileSync(
      file,
      "export type N = number;\nexport function twice(n: N): N {\n  const r: N = n * 2;\n  return r;\n}\n",
    );
    try {
      await client.execute(`// one line above\nfunction half(n: number) {\n  return n / 2;\n}`);
      await client.execute(`import { twice } from ${JSON.stringify(file)}`);
      const cell = await debug.run("const four = 4;\nhalf(twice(four));", [{ line: 2 }]);
      await debug.stopped(cell);
      await debug.go("stepIn");
      await debug.stopped(cell);
      assert.deepEqual(await debug.frames(), ["twice:3", "(cell):2"]);
      const { stackFrames } = await debug.body("stackTrace", { threadId: 1 });
      assert.equal(stackFrames[0].source.path, file);
      const source = await debug.body("source", { source: { path: file } });
      assert.match(source.content, /^export type N = number;/);
      await debug.go("stepOut");
      await debug.stopped(cell);
      await debug.go("stepIn");
      await debug.stopped(cell);
      assert.deepEqual(await debug.frames(), ["half:3", "(cell):2"]);
      await debug.go("continue");
      await debug.ended(cell);
      await debug.body("setBreakpoints", { source: { path: file }, breakpoints: [{ line: 4 }] });
      const again = client.send("execute_request", executeContent("twice(21)"));
      await debug.stopped(again);
      assert.deepEqual(await debug.frames(), ["twice:4", "(cell):1"]);
      await debug.go("continue");
      await debug.ended(again);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("stops in the parts of a cell between its magics, by the lines of the cell", async () => {
    const code = "const above = 1;\n%time 1 + 1\n\nconst below = above + 1;\nbelow;";
    const cell = await debug.run(code, [{ line: 1 }, { line: 4 }]);
    await debug.stopped(cell);
    assert.deepEqual(await debug.frames(), ["(cell):1"]);
    await debug.go("continue");
    await debug.stopped(cell);
    assert.deepEqual(await debug.frames(), ["(cell):4"]);
    await debug.go("continue");
    await debug.ended(cell);
  });

  it("stops in a timer that outlives its cell", async () => {
    const code = "setTimeout(() => {\n  console.log('late');\n}, 50);";
    await debug.ended(await debug.run(code, [{ line: 2 }]));
    const waiting = client.send(
      "execute_request",
      executeContent("await new Promise((go) => setTimeout(go, 500))"),
    );
    await debug.stopped(waiting);
    assert.deepEqual(await debug.frames(), ["(anonymous):2", "(cell) ← Timeout:1"]);
    await debug.go("continue");
    await debug.ended(waiting);
  });

  it("pauses a loop", async () => {
    const cell = await debug.run("let spin = 0;\nwhile (spin >= 0) {\n  spin++;\n}");
    await new Promise((resolve) => setTimeout(resolve, 200));
    await debug.body("pause", { threadId: 1 });
    assert.equal((await debug.stopped(cell)).reason, "pause");
    assert.ok(Number(await debug.evaluate("spin")) > 0);
    assert.equal(await debug.evaluate("spin = -5"), "-5");
    await debug.go("continue");
    await debug.ended(cell);
  });

  it("pauses a cell that awaits, at what it does next", async () => {
    const cell = await debug.run(`let ticks = 0;
while (ticks >= 0) {
  await new Promise((go) => void setTimeout(go, 300));
  ticks++;
}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
    await debug.body("pause", { threadId: 1 });
    assert.equal((await debug.stopped(cell)).reason, "pause");
    assert.deepEqual(await debug.frames(), ["(cell):4"]);
    await debug.evaluate("ticks = -5");
    await debug.go("continue");
    await debug.ended(cell);
  });

  it("ends an expression that does not end", async () => {
    const cell = await debug.run("let turns = 0;\nturns++;\nturns", [{ line: 2 }]);
    await debug.stopped(cell);
    await assert.rejects(debug.evaluate("while (true) turns--"), /Ended after 10 seconds/);
    assert.ok(Number(await debug.evaluate("turns")) < 0);
    await debug.evaluate("turns = 5");
    await debug.go("continue");
    const { published } = await debug.ended(cell);
    assert.match(JSON.stringify(published.map(({ content }) => content)), /"text\/plain":"6"/);
  });
});
