import assert from "node:assert/strict";
import fs from "node:fs";
import { notebookFolder } from "../cells/sequences.js";
import { setTimeout as delay } from "node:timers/promises";
import type { TestClient } from "../client.js";
import { startKernel } from "../start-kernel.js";
import { startTslab } from "./tslab-kernel.js";

/** What cells say in both kernels: the output of the last one. */
const SAME: Readonly<Record<string, readonly string[]>> = {
  "a number": ["1 + 2"],
  "an object": ["({ a: 1, b: { c: [1, 2, 3] } })"],
  "a map": ["new Map([['k', 1]])"],
  "a class instance": ["class Point { x = 1; y = 2 }\nnew Point()"],
  "a value of an earlier cell": ["let a1 = 20", "a1 * 2"],
  "a function of an earlier cell": ["function f1(n: number) { return n + 1 }", "f1(41)"],
  "a constant that is declared again": ["const c1 = 1", "const c1 = 's'", "c1"],
  "a class that is declared again": ["class K1 { v = 1 }", "class K1 { v = 2 }", "new K1().v"],
  "another kind": ["let k2 = 1", "function k2() { return 'function' }", "k2()"],
  "an enum": ["enum Color { Red, Green = 'g' }", "[Color.Red, Color.Green]"],
  "an interface and a type": [
    "interface Shape1 { sides: number }\ntype Pair1<T> = [T, T]",
    "const p1: Pair1<Shape1> = [{ sides: 3 }, { sides: 4 }]\np1[1].sides",
  ],
  "a namespace": ["namespace N1 { export const v = 5 }", "N1.v"],
  destructuring: ["const { d1, ...d2 } = { d1: 1, x: 2, y: 3 }; let [d3 = 9] = []", "[d1, d2, d3]"],
  "top-level await": ["const w1 = await Promise.resolve(7)", "w1"],
  "a generator": ["function* g1() { yield 1; yield 2 }", "[...g1()]"],
  "an async function": ["async function s1() { return 's' }", "await s1()"],
  "an import": ["import * as path1 from 'path'", "path1.join('a', 'b')"],
  "a named import": ["import { join as join1 } from 'path'\njoin1('a', 'c')"],
  "a default import": ["import os1 from 'os'\ntypeof os1.cpus"],
  "a local file": ["import { twice } from './helper'\ntwice(4)"],
  "console.log": ["console.log('a', 1); console.log({ b: 2 })"],
  "a promise": ["Promise.resolve(1)"],
  "a declaration shows nothing": ["let quiet1 = 1"],
  "undefined shows nothing": ["undefined"],
  "assignment across cells": ["let as1 = 1", "as1 = 5", "as1"],
  "increment across cells": ["let in1 = 1", "in1++; in1"],
  "a closure's own state": ["const next1 = (() => { let n = 0; return () => ++n })()", "next1()", "next1()"],
  "a method decorated by nothing": [
    "class M1 { static s = 's'; #p = 1; get p() { return this.#p } }",
    "[M1.s, new M1().p]",
  ],
  "spread and optional chaining": ["const o1: { a?: { b: number } } = {}", "[o1.a?.b ?? 'none', ...[1]]"],
  "a template": ["const t1 = 'x'", "`${t1}-${1 + 1}`"],
  "typed arrays": ["new Uint8Array([1, 2])"],
  BigInt: ["10n ** 20n"],
  "regular expressions": ["'a1b2'.replace(/\\d/g, '')"],
  JSON: ["JSON.stringify({ a: [1] })"],
  "tslab's own display": ["import * as tslab1 from 'tslab'\ntslab1.display.text('shown')"],
};

/** tslab's reply names no error; it writes it to the log of the server. */
const FAILED = "failed, without saying why";

interface Difference {
  readonly cells: readonly string[];
  readonly tslab: RegExp;
  readonly loadlab: RegExp;
  readonly why: string;
}

const DIFFERENT: Readonly<Record<string, Difference>> = {
  "a string": {
    cells: ["'text'"],
    tslab: /^text$/,
    loadlab: /^'text'$/,
    why: "A result is quoted, so that it cannot be mistaken for what was printed.",
  },
  "a closure over a variable that changes": {
    cells: ["let v1 = 1; function see1() { return v1 }", "v1 = 5", "see1()"],
    tslab: /^1$/,
    loadlab: /^5$/,
    why: "A function sees the variable, not what it was when its cell ended.",
  },
  null: {
    cells: ["null"],
    tslab: /^null$|^$/,
    loadlab: /^null$/,
    why: "null is a value and is shown.",
  },
  "for await at the top level": {
    cells: [
      "async function* ag1() { yield 1; yield 2 }",
      "let sum1 = 0; for await (const n of ag1()) sum1 += n; sum1",
    ],
    tslab: /await|SyntaxError|async/,
    loadlab: /^3$/,
    why: "for await is top-level await too.",
  },
  "import attributes": {
    cells: ["import data1 from './data.json' with { type: 'json' }\ndata1.v"],
    tslab: /failed/,
    loadlab: /^1$/,
    why: "TypeScript 5.3 and newer know them; tslab has 5.0.",
  },
  using: {
    cells: ["{ using r1 = { [Symbol.dispose]() { console.log('disposed') } } }"],
    tslab: /failed/,
    loadlab: /^disposed$/,
    why: "TypeScript 5.2 and newer know it.",
  },
  "an ES module package": {
    cells: ["import { esm } from 'only-esm'\nesm"],
    tslab: /.*/s,
    loadlab: /^'esm'$/,
    why: "Packages load as ES modules; tslab requires them, which Node before 22.12 refuses.",
  },
  "types that exports alone name": {
    cells: ["import { measured } from 'typed-by-exports'\nmeasured(2)"],
    tslab: /failed/,
    loadlab: /^4$/,
    why: "Types are found by the exports map.",
  },
  "a type error": {
    cells: ["const te1: number = 'text' as any as string; te1"],
    tslab: /failed/,
    loadlab: /^'text'$/,
    why: "A cell with a type error runs and the error is noted below it; %typecheck strict refuses as tslab does.",
  },
  "an error": {
    cells: ["throw new RangeError('too far')"],
    tslab: /failed/,
    loadlab: /^RangeError: too far/,
    why: "The same error, told by an error message with the place in the cell; with tslab it is in the log of the server.",
  },
  "an object literal alone": {
    cells: ["{ a: 1, b: 2 }"],
    tslab: /.*/s,
    loadlab: /^\{ a: 1, b: 2 \}$/,
    why: "Braces that read as an object literal are one, as in Node's own console.",
  },
  "a nested object": {
    cells: ["({ a: { b: { c: { d: 1 } } } })"],
    tslab: /c: \[Object\]/,
    loadlab: /d: 1/,
    why: "Results are shown four levels deep.",
  },
  "%magic": {
    cells: ["%time 1 + 1"],
    tslab: /failed/,
    loadlab: /Wall time/,
    why: "tslab has no magics.",
  },
};

describe("tslab and this kernel, side by side", function () {
  this.timeout(60_000);
  const folder = notebookFolder({
    "helper.ts": "export function twice(n: number) { return n * 2 }",
    "data.json": `{ "v": 1 }`,
    "package.json": "{}",
    "node_modules/only-esm/package.json": `{ "name": "only-esm", "type": "module", "exports": "./m.js" }`,
    "node_modules/only-esm/m.js": "export const esm = 'esm'",
    "node_modules/typed-by-exports/package.json": `{ "name": "typed-by-exports", "exports": { ".": { "types": "./t.d.ts", "default": "./m.js" } } }`,
    "node_modules/typed-by-exports/t.d.ts": "export declare function measured(n: number): number;",
    "node_modules/typed-by-exports/m.js": "exports.measured = (n) => n * 2",
  });
  let theirs: Awaited<ReturnType<typeof startTslab>>;
  let ours: Awaited<ReturnType<typeof startKernel>>;
  const engine = new URL("../../../kernel/cells/index.js", import.meta.url).href;
  const home = process.cwd();

  before(async () => {
    theirs = await startTslab(folder);
    process.chdir(folder); // the notebook's folder is that of the kernel's process
    ours = await startKernel({ engine });
  });
  after(async () => {
    process.chdir(home);
    await Promise.all([theirs?.stop(), ours?.stop()]);
    fs.rmSync(folder, { recursive: true, force: true });
  });

  for (const [name, cells] of Object.entries(SAME))
    it(`the same: ${name}`, async () => {
      const own = await lastSaid(ours.client, cells);
      // How strings differ is a case of its own below.
      const plain = /^'[^']*'$/.test(own) ? own.slice(1, -1) : own;
      assert.equal(plain, await lastSaid(theirs.client, cells), cells.join("\n"));
    });

  for (const [name, { cells, tslab, loadlab, why }] of Object.entries(DIFFERENT))
    it(`different: ${name}. ${why}`, async () => {
      assert.match(await lastSaid(ours.client, cells), loadlab);
      assert.match(await lastSaid(theirs.client, cells), tslab);
    });
});

/** tslab aborts what comes right behind a failed cell. */
async function executed(client: TestClient, code: string) {
  for (;;) {
    const exchange = await client.execute(code);
    if (exchange.reply.content.status !== "abort") return exchange;
    await delay(50);
  }
}

/** What the last of some cells shows: its result, what it prints, its error. */
async function lastSaid(client: TestClient, cells: readonly string[]): Promise<string> {
  let said = "";
  for (const code of cells) {
    const { reply, published } = await executed(client, code);
    const texts = published.map(({ header, content }) => {
      if (header.msg_type === "stream") return String(content.text);
      const data = content.data as Record<string, string> | undefined;
      return data?.["text/plain"] ?? "";
    });
    const { status, ename, evalue } = reply.content;
    const failure = ename === undefined ? FAILED : `${String(ename)}: ${String(evalue)}`;
    said = (texts.join("") + (status === "ok" ? "" : `\n${failure}`)).trim();
  }
  // eslint-disable-next-line no-control-regex -- tslab colours what it shows
  return said.replaceAll(/\u001b\[[0-9;]*m/g, "");
}
