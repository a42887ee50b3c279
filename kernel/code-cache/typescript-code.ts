import { isAscii } from "node:buffer";
import { createHash } from "node:crypto";
import fs from "node:fs";
import Module, { createRequire } from "node:module";
import path from "node:path";
import vm from "node:vm";
import { V8_FLAGS } from "./v8-flags.js";
import { makeFolder } from "../../src/runtime/make-folder.js";

/** Which functions of TypeScript are kept: those that compile cells, or those of its language service. */
export type Part = "cells" | "language";

const FILE = createRequire(import.meta.url).resolve("typescript");
const DIGEST_BYTES = 32;

/** One file for each part, each version of Node and of TypeScript, and each set of options, which V8 compares too. */
export function codeFile(folder: string, part: Part): string {
  const { size, mtimeMs } = fs.statSync(FILE);
  const options = [...process.execArgv, ...V8_FLAGS[part]];
  const made = [FILE, size, mtimeMs, process.version, process.arch, ...options].join("\n");
  const key = createHash("sha256").update(made).digest("hex").slice(0, 16);
  return path.join(folder, `typescript-${part}-${key}.code`);
}

/** Undefined where there is none, or it is not as it was written: V8 itself would run what has been damaged. */
export function readCode(file: string): Buffer | undefined {
  try {
    const bytes = fs.readFileSync(file);
    const code = bytes.subarray(DIGEST_BYTES);
    return digest(code).equals(bytes.subarray(0, DIGEST_BYTES)) ? code : undefined;
  } catch {
    return undefined;
  }
}

/** Keeps the functions that have been compiled so far, in place of those that another Node or TypeScript had. */
export function writeCode(file: string, script: vm.Script): void {
  const code = script.createCachedData();
  const folder = path.dirname(file);
  const part = path.basename(file).replace(/[^-]+$/, "");
  makeFolder(folder);
  for (const name of fs.readdirSync(folder)) if (name.startsWith(part)) fs.rmSync(path.join(folder, name));
  const partial = `${file}.${process.pid}`; // a kernel that starts meanwhile finds none, not a half
  fs.writeFileSync(partial, Buffer.concat([digest(code), code]));
  fs.renameSync(partial, file);
}

/**
 * Makes TypeScript what `require("typescript")` returns from now on in this thread.
 * @param code of an earlier run, which saves compiling nine megabytes of JavaScript; what V8 does not take, it ignores.
 * @returns the script; `cachedDataRejected` says whether V8 took the code.
 */
export function evaluateTypescript(code?: Buffer): vm.Script {
  const bytes = fs.readFileSync(FILE);
  const text = bytes.toString(isAscii(bytes) ? "latin1" : "utf8");
  const wrapped = `(function (exports, require, module, __filename, __dirname) {${text}\n})`;
  const script = new vm.Script(wrapped, { filename: FILE, ...(code && { cachedData: code }) });
  const module = new Module(FILE);
  module.filename = FILE;
  const evaluate = script.runInThisContext() as (...parameters: unknown[]) => void;
  const require = createRequire(FILE);
  evaluate.call(module.exports, module.exports, require, module, FILE, path.dirname(FILE));
  module.loaded = true;
  require.cache[FILE] = module;
  return script;
}

function digest(code: Buffer): Buffer {
  return createHash("sha256").update(code).digest();
}
