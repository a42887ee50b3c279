import { openModel } from "../../../src/index.js";
import { sequences, throws } from "./sequences.js";

const files = {
  "helper.ts": `
    import { base } from "./deep/base.js";
    import settings, { size } from "./settings.json" with { type: "json" };
    export interface Shape { sides: number }
    export let counter: number = 0;
    export function increment(by = 1): void { counter += by }
    export default class Square implements Shape { sides = base + size + settings.size }
    export { base as renamed } from "./deep/base";
    export * from "./more";
    export * as inner from "./more";
    export enum Level { Low, High }
    export const folder = import.meta.dirname;
    export const lazy = () => import("./more");`,
  "deep/base.ts": `export const base = 1; export const top = await Promise.resolve("awaited");`,
  "more.ts": `export const one = 1, two = 2; export default "not re-exported";`,
  "settings.json": `{ "size": 10, "name": "settings" }`,
  "inner.ts": `import settings from "./settings.json"; export { settings }`,
  "list.json": `[1, 2, 3]`,
  "a.ts": `import { b } from "./b"; export const a = "a"; export const both = () => a + b();`,
  "b.ts": `import { a } from "./a"; export const b = () => "b" + a;`,
  "functions.ts": `
    export default function () { return "default" }
    export async function later() { return 1 }
    export function* numbers() { yield 1; yield 2 }`,
  "anonymous.ts": `export default class { v = 1 }`,
  "expression.ts": `export default { k: 1 }`,
  "names.ts": `const a = 1, b = 2; export { a, b as "odd name", a as default }`,
  "fails.ts": `export const before = 1;\nthrow new RangeError("while loading");`,
  "returns.ts": `export const x: number = 1;\nif (x) { return x }`,
  "broken.ts": `export const x: = 1;`,
  "view.tsx": `export const tag = "tsx";`,
  "plain.mjs": `export const kind = "mjs"; export default 1`,
  "module.js": `import { one } from "./more"; export const sum = one + 1`,
  "common.cjs": `exports.kind = "cjs"; exports.self = module.exports`,
  "script.js": `module.exports = { kind: "commonjs", dir: __dirname }`,
  "folder/index.ts": `export const from = "index"`,
  "node_modules/esm-only/package.json": `{ "name": "esm-only", "type": "module", "exports": { ".": { "import": "./main.js" }, "./sub": "./sub.js" } }`,
  "node_modules/esm-only/main.js": `export default "esm"; export let n = 0; export const add = () => { n++ }; export const waited = await Promise.resolve(3)`,
  "node_modules/esm-only/sub.js": `export const sub = "path"`,
  "node_modules/computed/package.json": `{ "name": "computed", "main": "main.js" }`,
  "node_modules/computed/main.js": `function all() {} for (const name of ["chunk", "zip"]) all[name] = () => name; module.exports = all`,
  "node_modules/cjs/package.json": `{ "name": "cjs", "main": "main.js" }`,
  "node_modules/cjs/main.js": `module.exports = function () { return "called" }; module.exports.extra = 1`,
  "node_modules/transpiled/package.json": `{ "name": "transpiled", "main": "main.js" }`,
  "node_modules/transpiled/main.js": `Object.defineProperty(exports, "__esModule", { value: true }); exports.default = "own default"; for (const k of ["hidden"]) exports[k] = "found"`,
  "node_modules/dual/package.json": `{ "name": "dual", "exports": { "import": "./m.mjs", "require": "./c.cjs" } }`,
  "node_modules/dual/m.mjs": `export const kind = "import"`,
  "node_modules/dual/c.cjs": `exports.kind = "require"`,
  "node_modules/@scope/pkg/package.json": `{ "name": "@scope/pkg", "main": "m.js" }`,
  "node_modules/@scope/pkg/m.js": `exports.scoped = true`,
  "node_modules/uses-tf/package.json": `{ "name": "uses-tf", "main": "m.js" }`,
  "node_modules/uses-tf/m.js": `exports.tf = require("@tensorflow/tfjs-core")`,
  "node_modules/uses-tf-esm/package.json": `{ "name": "uses-tf-esm", "type": "module", "exports": "./m.js" }`,
  "node_modules/uses-tf-esm/m.js": `import * as tf from "@tensorflow/tfjs-core"; export { tf }`,
};

/** Exports `add(i32, i32)`. */
const ADD_WASM = "AGFzbQEAAAABBwFgAn9/AX8DAgEABwcBA2FkZAAACgkBBwAgACABags=";
const writeWasm = (name: string) =>
  `require('node:fs').writeFileSync(import.meta.dirname + '/${name}', Buffer.from('${ADD_WASM}', 'base64'))`;

sequences("Imports: Node's modules", {
  default: [["import fs from 'node:fs'; typeof fs.readFileSync", "function"]],
  named: [["import { join, sep } from 'node:path'; join('a', 'b').split(sep)", ["a", "b"]]],
  renamed: [["import { join as glue } from 'node:path'; glue('a', 'b')", "a/b"]],
  namespace: [["import * as path from 'node:path'; path.basename('/x/y')", "y"]],
  "default and named": [["import os, { EOL } from 'node:os'; typeof os.cpus + EOL.length", "function1"]],
  "default and namespace": [["import d, * as all from 'node:path'; d === all.default", true]],
  "side effect": [["import 'node:fs'"]],
  "without node:": [["import { join } from 'path'; join('a')", "a"]],
  "a sub path": [["import { readFile } from 'node:fs/promises'; typeof readFile", "function"]],
  "used by a later cell": [["import { join } from 'node:path'"], ["join('x', 'y')", "x/y"]],
  "used by a function": [
    ["import { join } from 'node:path'; const f = (s: string) => join(s, 'z')"],
    ["f('a')", "a/z"],
  ],
  "imported names are hoisted": [["const r = join('a', 'b')\nimport { join } from 'node:path'\nr", "a/b"]],
  "import()": [["const os = await import('node:os'); typeof os.cpus", "function"]],
  "import() in a function": [
    ["const load = (m: string) => import(m)"],
    ["typeof (await load('node:os')).cpus", "function"],
  ],
  require: [["require('node:path').join('a', 'b')", "a/b"]],
  "require in a function": [["const f = () => require('os')"], ["typeof f().cpus", "function"]],
  "a name that is not exported": [
    ["import { nope } from 'node:path'"],
    ["nope", throws("ReferenceError", /'node:path' has no export 'nope'/)],
  ],
  "a module that does not exist": [["import 'node:nope'", throws("Error", /node:nope/)]],
});

sequences(
  "Imports: local files",
  {
    TypeScript: [["import Square, { renamed } from './helper'; [new Square().sides, renamed]", [21, 1]]],
    "with the extension": [["import { base } from './deep/base.ts'; base", 1]],
    "by the name it compiles to": [["import { base } from './deep/base.js'; base", 1]],
    "types vanish": [
      ["import { type Shape, counter } from './helper'; const s: Shape = { sides: 3 }; s.sides + counter", 3],
    ],
    "a live export": [
      ["import { counter, increment } from './helper'"],
      ["const before = counter; increment(5); counter - before", 5],
    ],
    "export *": [["import { one, two } from './helper'; one + two", 3]],
    "export * leaves out the default": [
      ["import * as h from './helper'; h.default === undefined", false],
      ["import * as m from './more'; m.default", "not re-exported"],
    ],
    "export * as": [["import { inner } from './helper'; inner.two", 2]],
    "an enum": [["import { Level } from './helper'; Level.High", 1]],
    "import.meta": [["import { folder } from './helper'; folder === import.meta.dirname", true]],
    "import() inside a module": [["import { lazy } from './helper'; (await lazy()).one", 1]],
    "top-level await": [["import { top } from './deep/base'; top", "awaited"]],
    "modules that import each other": [["import { both } from './a'; both()", "aba"]],
    "the same module twice": [
      ["import * as x from './more'"],
      ["import * as y from './more.ts'; x === y", true],
    ],
    JSON: [["import s from './settings.json'; s.size", 10]],
    "JSON with attributes": [["import s from './settings.json' with { type: 'json' }; s.name", "settings"]],
    "require of what is to be imported": [
      [
        "require('./helper.ts')",
        throws("Error", /^"\.\/helper\.ts" is TypeScript or an ES module.*import \* as m from/),
      ],
      ["require('./common.cjs').kind", "cjs"],
    ],
    "JSON is read once, until it changes": [
      ["import s from './settings.json'; import * as all from './settings.json'"],
      ["import t from './settings.json' with { type: 'json' }; s === t && all.default === s", true],
      ["const { settings } = await import('./inner.ts'); settings === s", true],
      ["import fs from 'node:fs'; fs.writeFileSync(import.meta.dirname + '/changing.json', '1')"],
      ["import { default as before } from './changing.json'; before", 1],
      ["fs.writeFileSync(import.meta.dirname + '/changing.json', '[22]')"],
      ["import after from './changing.json'; after", [22]],
    ],
    "a namespace prints its values": [
      ["import { inspect } from 'node:util'; import * as more from './more'"],
      ["inspect(more)", "[Module: null prototype] { one: 1, two: 2, default: 'not re-exported' }"],
      ["inspect({ a: { b: { more } } }, { depth: 2 })", "{ a: { b: { more: [Module: null prototype] } } }"],
      [
        "import * as list from './list.json'; inspect(list)",
        "[Module: null prototype] { default: [ 1, 2, 3 ] }",
      ],
    ],
    "JSON names": [["import { size } from './settings.json'; size", 10]],
    "JSON list": [["import l from './list.json'; l", [1, 2, 3]]],
    "JSON by import()": [["(await import('./list.json', { with: { type: 'json' } })).default.length", 3]],
    WebAssembly: [
      [writeWasm("add.wasm")],
      ["import { add } from './add.wasm'; add(2, 3)", 5],
      ["import * as again from './add.wasm'; again.add === add", true],
    ],
    "WebAssembly that is broken, then mended": [
      ["require('node:fs').writeFileSync(import.meta.dirname + '/late.wasm', 'no')"],
      ["import './late.wasm'", throws("CompileError")],
      [writeWasm("late.wasm")],
      ["import { add as late } from './late.wasm'; late(1, 1)", 2],
    ],
    "a file that is no module": [
      ["require('node:fs').writeFileSync(import.meta.dirname + '/notes.txt', 'text')"],
      [
        "import text from './notes.txt'",
        throws("TypeError", /no module.*readFileSync\("\.\/notes\.txt", "utf8"\)/),
      ],
    ],
    "JSON by require": [["require('./settings.json').size", 10]],
    "default function": [
      [
        "import f, { later, numbers } from './functions'; [f(), await later(), ...numbers()]",
        ["default", 1, 1, 2],
      ],
    ],
    "default class": [["import C from './anonymous'; new C().v", 1]],
    "default expression": [["import o from './expression'; o.k", 1]],
    "odd names": [["import d, { a, 'odd name' as odd } from './names'; [d, a, odd]", [1, 1, 2]]],
    tsx: [["import { tag } from './view'; tag", "tsx"]],
    mjs: [["import one, { kind } from './plain.mjs'; [one, kind]", [1, "mjs"]]],
    "an ES module in a .js file": [["import { sum } from './module.js'; sum", 2]],
    cjs: [["import { kind } from './common.cjs'; kind", "cjs"]],
    "CommonJS in a .js file": [["import s from './script.js'; s.kind", "commonjs"]],
    "a folder": [["import { from } from './folder'; from", "index"]],
    "import()": [["const m = await import('./more'); m.two", 2]],
    "a file that throws": [
      ["import './fails'", throws("RangeError", /while loading/)],
      ["import './fails'", throws("RangeError", /while loading/)],
    ],
    "a file that returns": [["import './returns'", throws("SyntaxError", /'return' statement/)]],
    "a file that does not parse": [["import './broken'", throws("SyntaxError", /Type expected/)]],
    "a file that does not exist": [["import './nowhere'", throws("Error", /nowhere/)]],
    "an exported name that is missing": [
      ["import { nope } from './more'"],
      [
        "nope",
        throws("ReferenceError", /has no export 'nope'\. Did you mean 'one'\? It exports one, two, default/),
      ],
    ],
    "import.meta.resolve": [["import.meta.resolve('./more').endsWith('/more.ts')", true]],
  },
  { files },
);

sequences(
  "Imports: packages",
  {
    "an ES module": [["import kind, { waited } from 'esm-only'; [kind, waited]", ["esm", 3]]],
    "a live export of a package": [
      ["import { n, add } from 'esm-only'"],
      ["const was = n; add(); n - was", 1],
    ],
    "a sub path": [["import { sub } from 'esm-only/sub'; sub", "path"]],
    "a CommonJS function": [["import f from 'cjs'; [f(), f.extra]", ["called", 1]]],
    "a CommonJS name": [["import { extra } from 'cjs'; extra", 1]],
    "CommonJS names that no text of the module shows (as in lodash)": [
      [
        "import { chunk } from 'computed'; import * as all from 'computed'; [chunk(), all.zip()]",
        ["chunk", "zip"],
      ],
      ["import all from 'computed'; all.zip()", "zip"],
    ],
    "the default of compiled CommonJS": [
      ["import d, { hidden } from 'transpiled'; [d, hidden]", ["own default", "found"]],
    ],
    "import takes the import condition": [["import { kind } from 'dual'; kind", "import"]],
    "require takes the require condition": [["require('dual').kind", "require"]],
    "a scope": [["import { scoped } from '@scope/pkg'; scoped", true]],
    "import()": [["(await import('esm-only')).default", "esm"]],
    "a package that is not there": [["import 'absent-package'", throws("Error", /absent-package/)]],
    "a sub path that is not there": [["import 'esm-only/absent'", throws("Error", /absent/)]],
    "require of a package that is not there": [
      ["require('absent-package')", throws("Error", /absent-package/)],
    ],
  },
  { files },
);

sequences(
  "Imports: the kernel's own packages",
  {
    "TensorFlow.js is one": [
      ["import * as tf from '@tensorflow/tfjs'; import * as core from '@tensorflow/tfjs-core'"],
      ["tf.Tensor === core.Tensor", true],
      ["require('@tensorflow/tfjs').Tensor === tf.Tensor", true],
      ["(await import('@tensorflow/tfjs')).Tensor === tf.Tensor", true],
    ],
    "its builds for Node are the same": [
      [
        "import * as a from '@tensorflow/tfjs-node'; import * as b from '@tensorflow/tfjs'; a.tensor === b.tensor",
        true,
      ],
      [
        "import gpu, { node } from '@tensorflow/tfjs-node-gpu'; [gpu.tensor === b.tensor, gpu.node === node, typeof node.decodeImage, typeof a.io.fileSystem]",
        [true, true, "function", "function"],
      ],
    ],
    "packages get it too": [
      [
        "import { tf as a } from 'uses-tf'; import { tf as b } from 'uses-tf-esm'; import * as c from '@tensorflow/tfjs'; [a.Tensor === c.Tensor, b.Tensor === c.Tensor]",
        [true, true],
      ],
    ],
    "loadlab is the kernel's own": [
      ["import { openModel } from 'loadlab'; openModel === own()", true],
      ["(await import('loadlab')).openModel === own()", true],
    ],
    "loadlab shares it": [
      [
        "import { tf } from 'loadlab'; import * as other from '@tensorflow/tfjs'; tf.Tensor === other.Tensor",
        true,
      ],
    ],
  },
  { files, predeclared: { own: () => openModel } },
);
