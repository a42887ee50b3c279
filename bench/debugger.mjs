// npm run bench:debugger: what the debugger costs while it is off, and while it is on with nothing to stop at.
// Cells run in this process, by turns with the debugger's hooks and without them.
import { performance } from "node:perf_hooks";
import { createCellEngine } from "../dist/kernel/cells/index.js";
import { debugHook } from "../dist/kernel/cells/debug-hook.js";
import { DebugHooks } from "../dist/kernel/debugger/main-thread/hooks.js";
import { createWords } from "../dist/kernel/runner/shared-words.js";

const ROUNDS = 40;
const CELLS = 50;
const CODE =
  "let total = 0;\nfor (let i = 0; i < 1000; i++) total += i;\nconst half = (n) => n / 2;\nhalf(total);";

const engine = createCellEngine({ folder: process.cwd(), predeclared: {} });
const hooks = new DebugHooks(createWords(), () => {});
let count = 0;

async function round(hook) {
  debugHook.current = hook;
  const began = performance.now();
  for (let i = 0; i < CELLS; i++) {
    hook?.cellBegins(++count, CODE);
    await engine.run({ code: CODE, executionCount: count });
    hook?.cellEnds();
  }
  return (performance.now() - began) / CELLS;
}

const times = { without: [], off: [] };
await round(null);
for (let i = 0; i < ROUNDS; i++) {
  // Each goes first as often as the other.
  const order = i % 2 ? ["without", "off"] : ["off", "without"];
  for (const name of order) times[name].push(await round(name === "off" ? hooks : null));
}
const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];
const [without, off] = [median(times.without), median(times.off)];
console.log(`One cell, median of ${ROUNDS} rounds of ${CELLS}:`);
console.log(`  without the debugger's hooks  ${without.toFixed(3)} ms`);
console.log(`  with them, debugger off       ${off.toFixed(3)} ms   ${(off / without).toFixed(3)} of it`);
process.exit(0);
