import assert from "node:assert/strict";
import { createCellEngine } from "../../../kernel/cells/create-cell-engine.js";
import { notebook } from "./notebook.js";

describe("runCell", () => {
  it("gives a cell without magics to the engine", async () => {
    const { run, scope } = notebook();
    assert.deepEqual(await run("const a = 20;\na + 1"), { hasValue: true, value: 21 });
    assert.equal(scope["a"], 20);
  });

  it("runs code and magics of one cell in order", async () => {
    const { run, shown } = notebook();
    const result = await run("const a = 1;\n%lsmagic\na + 1");
    assert.deepEqual(result, { hasValue: true, value: 2 });
    for (const line of [
      /^%load_model +Opens/m,
      /^%lsmagic +Lists/m,
      /^%%register_custom +the same for a whole cell/m,
    ]) {
      assert.match(shown.stdout, line);
    }
  });

  it("breaks what magics say of themselves at words, within 80 columns", async () => {
    for (const line of ["%lsmagic", "%load_model -h", "%compare -h", "%environment -h"]) {
      const { run, shown } = notebook();
      await run(line);
      for (const printed of shown.stdout.split("\n")) assert.ok(printed.length <= 80, printed);
    }
    const { run, shown } = notebook();
    await run("%load_model -h");
    assert.match(shown.stdout, /^%load_model PATH .*\n {4}(\[--[\w-]+( \w+)?\] ?)+\n\n {2}Opens/);
  });

  it("counts the lines of code behind a magic as the user does", async () => {
    const { run } = notebook();
    await assert.rejects(run("%lsmagic\n\nthrow new Error('here')"), (error: Error) => {
      assert.equal(error.message, "here");
      return true;
    });
    await assert.rejects(run("%lsmagic\n\nconst = 1"), { name: "SyntaxError", line: 3 });
  });

  for (const question of ["%step -h", "%step --help", "%step?", "?%step"]) {
    it(`answers ${question} from the description`, async () => {
      const { run, shown } = notebook();
      await run(question);
      assert.match(shown.stdout, /^%step \[--of WORD\] \[ACTION\] \[WHAT\]\n\n {2}Goes on with the load/);
      assert.match(shown.stdout, /%step undo/);
    });
  }

  for (const [code, message] of [
    [
      "%lod_model a.h5",
      /There is no magic %lod_model. Did you mean %load_model\? %lsmagic lists all of them/,
    ],
    ["%pip install numpy", /There is no magic %pip. Packages come from npm here: %npm install NAME\./],
    ["%%capture out\n1", /There is no magic %capture. What a program prints: execSync/],
    ["%%html\n<b>x</b>", /There is no magic %html. A cell shows HTML by html`/],
    ["%%step", /%step takes one line: type it with one percent sign/],
    ["%step shw", /ACTION is one of .*; "shw" is not. Did you mean show\?/],
    ["%explain X99", /there is no page for X99\..* %explain alone lists all/],
    ["%step", /No model is being loaded. %load_model PATH opens one/],
    ["%summary nothing", /%summary: there is no variable nothing/],
    ["%register_custom A =", /is missing behind the equals sign/],
    ["%register_custom A class", /an equals sign belongs between the name and "class"/],
  ] as const) {
    it(`says what to type instead of ${code}`, async () => {
      await assert.rejects(notebook().run(code), { name: "UsageError", message });
    });
  }

  it("keeps the notebooks of one process apart", async () => {
    const engine = createCellEngine({ folder: process.cwd() });
    assert.equal((await notebook(engine).run("var shared = 1; shared")).value, 1);
    assert.equal((await notebook().run("typeof shared")).value, "undefined");
  });
});
