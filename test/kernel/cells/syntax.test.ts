import { sequences, throws } from "./sequences.js";

sequences("Syntax: await", {
  "is no name": [
    ["let await = 1", throws("SyntaxError", /'await' is a keyword in a cell/)],
    ["const { a: await } = { a: 1 }", throws("SyntaxError", /keyword/)],
    ["({ await: 2 }).await", 2],
  ],
  await: [["const v = await Promise.resolve(42); v", 42]],
  "await as the last expression": [["await Promise.resolve('done')", "done"]],
  "await in a declaration pattern": [["const [a, b] = await Promise.all([1, Promise.resolve(2)]); a + b", 3]],
  "await in a template": [["`${await Promise.resolve(1)}`", "1"]],
  "await in a block": [["let x = 0; if (true) { x = await Promise.resolve(1) }"], ["x", 1]],
  "await in a loop": [
    ["let sum = 0; for (const p of [1, 2].map(n => Promise.resolve(n))) sum += await p"],
    ["sum", 3],
  ],
  "await in parentheses": [["(await Promise.resolve({ a: 1 })).a", 1]],
  "for await": [
    ["async function* g() { yield 1; yield 2 }\nlet s = 0; for await (const n of g()) s += n"],
    ["s", 3],
  ],
  "for await over promises": [
    ["const got: number[] = []; for await (const n of [Promise.resolve(1), 2]) got.push(n)"],
    ["got", [1, 2]],
  ],
  "a rejected promise": [["await Promise.reject(new RangeError('no'))", throws("RangeError", /no/)]],
  "names declared after an await": [["await null; let x = 1; const f = () => x"], ["x = 2; f()", 2]],
  "a promise as result stays a promise": [["const p = Promise.resolve(1)"], ["p instanceof Promise", true]],
  "an async function": [["async function f() { return 1 }"], ["await f()", 1]],
  "an async arrow": [["const f = async () => 2"], ["await f()", 2]],
});

sequences("Syntax: statements without semicolons", {
  "a call below a declaration": [
    ["const seen = []"],
    ["const f = () => {}\nseen.push(1)\nlet a = {}\nseen.push(2)", 2],
    ["seen", [1, 2]],
  ],
  "calls below each other, in a function, a block and a case": [
    ["const seen = []; const f = (n) => seen.push(n)"],
    [
      "function g(x) { f(x)\nf(x + 1)\nswitch (x) { case 1: f(3)\nf(4)\nbreak\ndefault: }\nif (x) f(5)\nf(6) }\ng(1)\nseen",
      [1, 2, 3, 4, 5, 6],
    ],
  ],
  "a call below a loop": [
    ["let n = 0; const f = (k) => (n += k)"],
    ["while (n < 3) f(1)\nf(10)\ndo f(1)\nwhile (n < 15)\nf(0)", 15],
  ],
  "else below a call": [
    ["const f = (n) => n; let got"],
    ["if (0) got = f(1)\nelse got = f(2)\nfor (;;) if (got) break\nelse f(3)\ngot", 2],
  ],
  "blocks beside each other": [["const f = () => 1; function g() {}f()\n{ f() }f()", 1]],
  "a list as the last expression": [["let x = 1; x, x + 1", 2]],
  "a comment below the last expression": [
    ["1 + 1 // two", 2],
    ["1 + 2 /* three */ ; // end", 3],
  ],
});

sequences("Syntax: functions", {
  "a default does not see what the body declares": [
    ["let x = 1; function f(a = x, b = () => x) { var x = 5; let y = 2; return [a, b(), x, y] }"],
    ["f()", [1, 1, 5, 2]],
    ["x = 3; f()", [3, 3, 5, 2]],
  ],
  "a script's first line": [["#!/usr/bin/env node\nlet first = 5; first", 5]],
});

sequences("Syntax: destructuring", {
  "an object": [["const { a, b } = { a: 1, b: 2 }"], ["[a, b]", [1, 2]]],
  renamed: [["const { a: x, 'b-c': y, ['d' + 1]: z } = { a: 1, 'b-c': 2, d1: 3 }"], ["[x, y, z]", [1, 2, 3]]],
  defaults: [["const { a = 5, b: { c = 6 } = {} as any } = {} as any"], ["[a, c]", [5, 6]]],
  "a default that is a function has its name": [["const { f = () => 1 } = {} as any"], ["f.name", "f"]],
  rest: [["const { a, ...rest } = { a: 1, b: 2, c: 3 }"], ["rest", { b: 2, c: 3 }]],
  "an array": [["const [a, , b = 3, ...c] = [1, 2, undefined, 4, 5]"], ["[a, b, c]", [1, 3, [4, 5]]]],
  "an iterable": [["const [a, b] = new Set(['x', 'y'])"], ["a + b", "xy"]],
  "a string": [["const { length } = 'four'"], ["length", 4]],
  nested: [["const { a: [{ b }] } = { a: [{ b: 1 }] }"], ["b", 1]],
  "defaults see earlier names": [["const { a, b = a + 1 } = { a: 1 } as any; b", 2]],
  "with var": [["var { a, b: [c] } = { a: 1, b: [2] }; [a, c]", [1, 2]]],
  "with let": [["let [a, b] = [1, 2]; [a, b] = [b, a]; [a, b]", [2, 1]]],
  assignment: [["let a, b"], ["({ a, b: [b] } = { a: 1, b: [2] }); [a, b]", [1, 2]]],
  "assignment with defaults": [["let a, b"], ["({ a = 1, b: b = 2 } = {}); [a, b]", [1, 2]]],
  "assignment to members": [["const o: any = {}; [o.a, o['b']] = [1, 2]; o", { a: 1, b: 2 }]],
  "assignment with rest": [
    ["let a, r"],
    ["[a, ...r] = [1, 2, 3]; r", [2, 3]],
    ["({ a, ...r } = { a: 1, z: 2 }); r", { z: 2 }],
  ],
  "several declarations": [
    ["let a = 1, { b } = { b: 2 }, [c] = [3], d"],
    ["[a, b, c, d]", [1, 2, 3, undefined]],
  ],
  "of null": [["const { a } = null as any", throws("TypeError", /null/)]],
  "in a for loop": [
    ["const out: string[] = []; for (const [k, v] of Object.entries({ a: 1 })) out.push(k + v); out", ["a1"]],
  ],
});

sequences("Syntax: var and loops", {
  "var in a loop": [["for (var i = 0; i < 3; i++);"], ["i", 3]],
  "var in for of": [["for (var x of [1, 2]);"], ["x", 2]],
  "var in for in": [["for (var k in { a: 1 });"], ["k", "a"]],
  "var pattern in for of": [["for (var [k, v] of Object.entries({ a: 1 }));"], ["[k, v]", ["a", 1]]],
  "var in a block": [["{ var deep = 1 } if (true) { var deeper = 2 }"], ["[deep, deeper]", [1, 2]]],
  "var in try": [["try { var t = 1 } finally { var u = 2 }"], ["[t, u]", [1, 2]]],
  "var in a function stays there": [["function f() { var inner = 1 } f()"], ["typeof inner", "undefined"]],
  several: [["for (var i = 0, j = 10; i < j; i++, j--);"], ["[i, j]", [5, 5]]],
  "existing variables as loop targets": [
    ["let a, b"],
    ["for (a of [1]); for (b in { z: 0 }); [a, b]", [1, "z"]],
  ],
  "a pattern as loop target": [["let a, b"], ["for ([a, b] of [[1, 2]]); [a, b]", [1, 2]]],
  "for with an assignment": [["let i"], ["for (i = 0; i < 2; i++); i", 2]],
  labels: [
    [
      "let n = 0; outer: for (const a of [1, 2]) for (const b of [1, 2]) { if (b === 2) continue outer; n++ }",
    ],
    ["n", 2],
  ],
  "a labelled block": [["let r = 'in'; b: { if (r) break b; r = 'not' }"], ["r", "in"]],
  "closures in a loop": [
    ["const fs: (() => number)[] = []; for (let i = 0; i < 3; i++) fs.push(() => i)"],
    ["fs.map(f => f())", [0, 1, 2]],
  ],
  switch: [
    ["let r; switch (2 as number) { case 1: r = 'a'; break; default: let q = 'b'; r = q }"],
    ["r", "b"],
  ],
  while: [["let n = 0; while (n < 5) n++"], ["n", 5]],
  "do while": [["let n = 0; do { n++ } while (n < 3)"], ["n", 3]],
});

sequences("Syntax: operators on top-level names", {
  "compound assignment": [["let x = 1; x += 2; x *= 3; x -= 1; x /= 2; x **= 2; x %= 7; x", 2]],
  "bit assignment": [["let x = 6; x &= 3; x |= 8; x ^= 1; x <<= 2; x >>= 1; x >>>= 0; x", 22]],
  "logical assignment": [["let a = null, b = 0, c = 1; a ??= 5; b ||= 6; c &&= 7; [a, b, c]", [5, 6, 7]]],
  increment: [["let x = 1"], ["[x++, x, ++x, x--, --x]", [1, 2, 3, 3, 1]]],
  "optional chaining": [
    ["const o = { a: { b: 1 } } as any; const n = null as any"],
    ["[o?.a?.b, n?.a.b, o.x?.(), n?.[0]]", [1, undefined, undefined, undefined]],
  ],
  nullish: [["const n = null"], ["n ?? 'other'", "other"]],
  spread: [["const a = [1, 2], o = { x: 1 }"], ["[[...a, 3], { ...o, y: 2 }]", [[1, 2, 3], { x: 1, y: 2 }]]],
  "call with spread": [["const a = [3, 1]"], ["Math.max(...a)", 3]],
  new: [["class A { constructor(readonly v: number) {} }"], ["new A(2).v", 2]],
  "new with member": [["const ns = { A: class { v = 1 } }"], ["new ns.A().v", 1]],
  "tagged template": [
    ["const tag = (s: TemplateStringsArray, ...v: unknown[]) => s.join('|') + v.join()"],
    ["tag`a${1}b${2}c`", "a|b|c1,2"],
  ],
  "a called function has no this": [
    ["function f(this: unknown) { return this }"],
    ["f() === undefined", true],
  ],
  "a called method has its this": [["const o = { v: 1, f() { return this.v } }"], ["o.f()", 1]],
  delete: [["const o: any = { a: 1 }"], ["delete o.a; o", {}]],
  "in and instanceof": [
    ["class A {} const a = new A()"],
    ["['x' in { x: 1 }, a instanceof A]", [true, true]],
  ],
  bigint: [["10n ** 20n", 10n ** 20n]],
  comma: [["(1, 2)", 2]],
  void: [["void 0"]],
  "regular expressions": [["/a(?<n>b)/u.exec('ab')!.groups!.n", "b"]],
  exponent: [["2 ** 3 ** 2", 512]],
  "import.meta": [["import.meta.url.startsWith('file:')", true]],
  "new.target": [["function F(this: any) { return new.target === undefined }"], ["F()", true]],
  "a getter and a setter": [
    ["const o = { _v: 1, get v() { return this._v }, set v(x) { this._v = x } }"],
    ["o.v = 5; o.v", 5],
  ],
});

sequences("Syntax: TypeScript", {
  "types are erased": [["let x: number | string = 1 as any as string; x", 1]],
  "an interface alone": [["interface A { a: number }"]],
  "a type alone": [["type A<T> = { [K in keyof T]: T[K] }"]],
  "a declaration alone": [["declare const ambient: number"], ["typeof ambient", "undefined"]],
  generics: [["function id<T>(x: T): T { return x }"], ["id<string>('a')", "a"]],
  "an arrow with type parameters": [["const id = <T,>(x: T) => x; id(1)", 1]],
  overloads: [
    ["function f(a: string): 1; function f(a: number): 2; function f(a: any) { return 3 }"],
    ["f(1)", 3],
  ],
  "non-null": [["const o: { a?: number } = { a: 1 }"], ["o.a!", 1]],
  satisfies: [["({ a: 1 }) satisfies { a: number }", { a: 1 }]],
  "as const": [["const t = [1, 2] as const; t", [1, 2]]],
  "angle bracket assertion": [["<number>(1 as any)", 1]],
  "an enum": [
    ["enum Color { Red, Green = 5, Blue, Text = 'text' }"],
    ["[Color.Red, Color.Blue, Color[5], Color.Text]", [0, 6, "Green", "text"]],
  ],
  "an enum with computed members": [
    ["enum E { A = 1 << 2, B = 'abc'.length, C = A | 1 }"],
    ["[E.A, E.B, E.C]", [4, 3, 5]],
  ],
  "a const enum": [["const enum E { A = 3 }"], ["E.A", 3]],
  "an enum used in its own cell": [["enum E { A }\nconst f = () => E.A; f()", 0]],
  "a namespace": [
    [
      "namespace N { const hidden = 1; export function f() { return hidden } export namespace M { export let x = 2 } }",
    ],
    ["[N.f(), N.M.x]", [1, 2]],
  ],
  "a class merged with a namespace": [["class C {} namespace C { export const x = 1 }"], ["(C as any).x", 1]],
  "a function merged with a namespace": [
    ["function f() { return 1 } namespace f { export const x = 2 }"],
    ["[f(), f.x]", [1, 2]],
  ],
  "parameter properties": [
    ["class P { constructor(private a: number, public b = 2) {} sum() { return this.a + this.b } }"],
    ["new P(1).sum()", 3],
  ],
  "abstract classes": [
    [
      "abstract class A { abstract f(): number; g() { return this.f() } } class B extends A { f() { return 4 } }",
    ],
    ["new B().g()", 4],
  ],
  "implements and modifiers": [
    [
      "interface I { a: number } class A implements I { readonly a = 1; declare b: string; protected c?: number }",
    ],
    ["Object.keys(new A())", ["a", "c"]],
  ],
  "private names": [
    ["class A { #p = 1; static has(o: object) { return #p in o } }"],
    ["[A.has(new A()), A.has({})]", [true, false]],
  ],
  "static blocks": [["class A { static v: number; static { A.v = 3 } }"], ["A.v", 3]],
  accessors: [["class A { accessor v = 1 }"], ["const a = new A(); a.v = 2; a.v", 2]],
  "definite assignment": [["let x!: number; x = 3; x", 3]],
  "type guards": [["const isS = (x: unknown): x is string => typeof x === 'string'"], ["isS('a')", true]],
  "a type-only import": [["import type { Stats } from 'node:fs'; 1", 1]],
  "an inline type import": [["import { type Stats, existsSync } from 'node:fs'; existsSync('/')", true]],
  "import equals": [["import fs = require('node:fs'); fs.existsSync('/')", true]],
  "unions of literals": [["type Dir = 'up' | 'down'; const d: Dir = 'up'; d", "up"]],
  "export keywords are allowed": [
    [
      "export const a = 1; export function f() { return 2 } export class C {} export default 3; export { a as b }",
    ],
    ["[a, f(), typeof C]", [1, 2, "function"]],
  ],
  "export default function": [["export default function named() { return 1 }"], ["named()", 1]],
  "an anonymous default export": [["export default function () { return 1 }"], ["export default class {}"]],
});

sequences("Syntax: classes and decorators", {
  "extends across cells": [
    ["class A { f() { return 1 } }"],
    ["class B extends A { f() { return super.f() + 1 } }"],
    ["new B().f()", 2],
  ],
  "extends a redefined class": [
    ["class A { v = 1 }"],
    ["class A { v = 2 }"],
    ["class B extends A {}"],
    ["new B().v", 2],
  ],
  "a class expression has its name": [["const K = class {}; K.name", "K"]],
  "an arrow function has its name": [["const f = () => 1; f.name", "f"]],
  "a function expression has its name": [["let f = function () {}; f.name", "f"]],
  "an assigned function has its name": [["let f; f = () => 1; f.name", "f"]],
  "an async function has its name": [["const f = async () => {}; f.name", "f"]],
  "a named function expression keeps its own": [["const f = function g() {}; f.name", "g"]],
  "a class decorator": [
    [
      "const tags: string[] = []; function tag(c: any, x: ClassDecoratorContext) { tags.push(x.name!) }\n@tag class A {}",
    ],
    ["tags", ["A"]],
  ],
  "a method decorator": [
    [
      "function twice(f: any, c: any) { return function (this: any) { return f.call(this) * 2 } }\nclass A { @twice m() { return 4 } }",
    ],
    ["new A().m()", 8],
  ],
  "a field decorator": [
    ["const plus = (_: any, c: any) => (v: number) => v + 1\nclass A { @plus x = 1 }"],
    ["new A().x", 2],
  ],
  "a decorator from another cell": [
    ["const seal = (c: any, _: any) => Object.freeze(c)"],
    ["@seal class A {}\nObject.isFrozen(A)", true],
  ],
  "a decorated class refers to itself": [
    ["const keep = (c: any, _: any) => c\n@keep class A { static make() { return new A() } }"],
    ["A.make() instanceof A", true],
  ],
  generators: [
    ["function* g() { const x: number = yield 1; yield x * 2 }"],
    ["const i = g(); i.next(); i.next(21).value", 42],
  ],
  "async generators": [
    ["async function* g() { yield* [1, 2] }"],
    ["const out: number[] = []; for await (const x of g()) out.push(x); out", [1, 2]],
  ],
  "an iterator class": [["class R { *[Symbol.iterator]() { yield 1; yield 2 } }"], ["[...new R()]", [1, 2]]],
  "a symbol key": [["const key = Symbol('k'); const o = { [key]: 1 }; o[key]", 1]],
});

sequences("Syntax: using", {
  "a resource lives for its cell": [
    [
      "const log: string[] = []; const open = (n: string) => ({ n, [Symbol.dispose]() { log.push('closed ' + n) } })",
    ],
    ["using a = open('a'), b = open('b'); log.push('body'); null", null],
    ["log", ["body", "closed b", "closed a"]],
  ],
  "the value of the cell comes before the end": [
    ["const open = () => ({ v: 1, [Symbol.dispose]() {} })"],
    ["using r = open(); r.v", 1],
    ["using r = open(); r.v // end", 1],
    ["using r = open();\nr.v\n// end\n/* of it */", 1],
  ],
  "other names of the cell live on": [
    ["using r = { [Symbol.dispose]() {} }; const kept = 5; function f() { return kept }"],
    ["f()", 5],
  ],
  "await using": [
    ["let closed = false"],
    ["await using r = { async [Symbol.asyncDispose]() { closed = true } }"],
    ["closed", true],
  ],
  "in a block": [["let closed = 0; { using r = { [Symbol.dispose]() { closed++ } } }"], ["closed", 1]],
  "disposed when the cell fails": [
    ["let closed = 0"],
    ["using r = { [Symbol.dispose]() { closed++ } }; throw new Error('x')", throws("Error", /x/)],
    ["closed", 1],
  ],
});

const ROWS = JSON.stringify(Array.from({ length: 100 }, (_, i) => ({ id: i, values: [i, -i, null, true] })));

sequences("Syntax: large data", {
  "data alone": [
    [`const rows = ${ROWS}; rows.length`, 100],
    ["rows[3].values", [3, -3, null, true]],
  ],
  "data with code behind it": [[`const last = ${ROWS}.map((row) => { return row.id }).at(-1)\nlast`, 99]],
  "names and functions in data": [
    ["let one = 1"],
    [`const rows = [${ROWS}, one, { f() { return one } }]; one = 2; [rows[1], rows[2].f()]`, [1, 2]],
  ],
  "awaits in data": [[`const rows = [${ROWS}, await Promise.resolve(7)]; rows[1]`, 7]],
  "types around data": [[`const rows: any[] = ${ROWS} as any[]; rows[99].id`, 99]],
  "an error behind data": [[`const rows = ${ROWS}; nothing.x`, throws("ReferenceError", /nothing/)]],
});

sequences("Syntax: errors", {
  "a type is missing": [["let y: = 5", throws("SyntaxError", /Type expected/)]],
  "a bracket is missing": [["foo(", throws("SyntaxError", /'\)' expected/)]],
  "an open string": [["'abc", throws("SyntaxError", /Unterminated string/)]],
  "an open template": [["`abc", throws("SyntaxError", /Unterminated template/)]],
  "return outside a function": [["return 5", throws("SyntaxError", /return/)]],
  "break outside a loop": [["break", throws("SyntaxError", /break/)]],
  "yield outside a generator": [["yield 1", throws("SyntaxError")]],
  "two expressions": [["1 1", throws("SyntaxError", /expected/)]],
  with: [["with ({}) {}", throws("SyntaxError")]],
  octal: [["010", throws("SyntaxError", /[Oo]ctal/)]],
  "invalid assignment": [["1 = 2", throws("SyntaxError", /assignment/)]],
  "await in a function that is not async": [["function f() { await 1 }", throws("SyntaxError")]],
});
