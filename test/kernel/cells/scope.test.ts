import { sequences, throws } from "./sequences.js";

sequences("Scope: names live across cells", {
  "a function sees a later value": [["let x = 1; function f() { return x }"], ["x = 5", 5], ["f()", 5]],
  "an arrow function sees a later value": [["let x = 1; const f = () => x"], ["x = 2; f()", 2]],
  "a method sees a later value": [["let x = 1; class A { get() { return x } }"], ["x = 3; new A().get()", 3]],
  "a closure sees a redeclared name": [["let x = 1; const f = () => x"], ["const x = 'new'; f()", "new"]],
  "a closure sees a name declared after it": [["const f = () => later"], ["const later = 7; f()", 7]],
  "a closure over an undeclared name fails until it is declared": [
    ["const f = () => later"],
    ["f()", throws("ReferenceError", /^later is not defined$/)],
    ["let later = 1; f()", 1],
  ],
  "a function assigns a variable of another cell": [
    ["let n = 0"],
    ["function add() { n += 2 }"],
    ["add(); add(); n", 4],
  ],
  "a function assigns a name declared later": [
    ["function set(v: number) { n = v }"],
    ["let n = 0; set(8); n", 8],
  ],
  "a counter in a closure keeps its own state": [
    ["function counter() { let n = 0; return () => ++n }"],
    ["const a = counter(), b = counter()"],
    ["[a(), a(), b()]", [1, 2, 1]],
  ],
  "a redefined function is what earlier functions call": [
    ["function inner() { return 1 }"],
    ["function outer() { return inner() }"],
    ["function inner() { return 2 }"],
    ["outer()", 2],
  ],
  "recursion follows a redefinition": [
    ["function f(n: number): number { return n <= 0 ? 0 : f(n - 1) + 1 }"],
    ["const old = f"],
    ["function f(n: number) { return 100 }"],
    ["old(1)", 101],
  ],
  "a function can be called above its declaration": [
    ["f()\nfunction f() { return 'hoisted' }", undefined],
    ["f()", "hoisted"],
  ],
  "a generator is live": [
    ["let step = 1; function* g() { while (true) yield step }"],
    ["step = 9; g().next().value", 9],
  ],
  "a timer sees the value at its time": [
    ["let x = 1; const later = new Promise(done => setTimeout(() => done(x), 1))"],
    ["x = 2; await later", 2],
  ],
  "a parameter hides a top-level name": [["let x = 1; const f = (x: string) => x"], ["f('own')", "own"]],
  "a local variable hides a top-level name": [
    ["let x = 1; function f() { const x = 2; return x }"],
    ["[f(), x]", [2, 1]],
  ],
  "a block hides a top-level name": [["let x = 1; { let x = 2; x++ }"], ["x", 1]],
  "a catch parameter hides a top-level name": [["let e = 1; try { throw 2 } catch (e) { e }"], ["e", 1]],
  "a loop variable hides a top-level name": [["let i = 'outer'; for (let i = 0; i < 3; i++); i", "outer"]],
  "a class's own name means the class": [
    ["class A { static self() { return A } }"],
    ["const B = A; A.self() === B", true],
  ],
  "shorthand properties read top-level names": [["const a = 1, b = 2"], ["({ a, b })", { a: 1, b: 2 }]],
  "a label is not a name": [["const a = 1; a: for (;;) { break a }"], ["a", 1]],
  "property names are not variables": [["const a = 1; const o = { a: 2, b() { return this.a } }; o.b()", 2]],
  "typeof of an undeclared name": [["typeof nothing", "undefined"]],
  "typeof of a declared name": [["let x = 1"], ["typeof x", "number"]],
  "an unknown name": [["nothing", throws("ReferenceError", /^nothing is not defined$/)]],
  "assignment to an unknown name": [["nothing = 1", throws("ReferenceError", /^nothing is not defined$/)]],
  "increment of an unknown name": [["nothing++", throws("ReferenceError", /^nothing is not defined$/)]],
  "a property of globalThis is found": [
    ["globalThis.shared_1 = 4", 4],
    ["shared_1 + 1", 5],
    ["shared_1 = 6; globalThis.shared_1", 6],
  ],
  "names with odd letters": [
    ["const $ = 1, _ = 2, größe = 3, 变量 = 4"],
    ["[$, _, größe, 变量]", [1, 2, 3, 4]],
  ],
  "names like the kernel's own": [["let $_ = 1, $_x = 2, x = 3"], ["[$_, $_x, x]", [1, 2, 3]]],
  "names of Object.prototype": [
    ["const constructor = 1, toString = 2, hasOwnProperty = 3, valueOf = 4"],
    ["[constructor, toString, hasOwnProperty, valueOf]", [1, 2, 3, 4]],
  ],
  "undeclared names of Object.prototype": [["valueOf2", throws("ReferenceError", /valueOf2 is not defined/)]],
});

sequences("Scope: declaring again", {
  "let after let": [["let x = 1"], ["let x = 2; x", 2]],
  "const after const": [["const x = 1"], ["const x = 2; x", 2]],
  "const after let": [["let x = 1"], ["const x = 2; x", 2], ["x = 3", throws("TypeError", /constant/)]],
  "let after const": [["const x = 1"], ["let x = 2"], ["x = 3; x", 3]],
  "var after const": [["const x = 1"], ["var x = 2"], ["x = 3; x", 3]],
  "class after const": [["const x = 1"], ["class x { a = 1 }"], ["new x().a", 1]],
  "function after class": [["class x {}"], ["function x() { return 5 }"], ["x()", 5]],
  "enum after function": [["function x() {}"], ["enum x { A, B }"], ["x.B", 1]],
  "enum after enum is not merged": [["enum E { A }"], ["enum E { B }"], ["E", { 0: "B", B: 0 }]],
  "enums of one cell merge": [["enum E { A } enum E { B = 1 }"], ["[E.A, E.B]", [0, 1]]],
  "namespace after enum": [["enum N { A }"], ["namespace N { export const a = 1 }"], ["N", { a: 1 }]],
  "namespaces of one cell merge": [
    ["namespace N { export const a = 1 } namespace N { export const b = 2 }"],
    ["N", { a: 1, b: 2 }],
  ],
  "namespaces of two cells merge": [
    ["namespace N { export const a = 1; export function both() { return Object.keys(N) } }"],
    ["namespace N { export const b = 2; export type T = 1 }\nN.both()", ["a", "both", "b"]],
    ["namespace N { export const c = N.a + N.b }\nN.c", 3],
  ],
  "a namespace's blocks see what earlier cells export": [
    [
      "const a = 'outer'; namespace N { export const a = 1; export let n = 0; export function f(x: number) { return a + x } export class C {} export namespace I { export const d = 1 } export type T = number; const hidden = 1 }",
    ],
    ["namespace N { export const b: T = f(a); n++; [n] = [n + 1]; export const c = { a, n, d: I.d } }"],
    ["[N.b, N.n, N.c]", [2, 2, { a: 1, n: 2, d: 1 }]],
    [
      "namespace N { export const inner = ((a: number) => a)(7); export const C2 = new C(); export const no = typeof hidden }",
    ],
    ["[N.inner, N.C2 instanceof N.C, N.no]", [7, true, "undefined"]],
    ["namespace N.I { export const e = d + a; export const g = () => n++ }"],
    ["N.I.g(); [N.I.e, N.n, a]", [2, 3, "outer"]],
    ["namespace N { export const N = 4; export const h = N + a }\n[N.N, N.h]", [4, 5]],
  ],
  "an enum of a namespace is that of the latest cell": [
    ["namespace N { export enum E { A, B } export namespace M { export enum F { X = 'x', Y = 'y' } } }"],
    ["namespace N { export enum E { A = 5 } export namespace M { export enum F { X = 'z' } } }"],
    ["[N.E, N.M.F]", [{ 5: "A", A: 5 }, { X: "z" }]],
    [
      "namespace N { export enum E { P } } namespace N { export enum E { Q = 1 } }\nN.E",
      { 0: "P", 1: "Q", P: 0, Q: 1 },
    ],
  ],
  "a namespace's name that is declared again": [
    ["namespace N { export const a = 1; export const kept = 2; export namespace I { export const x = 1 } }"],
    ["namespace N { export const a = 3; export namespace I { export const y = 2 } }"],
    ["N", { a: 3, kept: 2, I: { x: 1, y: 2 } }],
  ],
  "a namespace after a class that has one": [
    ["class C {} namespace C { export const a = 1 }"],
    ["namespace C { export const b = 2 }\nC", { b: 2 }],
  ],
  "a namespace after another kind": [
    ["namespace N { export const a = 1 }"],
    ["const N = { z: 1 }"],
    ["namespace N { export const b = 2 }\nN", { b: 2 }],
  ],
  "a nested namespace": [["namespace A.B.C { export const d = 4 }"], ["A.B.C.d", 4]],
  "interface beside a value": [["const x = 1"], ["interface x { a: number }"], ["x", 1]],
  "interface with another shape": [
    ["interface A { a: number }"],
    ["interface A { b: string }\nconst a: A = { b: 'x' }; a.b", "x"],
  ],
  "type with another meaning": [["type T = number"], ["type T = string\nconst t: T = 's'; t", "s"]],
  "another type for a variable": [["let x: number = 1"], ["let x: string = 's'; x", "s"]],
  "an import after a variable": [
    ["let join = 1"],
    ["import { join } from 'node:path'; join('a', 'b')", "a/b"],
  ],
  "a variable after an import": [
    ["import { join } from 'node:path'"],
    ["let join = 1; join", 1],
    ["join = 2; join", 2],
  ],
  "a const declared again reads its old self": [["const x = 1"], ["const x = x + 1; x", 2]],
  "a cell that runs twice": [
    ["const a = [1]; a.push(2); a.length", 2],
    ["const a = [1]; a.push(2); a.length", 2],
  ],
  "twice in one cell is an error": [
    ["let x = 1\nlet x = 2", throws("SyntaxError", /'x' has already been declared/)],
  ],
  "class and const in one cell is an error": [
    ["class x {}\nconst x = 2", throws("SyntaxError", /'x' has already been declared/)],
  ],
  "twice in a function is an error": [
    ["function f(a) { let a = 1 }", throws("SyntaxError", /'a' has already been declared/)],
  ],
  "var twice in one cell": [["var x = 1; var x = 2; x", 2]],
  "destructuring over constants": [
    ["const { a, b } = { a: 1, b: 2 }"],
    ["const { a, b } = { a: 3, b: 4 }; [a, b]", [3, 4]],
  ],
  "var without a value keeps the old one": [["var x = 1"], ["var x; x", 1]],
  "let without a value is undefined": [["let x = 1"], ["let x; x === undefined", true]],
});

sequences("Scope: const", {
  assignment: [
    ["const x = 1"],
    ["x = 2", throws("TypeError", /^Assignment to constant variable\.$/)],
    ["x", 1],
  ],
  "assignment in the same cell": [["const x = 1; x = 2", throws("TypeError", /constant/)]],
  "compound assignment": [["const x = 1"], ["x += 1", throws("TypeError", /constant/)]],
  increment: [
    ["const x = 1"],
    ["x++", throws("TypeError", /constant/)],
    ["--x", throws("TypeError", /constant/)],
  ],
  "destructuring assignment": [
    ["const x = 1"],
    ["[x] = [2]", throws("TypeError", /constant/)],
    ["({ x } = { x: 2 })", throws("TypeError", /constant/)],
  ],
  "loop target": [["const x = 1"], ["for (x of [1]);", throws("TypeError", /constant/)]],
  "assignment in a function": [
    ["const x = 1; const f = () => { x = 2 }"],
    ["f()", throws("TypeError", /constant/)],
  ],
  "a function may assign once the name is a variable": [
    ["const x = 1; const f = () => { x = 2 }"],
    ["let x = 1; f(); x", 2],
  ],
  "a function may not assign once the name is constant": [
    ["let x = 1; const f = () => { x = 2 }"],
    ["const x = 5"],
    ["f()", throws("TypeError")],
    ["x", 5],
  ],
  "logical assignment that does not assign": [["const x = 1"], ["x ??= 2", 1]],
  "an import": [["import { sep } from 'node:path'"], ["sep = 'x'", throws("TypeError", /constant/)]],
  "its content may change": [["const a = [1]"], ["a.push(2); a", [1, 2]]],
});

sequences("Scope: before the declaration", {
  let: [["x; let x = 1", throws("ReferenceError", /Cannot access 'x' before initialization/)]],
  "const in a function called too early": [
    ["f(); const x = 1; function f() { return x }", throws("ReferenceError", /before initialization/)],
  ],
  class: [["new A(); class A {}", throws("ReferenceError", /before initialization/)]],
  typeof: [["typeof x; let x = 1", throws("ReferenceError", /before initialization/)]],
  "var is undefined": [["const before = x; var x = 1"], ["before === undefined", true]],
  "its own initializer": [["let x = x + 1", throws("ReferenceError", /before initialization/)]],
  "a function that refers to itself": [["const f = (n: number): number => n ? f(n - 1) : 0"], ["f(3)", 0]],
});

sequences("Scope: a cell that fails half way", {
  "keeps what it declared": [
    ["const a = 1; throw new Error('half'); const b = 2", throws("Error", /half/)],
    ["a", 1],
    ["b", throws("ReferenceError", /b is not defined/)],
  ],
  "keeps functions": [
    ["function f() { return 1 }\nthrow new Error('half')", throws("Error")],
    ["f()", 1],
  ],
  "keeps what it assigned": [["let n = 0"], ["n = 1; throw new Error('half')", throws("Error")], ["n", 1]],
  "keeps the old value of what it did not reach": [
    ["let x = 'old'"],
    ["throw new Error('early'); let x = 'new'", throws("Error")],
    ["x", "old"],
  ],
  "changes nothing when it does not parse": [
    ["let x = 1"],
    ["x = 2; let y = ;", throws("SyntaxError")],
    ["x", 1],
  ],
  "a failed destructuring keeps what came before": [
    ["let { a, b: { c } } = { a: 1 } as any", throws("TypeError")],
    ["a", 1],
  ],
  "a failed import leaves the rest undone": [
    ["import 'no-such-package'; let x = 1", throws("Error", /no-such-package/)],
    ["x", throws("ReferenceError")],
  ],
});

sequences(
  "Scope: names of the platform",
  {
    process: [
      ["const process = 5; process", 5],
      ["require('node:os').platform().length > 0", true],
    ],
    URL: [
      ["const URL = 1"],
      ["import { pathToFileURL } from 'node:url'; pathToFileURL('/a').href", "file:///a"],
    ],
    name: [["const name = 'n'; name", "n"]],
    console: [
      ["const own = console; { const console = { log: () => 'mine' }; own }", undefined],
      ["const console = 1; console", 1],
    ],
    Promise: [["const Promise = 1"], ["(async () => 2)() instanceof globalThis.Promise", true]],
    Array: [["class Array {}"], ["[1].constructor === globalThis.Array", true]],
    Object: [["let Object = 3"], ["const { a, ...rest } = { a: 1, b: 2 }; rest", { b: 2 }]],
    require: [["let require = 1; require", 1]],
    "module and exports": [["let module = 1, exports = 2; [module, exports]", [1, 2]]],
    "undefined cannot be": [["undefined === void 0", true]],
    "a predeclared helper": [["helper()", "kernel's"], ["const helper = () => 'mine'"], ["helper()", "mine"]],
    "assignment to a predeclared helper": [
      ["helper = () => 'assigned'; helper()", "assigned"],
      ["helper()", "assigned"],
    ],
  },
  { predeclared: { helper: () => "kernel's" } },
);
