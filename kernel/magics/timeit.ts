import { finishGpuWork } from "../../src/runtime/webgpu/finish-work.js";
import type { CellEngine } from "../cells/cell-engine.js";
import { duration } from "./duration.js";
import { givenCode } from "./given-code.js";
import type { Magic, MagicCall } from "./magic.js";
import { UsageError } from "./usage-error.js";

/** As Python's `timeit.autorange`: a run takes at least so long. */
const LEAST_MS = 200;
const RUNS = 7;

export const timeit: Magic = {
  name: "timeit",
  kinds: ["line", "cell"],
  summary: "Runs code many times and says how long once takes, with what a GPU was given to do.",
  arguments: [
    { name: "-n", summary: "times in each run; as many as take 0.2 s if left out", type: "number" },
    { name: "-r", summary: "runs, 7 if left out", type: "number" },
    { name: "CODE", summary: "what to run; with %%timeit the lines below as well", type: "rest" },
  ],
  examples: [
    "%timeit model.predict(x)",
    "%timeit -n 10 -r 3 await slow()",
    "%%timeit\nconst y = f(x);\ng(y);",
  ],
  async run(call, { engine, output }) {
    const once = await timedFunction(call, engine);
    const runs = wholeNumber(call, "-r") ?? RUNS;
    const loops = wholeNumber(call, "-n") ?? (await enoughLoops(once));
    const times: number[] = [];
    for (let run = 0; run < runs; run++) times.push((await timeOf(once, loops)) / loops);
    output.stream("stdout", `${report(times, loops)}\n`);
    return undefined;
  },
};

/** The code as a function: an expression gives its value, so that a promise is waited for; names stay inside. */
async function timedFunction(call: MagicCall, engine: CellEngine) {
  const { code, lineOffset: above } = givenCode(call, "timeit", "f(1)");
  const { executionCount } = call;
  const lineOffset = above - 1; // the function's head stands in a line of its own
  const head = /\bawait\b/.test(code) ? "(async () =>" : "(() =>";
  const compiled = async (text: string) =>
    (await engine.run({ code: text, executionCount, lineOffset })).value as () => unknown;
  try {
    return await compiled(`${head} (\n${code.trimEnd().replace(/;$/, "")}\n))`);
  } catch {
    return await compiled(`${head} {\n${code}\n})`);
  }
}

/** @throws UsageError for what is no count */
function wholeNumber({ arguments: given }: MagicCall, name: "-n" | "-r"): number | undefined {
  const number = given[name] as number | undefined;
  if (number !== undefined && !(Number.isInteger(number) && number > 0))
    throw new UsageError(`%timeit: ${name} is a whole number from 1, not ${number}.`);
  return number;
}

/** The least of 1, 2, 5, 10, 20, 50 and so on with which a run lasts long enough to be timed. */
async function enoughLoops(once: () => unknown): Promise<number> {
  for (let power = 1; ; power *= 10) {
    for (const loops of [power, 2 * power, 5 * power]) {
      if ((await timeOf(once, loops)) >= LEAST_MS) return loops;
    }
  }
}

/** Milliseconds of so many calls in a row. */
async function timeOf(once: () => unknown, loops: number): Promise<number> {
  const start = performance.now();
  for (let i = 0; i < loops; i++) {
    const value = once();
    if (value instanceof Promise) await value;
  }
  await finishGpuWork();
  return performance.now() - start;
}

function report(times: readonly number[], loops: number): string {
  const mean = times.reduce((sum, time) => sum + time, 0) / times.length;
  const deviation = Math.sqrt(times.reduce((sum, time) => sum + (time - mean) ** 2, 0) / times.length);
  const runs = `${times.length} run${times.length === 1 ? "" : "s"}`;
  const each = `${loops.toLocaleString("en")} time${loops === 1 ? "" : "s"} each`;
  return `${duration(mean)} ± ${duration(deviation)} once (mean ± deviation of ${runs}, ${each}; fastest ${duration(Math.min(...times))})`;
}
