import { childOf } from "../formats/checkpoint/object-graph.js";
import type { GraphFile } from "../formats/graph-contents.js";
import { capturedValues } from "./concrete-functions.js";
import { GraphSession } from "./session.js";
import type { LookupTable } from "./resources.js";

/** What Keras's lookup layers call the layer and the table inside them (index_lookup.py, by release). */
const INNER = ["_lookup_layer", "_index_lookup_layer"];
const TABLES = ["lookup_table", "_table"];

/**
 * The tables of Keras's lookup layers, by the layer's path: filled from constants, assets or the checkpoint, as
 * TensorFlow fills them before the first call.
 * @throws GraphError, FormatError where the graph that fills them is damaged
 */
export async function readSavedTables(file: GraphFile): Promise<Map<string, LookupTable>> {
  const found = new Map<string, LookupTable>();
  const session = new GraphSession(file.contents);
  try {
    await session.initialize();
    for (const [path, { node }] of file.contents.layerObjects) {
      const [table] = capturedValues(session, tableNode(file, node)) ?? [];
      if (table === undefined || !("kind" in table) || table.kind !== "table") continue;
      await session.loadTable(table.name);
      if (table.initialized) found.set(path, table);
    }
    return found;
  } finally {
    session.dispose();
  }
}

/** The one object that is the table of a layer, or none. */
function tableNode({ contents }: GraphFile, layer: number): number[] {
  const nodes = contents.objects?.nodes ?? [];
  const holders = [layer, ...INNER.map((name) => childOf(nodes, layer, name))];
  for (const holder of holders) {
    if (holder === undefined) continue;
    for (const name of TABLES) {
      const table = childOf(nodes, holder, name);
      if (table !== undefined && nodes[table]?.kind.case === "resource") return [table];
    }
  }
  return [];
}
