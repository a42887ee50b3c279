import { type Folder, readWhole } from "../saved-model/folder.js";
import type { FormatFinding } from "../model-file.js";
import type { WeightsNode } from "./weights-tree.js";

const FOLDER = "assets/";

/** A text of more bytes is left where it is: word lists of millions of words are shorter. */
const LONGEST_TEXT = 64 * 2 ** 20;

/**
 * The tree with what lies in the archive's `assets` folder beside it: Keras names its sub-folders as it names the
 * groups of the weights (saving_lib.py `_save_state`).
 */
export function withAssets(
  tree: WeightsNode | null,
  folder: Folder,
  findings: FormatFinding[],
): WeightsNode | null {
  const all = folder.names().filter((name) => name.startsWith(FOLDER) && !name.endsWith("/"));
  const paths = all.filter((path) => isShort(path, folder, findings));
  if (paths.length === 0) return tree;
  const root = tree ?? { path: "", label: null, variables: [], children: new Map() };
  return paths.reduce((node, path) => added(node, path.slice(FOLDER.length).split("/"), path, folder), root);
}

function isShort(path: string, folder: Folder, findings: FormatFinding[]): boolean {
  const source = folder.open(path);
  const size = source?.size ?? 0;
  source?.close();
  if (size <= LONGEST_TEXT) return true;
  findings.push({
    code: "F18",
    title: "A text that is too long",
    where: path,
    detail: `the text of a layer has ${size} bytes; the most that is read is ${LONGEST_TEXT}`,
    advice: "The layer can be given its words from a file of yours.",
  });
  return false;
}

function added(node: WeightsNode, parts: readonly string[], path: string, folder: Folder): WeightsNode {
  const [name, ...rest] = parts as [string, ...string[]];
  if (rest.length === 0) {
    return { ...node, assets: new Map(node.assets).set(name, () => text(folder, path)) };
  }
  const child = node.children.get(name) ?? {
    path: node.path === "" ? name : `${node.path}/${name}`,
    label: null,
    variables: [],
    children: new Map(),
  };
  return { ...node, children: new Map(node.children).set(name, added(child, rest, path, folder)) };
}

function text(folder: Folder, path: string): string {
  const source = folder.open(path);
  if (source === null) return "";
  try {
    return new TextDecoder().decode(readWhole(source));
  } finally {
    source.close();
  }
}
