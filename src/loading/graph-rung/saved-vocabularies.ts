import { holdsGraph } from "../../formats/graph-contents.js";
import { FormatError } from "../../formats/model-file.js";
import { GraphError } from "../../graph/graph-error.js";
import type { LookupTable } from "../../graph/resources.js";
import { readSavedTables } from "../../graph/saved-tables.js";
import type { LayerSpec } from "../../keras/graph.js";
import { eachLayer } from "../../keras/read-graph.js";
import type { Work } from "../work.js";

const LOOKUP = /^(StringLookup|IntegerLookup|TextVectorization)$/;

/** Reads the tables of a SavedModel whose lookup layers have their vocabularies nowhere else. */
export async function openSavedVocabularies(work: Work): Promise<void> {
  const file = work.file!;
  if (work.savedTables !== undefined || !holdsGraph(file)) return;
  const lacks = ({ className, config }: LayerSpec): boolean =>
    LOOKUP.test(className) && !Array.isArray(config["vocabulary"]);
  if (![...eachLayer(work.graph!)].some(lacks)) return;
  try {
    work.savedTables = await readSavedTables(file);
  } catch (error) {
    // A graph that cannot fill its tables tells no vocabulary.
    if (!(error instanceof GraphError) && !(error instanceof FormatError)) throw error;
    work.savedTables = new Map();
  }
}

/** A layer's tokens, one a line, as `vocabulary.txt` has them; null where no table holds them. */
export function savedVocabulary({ path, config }: LayerSpec, work: Work): string | null {
  const table = work.savedTables?.get(path);
  const tokens = table && tokensInOrder(table, config["invert"] === true);
  return tokens?.some((token) => token.includes("\n")) ? null : (tokens?.join("\n") ?? null);
}

/** Tokens by their indices; null where these leave gaps. Which first index they have, the layer's settings tell. */
function tokensInOrder(table: LookupTable, inverted: boolean): string[] | null {
  const pairs = [...table.entries].map(([key, [value = ""]]): [number, string] =>
    inverted ? [Number(key), value] : [Number(value), key],
  );
  pairs.sort(([a], [b]) => a - b);
  if (pairs.some(([index], i) => index !== pairs[0]![0] + i)) return null;
  const isText = inverted ? table.valuesAreText : table.keysAreText;
  // Tables keep text as bytes, one a character.
  return pairs.map(([, token]) => (isText ? Buffer.from(token, "latin1").toString("utf8") : token));
}
