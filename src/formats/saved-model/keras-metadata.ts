import { foreignPart } from "../foreign-part.js";
import { parseJson, JsonError } from "../json.js";
import { FormatError, type FormatFinding, type JsonValue } from "../model-file.js";
import { decodeWhole } from "../proto/decode.js";
import { SavedMetadataSchema, type SavedObject } from "../proto/tensorflow_pb.js";
import { readWhole, type Folder } from "./folder.js";
import type { KerasMetadata } from "./keras-objects.js";

/** TF 2.5 to 2.15 write this file; before, the same JSON stands in the object graph. */
const FILE = "keras_metadata.pb";

/**
 * The metadata that Keras wrote, from wherever it is. Metadata that cannot be read is a finding (F14): the graph
 * still runs without it.
 */
export function readKerasMetadata(
  folder: Folder,
  nodes: readonly SavedObject[],
  findings: FormatFinding[],
): KerasMetadata {
  const found = new Map<number, { readonly [key: string]: JsonValue }>();
  for (const { node, json } of metadataTexts(folder, nodes, findings)) {
    const parsed = parse(json);
    if (parsed !== null) found.set(node, parsed);
    else if (node === 0) findings.push(unreadable(`object ${node}`, "the model's own metadata is not JSON"));
  }
  return found;
}

function metadataTexts(
  folder: Folder,
  nodes: readonly SavedObject[],
  findings: FormatFinding[],
): { node: number; json: string }[] {
  const source = folder.open(FILE);
  if (source === null) {
    return nodes.flatMap(({ kind }, node) =>
      kind.case === "userObject" && kind.value.metadata !== "" ? [{ node, json: kind.value.metadata }] : [],
    );
  }
  try {
    const foreign = foreignPart(FILE, source);
    if (foreign) throw new FormatError(foreign);
    const { message: saved, cut } = decodeWhole(SavedMetadataSchema, readWhole(source), FILE);
    if (cut !== null) findings.push(cut);
    if (source.size === 0) findings.push(unreadable(FILE, "it is empty (0 bytes)"));
    return saved.nodes.map(({ nodeId, metadata }) => ({ node: nodeId, json: metadata }));
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    findings.push(unreadable(FILE, error.finding.detail));
    return [];
  } finally {
    source.close();
  }
}

function unreadable(where: string, detail: string): FormatFinding {
  return {
    code: "F14",
    title: "Keras's metadata cannot be read",
    where,
    detail,
    advice: "The model is run as a graph instead; its layers cannot be shown.",
  };
}

function parse(json: string): { readonly [key: string]: JsonValue } | null {
  try {
    const value = parseJson(json);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : null;
  } catch (error) {
    if (error instanceof JsonError) return null;
    throw error;
  }
}
