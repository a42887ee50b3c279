/** Cells of each kind: what TypeScript needs for them is compiled when the kernel is installed. */
export const CELLS: readonly string[] = [
  "1 + 1",
  'console.log("hello")',
  'import fs from "node:fs";\nimport { join, basename } from "node:path";\nimport type { Stats } from "node:fs";\njoin("a", "b")',
  "let x: number = 1; const { a, ...rest } = { a: 1, b: 2 }; var [head, ...tail] = [1, 2, 3];\nx += a ?? head",
  "class Point<T extends number = number> {\n  #length = 0;\n  static origin = new Point(0, 0);\n  constructor(readonly x: T, private y: T) {}\n  get length() { return this.#length }\n  async *walk(): AsyncGenerator<T> { yield this.x }\n}\nclass Far extends Point { override get length() { return super.length + 1 } }",
  "enum Kind { One = 1, Two = 'b' }\nnamespace Inner { export const value = 1 }\ninterface Shape { kind: Kind; area?(): number }\ntype Both = Shape & { name: string }\ntype Keys<T> = { [K in keyof T]?: T[K] extends string ? K : never }",
  "for (const y of [1, 2]) x += y\nfor await (const part of [Promise.resolve(1)]) console.log(part)\nfor (let i = 0; i < 10; i++) { if (i % 2) continue; else break }\nwhile (x > 100) x--\ndo { x++ } while (x < 3)",
  "async function load(path: string, { limit = 10 } = {}): Promise<string> {\n  try { return await fs.promises.readFile(path, 'utf8') }\n  catch (error) { throw new Error(`No ${path}`, { cause: error }) }\n  finally { x = 0 }\n}\nawait load('missing').catch((error: Error) => error.message)",
  "function* count(from = 0) { while (true) yield from++ }\nconst double = (n: number) => n * 2, label = `n: ${double(2)}`;\nswitch (label) { case 'a': break; default: void 0 }\n({ [label]: double, method() { return this }, get now() { return 1 } })",
  "import * as tf from '@tensorflow/tfjs';\nconst model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2] })] });\nmodel.predict(tf.ones([1, 2]))",
  "const wrong: string = 1;\nlet unknown = notDeclared.member;\n[1, 2].mapp((n) => n)",
  "export const shared = 1;\nexport default class {}\nconst later = await import('node:os');\n/re+/gu.test('re') satisfies boolean;\n(1 as unknown) as string;",
];
