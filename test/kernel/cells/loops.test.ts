import { sequences, throws } from "./sequences.js";

// Loops at the top level keep their variables in locals (localize-loops.ts); nobody may notice.
sequences(
  "Loops over top-level names",
  {
    "a sum": [["let s = 0; for (let i = 0; i < 5000; i++) s += i"], ["s", 12497500]],
    "a value from an earlier cell": [["let s = 1"], ["for (let i = 0; i < 3; i++) s *= 2"], ["s", 8]],
    "nested loops": [
      ["let n = 0; for (let i = 0; i < 100; i++) for (let j = 0; j < 100; j++) n++"],
      ["n", 10000],
    ],
    "a var counter": [["for (var i = 0; i < 2000; i++); i", 2000]],
    "a loop that throws keeps what it had": [
      ["let n = 0"],
      ["while (true) { n++; if (n === 1500) throw new Error('stop') }", throws("Error", /stop/)],
      ["n", 1500],
    ],
    "a loop that breaks": [["let n = 0; for (;;) if (++n > 10) break"], ["n", 11]],
    "labels around and inside": [
      ["let n = 0; outer: for (;;) { inner: for (;;) { n++; if (n < 5) continue inner; break outer } }"],
      ["n", 5],
    ],
    "a labelled block around": [["let n = 0; done: { for (;;) { if (n++ > 2) break done } }"], ["n", 4]],
    "a function called in the loop sees the value": [
      ["let n = 0; const seen: number[] = []; function look() { seen.push(n) }"],
      ["for (n = 0; n < 3; n++) look()"],
      ["seen", [0, 1, 2]],
    ],
    "a function called in the loop sets the value": [
      ["let n = 0; function skip() { n += 10 }"],
      ["let turns = 0; while (n < 30) { skip(); turns++ }"],
      ["[n, turns]", [30, 3]],
    ],
    "a closure made in the loop": [
      ["let n = 0; const fs: (() => number)[] = []; for (let i = 0; i < 3; i++) { fs.push(() => n); n++ }"],
      ["n = 9; fs.map(f => f())", [9, 9, 9]],
    ],
    "a counter that is a bigint": [["let n = 0; for (let i = 0n; i < 2000n; i++) n++"], ["n", 2000]],
    "a counter that the body moves": [
      ["let n = 0; for (let i = 0; i < 5000; i++) { i += 1; n++ }"],
      ["n", 2500],
    ],
    "a counter below another of its name": [
      ["let n = 0; for (let i = 0; i < 3; i++) for (let i = 3; i > 0; --i) { const k = i; n += k }"],
      ["n", 18],
    ],
    "a function replaced in the loop": [
      ["function give() { return 1 } let n = 0"],
      ["for (let i = 0; i < 3; i++) { n += give(); give = () => 10 }"],
      ["[n, give()]", [21, 10]],
    ],
    "a function replaced by what the loop calls": [
      ["function give() { return 1 } function swap() { give = () => 10 } let n = 0"],
      ["for (let i = 0; i < 3; i++) { n += give(); swap() }"],
      ["n", 21],
    ],
    "a function of the same cell that calls itself": [
      [
        "function fact(k: number): number { return k < 2 ? 1 : k * fact(k - 1) } let n = 0; for (let i = 0; i < 4; i++) n += fact(i)",
      ],
      ["n", 10],
    ],
    "a getter read in the loop": [
      ["let n = 0; const o = { get n() { return n } }"],
      ["const seen: number[] = []; while (n < 3) { seen.push(o.n); n++ }"],
      ["seen", [0, 1, 2]],
    ],
    "an await in the loop lets others see": [
      ["let n = 0; const seen: number[] = []"],
      ["const watch = (async () => { while (n < 3) { seen.push(n); await null } })()"],
      ["while (n < 3) { n++; await null } await watch; seen[0]", 0],
    ],
    "a live import read in the loop": [
      ["import { counter, increment } from './counter'"],
      ["let last = 0; while (counter < 3) { increment(); last = counter }"],
      ["last", 3],
    ],
    "a constant assigned in the loop": [["const c = 1"], ["for (;;) c = 2", throws("TypeError", /constant/)]],
    "a name that is not declared": [["for (;;) { nothing++ }", throws("ReferenceError", /nothing/)]],
    "a name declared below the loop": [
      [
        "for (let i = 0; i < 1; i++) { below }\nlet below = 1",
        throws("ReferenceError", /before initialization/),
      ],
    ],
    "a pattern as target": [["let a = 0, b = 0; for ([a, b] of [[1, 2], [3, 4]]); [a, b]", [3, 4]]],
    "a destructuring in the loop": [
      ["let a = 1, b = 2; for (let i = 0; i < 3; i++) [a, b] = [b, a]"],
      ["[a, b]", [2, 1]],
    ],
    "compound and logical assignment": [
      ["let a: any = null, b = 2; for (let i = 0; i < 3; i++) { a ??= 5; b **= 2; a++ }"],
      ["[a, b]", [8, 256]],
    ],
    "a try in the loop": [
      ["let n = 0; for (let i = 0; i < 4; i++) try { n++; throw 1 } catch { n += 10 } finally { n += 100 }"],
      ["n", 444],
    ],
    "a switch in the loop": [
      ["let n = 0; for (const k of 'abc') switch (k) { case 'a': n++; break; default: n += 10 }"],
      ["n", 21],
    ],
    "a callee in the loop": [
      ["let f = (x: number) => x + 1; let n = 0; for (let i = 0; i < 3; i++) n = f(n)"],
      ["n", 3],
    ],
    "a method keeps its this": [
      ["const o = { v: 2, get2() { return this.v } }; let s = 0; for (let i = 0; i < 3; i++) s += o.get2()"],
      ["s", 6],
    ],
    "typeof in the loop": [
      ["let t = ''; let v: any = 1; for (let i = 0; i < 1; i++) t = typeof v"],
      ["t", "number"],
    ],
    "shorthand in the loop": [
      ["let v = 1; const out: object[] = []; for (; v < 3; v++) out.push({ v })"],
      ["out", [{ v: 1 }, { v: 2 }]],
    ],
    "a shadowing let in the loop": [
      ["let v = 'outer'; for (let i = 0; i < 1; i++) { let v = 'inner'; v }"],
      ["v", "outer"],
    ],
    "a class in the loop": [
      [
        "let v = 1; const made: any[] = []; for (let i = 0; i < 2; i++) { made.push(new (class { x = v })()); v++ }",
      ],
      ["made.map(m => m.x)", [1, 2]],
    ],
    "a do-while": [["let n = 0; do n++; while (n < 2000)"], ["n", 2000]],
    "for in": [["let keys = ''; for (const k in { a: 1, b: 2 }) keys += k"], ["keys", "ab"]],
    "a loop in a block and an if": [
      ["let n = 0; { if (true) { for (let i = 0; i < 3; i++) n++ } }"],
      ["n", 3],
    ],
    "names with digits": [
      ["let x0 = 0, x = 1; for (let i = 0; i < 3; i++) { x0 += x; x++ }"],
      ["[x0, x]", [6, 4]],
    ],
  },
  { files: { "counter.ts": "export let counter = 0; export const increment = () => { counter++ }" } },
);
