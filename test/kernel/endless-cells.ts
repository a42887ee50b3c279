/**
 * Cells that never end by themselves, by where they run. Those that say "begun" loop in a callback, which would go on
 * after an interrupt that comes before it.
 */
export const ENDLESS: Readonly<Record<string, string>> = {
  "a loop": "while (true) {}",
  "a loop that catches everything": "while (true) { try { while (true) {} } catch {} finally { n++ } }",
  "a loop after an await": "await null; while (true) {}",
  "a microtask": "await Promise.resolve().then(() => { console.log('begun'); while (true) {} })",
  "a timer": "await new Promise(() => setTimeout(() => { console.log('begun'); while (true) {} }, 1))",
  "an immediate": "await new Promise(() => setImmediate(() => { console.log('begun'); while (true) {} }))",
  "one of many immediates":
    "await new Promise(() => { for (let i = 0; i < 9; i++) setImmediate(() => { if (i === 3) console.log('begun'); while (i === 3) {} }) })",
  "process.nextTick":
    "await new Promise(() => process.nextTick(() => { console.log('begun'); while (true) {} }))",
  "a callback of fs":
    "const fs = await import('node:fs'); await new Promise(() => fs.stat('.', () => { console.log('begun'); while (true) {} }))",
  "microtasks without end": "const again = () => Promise.resolve().then(again); await again()",
  "a regular expression that backtracks": "/^(a+)+$/.test('a'.repeat(50) + 'b')",
  "Atomics.wait": "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)",
  "an await that never resolves": "await new Promise(() => {})",
  "a loop that prints": "while (true) console.log('x')",
  "a native sort": "while (true) Float64Array.from({ length: 1e5 }, Math.random).sort()",
  "a child process that does not mind":
    "process.getBuiltinModule('node:child_process').spawnSync('sh', ['-c', 'trap : INT; while :; do sleep 9; done'])",
  "a loop that displays": "while (true) display({ n })",
};

/** Resolves to "works" when every way to wait still does. */
export const EVERY_WAIT = `
  const fs = await import("node:fs");
  await new Promise((resolve) => setTimeout(resolve, 1));
  await Promise.all([1, 2, 3].map(() => new Promise((resolve) => setImmediate(resolve))));
  await (await import("node:timers/promises")).setImmediate();
  await new Promise((resolve) => process.nextTick(resolve));
  await new Promise((resolve) => fs.stat(".", resolve));
  await fs.promises.readdir(".");
  await new Promise((resolve) => { let left = 3; const id = setInterval(() => --left || resolve(clearInterval(id)), 1) });
  console.log("works")`;
