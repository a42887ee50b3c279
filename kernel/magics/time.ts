import { finishGpuWork } from "../../src/runtime/webgpu/finish-work.js";
import { duration } from "./duration.js";
import { givenCode } from "./given-code.js";
import type { Magic } from "./magic.js";
import { runCode } from "./run-code.js";

export const time: Magic = {
  name: "time",
  kinds: ["line", "cell"],
  summary: "Runs code and says how long it took, with what a GPU was given to do.",
  arguments: [{ name: "CODE", summary: "what to run; with %%time the lines below as well", type: "rest" }],
  examples: ["%time model.predict(x)", "%%time\nconst y = await slow();\ny.length"],
  async run(call, { engine, output }) {
    const { code, lineOffset } = givenCode(call, "time", "f(1)");
    const { executionCount } = call;
    const cpu = process.cpuUsage();
    const start = performance.now();
    try {
      const result = await runCode({ code, executionCount, lineOffset }, { engine, output });
      await finishGpuWork();
      return result;
    } finally {
      const wall = performance.now() - start;
      const { user, system } = process.cpuUsage(cpu);
      output.stream("stdout", `Wall time: ${duration(wall)}  CPU: ${duration((user + system) / 1000)}\n`);
    }
  },
};
