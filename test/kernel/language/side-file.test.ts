import assert from "node:assert/strict";
import fs from "node:fs";
import { notebookFolder } from "../cells/sequences.js";
import { TestNotebook } from "./notebook.js";

const CELLS = [
  "import { readFile } from 'node:fs/promises'; import { measure } from 'typed'",
  "interface Shape { sides: number; kind: 'round' | 'square'; tags?: string[] }",
  "let shape: Shape | null = { sides: 3, kind: 'round' }; const shapes = [shape]; let free: any = 1",
  "function area(s: Shape, unit: 'cm' | 'in' = 'cm') { return { size: s.sides, unit } }",
  "class Base { #hidden = 1; shown = 2; static made = 0; protected kept = 1; call<T>(x: T) { return [x] } }",
  "enum Color { Red, Green } namespace Deep { export const inner = { most: 1 } }",
  "const overloaded: { (n: number): Date; (s: string): RegExp } = null!",
];

/** Where a new program would be made for each. */
const TEXTS = [
  "area(shape!).|",
  "area({ ki|",
  "area({ kind: '|",
  "area(shape!, '|'",
  "shapes[0]?.|",
  "shape.|",
  "if (shape) { shape.ta| }",
  "if (shape && shape.kind === '|') {}",
  "new Base().call(1)[0].toF|",
  "class Sub extends Base { m() { this.| } }",
  "class Sub extends Base { m() { this.kept + super.| } }",
  "overloaded(1).getF|",
  "overloaded('a').fla|",
  "measure('a').|",
  "(await readFile('a')).toS|",
  "const { si| } = area(shape!)",
  "import { mea| } from 'typed'",
  "import * as t from 'typed'; t.|",
  "import fs from 'node:fs'; fs.readFileS|",
  "Deep.inner.|",
  "const c: Color = Color.|",
  "type S = Shape['|",
  "let s: keyof Sh|",
  "[1, 2].map((n) => n.toFi|",
  "shapes.map(({ sid| }) => 1)",
  "for (const { ki| } of shapes) {}",
  "`${area(shape!).|}`",
  "shape = { sides: 1, |",
  "const local = area(shape!); local.un|",
  "function g(a: typeof shape) { return a?.| }",
  "free.|",
  "const x = { ...shape, | }",
  "label: for (;;) { break lab| }",
  "const a = 1; { const b = 2; | }",
  "let z: Base = new Base; z satisfies |",
  "const ü = area(shape!); '\u{1f980}'; ü.|",
  "area(shape!\n.|",
  "@dec class D { @|",
  "async function* gen() { yield* shapes } for await (const s of gen()) s!.|",
  "let t: [a: Shape, b?: string] = [] as any; t[0].|",
];

describe("Language: the cell that is being written, seen by the program of the cells that ran", () => {
  const folder = notebookFolder({
    "node_modules/typed/package.json": `{ "name": "typed", "exports": { ".": { "types": "./t.d.ts", "default": "./m.js" } } }`,
    "node_modules/typed/t.d.ts": "export declare function measure(what: string): { width: number };",
    "node_modules/typed/m.js": "exports.measure = () => ({ width: 1 })",
    "node_modules/global/package.json": `{ "name": "global", "types": "./g.d.ts" }`,
    "node_modules/global/g.d.ts": "export as namespace Plots; export declare function draw(): string;",
    "local.ts": "export const first = { a: 1 }",
  });
  let notebook: TestNotebook;
  before(() => {
    notebook = new TestNotebook(folder);
    for (const cell of CELLS) notebook.run(cell);
  });
  after(() => fs.rmSync(folder, { recursive: true }));

  for (const text of TEXTS)
    it(`the same as of a new program: ${text}`, () => {
      const { names, replaced } = notebook.complete(text);
      const inspected = notebook.inspect(text);
      // With such a comment the cell becomes a part of the program.
      const whole = `/// <reference lib="es2023" />\n${text}`;
      const expected = notebook.complete(whole);
      assert.deepEqual([names, replaced], [expected.names, expected.replaced]);
      assert.equal(inspected, notebook.inspect(whole));
    });

  it("makes no new program", () => {
    notebook.complete("area(shape!).|");
    const program = notebook.types.service.getProgram();
    notebook.complete("area(shape!).uni|");
    notebook.complete("const q = measure('b'); q.|");
    notebook.inspect("ar|ea(shape!)");
    assert.equal(notebook.types.service.getProgram(), program);
    notebook.run("const area = () => [1]");
    assert.deepEqual(notebook.complete("shapes.fil|").names, ["fill", "filter"]);
    assert.deepEqual(notebook.complete("area().fil|").names, ["fill", "filter"]);
  });

  it("names a package's global by the package, whatever the text before imported", () => {
    notebook.complete("import * as late from 'global'; late.|");
    assert.match(notebook.inspect("Plots.dr|aw"), /draw\(\): string/);
    assert.match(notebook.inspect("Plo|ts.draw"), /Plots/);
  });

  it("sees edited files, and files that no cell has imported", () => {
    assert.deepEqual(notebook.complete("import { first } from './local'; first.|").names, ["a"]);
    fs.writeFileSync(`${folder}/local.ts`, "export const first = { b: 1, other: 2 }");
    assert.deepEqual(notebook.complete("import { first } from './local'; first.|").names, ["b", "other"]);
  });
});
