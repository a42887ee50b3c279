/** The thread in which YAML is parsed (see yaml.ts). */
import { parentPort, workerData } from "node:worker_threads";
import { parseDocument } from "yaml";
import type { YamlAnswer } from "./yaml.js";

const ALIASES = 100;

function parse(text: string): YamlAnswer {
  const document = parseDocument(text, { logLevel: "silent", uniqueKeys: false });
  const [error] = document.errors;
  if (error) {
    const [place] = error.linePos ?? [];
    return { error: error.message.split("\n")[0]!, line: place?.line ?? 1, column: place?.col ?? 1 };
  }
  try {
    return { value: document.toJS({ mapAsMap: true, maxAliasCount: ALIASES }) as unknown };
  } catch (cause) {
    return { error: (cause as Error).message, line: 1, column: 1 };
  }
}

parentPort!.postMessage(parse(workerData as string));
