import assert from "node:assert/strict";
import { AsyncLocalStorage } from "node:async_hooks";
import path from "node:path";
import { stripVTControlCharacters } from "node:util";
import { compiledFiles } from "../../../kernel/cells/compile/compiled-sources.js";
import { createCellEngine } from "../../../kernel/cells/create-cell-engine.js";
import { installStackTraces } from "../../../kernel/cells/errors/stack-frames.js";
import { traceback } from "../../../kernel/cells/errors/traceback.js";
import { failureOf } from "./failure-of.js";
import { notebookFolder } from "./sequences.js";

const folder = notebookFolder({
  "lib.ts":
    "export interface Unused { a: number }\n\nexport function fail(): never {\n  throw new Error('in the file');\n}\n",
  "bad.json": '{\n  "a": 1,\n}\n',
  "token.json": '{\n  "a": x\n}\n',
  "twice.ts": "export const z: number = 1;\nexport const z = 2;\n",
  "bad.ts": "export const fine = 1;\nexport const x: = 2;\n",
});

const failure = (...cells: string[]) => failureOf(folder, ...cells);

describe("Traceback", () => {
  it("points into a local JSON file, and at what only V8 objects to in a local module", async () => {
    const json = (await failure('import d from "./bad.json"; d')).lines;
    assert.match(json[1]!, /bad\.json:3:1$/);
    assert.match((await failure('import d from "./token.json"; d')).lines[1]!, /token\.json:2:8$/);
    const twice = (await failure('import "./twice.ts"')).lines;
    assert.match(twice[0]!, /'z' has already been declared$/);
    assert.match(twice[1]!, /twice\.ts:2:14$/);
  });

  it("names the `await` that an error of Node's callbacks came out of", async () => {
    const unzip =
      "import { promisify } from 'node:util'; import { gunzip } from 'node:zlib'; const bad = Buffer.from('x');";
    const places = (lines: readonly string[]) => lines.filter((line) => / {4}at /.test(line));
    const top = await failure(`${unzip}\nenum E { A }\nfor (const _ of [1])\n  await promisify(gunzip)(bad)`);
    assert.deepEqual(places(top.lines), ["    at Cell [1]:4:3"]);
    const inner = await failure(
      `${unzip}\nconst unzip = async () => await promisify(gunzip)(bad);`,
      "await 1;\nlet x = (await unzip()).length",
    );
    assert.deepEqual(places(inner.lines), ["    at Cell [2]:2:10"]);
    const thrown = await failure("await Promise.reject({ status: 5 })");
    assert.deepEqual(thrown.lines.slice(0, 2), ['Thrown: {"status":5}', "    at Cell [1]:1:1"]);
    const own = await failure("const fail = async () => { throw new Error('e') };\nawait fail()");
    assert.deepEqual(places(own.lines), ["    at fail Cell [1]:1:34", "    at Cell [1]:2:7"]);
    const later = await failure("await 1;\nthrow Object.assign(new Error('e'), { stack: 'Error: e' })");
    assert.deepEqual(places(later.lines), []);
  });

  it("names the cell, the line and the column, and shows the lines", async () => {
    const { ename, evalue, lines } = await failure(
      "const a: number = 1;\n\nif (a) {\n  throw new RangeError('too far');\n}",
    );
    assert.equal(ename, "RangeError");
    assert.equal(evalue, "too far");
    assert.deepEqual(lines, [
      "RangeError: too far",
      "    at Cell [1]:4:9",
      "    2 | ",
      "    3 | if (a) {",
      "  > 4 |   throw new RangeError('too far');",
      "      |         ^",
    ]);
  });

  it("shows what an error carries, and the name of its class", async () => {
    const { ename, lines } = await failure(
      "class HttpError extends Error { status = 404; body = Buffer.from('not here'); constructor(readonly details: object) { super('no page') } }",
      "throw new HttpError({ path: '/a', deep: { deeper: { deepest: 1 } } })",
    );
    assert.equal(ename, "HttpError");
    assert.equal(lines[0], "HttpError: no page");
    assert.match(
      lines.join(" "),
      /\{\s+details: \{ path: '\/a', deep: \[Object\] \},\s+status: 404,\s+body: 'not here'\s+\}$/,
    );
    for (const code of [
      "await (await import('node:fs/promises')).readFile('nowhere')",
      "require('node:assert').equal(1, 2)",
      "throw Object.defineProperty(new Error('e'), 'p', { get() { throw new Error('getter') }, enumerable: true })",
      "const e = new Error('long'); throw Object.assign(e, { self: e, list: Array(1e5).fill('x'.repeat(1e4)) })",
    ]) {
      const found = await failure(code);
      assert.ok(found.lines.length < 40 && found.lines.every((line) => line.length < 400), code);
      assert.doesNotMatch(found.lines.join("\n"), /errno:|generatedMessage/);
    }
  });

  it("shows of an error of the library no more than it says", async () => {
    const { ename, lines } = await failure("await (await import('loadlab')).loadModel('/nowhere.h5')");
    assert.equal(ename, "LoadError", lines.join("\n"));
    assert.doesNotMatch(lines.join("\n"), /report:|steps:/);
  });

  it("names the cell where the compiler's own import fails", async () => {
    const { lines } = await failure("const view = <b>text</b>");
    assert.match(lines[0]!, /Cannot find package 'react\/jsx-runtime'/);
    assert.deepEqual(lines.slice(1), ["    at Cell [1]"]);
  });

  /** What a cell's error is in the kernel, whose stacks are its own. */
  async function inKernel<Result>(run: () => Promise<Result>): Promise<Result> {
    const { prepareStackTrace, stackTraceLimit } = Error;
    installStackTraces();
    try {
      return await run();
    } finally {
      Object.assign(Error, { prepareStackTrace, stackTraceLimit });
    }
  }

  it("leaves out of a printed stack how the kernel runs a cell", async () => {
    const engine = createCellEngine({ folder });
    const { value } = await inKernel(() =>
      new AsyncLocalStorage().run({}, () =>
        engine.run({ code: "new Error('printed').stack", executionCount: 1 }),
      ),
    );
    assert.match(String(value), /^Error: printed\n {4}at Cell \[1\]:1:1(\n|$)/);
    assert.doesNotMatch(String(value), /AsyncLocalStorage/);
  });

  it("names the cell of an operation of TensorFlow.js that fails, whose own calls are many", async () => {
    const cell = 'import { tf } from "loadlab";\ntf.add(tf.ones([2, 3]), tf.ones([4]))';
    const { lines } = await inKernel(() => failure(cell));
    assert.equal(lines.filter((line) => /node_modules.@tensorflow/.test(line)).length, 3);
    assert.ok(lines.includes("    at Cell [1]:2:4"), lines.join("\n"));
    const tried = cell.replace("\n", "\ntry { ");
    const printed = await inKernel(() =>
      failure(`${tried} } catch (e) { throw new Error(e.stack.match(/Cell .*/)?.[0]) }`),
    );
    assert.match(printed.evalue, /^Cell \[1\]:2:\d+/);
  });

  it("names the cell of each function, innermost first", async () => {
    const { lines } = await failure(
      "interface A { a: 1 }\nfunction inner(a: A) { throw new Error('deep') }",
      "const outer = () => inner({ a: 1 })",
      "1;\nouter()",
    );
    assert.deepEqual(
      lines.filter((line) => line.includes(" at ")),
      ["    at inner Cell [1]:2:30", "    at outer Cell [2]:1:21", "    at Cell [3]:2:1"],
    );
  });

  it("keeps the lines of a cell apart from those of its user expressions", async () => {
    const engine = createCellEngine({ folder });
    await engine.run({ code: "\nfunction late() { throw new Error('late') }", executionCount: 901 });
    await engine.run({ code: "1 +\n1 +\n1", executionCount: 901, expression: "a/b" });
    await assert.rejects(engine.run({ code: "late()", executionCount: 902 }), (error) =>
      /at late Cell \[901\]:2:25/.test(stripVTControlCharacters(traceback(error).traceback.join("\n"))),
    );
    await assert.rejects(
      engine.run({ code: "\nnot.there", executionCount: 902, expression: "a/b" }),
      (error) =>
        /Cell \[902\], user expression a\/b:2:1/.test(
          stripVTControlCharacters(traceback(error).traceback.join("\n")),
        ),
    );
  });

  it("keeps the lines of the latest cells, and of older ones whose names are in use", async () => {
    const engine = createCellEngine({ folder });
    await engine.run({ code: "\nfunction old() { throw new Error('old') }", executionCount: 1001 });
    for (let n = 1002; n <= 2600; n++) await engine.run({ code: `var again = ${n}`, executionCount: n });
    const kept = compiledFiles().filter((file) => file.startsWith(folder));
    assert.ok(kept.length >= 1000 && kept.length <= 1200, String(kept.length));
    await assert.rejects(engine.run({ code: "old()", executionCount: 2601 }), (error) =>
      /at old Cell \[1001\]:2:24/.test(stripVTControlCharacters(traceback(error).traceback.join("\n"))),
    );
  });

  it("is coloured", async () => {
    const { colored } = await failure("throw new Error('red')");
    assert.ok(colored[0]!.startsWith("\u001b[1mError\u001b[0m"), JSON.stringify(colored[0]));
  });

  it("underlines the place at fault, and shows of a long line the part around it", async () => {
    const { lines, colored } = await failure(
      `const a = "${"x".repeat(100)}"; nowhere(a); "${"y".repeat(100)}"`,
    );
    const shown = lines.findIndex((line) => line.includes("> 1 |"));
    assert.match(lines[shown]!, /> 1 \| …x+"; nowhere\(a\); "y+…$/);
    assert.ok(lines[shown]!.length < 100, lines[shown]);
    assert.equal(lines[shown + 1]!.indexOf("^"), lines[shown]!.indexOf("nowhere"));
    assert.ok(colored.some((line) => line.includes("\u001b[4mnowhere\u001b[0m(a)")));
  });

  it("shows calls at the same place once", async () => {
    const { lines } = await failure(
      "function down(n: number): number {\n  if (n === 0) throw new Error('bottom');\n  return down(n - 1);\n}\ndown(30)",
    );
    assert.equal(lines.filter((line) => line.includes("Cell [1]:3:10")).length, 1, lines.join("\n"));
    assert.ok(lines.some((line) => /and \d+ more calls at the same place/.test(line)));
  });

  it("has the calls of an error whatever a cell makes of stacks", async () => {
    const { lines } = await failure(
      "Error.prepareStackTrace = () => { throw 1 }",
      "try { throw new TypeError('x') } finally { Error.prepareStackTrace = undefined }",
    );
    assert.ok(lines.includes("    at Cell [2]:1:13"), lines.join("\n"));
  });

  it("tells that a cell has no arguments, as its functions do", async () => {
    const { evalue, lines } = await failure(
      "function count(..._: unknown[]) { return (() => arguments.length)() }\nif (count(1, 2) !== 2) throw new Error('wrong')\narguments",
    );
    assert.equal(evalue, "arguments is not defined");
    assert.match(lines.at(-1)!, /Only inside a function/);
  });

  it("counts lines as the user does below a magic", async () => {
    const engine = createCellEngine({ folder });
    const run = engine.run({ code: "\nthrow new Error('x')", executionCount: 7, lineOffset: 3 });
    const error = await run.catch((thrown: unknown) => thrown);
    assert.match(
      stripVTControlCharacters(traceback(error).traceback.join("\n")),
      /at Cell \[7\]:5:7\n.*\n {2}> 5 \| throw/,
    );
  });

  it("follows an await", async () => {
    const { lines } = await failure(
      "async function load() { await null; throw new Error('later') }",
      "\nawait load()",
    );
    assert.deepEqual(
      lines.filter((line) => line.includes(" at ")),
      ["    at load Cell [1]:1:43", "    at Cell [2]:2:1"],
    );
  });

  it("shows the lines of a local TypeScript file", async () => {
    const { lines } = await failure("import { fail } from './lib'\nfail()");
    assert.deepEqual(lines.slice(0, 5), [
      "Error: in the file",
      `    at fail ${path.join(folder, "lib.ts")}:4:9`,
      "    2 | ",
      "    3 | export function fail(): never {",
      "  > 4 |   throw new Error('in the file');",
    ]);
  });

  it("points into the cell for a syntax error", async () => {
    const { ename, evalue, lines } = await failure("const ok = 1;\nlet y: = 5;");
    assert.equal(ename, "SyntaxError");
    assert.equal(evalue, "Type expected.");
    assert.deepEqual(lines, [
      "SyntaxError: Type expected.",
      "    at Cell [1]:2:8",
      "  > 2 | let y: = 5;",
      "      |        ^",
    ]);
  });

  it("points at what only V8 objects to", async () => {
    const { lines } = await failure("const ok = 1;\nfunction f(a) {\n  let a = 2;\n}");
    assert.deepEqual(lines.slice(0, 3), [
      "SyntaxError: Identifier 'a' has already been declared",
      "    at Cell [1]:3:7",
      "  > 3 |   let a = 2;",
    ]);
  });

  it("points into a local file that does not parse", async () => {
    const { lines } = await failure("import './bad'");
    assert.deepEqual(lines.slice(0, 3), [
      "SyntaxError: Type expected.",
      `    at ${path.join(folder, "bad.ts")}:2:17`,
      "  > 2 | export const x: = 2;",
    ]);
  });

  it("points at an import that fails", async () => {
    const { lines } = await failure("1;\nimport x from 'no-such-package'");
    assert.match(lines[0]!, /Cannot find package 'no-such-package' .* %npm install no-such-package$/);
    assert.deepEqual(lines.slice(1, 4), [
      "    at Cell [1]:2:1",
      "    1 | 1;",
      "  > 2 | import x from 'no-such-package'",
    ]);
  });

  it("speaks of names, not of the code behind them", async () => {
    assert.equal((await failure("let f = 1; f()")).evalue, "f is not a function");
    assert.equal((await failure("let f = 1", "f(2)")).evalue, "f is not a function");
    for (const [cell, message] of [
      ["JSON.pars('x')", "JSON.pars is not a function"],
      ["console.log(1); console.lgo(1)", "console.lgo is not a function"],
      ["const a = 1; (() => Math.max.foo(a))()", "Math.max.foo is not a function"],
      ["Object\n  .keys({}); JSON['pars']()", "JSON.pars is not a function"],
      ["JSON?.pars()", "JSON?.pars is not a function"],
      ["new Intl.Foo()", "Intl.Foo is not a constructor"],
      ["Math()", "Math is not a function"],
      ["[...Math]", "Math is not iterable"],
      ["console\n  .lgo()", "(intermediate value).lgo is not a function"],
      ["for await (const x of Math) x", "Math is not async iterable"],
      ["for await (const x of Object.keys) x", "Object.keys is not async iterable"],
      ["for await (const x of Object.create(null)) x", "Object.create(...) is not async iterable"],
    ] as const)
      assert.equal((await failure(cell)).evalue, message, cell);
    assert.equal((await failure("let f = 1; new f()")).evalue, "f is not a constructor");
    assert.equal(
      (await failure("let f = 1; [...f]")).evalue.replace(/^Spread syntax.*/, "f is not iterable"),
      "f is not iterable",
    );
    assert.equal((await failure("let a = null; a.b")).evalue, "Cannot read properties of null (reading 'b')");
  });

  it("says it so to the cell that catches it", async () => {
    for (const cell of [
      "let said; try { gone() } catch (e) { said = e.message }\nthrow said",
      "const said = await Promise.resolve().then(() => gone()).catch((e) => e.message)\nthrow said",
      "const said = await Promise.resolve().then(() => gone()).then(null, function (e) { return e.message })\nthrow said",
      "const said = await (async () => gone())().catch(async ({ ...e }) => 'gone is not a function')\nthrow said",
    ])
      assert.equal((await failure("let gone", cell)).evalue, "gone is not a function", cell);
    const frozen = "try { throw Object.freeze(new Error('$_x')) } catch (e) { throw e.message }";
    assert.equal((await failure(frozen)).evalue, "$_x");
  });

  it("shows a code that the message does not have", async () => {
    const shown = async (code: string) => (await failure(code)).lines.at(-1);
    assert.equal(
      await shown("throw Object.assign(new Error('duplicate key'), { code: '23505' })"),
      "    { code: '23505' }",
    );
    assert.match((await shown("await (await import('node:fs')).promises.stat('/no/such')"))!, /\^$/);
    assert.match((await shown("Buffer.alloc('x')"))!, /\^$/);
  });

  it("says where a value was thrown that is no error", async () => {
    const place = ({ lines }: { readonly lines: readonly string[] }) =>
      lines.find((line) => / at /.test(line))?.trim();
    for (const [cell, expected] of [
      ['1\n  throw "x"', "at Cell [1]:2:3"],
      ["function f(): never { throw undefined }\nf()", "at Cell [1]:1:23"],
      ["const f = async () => {\n  await null; throw await 1, 2 }\nawait f()", "at Cell [1]:2:15"],
      ["try { throw 1 } catch (e) { throw `${e}` }", "at Cell [1]:1:29"],
      ["const x = 1\nawait Promise.reject('y')", "at Cell [1]:2:1"],
    ] as const)
      assert.equal(place(await failure(cell)), expected, cell);
    assert.equal(place(await failure("function f() { throw 1 }", "f()")), "at Cell [1]:1:16");
    assert.equal(
      place(await failure("try { throw 1 } catch {}", "Reflect.ownKeys; await 1; throw 1")),
      "at Cell [2]:1:27",
    );
  });

  it("keeps causes", async () => {
    const { lines } = await failure(
      "throw new Error('outer', { cause: new TypeError('inner', { cause: 'text' }) })",
    );
    const headings = lines.filter((line) => /^\S/.test(line));
    assert.deepEqual(headings, ["Error: outer", "Caused by TypeError: inner", "Caused by Thrown: text"]);
  });

  it("ends at a cause that is its own cause", async () => {
    const { lines } = await failure("const e = new Error('loop'); e.cause = e; throw e");
    assert.deepEqual(
      lines.filter((line) => /^\S/.test(line)),
      ["Error: loop", "Caused by Error: loop (shown above)"],
    );
  });

  it("keeps the members of an AggregateError", async () => {
    const { lines } = await failure(
      "await Promise.any([Promise.reject(new Error('one')), Promise.reject(2)])",
    );
    assert.deepEqual(
      lines.filter((line) => /^(?:\S| {2}\[)/.test(line)),
      ["AggregateError: All promises were rejected", "  [0] Error: one", "  [1] Thrown: 2"],
    );
  });

  for (const [code, evalue] of [
    ["throw 'text'", "text"],
    ["throw 42", "42"],
    ["throw null", "null"],
    ["throw undefined", "undefined"],
    ["throw { a: 1 }", '{"a":1}'],
    ["throw Object.create(null)", "{}"],
    ["throw Symbol('s')", "Symbol(s)"],
  ] as const)
    it(`shows ${code}`, async () => {
      const thrown = await failure(code);
      assert.equal(thrown.ename, "Thrown");
      assert.equal(thrown.evalue, evalue);
    });

  it("survives an error whose properties throw", async () => {
    const { ename } = await failure(
      "throw Object.defineProperty(new Error('x'), 'message', { get() { throw new Error('no') } })",
    );
    assert.equal(ename, "Error");
  });

  it("keeps an error's own name", async () => {
    const { ename } = await failure(
      "class ShapeError extends Error { override name = 'ShapeError' }",
      "throw new ShapeError('3 != 4')",
    );
    assert.equal(ename, "ShapeError");
  });

  it("shows a bounded number of frames", async () => {
    const { lines } = await failure("const f = (): never => f()", "f()");
    assert.ok(lines.length < 120, String(lines.length));
  });

  for (const [name, code, ename, evalue] of [
    ["a bigint", "throw 10n", "Thrown", "10n"],
    [
      "an object with a circle",
      "const o: any = { a: 1n }; o.o = o; throw o",
      "Thrown",
      "<ref *1> { a: 1n, o: [Circular *1] }",
    ],
    [
      "a proxy that was revoked",
      "const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); throw proxy",
      "Thrown",
      "<Revoked Proxy>",
    ],
    [
      "an error with a cause that fails",
      "throw Object.defineProperty(new Error('x'), 'cause', { get() { throw 1 } })",
      "Error",
      "x",
    ],
  ] as const)
    it(`tells ${name}`, async () => {
      const found = await failure(code);
      assert.deepEqual([found.ename, found.evalue], [ename, evalue]);
    });

  it("names the import of a module that Node cannot read", async () => {
    const { lines } = await failure("const a = 1\nimport 'data:text/javascript,let x = ;'");
    assert.match(lines.join("\n"), /at Cell \[1\]:2:1/);
  });

  it("says that a cell is nested too deeply", async () => {
    const { ename, evalue } = await failure(`let before = 1;\n${"1 + ".repeat(20_000)}1`);
    assert.equal(ename, "SyntaxError");
    assert.match(evalue, /Nested too deeply/);
  });
});
