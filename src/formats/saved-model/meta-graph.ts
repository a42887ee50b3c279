import { create } from "@bufbuild/protobuf";
import type { GraphContents } from "../graph-contents.js";
import type { StoredWeight } from "../model-file.js";
import { GraphDefSchema, type MetaGraphDef } from "../proto/tensorflow_pb.js";

/** Keys under which the op that prepares tables is kept, newest first (tensorflow/python/saved_model/constants.py). */
const INIT_SIGNATURE = "__saved_model_init_op";
const INIT_COLLECTIONS = [
  "saved_model_main_op",
  "legacy_init_op",
  "saved_model_initializers",
  "table_initializer",
];

/** A meta graph with what it refers to: of a SavedModel, or of a `.meta` file beside a TF1 checkpoint. */
export function metaGraphContents(
  metaGraph: MetaGraphDef,
  tensors: ReadonlyMap<string, StoredWeight>,
  variableKeys: ReadonlyMap<number, string>,
  readAsset: (name: string) => Uint8Array | null,
): GraphContents {
  const signatures = new Map(
    metaGraph.signatureDef.flatMap(({ key, value }) => (value === undefined ? [] : [[key, value] as const])),
  );
  const initOps = findInitOps(metaGraph);
  signatures.delete(INIT_SIGNATURE);
  const assetFiles = assetFileNames(metaGraph);
  return {
    graph: metaGraph.graphDef ?? create(GraphDefSchema),
    tensorflowVersion: metaGraph.metaInfoDef?.tensorflowVersion || null,
    opDefs: new Map((metaGraph.metaInfoDef?.strippedOpList?.op ?? []).map((op) => [op.name, op])),
    signatures,
    tensors,
    saver: metaGraph.saverDef ?? null,
    initOps,
    assetTensors: assetTensors(metaGraph),
    assetFiles,
    // The name comes from the file: only a plain file name that the model itself declares is looked up.
    readAsset: (name) => (assetFiles.includes(name) && isPlainName(name) ? readAsset(name) : null),
    objects: metaGraph.objectGraphDef ?? null,
    variableKeys,
    layerObjects: new Map(),
    wired: false,
  };
}

function findInitOps(metaGraph: MetaGraphDef): string[] {
  const signature = metaGraph.signatureDef.find(({ key }) => key === INIT_SIGNATURE)?.value;
  const named = (signature?.outputs ?? []).flatMap(({ value }) =>
    value?.encoding.case === "name" ? [value.encoding.value] : [],
  );
  if (named.length > 0) return named;
  for (const key of INIT_COLLECTIONS) {
    const kind = metaGraph.collectionDef.find((entry) => entry.key === key)?.value?.kind;
    if (kind?.case === "nodeList" && kind.value.value.length > 0) return kind.value.value;
  }
  return [];
}

/** TF1's builder lists the paths that stood in the graph; the files in `assets/` have the last part of these. */
function assetFileNames(metaGraph: MetaGraphDef): string[] {
  if (metaGraph.assetFileDef.length > 0) return metaGraph.assetFileDef.map(({ filename }) => filename);
  const kind = metaGraph.collectionDef.find(({ key }) => key === "asset_filepaths")?.value?.kind;
  const names = new Set(kind?.case === "nodeList" ? kind.value.value.map((name) => name.split(":")[0]) : []);
  return (metaGraph.graphDef?.node ?? []).flatMap(({ name, attr }) => {
    const value = attr.find(({ key }) => key === "value")?.value?.value;
    if (!names.has(name) || value?.case !== "tensor") return [];
    return value.value.stringVal.map((path) => new TextDecoder().decode(path).split("/").at(-1)!);
  });
}

function assetTensors(metaGraph: MetaGraphDef): Map<string, string> {
  const found = new Map<string, string>();
  for (const { tensorInfo, filename } of metaGraph.assetFileDef) {
    if (tensorInfo?.encoding.case === "name") found.set(tensorInfo.encoding.value, filename);
  }
  return found;
}

function isPlainName(name: string): boolean {
  return name !== "" && name !== "." && name !== ".." && !/[/\\\0]/.test(name);
}
