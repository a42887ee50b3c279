/** Runs in Node's loader thread, for versions without `module.registerHooks`. */
export { toKernel as resolve } from "./kernel-modules.js";
