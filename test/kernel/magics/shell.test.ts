import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { createCellEngine } from "../../../kernel/cells/create-cell-engine.js";
import { interruptCommands } from "../../../kernel/magics/run-command.js";
import { processFamily } from "../../../kernel/process-tree.js";
import { notebookFolder } from "../cells/sequences.js";
import { notebook } from "./notebook.js";

describe("Magics that run programs and code", () => {
  const folder = notebookFolder({
    "lib.ts": "export let calls = 0;\nexport function version() { calls++; return 1 }\n",
    "user.ts": "import { version } from './lib';\nexport const twice = () => version() * 2;\n",
    "local-package/package.json": `{ "name": "local-package", "version": "1.0.0", "main": "main.js" }`,
    "local-package/main.js": "exports.answer = 42",
  });
  const open = () => notebook(createCellEngine({ folder }), folder);
  after(() => fs.rmSync(folder, { recursive: true }));

  it("!command and %bash run in the notebook's folder", async () => {
    const { run, shown } = open();
    await run("!ls lib.ts");
    await run("%bash echo $((1 + 1)); echo err >&2");
    assert.equal(shown.stdout, "lib.ts\n2\nerr\n");
  });

  it("a command takes variables in braces, and leaves the shell its own", async () => {
    const { run, shown } = open();
    await run("const file = 'lib.ts', n = 2, files = [{ name: 'a' }], print = () => 1, none = null;");
    await run("!echo {file} {n} {files[0].name}-{undeclared} ${n}{1,2} { file } $(echo x | awk '{print}')");
    await run("%bash ls {file}");
    await run("%%bash\necho {file}");
    assert.equal(shown.stdout, "lib.ts 2 a-{undeclared} 1 2 { file } x\nlib.ts\n{file}\n");
    await assert.rejects(run("!ls {files}"), /\{files\} in a command is .* an array .*: \{ files \}\.$/);
    await assert.rejects(run("!ls {files[3].name}"), /is undefined here/);
    await assert.rejects(run("!ls {none}"), /is null here/);
  });

  it("%%bash runs its body", async () => {
    const { run, shown } = open();
    await run("%%bash\nfor i in 1 2; do\n  echo $i\ndone");
    assert.equal(shown.stdout, "1\n2\n");
  });

  it("says how a command ended", async () => {
    const { run } = open();
    await assert.rejects(run("!exit 3"), /ended with code 3/);
    await assert.rejects(run("!kill -9 $$"), /ended by SIGKILL/);
    await assert.rejects(run("!no-such-program"), /ended with code 127/);
  });

  it("an interrupt ends a command and all it started before it lets go", async () => {
    const { run } = open();
    const begun = run("%%bash\n(sleep 60; true)\ntrue");
    begun.catch(() => {});
    while (processFamily(process.pid).length < 4) await new Promise((resolve) => setTimeout(resolve, 10));
    interruptCommands(); // with nothing of it left to do later, which a second interrupt would cut
    await assert.rejects(begun, /ended by SIGINT|ended with code 130/);
  });

  it("! stays TypeScript's negation", async () => {
    const { run } = open();
    assert.equal((await run("const x = true\n!(x)")).value, false);
    assert.equal((await run("const s = `\n!ls\n`; s.length")).value, 5);
    assert.equal((await run("[1].filter(v =>\n!v).length")).value, 0);
  });

  it("%time and %%time run code, keep its value and its places", async () => {
    const { run, shown } = open();
    assert.equal((await run("%time 1 + 1")).value, 2);
    assert.match(shown.stdout, /^Wall time: .* CPU: .*\n$/);
    assert.equal((await run("%%time\nconst timed = 5;\ntimed * 2")).value, 10);
    assert.equal((await run("timed")).value, 5);
    await assert.rejects(run("%%time\n\nlet y: = 1"), { line: 3 });
    await assert.rejects(run("%time"), /needs code/);
  });

  it("%timeit and %%timeit run code many times, and its names stay inside", async () => {
    const { run, shown } = open();
    await run(
      "let calls = 0; let waiting = 0; let most = 0; const late = async () => { most = Math.max(most, ++waiting); await 0; waiting--; }",
    );
    await run("%timeit -n 10 -r 3 calls++;");
    assert.equal((await run("calls")).value, 30);
    assert.match(
      shown.stdout,
      /^\S+ [nµm]s ± \S+ [nµm]s once \(mean ± deviation of 3 runs, 10 times each; fastest /,
    );
    await run("%%timeit -n 2 -r 1\nconst inside = 2;\ncalls += inside;");
    assert.equal((await run("calls + typeof inside")).value, "34undefined");
    await run("%timeit -n 5 -r 1 late()");
    assert.equal((await run("most")).value, 1, "a promise is waited for");
    await run("%timeit -n 2 -r 1 for (const by of [1, 2]) calls += await by");
    assert.equal((await run("calls")).value, 40);
    await assert.rejects(run("%%timeit\n\nlet y: = 1"), { line: 3 });
    await assert.rejects(run("%timeit -n 1.5 calls"), /-n is a whole number from 1, not 1\.5/);
    await assert.rejects(run("%timeit"), /needs code/);
  });

  it("%timeit takes as many times as make a run long enough", async () => {
    const { run, shown } = open();
    await run("%timeit -r 1 await new Promise((done) => setTimeout(done, 30))");
    assert.match(shown.stdout, /of 1 run, (5|10) times each/);
  });

  it("%whos lists variables, their types and values, and runs none of their code", async () => {
    const { run, shown } = open();
    await run("%whos");
    assert.match(shown.stdout, /No cell has declared a variable yet/);
    await run(
      "const list = [1, 2, 3]; let text = 'a'.repeat(300), nothing = null; class Net { get x() { throw 1 } }; const net = new Net()",
    );
    shown.stdout = "";
    await run("%whos");
    const lines = shown.stdout.split("\n");
    assert.match(lines[0]!, /^Variable +Type +Value$/);
    assert.match(lines[1]!, /^list +Array\(3\) +\[1, 2, 3\]$/);
    assert.match(lines[2]!, /^text +string +"a+…$/);
    assert.ok(lines.every((line) => line.length <= 80));
    assert.match(shown.stdout, /^net +Net +Net \{\}$/m);
    shown.stdout = "";
    await run("%whos array");
    assert.match(shown.stdout, /^Variable.*\nlist .*\n$/);
    await run("%whos Tensor");
    assert.match(shown.stdout, /No variable's type begins with tensor\.\n$/);
  });

  it("%npm install makes a package importable at once", async function () {
    this.timeout(60_000);
    const { run, shown } = open();
    await assert.rejects(run("import { answer } from 'local-package'"), /%npm install local-package/);
    await run("%npm install ./local-package");
    assert.match(shown.stdout, /package\.json/);
    assert.equal((await run("import { answer } from 'local-package'\nanswer")).value, 42);
    await assert.rejects(run("%npm no-such-command"), /ended with code/);
  });

  it("%autoreload takes up edited files and keeps the notebook's values", async () => {
    const { run, shown } = open();
    const edit = (text: string) => {
      fs.writeFileSync(path.join(folder, "lib.ts"), text);
      const later = new Date(Date.now() + 5000 * ++edits);
      fs.utimesSync(path.join(folder, "lib.ts"), later, later);
    };
    let edits = 0;
    await run("import { version } from './lib'; import { twice } from './user'; let kept = 'kept'");
    assert.deepEqual((await run("[version(), twice()]")).value, [1, 2]);
    edit("export function version() { return 10 }\n");
    assert.deepEqual((await run("[version(), twice()]")).value, [1, 2]);
    await run("%autoreload");
    assert.match(shown.stdout, /Loaded again: lib\.ts/);
    assert.deepEqual((await run("[version(), twice(), kept]")).value, [10, 20, "kept"]);
    await run("%autoreload on");
    edit("export function version() { return 100 }\n");
    assert.deepEqual((await run("[version(), twice()]")).value, [100, 200]);
    edit("export function version( { return 1 }\n");
    await assert.rejects(run("version()"), { name: "SyntaxError" });
    edit("export function version() { return 7 }\n");
    assert.equal((await run("version()")).value, 7);
    await run("%autoreload off");
    edit("export function version() { return 8 }\n");
    assert.equal((await run("version()")).value, 7);
  });
});
