/**
 * To be imported before all that needs TypeScript: takes what V8 has compiled of it when the kernel was installed
 * (make.ts), a third of the time that loading it takes else. Without that, TypeScript is loaded as any package is.
 */
import { isMainThread } from "node:worker_threads";
import { codeFile, evaluateTypescript, readCode } from "./typescript-code.js";

const folder = process.env.LOADLAB_CODE_CACHE;
const code = folder && readCode(codeFile(folder, isMainThread ? "cells" : "language"));
if (code) evaluateTypescript(code);
