import { loadWhole } from "./library.js";
import type { Magic } from "./magic.js";

export const memory: Magic = {
  name: "memory",
  kinds: ["line"],
  summary: "Shows the tensors that are alive, by back end and by the cell that made them.",
  arguments: [],
  examples: ["%memory"],
  async run(_call, { output, engine }) {
    const { freeUnreachable, memoryReport, memoryReportBundle } = await loadWhole(async () => ({
      ...(await import("../../src/runtime/memory/tensor-ledger.js")),
      ...(await import("../../src/runtime/memory/report.js")),
      ...(await import("../../src/display/memory-report.js")),
    }));
    freeUnreachable();
    output.display(memoryReportBundle(memoryReport(engine.results.kept())));
    return undefined;
  },
};
