import type { Command } from "./command.js";
import { downloadLine } from "./download-line.js";
import { inTerminal } from "./in-terminal.js";

/** A file larger than this part of the memory is shown by what it stores, and not loaded. */
const LOADED_PART = 0.25;
/** Of a terminal that does not say. */
const WIDTH = 80;

export const summary: Command = {
  name: "summary",
  summary: "Show the layers of a model file as a table; what it stores, where it cannot be loaded.",
  positionals: [{ name: "PATH", summary: "the model file or folder", required: true }],
  options: [{ name: "stored", summary: "only what is stored, without loading the model" }],
  async run({ positionals, options }) {
    const path = positionals[0]!;
    const width = process.stdout.columns ?? WIDTH;
    const { freemem } = await import("node:os");
    const file = await openOrNull(path);
    const stored = options["stored"] === true || (file !== null && file.size > LOADED_PART * freemem());
    const status = stored && file !== null ? 0 : await load(path, width);
    if (file !== null && (stored || (status !== 0 && file.layers.length > 0))) {
      const { storedSummaryText } = await import("../../src/display/summary/stored-summary.js");
      console.log(storedSummaryText(file, width));
    }
    file?.close();
    return status;
  },
};

/** Null for a file that cannot be opened: loading it says why. */
async function openOrNull(path: string) {
  const { openModelFile } = await import("../../src/formats/open.js");
  const { FormatError } = await import("../../src/formats/model-file.js");
  const { localFile } = await import("../../src/formats/download/local-file.js");
  try {
    return await openModelFile((await localFile(path, { onProgress: downloadLine() })).path);
  } catch (error) {
    if (error instanceof FormatError) return null;
    throw error;
  }
}

async function load(path: string, width: number): Promise<number> {
  const { openModel, summaryText, cardText } = await import("../../src/index.js");
  const session = await openModel(path);
  const report = session.report();
  if (report.summary) console.log(summaryText(report.summary, width));
  else console.error([cardText(report), inTerminal(report) ?? ""].join("\n\n").trimEnd());
  session.abort();
  return report.state === "loaded" ? 0 : report.state === "waiting" ? 1 : 2;
}
