import { sequences, throws } from "./sequences.js";

const RUNTIME = {
  "node_modules/tiny/package.json": `{ "name": "tiny", "type": "module", "exports": { "./jsx-runtime": "./r.js" } }`,
  "node_modules/tiny/r.js":
    "export const jsx = (tag, props) => ({ tag, ...props }); export const jsxs = jsx; export const Fragment = 'fragment';",
};

sequences(
  "JSX by a comment in the cell",
  {
    "an import source": [
      ["/** @jsxImportSource tiny */\n<b id='x'>text</b>", { tag: "b", id: "x", children: "text" }],
    ],
    "children and values of other cells": [
      ["const name = 'n'; const items = [1, 2]"],
      ["/** @jsxImportSource tiny */\n<p>{name}{items.length}</p>", { tag: "p", children: ["n", 2] }],
    ],
    "a component of another cell": [
      ["/** @jsxImportSource tiny */\nfunction Title({ text }: { text: string }) { return <h1>{text}</h1> }"],
      ["Title({ text: 't' })", { tag: "h1", children: "t" }],
    ],
    "a fragment": [["/** @jsxImportSource tiny */\n<></>", { tag: "fragment" }]],
    "a function of its own": [
      ["const h = (tag: string, props: object | null, ...rest: unknown[]) => [tag, props, ...rest]"],
      ["/** @jsxRuntime classic */\n/** @jsx h */\n<i a={1}>t</i>", ["i", { a: 1 }, "t"]],
    ],
    "without the comment, angle brackets are types": [
      ["<number>(1 as unknown)", 1],
      ["<T,>(x: T) => x && '</T>'; <number>(1 as unknown) + 1", 2],
    ],
    "an element that cannot be anything else, without the comment": [
      ["<b>x</b>", throws("Error", /Cannot find package 'react\/jsx-runtime'.*%npm install react$/)],
      ["<b>x</i>", throws("SyntaxError", /closing tag/)],
    ],
    "a comment in a string is none": [["const s = ' /** @jsx h */'; <number>(2 as unknown)", 2]],
  },
  { files: RUNTIME },
);

sequences(
  "The project's tsconfig.json",
  {
    "jsx in cells": [["<b>x</b>", { tag: "b", children: "x" }]],
    "jsx in files": [["import { view } from './view'; view", { tag: "i", children: "v" }]],
    "paths with a star": [["import { a } from '@lib/a'; a", 1]],
    "paths with a star and a folder below": [["import { deep } from '@lib/more/deep'; deep", 2]],
    "paths without a star": [["import { a } from 'the-a'; a", 1]],
    "the second place of a path": [["import { other } from '@any/other'; other", 3]],
    "paths in a file that a cell imports": [["import { viaPath } from './uses-path'; viaPath", 10]],
    "import() and import.meta.resolve": [
      ["(await import('@lib/a')).a", 1],
      ["import.meta.resolve('@lib/a').endsWith('/src/lib/a.ts')", true],
    ],
    "a path that leads nowhere": [
      ["import '@lib/none'", throws("Error", /Cannot find package '@lib\/none'/)],
    ],
    "decorators of the old kind": [
      ["function mark(target: object, key: string) { (target as any).marked = key }"],
      ["class A { @mark method() {} }; (A.prototype as any).marked", "method"],
    ],
  },
  {
    files: {
      ...RUNTIME,
      "tsconfig.json": `{ // with a comment
        "extends": "./base.json",
        "compilerOptions": { "jsx": "react-jsx", "jsxImportSource": "tiny", "experimentalDecorators": true } }`,
      "base.json": `{ "compilerOptions": { "paths": {
        "@lib/*": ["./src/lib/*"], "the-a": ["./src/lib/a.ts"], "@any/*": ["./nowhere/*", "./src/*"] } } }`,
      "src/lib/a.ts": "export const a: number = 1",
      "src/lib/more/deep.ts": "export const deep = 2",
      "src/other.ts": "export const other = 3",
      "uses-path.ts": "import { a } from '@lib/a'; export const viaPath = a * 10",
      "view.tsx": "export const view = <i>v</i>",
    },
  },
);

sequences(
  "A tsconfig.json with baseUrl",
  {
    "names of files below it": [
      ["import { b } from 'b'; import { join } from 'node:path'; [b, join('x', 'y')]", [4, "x/y"]],
    ],
  },
  {
    files: {
      "tsconfig.json": `{ "compilerOptions": { "baseUrl": "./src", "ignoreDeprecations": "6.0" } }`,
      "src/b.ts": "export const b = 4",
    },
  },
);

sequences(
  "A package.json with imports, and packages of the same repository",
  {
    "a name of a TypeScript file": [["import { one } from '#one'; one", 1]],
    "names with a star": [["import { deep } from '#sources/deep'; deep", 2]],
    "a name of JavaScript": [["import { plain } from '#plain'; plain", 3]],
    "a name that there is not": [
      ["import { x } from '#none'", throws("TypeError", /"#none" is not defined/)],
    ],
    "a package of TypeScript": [
      [
        "const at = (name: string) => import.meta.dirname + '/' + name\n" +
          "require('node:fs').symlinkSync(at('packages/shared'), at('node_modules/shared'), 'junction')",
      ],
      ["import { Kind, one } from 'shared'; [Kind.A, one]", ["a", 1]],
      ["import { built } from 'shared/built'; built", true],
    ],
  },
  {
    files: {
      "package.json": `{ "imports": { "#one": "./one.ts", "#sources/*": "./sources/*.ts", "#plain": "./plain.mjs" } }`,
      "one.ts": `export const one: number = 1`,
      "sources/deep.ts": `import { one } from "#one"; export const deep = one + 1`,
      "plain.mjs": `export const plain = 3`,
      "node_modules/other/package.json": `{}`,
      "packages/shared/package.json": `{ "name": "shared", "type": "module", "exports": { ".": "./source/index.ts", "./built": { "types": "./source/built.ts", "default": "./built.js" } } }`,
      "packages/shared/built.js": `export const built = true`,
      "packages/shared/source/built.ts": `export const built = false as boolean`,
      "packages/shared/source/index.ts": `export * from "./kind"; export { one } from "../../../one"`,
      "packages/shared/source/kind.ts": `export enum Kind { A = "a" }`,
    },
  },
);
