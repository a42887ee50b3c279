import childProcess from "node:child_process";
import { syncBuiltinESMExports } from "node:module";
import { WORDS } from "./shared-words.js";

const WAITING = ["spawnSync", "execSync", "execFileSync"] as const;

/**
 * Lets the control thread see whether the main thread waits for a child process, which an interrupt has to end: no
 * JavaScript runs until then. Of Node's module itself, so that it holds for libraries too.
 */
export function noteAwaitedChildren(words: Int32Array): void {
  const functions = childProcess as unknown as Record<string, (...parameters: unknown[]) => unknown>;
  for (const name of WAITING) {
    const wait = functions[name]!;
    const noted = (...parameters: unknown[]): unknown => {
      Atomics.add(words, WORDS.awaitedChildren, 1);
      try {
        return wait(...parameters);
      } finally {
        Atomics.sub(words, WORDS.awaitedChildren, 1);
      }
    };
    functions[name] = Object.defineProperty(noted, "name", { value: name });
  }
  syncBuiltinESMExports();
}
