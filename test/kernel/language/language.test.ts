import assert from "node:assert/strict";
import fs from "node:fs";
import { notebookFolder } from "../cells/sequences.js";
import { TestNotebook } from "./notebook.js";

const folder = notebookFolder({
  "helper.ts":
    "/** Doubles. */\nexport function twice(n: number): number { return n * 2 }\nexport interface Point { x: number; y: number }\n",
  "models/a.h5": "",
  "models/b.keras": "",
  "node_modules/typed/package.json": `{ "name": "typed", "exports": { ".": { "types": "./t.d.ts", "default": "./m.js" } } }`,
  "node_modules/typed/t.d.ts": "export declare function measure(what: string): { width: number };",
  "node_modules/typed/m.js": "exports.measure = () => ({ width: 1 })",
});

const FIRST = `
/** Adds numbers. @param a the left one */
function add(a: number, b = 2): number { return a + b }
let point = { x: 1, label: "p" };
const list = [point];
interface Shape { sides: number; name?: string }
type Direction = "up" | "down";
class Counter { count = 0; increment() { return ++this.count } }
enum Color { Red, Green }
import { join } from "node:path";
const o: Shape | null = null as Shape | null;`;

describe("Language: results of cells", () => {
  it("have the types of the expressions that they come from", () => {
    const notebook = new TestNotebook(folder);
    notebook.run("const a = { one: 1, two: 'x' }; a");
    notebook.types.result(1);
    assert.deepEqual(notebook.complete("_.|").names, ["one", "two"]);
    assert.deepEqual(notebook.complete("Out[1].two.toUp|").names, ["toUpperCase"]);
    assert.deepEqual(notebook.run("[1, 2].map((n) => n * 2) // doubled"), []);
    notebook.types.result(2);
    notebook.run("const none = 1;");
    assert.deepEqual(notebook.complete("_[0].toFi|").names, ["toFixed"]);
    assert.deepEqual(notebook.complete("__.|").names, ["one", "two"]);
    assert.deepEqual(notebook.complete("Out[1].|").names, ["one", "two"]);
    assert.deepEqual(notebook.complete("Out[9].|").names, []);
    assert.equal(notebook.inspect("|_"), "let _: number[]");
    assert.deepEqual(notebook.run("_.anything; Out[1].anything"), []);
    assert.deepEqual(notebook.complete("const _ = 'own'; _.toUp|").names, ["toUpperCase"]);
    notebook.run("const _ = new Map<string, number>()");
    assert.deepEqual(notebook.complete("_.ge|").names, ["get"]);
  });
});

describe("Language: completion", () => {
  let notebook: TestNotebook;
  before(() => {
    notebook = new TestNotebook(folder);
    notebook.run(FIRST);
    notebook.run("%load_model models/a.h5 --as net");
  });
  after(() => fs.rmSync(folder, { recursive: true }));

  for (const [marked, names, replaced] of [
    ["point.|", ["x", "label"], ""],
    ["point.la|", ["label"], "la"],
    ["point.l|ab", ["label"], "lab"],
    ["list[0].|", ["x", "label"], ""],
    ["list.ma|", ["map"], "ma"],
    ["ad|", ["add"], "ad"],
    ["new Cou|", ["Counter"], "Cou"],
    ["new Counter().|", ["count", "increment"], ""],
    ["Color.|", ["Red", "Green"], ""],
    ["const d: Direction = '|'", ["up", "down"], ""],
    ["const d: Direction = 'u|'", ["up"], "u"],
    ["const s: Shape = { |", ["sides", "name"], ""],
    ["join|", ["join"], "join"],
    ["let s: Sha|", ["Shape"], "Sha"],
    ["add(po|", ["point"], "po"],
    ["const sum = { po|", ["point"], "po"],
    ["`${po|}`", ["point"], "po"],
    ["class Twice extends Cou|", ["Counter"], "Cou"],
    ["const here = [1]; here.fil|", ["fill", "filter"], "fil"],
    ["import { twi| } from './helper'", ["twice"], "twi"],
    ["import { mea| } from 'typed'", ["measure"], "mea"],
    ["import { readFileS| } from 'node:fs'", ["readFileSync"], "readFileS"],
    ["import './hel|'", ["helper"], "hel"],
    ["import 'typ|'", ["typed"], "typ"],
    ["disp|", ["display"], "disp"],
    ["Mat|", ["Math"], "Mat"],
    ["proc|", ["process"], "proc"],
    ["await new Counter().inc|", ["increment"], "inc"],
    ["ne|", ["net"], "ne"],
    ["%load_model models/a.h5\nmod|", ["model"], "mod"],
    ["o.|", ["?.sides", "?.name"], "."],
    ["%lo|", ["%load_model"], "%lo"],
    ["%%reg|", ["%%register_custom"], "%%reg"],
    ["%load_model mod|", ["models/"], "mod"],
    ["%load_model models/|", ["models/a.h5", "models/b.keras"], "models/"],
    ["%load_model models/a.h5 --|", ["--as", "--step"], "--"],
    ["let x = 1\n%lsm|", ["%lsmagic"], "%lsm"],
  ] as const)
    it(marked, () => {
      const found = notebook.complete(marked);
      for (const name of names)
        assert.ok(found.names.includes(name), `${name} is not in ${found.names.slice(0, 20)}`);
      assert.equal(found.replaced, replaced);
    });

  it("exports nothing twice that a cell exports itself", () => {
    for (const code of [
      "export const sent = 1, { inner: [deep] } = { inner: [2] }; export default function () {}",
      "export let moved = 4; export function fetched() {} export class Kept {} export enum Side { A }",
      "export interface Wide { a: number } export type One = 1; export namespace Room { export const q = 1 }",
      "const given = 1; export { given }; export { given as default };",
      "export abstract class Half { abstract f(): void }\nexport default class Whole extends Half { f() {} }",
    ])
      assert.deepEqual(notebook.run(code), [], code);
    assert.deepEqual(
      notebook.run("const n: number = sent + deep + moved + given + Room.q; new Kept(); new Whole().f()"),
      [],
    );
  });

  it("knows the newest declaration of a name", () => {
    const fresh = new TestNotebook(folder);
    fresh.run("let v = { old: 1 }");
    fresh.run("let v = { young: 1 }");
    assert.deepEqual(fresh.complete("v.|").names, ["young"]);
  });

  it("offers no values where a type stands", () => {
    const { names } = notebook.complete("let s: |");
    assert.ok(names.includes("Shape") && names.includes("Counter"));
    assert.ok(!names.includes("point") && !names.includes("add"));
  });

  it("a cell's own declaration hides the earlier one", () => {
    assert.deepEqual(notebook.complete("const point = { own: 1 }; point.|").names, ["own"]);
  });

  it("gives kinds", () => {
    const kinds = new Map(notebook.complete("new Counter().|").items.map(({ text, type }) => [text, type]));
    assert.deepEqual([kinds.get("count"), kinds.get("increment")], ["property", "method"]);
  });

  it("offers nothing for an unknown name", () => assert.deepEqual(notebook.complete("nothing.|").names, []));

  it("survives a cell that does not parse", () => {
    assert.ok(notebook.complete("if (true) { while (x) point.|").names.includes("label"));
  });
});

describe("Language: what variables hold", () => {
  let notebook: TestNotebook;
  before(() => {
    notebook = new TestNotebook(notebookFolder({}));
    notebook.run(
      "const data = JSON.parse('...'); let typed = { rows: [] as any[], other: 1 }; let unknown: unknown",
    );
    notebook.run("%load_model a.h5 --as net");
    notebook.hold({
      data: { rows: [{ name: "a", size: 1 }], "odd name": 1 },
      typed: { rows: [{ inner: true }], other: 1 },
      unknown: new Map([["k", { v: 1 }]]),
      net: { layers: [{ name: "conv_1" }, { name: "conv_2" }, { name: "dense" }], getLayer() {} },
    });
  });

  for (const [marked, names, replaced] of [
    ["data.|", ["rows"], ""],
    ["data.rows[0].|", ["name", "size"], ""],
    ["data.rows.map((r) => r.na|", ["name"], "na"],
    ["typed.rows[0].|", ["inner"], ""],
    ["[...unknown.values()].map((v) => v.|", ["v"], ""],
    ["net.pre|", ["predict"], "pre"],
    ["net.getLayer('|')", ["conv_1", "conv_2", "dense"], ""],
    ["net.getLayer('con|v_1')", ["conv_1", "conv_2"], "conv_1"],
    ['net.getLayer( "d|', ["dense"], "d"],
    ["'\u{1f980}'; net.getLayer('con|')", ["conv_1"], "con"],
  ] as const)
    it(marked, () => {
      const found = notebook.complete(marked);
      for (const name of names) assert.ok(found.names.includes(name), `${name} is not in ${found.names}`);
      assert.equal(found.replaced, replaced);
    });

  it("never touches a declared type, nor the type check", () => {
    assert.ok(!notebook.complete("typed.|").names.includes("inner"));
    assert.deepEqual(notebook.run("data.not.there; unknown.x"), ["1:17 TS18046"]);
  });

  it("is shown on hovering", () => assert.match(notebook.inspect("data|"), /rows: Array<\{|rows: \{/));
});

describe("Language: a long session", () => {
  it("forgets cells that nothing refers to, and follows types through superseded ones", () => {
    const notebook = new TestNotebook(notebookFolder({}));
    let forgotten = notebook.add("const first = { kept: 1 }\nlet inner = { deep: 2 }");
    forgotten += notebook.add("let outer = { inner }");
    forgotten += notebook.add("let inner = 'superseded'");
    for (let n = 0; n < 350; n++) forgotten += notebook.add(`let again = { n${n}: ${n} }`);
    assert.ok(forgotten >= 150 && forgotten <= 250, String(forgotten));
    assert.deepEqual(notebook.complete("first.|").names, ["kept"]);
    assert.deepEqual(notebook.complete("outer.inner.|").names, ["deep"]);
    assert.deepEqual(notebook.complete("again.|").names, ["n349"]);
    assert.deepEqual(notebook.run("first.kept.length"), ["1:12 TS2339"]);
  });

  it("stays bounded where two cells are run in turns, each with names from the other", () => {
    const notebook = new TestNotebook(notebookFolder({}));
    let forgotten = notebook.add("let a = { turns: 1 }");
    for (let n = 0; n < 200; n++) {
      forgotten += notebook.add("let b = { from: a }");
      forgotten += notebook.add("let a = { from: b }");
    }
    assert.ok(forgotten >= 200, String(forgotten));
    assert.deepEqual(notebook.complete("a.from.from.|").names, ["from"]);
  });
});

describe("Language: inspection", () => {
  let notebook: TestNotebook;
  before(() => {
    notebook = new TestNotebook(
      notebookFolder({ "helper.ts": "/** Doubles. */\nexport function twice(n: number) { return n * 2 }" }),
    );
    notebook.run(FIRST);
  });

  for (const [marked, expected] of [
    ["ad|d(1)", /add\(a: number, b\?: number\): number[\s\S]*Adds numbers/],
    ["add|(", /add\(a: number, b\?: number\): number/],
    ["add(|", /`a`: the left one/],
    ["add(1, |", /add\(a: number, b\?: number\): number/],
    ["point|", /^let point: \{\s*x: number;\s*label: string;\s*\}/],
    ["Counter|", /^class Counter/],
    ["join|", /join\(\.\.\.paths: string\[\]\): string[\s\S]*Join all arguments/],
    ["let s: Shape|", /^interface Shape/],
    ["Shape|", /^interface Shape/],
    ["import { twice } from './helper'; twi|ce", /twice\(n: number\): number[\s\S]*Doubles/],
  ] as const)
    it(marked, () => assert.match(notebook.inspect(marked), expected));

  it("shows the source at level 1", () => {
    assert.match(notebook.inspect("add|", 1), /function add\(a: number, b = 2\): number \{ return a \+ b \}/);
  });

  it("completes the environment's variables", () => {
    assert.ok(notebook.complete("process.env.PAT|").names.includes("PATH"));
    assert.ok(notebook.complete("process.env['PAT|']").names.includes("PATH"));
  });
  it("completes private names with their sign", () => {
    for (const typed of ["#", "#s"]) {
      const { names, replaced } = notebook.complete(`class A { #secret = 1; m() { return this.${typed}| } }`);
      assert.deepEqual([names, replaced], [["#secret"], typed]);
    }
  });
  it("completes a parameter that is taken apart before its arrow is there", () => {
    const rows = "const rows = [{ id: 1, name: 's' }]; function set(o: { alpha: 1 }) {}\n";
    for (const typed of ["map(({ |", "filter(({ |}))", "map(async ({ |", "sort((a, { |", "map(({ | }) => 1)"])
      assert.deepEqual(notebook.complete(`${rows}rows.${typed}`).names, ["id", "name"], typed);
    assert.deepEqual(notebook.complete(`${rows}rows.map(({ id, |}))\n`).names, ["name"]);
    assert.deepEqual(notebook.complete(`${rows}set(({ |`).names, ["alpha"]);
  });
  it("completes names of files in what the shell runs", () => {
    for (const cell of ["!ls hel|", "1;\n!cat <hel|", "%%bash\ncd .\nls hel|"])
      assert.deepEqual(notebook.complete(cell).names, ["helper.ts"], cell);
    assert.deepEqual(notebook.complete("!pars|").names, []);
    for (const cell of ["!ls\npars|", "!await pars|", "if (\n!pars|"])
      assert.ok(notebook.complete(cell).names.includes("parseInt"), cell);
  });
  it("finds nothing in an empty place", () => assert.equal(notebook.inspect("  |  "), ""));
  it("names the module of an earlier cell's import", () => {
    const types = new TestNotebook(notebookFolder({ "own.ts": "export const a = 1" }));
    types.run(
      "import * as tf from '@tensorflow/tfjs'; import { tf as same } from 'loadlab'; import * as own from './own'",
    );
    assert.equal(types.inspect("tf|"), 'module "@tensorflow/tfjs"');
    assert.equal(types.inspect("same|"), 'module "@tensorflow/tfjs"');
    assert.equal(types.inspect("own|"), 'module "own.ts"');
  });
  it("finds no name that there is not", () => {
    assert.equal(notebook.inspect("nowhere|"), "");
    assert.equal(notebook.inspect("Math.nowhere|"), "");
    assert.match(notebook.inspect("const something: any = 1; something|"), /something: any/);
  });
});

describe("Language: type check", () => {
  const cases: Record<string, readonly (readonly [code: string, ...findings: string[]])[]> = {
    "a wrong type": [["const n: number = 's'", "1:7 TS2322"]],
    "using of a tensor": [
      ["import * as tf from '@tensorflow/tfjs'; { using t = tf.ones([1]); t.print() }"],
      [
        "import own, { tensor } from '@tensorflow/tfjs'; using u = tensor([1]); own.nothing(u)",
        "1:76 TS2339",
      ],
    ],
    "a property that is not there": [["let v = { x: 1 }"], ["v.y", "1:3 TS2339"]],
    "a wrong argument in a later cell": [["function f(n: number) {}"], ["\nf('s')", "2:3 TS2345"]],
    "assignment of another type": [["let v = 1"], ["v = 's'", "1:1 TS2322"]],
    "declaring again with another type": [["let v = 1"], ["let v = 's'; v.length"]],
    "declaring a function again": [
      ["function f() { return 1 }"],
      ["function f() { return 's' }\nf().length"],
    ],
    "another kind": [["const v = 1"], ["class v {}\nnew v()"], ["enum v { A }\nv.A"]],
    "top-level await": [
      ["const r = await Promise.resolve({ a: 1 })"],
      ["r.a + 1"],
      ["for await (const x of [r]) x.a"],
    ],
    "Node's globals": [
      [
        "process.exit; Buffer.from('a'); fetch; setTimeout(() => {}, 1); new URL('a:b'); console.log(1); require('fs')",
      ],
    ],
    "the kernel's globals": [
      [
        "await display(1, { displayId: 'd' }); html`<b>${1}</b>`; md('x'); image('a.png'); clearOutput(true); await input('?')",
      ],
    ],
    "what a magic binds": [
      ["%load_model a.h5\nmodel.predict"],
      ["%load_model b.h5 --as net"],
      ["net.summary()"],
    ],
    "an unknown name": [["nothing", "1:1 TS2304"]],
    "an untyped parameter is fine": [["function f(a) { return a }"]],
    "a result is no unused expression": [["1 + 1"], ["'text'"]],
    "an import of an earlier cell": [["import { join } from 'node:path'"], ["join('a', 1)", "1:11 TS2345"]],
    destructuring: [
      ["const { a, ...rest } = { a: 1, b: 's' }"],
      ["rest.b.length + a; rest.c", "1:25 TS2339"],
    ],
    "lines below a magic": [["%lsmagic\nconst n: number = 's'", "2:7 TS2322"]],
    "a package typed by its exports": [
      ["import { measure } from 'typed'; measure('a').width; measure(1)", "1:62 TS2345"],
    ],
    "generic and class types": [
      ["class Box<T> { constructor(readonly v: T) {} }"],
      ["new Box(1).v.toFixed(); new Box('s').v.toFixed()", "1:40 TS2551"],
    ],
    "a namespace": [
      ["namespace N { export interface I { a: 1 } export const b = 2 }"],
      ["const i: N.I = { a: 1 }; N.b.toFixed()"],
    ],
    "a namespace that goes on in another cell": [
      ["namespace N { export const a = 1; export interface I { a: 1 } export function f() { return a } }"],
      ["namespace N { export let b = 's'; export class C {} }"],
      ["const i: N.I = { a: 1 }; N.a.toFixed(); N.b = 't'; N.f().toFixed(); new N.C(); N.zzz", "1:82 TS2339"],
      ["namespace N { export const d = N.a }\nN.d.toFixed(); N.b.length"],
      ["namespace N { export const a = 's' }\nN.a.length; N.b.length; N.zzz", "2:27 TS2339"],
      ["namespace N.Inner { export const one = 1 }"],
      ["namespace N { export namespace Inner { export const two = 2 } }"],
      ["N.Inner.one.toFixed(); N.Inner.two.toFixed(); N.Inner.zzz; N.a.length", "1:55 TS2339"],
    ],
    "interfaces are not merged": [
      ["interface I { a: number }"],
      ["interface I { b: string }\nconst i: I = { b: 's' }"],
    ],
    "JSX by a comment": [
      ["/** @jsxImportSource tiny */\n<b id={1}>{'x'}</b>", "2:4 TS2322"],
      ["/** @jsxImportSource tiny */\nconst view = <b id='x' />"],
      ["<number>(1 as unknown)"],
    ],
    "JSX without a comment": [["const view = <i id={1}>{nothing}</i>", "1:25 TS2304"]],
    "an object literal alone": [["{ a: 1, b: nothing }", "1:12 TS2304"], ["\n{ a: 1, b: 2 };"]],
    "what this Node has of newer standards, and no more": [
      ["Promise.withResolvers()", ...("withResolvers" in Promise ? [] : ["1:9 TS2550"])],
      ["new Set([1]).union(new Set([2]))", ...("union" in Set.prototype ? [] : ["1:14 TS2550"])],
      ["'a'.isWellFormed()"],
      ["Array.of([1]).findLast(Boolean)"],
    ],
    "what comes from the web": [
      ["(await (await fetch('x')).json()).anything"],
      ["const { instance } = await WebAssembly.instantiate(new Uint8Array())\ninstance.exports.add(1, 2)"],
      ["WebAssembly.nothing", "1:13 TS2339"],
      ["import { add } from './add.wasm'\nadd(1, 2)"],
    ],
    "lists and variables that get their type later": [
      ["const all = []; all.push(1); all.push('x'); let fns = []; fns.push(() => 1); fns.map((f) => f())"],
      ["all.push(2); let late; late = 5; late.toFixed(); late.nothing", "1:55 TS2339"],
      ["function area(r) { return r * r + all.length }"],
    ],
    "decorators and using": [
      [
        "function d(c: unknown, x: ClassDecoratorContext) {}\n@d class A {}\nusing r = { [Symbol.dispose]() {} }",
      ],
    ],
  };
  for (const [name, steps] of Object.entries(cases))
    it(name, () => {
      const notebook = new TestNotebook(typed);
      for (const [code, ...findings] of steps) assert.deepEqual(notebook.run(code), findings, code);
    });
  const typed = notebookFolder({
    "node_modules/typed/package.json": `{ "name": "typed", "exports": { ".": { "types": "./t.d.ts", "default": "./m.js" } } }`,
    "node_modules/typed/t.d.ts": "export declare function measure(what: string): { width: number };",
    "node_modules/typed/m.js": "",
    "node_modules/tiny/package.json": `{ "name": "tiny", "exports": { "./jsx-runtime": { "types": "./r.d.ts" } } }`,
    "node_modules/tiny/r.d.ts":
      "export namespace JSX { interface IntrinsicElements { b: { id: string; children?: string } } }",
  });
});

describe("Language: quick fixes", () => {
  const cases: readonly (readonly [code: string, fix: string | null])[] = [
    ["await readFile('a.txt')", 'Add import from "node:fs/promises"'],
    ["readFile('a.txt', () => {})", 'Add import from "node:fs" or "node:fs/promises"'],
    ["createServer()", 'Add import from "node:http", "node:http2" or "node:https"'],
    ["path.join('a', 'b')", 'Add import from "node:path"'],
    ["let emitter: EventEmitter", 'Add import from "node:events" or "node:stream"'],
    ["%lsmagic\ngunzipSync(Buffer.from('a'))", 'Add import from "node:zlib"'],
    ["measure('a')", 'Add import from "typed"'],
    ["fs.readFileSync('a')", 'Add import * as fs from "node:fs"'],
    ["tf.tensor([1])", 'Add import * as tf from "@tensorflow/tfjs"'],
    ["const length = 1; lenght", "Change spelling to 'length'"],
    ["class A { b = 1; a() { return b } }", "Add 'this.' to unresolved variable"],
    ["function g() { await Promise.resolve() }", "Add async modifier to containing function"],
    ["ofNoModule()", null],
    ["undeclared = 5", null],
    ["const n: number = 's'", null],
  ];
  const packaged = notebookFolder({
    "node_modules/typed/package.json": `{ "name": "typed", "types": "t.d.ts" }`,
    "node_modules/typed/t.d.ts": "export declare function measure(what: string): { width: number };",
  });
  after(() => fs.rmSync(packaged, { recursive: true, force: true }));
  for (const [code, fix] of cases)
    it(code, () => {
      const notebook = new TestNotebook(packaged);
      notebook.run("import { measure as other } from 'typed'");
      assert.deepEqual(notebook.fixes(code), [fix]);
    });
});
