/**
 * To be imported before all that needs TypeScript: takes what V8 has compiled of it when the kernel was installed
 * (make.ts), a third of the time that loading it takes else. Without that, TypeScript is loaded as any package is.
 */
import { isMainThread } from "node:worker_threads";
import { codeFile, evaluateTypescript, type Part, readCode } from "./typescript-code.js";
import { setV8Flags } from "./v8-flags.js";

const folder = process.env.LOADLAB_CODE_CACHE;
const part: Part = isMainThread ? "cells" : "language";
setV8Flags(part);
const code = folder && readCode(codeFile(folder, part));
if (code) evaluateTypescript(code);
