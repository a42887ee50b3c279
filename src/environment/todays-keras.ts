import type { KerasOrigin } from "../layers/registry.js";
import type { ModelGraph } from "../keras/graph.js";
import { openModel } from "../loading/open.js";
import type { Problem } from "../loading/problem.js";
import { MEASURED } from "../loading/taxonomy/measured.js";

/**
 * What a load found that today's Keras stops at, each in one line. Loads the file as `openModel` does, and lets go of
 * it; a load that waits has found what it waits for.
 */
export async function findingsForTodaysKeras(path: string): Promise<string[]> {
  const session = await openModel(path);
  try {
    const problems = [...session.settled, ...session.waiting];
    return [...new Set(problems.filter(stops).map(line))];
  } finally {
    session.abort();
    session.model?.dispose();
  }
}

const TODAY = "Keras 3.15.1";

/**
 * Codes whose measured file has something else that Keras stops at (A19, G04, O01, O02), and those that depend on more
 * than the code: words that Keras 3 takes from the config, JSON that Python reads as well.
 */
const OTHERWISE: ReadonlySet<string> = new Set(["A19", "A20", "C20", "F08", "G04", "O01", "O02", "O03"]);

function stops({ code, found }: Problem): boolean {
  if (code === "F06" || (code === "W06" && /, not /.test(found))) return true;
  const said = MEASURED[code]?.[TODAY];
  return said !== undefined && said !== "loads" && !OTHERWISE.has(code) && !SAID_BY_CONFIG.has(code);
}

/** `changesFor` and `trainingOfTodaysKeras` name these one by one. */
const SAID_BY_CONFIG: ReadonlySet<string> = new Set([
  "A01",
  "A02",
  "A05",
  "A06",
  "A15",
  "A16",
  "C01",
  "C05",
  "C06",
  "C19",
]);

function line({ code, title, where }: Problem): string {
  return `${title}${where.layer === undefined ? "" : `, at ${where.layer}`} (%explain ${code})`;
}

/**
 * Keras 3 counts the calls of a nested model from 0, Keras 2 from the one that made the model: it finds no call of one
 * in a Keras 2 `.h5` (keras/src/models/functional.py, `deserialize_node`).
 */
export function nestedOfKeras2({ major }: KerasOrigin, graph: ModelGraph): string[] {
  const nested =
    graph.className === "Sequential" ? undefined : graph.layers.find(({ model }) => model !== null);
  return major === 2 && nested
    ? [`call ${nested.name}, a model in the model, as Keras 3 counts its calls`]
    : [];
}

/** It does not take tensors among the keyword arguments of a call in a Keras 2 `.h5` for tensors. */
export function keywordsOfKeras2(origin: KerasOrigin, graph: ModelGraph): string[] {
  if (origin.major === 3) return [];
  const named = graph.calls.flatMap(({ layer, kwargs }) =>
    Object.entries(kwargs).flatMap(([key, { kind }]) => (kind === "tensor" ? [`${key} of ${layer}`] : [])),
  );
  const nested = graph.layers.flatMap(({ model }) => (model ? keywordsOfKeras2(origin, model) : []));
  return [
    ...(named.length > 0 ? [`hand on as Keras 3 writes its calls: ${[...new Set(named)].join(", ")}`] : []),
    ...nested,
  ];
}
