import assert from "node:assert/strict";
import { isComplete } from "../../../kernel/cells/compile/is-complete.js";

const COMPLETE = [
  "",
  "1",
  "1 +\n2",
  "let x = 1",
  "function f() {}",
  "function f() {\n  return 1\n}",
  "// comment",
  "/* comment */",
  "await fetch('x')",
  "for await (const x of y) {}",
  "`a\n${1}`",
  "a\n  .b()",
  "class A { m() {} }",
  "%lsmagic",
  "%load_model a.h5 --as m",
  "let x = 1\n%time f()\nx",
  "%%bash\nls\n\n",
  "{ a: 1 }",
  "@dec class A {}",
  "type A<T> = T[]",
  "import a from 'a'",
  "import a from 'a' with { type: 'json' }",
  "label: for (;;) break label",
  "x => x",
  "({\n a: 1\n})",
  "if (a) b\nelse c",
  "1;",
  "let s = '%not a magic'",
  "const v = <T,>(x: T) => x",
  "<div>a</div>",
  "declare const given: number",
];

const INCOMPLETE: readonly (readonly [string, string])[] = [
  ["const", "  "],
  ["const late: number", "  "],
  ["import", ""],
  ["<div>", ""],
  ["const e = <div>\n  <b>x</b>", "  "],
  ["function f() {", "  "],
  ["function f() {\n  return 1", "  "],
  ["if (x) {\n  while (y) {", "    "],
  ["foo(", "  "],
  ["foo(1,", ""],
  ["[1, 2", ""],
  ["const a = {", "  "],
  ["const a = {\n  b: 1,", "  "],
  ["`open", ""],
  ["`a ${", "  "],
  ["/* open", ""],
  ["let x =", ""],
  ["a +", ""],
  ["a.", ""],
  ["if (x)", ""],
  ["for (const a of b)", ""],
  ["class A {", "  "],
  ["class A {\n  m() {", "    "],
  ["type A =", ""],
  ["import { a", ""],
  ["import { a } from", ""],
  ["async () => {", "  "],
  ["@dec", ""],
  ["x ?", ""],
  ["x ? 1 :", ""],
  ["try {", "  "],
  ["switch (a) {\n  case 1:", "  "],
  ["%%bash\nls", ""],
  ["foo(bar(", "  "],
];

const INVALID = [
  "}",
  ")",
  "let x: = 5",
  "1 1",
  "'open",
  '"open',
  "a b c",
  "function () {}",
  "/open",
  "let = = 1",
  "foo(]",
  "if else",
  "'open\nnext",
];

describe("isComplete", () => {
  for (const code of COMPLETE)
    it(`complete: ${JSON.stringify(code)}`, () => assert.deepEqual(isComplete(code), { status: "complete" }));
  for (const [code, indent] of INCOMPLETE)
    it(`incomplete: ${JSON.stringify(code)}`, () =>
      assert.deepEqual(isComplete(code), { status: "incomplete", indent }));
  for (const code of INVALID)
    it(`invalid: ${JSON.stringify(code)}`, () => assert.deepEqual(isComplete(code), { status: "invalid" }));
});
