import { keysByPath, matchObjects, readObjectGraph, valueKey } from "../checkpoint/object-graph.js";
import { openTensorBundle, objectsUnread, type TensorBundle } from "../checkpoint/tensor-bundle.js";
import { trackedLayers } from "../checkpoint/tracked-layers.js";
import { foreignPart } from "../foreign-part.js";
import type { GraphContents, GraphFile } from "../graph-contents.js";
import {
  FormatError,
  type FormatFinding,
  type ModelFile,
  type StoredLayer,
  type StoredWeight,
} from "../model-file.js";
import { decodeWhole, decodeWholeText } from "../proto/decode.js";
import { SavedModelSchema, type MetaGraphDef, type SavedModel } from "../proto/tensorflow_pb.js";
import { withFlattenedVariables } from "./flattened.js";
import { DiskFolder, readWhole, type Folder } from "./folder.js";
import { readKerasMetadata } from "./keras-metadata.js";
import { kerasLayers, layerObjects, readKerasRoot, type KerasMetadata } from "./keras-objects.js";
import { metaGraphContents } from "./meta-graph.js";
import { operationObjects, subclassFindings, wiredLayers, wiredModel } from "./subclassed-model.js";

const BINARY = "saved_model.pb";
const TEXT = "saved_model.pbtxt";
const VARIABLES = "variables/variables";

/** Whether a folder is a SavedModel, by the names of its files. */
export function looksLikeSavedModel(names: readonly string[]): boolean {
  return names.includes(BINARY) || names.includes(TEXT);
}

/**
 * Opens a SavedModel: a folder with `saved_model.pb`, or the folder as an archive holds it.
 * Reads structure only; weights are read when asked for.
 * @param tags which meta graph, for a model with several; by default the one for serving.
 * @returns a model that can be run as a graph, unless `saved_model.pb` is cut off.
 * @throws FormatError F12 when there is no SavedModel, F14 when its protobuf cannot be read.
 */
export function openSavedModel(folder: string | Folder, tags?: readonly string[]): GraphFile | ModelFile {
  const given = typeof folder === "string" ? new DiskFolder(folder) : folder;
  const { model, size, cut } = readSavedModel(given);
  const findings: FormatFinding[] = cut === null ? [] : [cut];
  const files = withFlattenedVariables(given, findings);
  const metaGraph = chooseMetaGraph(model, tags, files.path);
  const bundle = openVariables(files, metaGraph, findings);
  const variableKeys = pairVariables(metaGraph, bundle, findings);
  const nodes = metaGraph.objectGraphDef?.nodes ?? [];
  const metadata = readKerasMetadata(files, nodes, findings);
  const wired = wiredModel(metaGraph, metadata);
  const root = { ...readKerasRoot(nodes, metadata), ...("config" in wired ? { config: wired.config } : {}) };
  const weightOf = (node: number): StoredWeight | undefined =>
    variableOf(metaGraph, bundle, variableKeys, node);
  const objects = new Map([...layerObjects(nodes, metadata), ...operationObjects(nodes, wired)]);
  const layersOf = (model: number) => kerasLayers(nodes, metadata, weightOf, model);
  const listed = () =>
    "config" in wired ? wiredLayers(wired, { objects, weightOf, layersOf }) : layersOf(0);
  const layers =
    root.config === null
      ? looseWeights(bundle)
      : cut === null
        ? listed()
        : withMoreWeights(listed(), layersOfCheckpoint(bundle));
  const file: ModelFile = {
    path: files.path,
    format: "saved-model",
    size: size + (bundle?.size ?? 0),
    ...root,
    layers,
    optimizerWeights: optimizerWeights(bundle),
    findings: [
      ...findings,
      ...(bundle?.findings ?? []),
      ...subclassFindings(metadata, wired),
      ...withoutConfig(metadata),
    ],
    takeChanged: (yes) => bundle?.takeChanged(yes),
    close: () => bundle?.close(),
  };
  if (cut !== null) return file;
  const contents = savedContents(files, metaGraph, bundle, variableKeys);
  return {
    ...file,
    contents: { ...contents, layerObjects: objects, wired: "config" in wired && wired.whole },
  };
}

function readSavedModel(files: Folder): { model: SavedModel; size: number; cut: FormatFinding | null } {
  const binary = files.open(BINARY);
  const source = binary ?? files.open(TEXT);
  if (source === null) throw notASavedModel(files);
  try {
    const foreign = foreignPart(`${files.path}/${binary === null ? TEXT : BINARY}`, source);
    if (foreign) throw new FormatError({ ...foreign, title: "Not a model file" });
    const bytes = readWhole(source);
    if (bytes.length === 0) throw emptySavedModel(files, binary === null ? TEXT : BINARY);
    const { message, cut } =
      binary !== null
        ? decodeWhole(SavedModelSchema, bytes, BINARY)
        : decodeWholeText(SavedModelSchema, new TextDecoder().decode(bytes), TEXT);
    return { model: message, size: source.size, cut };
  } finally {
    source.close();
  }
}

function emptySavedModel(files: Folder, name: string): FormatError {
  return new FormatError({
    code: "F03",
    title: "Truncated file",
    where: `${files.path}/${name}`,
    detail: "it is empty (0 bytes)",
    advice: "A download or copy failed. Get the file again.",
  });
}

/** F12: what is missing, and the folder below that would be right. */
function notASavedModel(files: Folder): FormatError {
  const below = files.names().filter((name) => name.endsWith(`/${BINARY}`) || name.endsWith(`/${TEXT}`));
  const folders = below.map((name) => name.slice(0, name.lastIndexOf("/")));
  return new FormatError({
    code: "F12",
    title: "No SavedModel in this folder",
    where: files.path,
    detail: `neither ${BINARY} nor ${TEXT} is in it`,
    advice:
      folders.length > 0
        ? `Open ${folders.map((name) => `${files.path}/${name}`).join(" or ")} instead.`
        : `A SavedModel is the folder that holds ${BINARY} beside variables/.`,
  });
}

function chooseMetaGraph(
  model: SavedModel,
  tags: readonly string[] | undefined,
  where: string,
): MetaGraphDef {
  const sets = model.metaGraphs.map((meta) => meta.metaInfoDef?.tags ?? []);
  const wanted = tags ?? ["serve"];
  const fitting = model.metaGraphs
    .filter((_, i) => wanted.every((tag) => sets[i]!.includes(tag)))
    .sort((a, b) => (a.metaInfoDef?.tags.length ?? 0) - (b.metaInfoDef?.tags.length ?? 0));
  const chosen = fitting[0] ?? (tags === undefined ? model.metaGraphs[0] : undefined);
  if (chosen !== undefined) return chosen;
  throw new FormatError({
    code: "F14",
    title: model.metaGraphs.length === 0 ? "The SavedModel holds no graph" : "No graph has these tags",
    where: `${where}/${BINARY}`,
    detail: `tags asked for: ${wanted.join(", ")}; in the file: ${sets.map((set) => `[${set.join(", ")}]`).join(" ")}`,
    advice: "Name the tags of one of the graphs in the file.",
  });
}

/** F15 when variables are gone: the graph can still be shown, and run as far as it needs none. */
function openVariables(
  files: Folder,
  metaGraph: MetaGraphDef,
  findings: FormatFinding[],
): TensorBundle | null {
  try {
    return openTensorBundle(files, VARIABLES);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    const isThere = files.names().includes(`${VARIABLES}.index`); // tables are stored in it too
    if (isThere || usesVariables(metaGraph)) findings.push(error.finding);
    return null;
  }
}

function usesVariables(metaGraph: MetaGraphDef): boolean {
  return (metaGraph.graphDef?.node ?? []).some(({ op }) => /^(VarHandleOp|VariableV2|Variable)$/.test(op));
}

/** The list of layers that names more weights; the first, where both name as many. */
function withMoreWeights(
  first: readonly StoredLayer[],
  second: readonly StoredLayer[],
): readonly StoredLayer[] {
  const count = (layers: readonly StoredLayer[]) =>
    layers.reduce((sum, { weights }) => sum + weights.length, 0);
  return count(second) > count(first) ? second : first;
}

/** What a SavedModel whose own list of objects is cut off still knows of its layers: the checkpoint has a list too. */
function layersOfCheckpoint(bundle: TensorBundle | null): StoredLayer[] {
  const objects = bundle && readObjectGraph(bundle, `${VARIABLES}.index`);
  return objects ? trackedLayers(objects, bundle.tensors) : looseWeights(bundle);
}

/** Which checkpoint key belongs to which variable of the object graph. */
function pairVariables(
  metaGraph: MetaGraphDef,
  bundle: TensorBundle | null,
  findings: FormatFinding[],
): ReadonlyMap<number, string> {
  const nodes = metaGraph.objectGraphDef?.nodes;
  if (bundle === null || nodes === undefined) return new Map();
  try {
    const stored = readObjectGraph(bundle, `${VARIABLES}.index`);
    if (stored === null) return new Map();
    const keys = new Map<number, string>();
    for (const [node, partner] of matchObjects(nodes, stored.nodes)) {
      const key = valueKey(stored, partner);
      if (key !== null) keys.set(node, key);
    }
    return keys;
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    findings.push(...objectsUnread(error, bundle, "The weights are matched by their names instead."));
    return keysByPath(nodes);
  }
}

function variableOf(
  metaGraph: MetaGraphDef,
  bundle: TensorBundle | null,
  keys: ReadonlyMap<number, string>,
  node: number,
): StoredWeight | undefined {
  const stored = bundle?.tensors.get(keys.get(node) ?? "");
  const kind = metaGraph.objectGraphDef?.nodes[node]?.kind;
  if (stored === undefined || kind?.case !== "variable") return undefined;
  return { ...stored, name: kind.value.name === "" ? stored.name : `${kind.value.name}:0` };
}

function optimizerWeights(bundle: TensorBundle | null): StoredWeight[] {
  if (bundle === null) return [];
  return [...bundle.tensors.values()].filter(({ path, dtype }) => isOptimizerKey(path) && dtype !== "string");
}

function isOptimizerKey(key: string): boolean {
  return key.startsWith("optimizer/") || key.includes("/.OPTIMIZER_SLOT/");
}

/** Without Keras's metadata, the folders of the checkpoint keys stand for layers. */
function looseWeights(bundle: TensorBundle | null): StoredLayer[] {
  const groups = new Map<string, StoredWeight[]>();
  for (const weight of bundle?.tensors.values() ?? []) {
    if (weight.dtype === "string" || isOptimizerKey(weight.path) || isBookkeeping(weight.path)) continue;
    const path = weight.path.replace(/\/\.ATTRIBUTES\/VARIABLE_VALUE$/, "");
    const group = path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : path;
    groups.set(group, [...(groups.get(group) ?? []), { ...weight, name: path }]);
  }
  return [...groups].map(([name, weights]) => ({ name, weights, missing: [] }));
}

function isBookkeeping(key: string): boolean {
  return /^(save_counter|keras_api)\//.test(key);
}

function withoutConfig(metadata: KerasMetadata): FormatFinding[] {
  const lost = [...metadata.values()].filter((object) => {
    const config = object["config"];
    return typeof config === "object" && config !== null && "layer was saved without config" in config;
  });
  const classes = [...new Set(lost.map((object) => String(object["class_name"] ?? "")))];
  const [first] = lost;
  if (first === undefined) return [];
  const several = classes.length > 1;
  const shown = `${classes.slice(0, 3).join(", ")}${classes.length > 3 ? ` and ${classes.length - 3} more` : ""}`;
  return [
    {
      code: "C22",
      title:
        lost.length === 1
          ? "A layer was saved without its config"
          : `${lost.length} layers were saved without their config`,
      where: String(first["name"] ?? "a layer"),
      detail: several
        ? `their classes ${shown} had no get_config when the model was saved`
        : `its class ${shown} had no get_config when the model was saved`,
      advice: "The graph that was saved with it can be run; to rebuild a layer, register its class.",
    },
  ];
}

/** Assets are read whole, as text or as a picture. */
const LARGEST_ASSET = 256 * 2 ** 20;

function tooLargeAsset(name: string, size: number): FormatError {
  return new FormatError({
    code: "F18",
    title: "A file of the assets is too long",
    where: `assets/${name}`,
    detail: `it has ${size} bytes; the most that is read is ${LARGEST_ASSET}`,
    advice: "",
  });
}

function savedContents(
  files: Folder,
  metaGraph: MetaGraphDef,
  bundle: TensorBundle | null,
  variableKeys: ReadonlyMap<number, string>,
): GraphContents {
  return metaGraphContents(metaGraph, bundle?.tensors ?? new Map(), variableKeys, (name) => {
    const source = files.open(`assets/${name}`);
    if (source === null) return null;
    try {
      if (source.size > LARGEST_ASSET) throw tooLargeAsset(name, source.size);
      return readWhole(source);
    } finally {
      source.close();
    }
  });
}
