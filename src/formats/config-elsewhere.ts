import { configText } from "./config-text.js";
import { parseConfig } from "./cut-config.js";
import type { AttributeValue } from "./hdf5/attribute.js";
import type { Dataset } from "./hdf5/dataset.js";
import { Damage } from "./hdf5/failures.js";
import { find, type Group } from "./hdf5/group.js";
import { JsonError } from "./json.js";
import { FormatError } from "./model-file.js";
import { wholeConfig } from "./whole-config.js";

/** The text of a model's config, and what in the file holds it, as in "dataset /config". */
export interface ConfigElsewhere {
  readonly text: string;
  readonly holder: string;
}

/** No config has more bytes. */
const LARGEST = 64 * 2 ** 20;
const NAMES = /conf|arch|model|json|topology/i;

/**
 * A model's config that a program other than Keras put into an HDF5 file: as a dataset, under another name, or as an
 * attribute of one of the groups.
 * @returns null where none is found, or more than one
 */
export async function configElsewhere(root: Group): Promise<ConfigElsewhere | null> {
  const groups = [root, ...[...root.children.values()].filter((child) => child.kind === "group")];
  const found: ConfigElsewhere[] = [];
  for (const group of groups) {
    for (const [name, attribute] of group.attributes) {
      const text = architectureText(valueOf(() => attribute.value()));
      if (text !== null) found.push({ text, holder: `attribute ${name} of ${group.path}` });
    }
    for (const [name, child] of group.children) {
      if (child.kind !== "dataset" || !NAMES.test(name)) continue;
      const text = architectureText(await contentOf(child));
      if (text !== null) found.push({ text, holder: `dataset ${child.path}` });
    }
  }
  return found.length === 1 ? found[0]! : null;
}

/**
 * The group that holds a whole model, as `model.save(file.create_group("model"))` writes it.
 * @returns the root where it holds one itself, and where no group holds one or several do
 */
export function groupOfModel(root: Group, deepest = 3): Group {
  if (deepest === 0 || isModel(root) || root.attributes.has("layer_names")) return root;
  const inside = [...root.children.values()].flatMap((child) =>
    child.kind === "group" ? [groupOfModel(child, deepest - 1)] : [],
  );
  const models = inside.filter(isModel);
  return models.length === 1 ? models[0]! : root;
}

function isModel(group: Group): boolean {
  return (
    (group.attributes.has("model_config") || group.attributes.has("model_config0")) &&
    find(group, "model_weights")?.kind === "group"
  );
}

/** A text, or the bytes of one; null where the dataset holds something else or cannot be read. */
async function contentOf(dataset: Dataset): Promise<AttributeValue> {
  const isText = dataset.dtype === "string" && dataset.shape.every((length) => length === 1);
  const isBytes = dataset.dtype === "uint8" && dataset.shape.length === 1;
  if ((!isText && !isBytes) || dataset.byteLength > LARGEST) return null;
  try {
    const values = await dataset.read();
    return isText ? String(values[0]) : Array.from(values as Uint8Array);
  } catch (error) {
    if (error instanceof Damage || error instanceof FormatError) return null;
    throw error;
  }
}

function valueOf(read: () => AttributeValue): AttributeValue {
  try {
    return read();
  } catch (error) {
    if (error instanceof Damage) return null;
    throw error;
  }
}

/** The text where it is an architecture; null for any other value. */
function architectureText(value: AttributeValue): string | null {
  if (Array.isArray(value) && typeof value[0] === "string") return null;
  const text = configText(value);
  if (text === null || !text.includes("class_name")) return null;
  try {
    return wholeConfig(parseConfig(text)) ? text : null;
  } catch (error) {
    if (error instanceof JsonError) return null;
    throw error;
  }
}
