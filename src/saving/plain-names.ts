import type { JsonValue } from "../formats/model-file.js";
import { isObject } from "../keras/json.js";

/** Names of layers that Keras 3 refuses for their slash (keras/src/layers/layer.py, Operation), and what they become. */
export function plainNames(config: JsonValue): ReadonlyMap<string, string> {
  const all = new Set<string>();
  collect(config, all);
  const renamed = new Map<string, string>();
  for (const name of all) {
    if (!name.includes("/")) continue;
    let plain = name.replaceAll("/", "_");
    while (all.has(plain)) plain += "_";
    all.add(plain);
    renamed.set(name, plain);
  }
  return renamed;
}

function collect(value: JsonValue, names: Set<string>): void {
  if (Array.isArray(value)) value.forEach((item) => collect(item, names));
  if (!isObject(value)) return;
  const config = value["config"];
  if (isObject(config) && typeof config["name"] === "string") names.add(config["name"]);
  Object.values(value).forEach((item) => collect(item, names));
}

/** Puts new names wherever the old ones stand, as values and as keys. */
export function withNames<T extends JsonValue>(value: T, names: ReadonlyMap<string, string>): T {
  const name = (text: string) => names.get(text) ?? text;
  const put = (item: JsonValue): JsonValue => {
    if (typeof item === "string") return name(item);
    if (Array.isArray(item)) return item.map(put);
    if (!isObject(item)) return item;
    return Object.fromEntries(Object.entries(item).map(([key, inner]) => [name(key), put(inner)]));
  };
  return names.size === 0 ? value : (put(value) as T);
}
