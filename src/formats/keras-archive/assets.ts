import { type Folder, readWhole } from "../saved-model/folder.js";
import type { WeightsNode } from "./weights-tree.js";

const FOLDER = "assets/";

/**
 * The tree with what lies in the archive's `assets` folder beside it: Keras names its sub-folders as it names the
 * groups of the weights (saving_lib.py `_save_state`).
 */
export function withAssets(tree: WeightsNode | null, folder: Folder): WeightsNode | null {
  const paths = folder.names().filter((name) => name.startsWith(FOLDER) && !name.endsWith("/"));
  if (paths.length === 0) return tree;
  const root = tree ?? { path: "", label: null, variables: [], children: new Map() };
  return paths.reduce((node, path) => added(node, path.slice(FOLDER.length).split("/"), path, folder), root);
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
