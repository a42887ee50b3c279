import type { JsonValue, StoredLayer } from "../formats/model-file.js";
import { snakeCase } from "../names/snake-case.js";
import { isObject, stringAt, type JsonObject } from "./json.js";

/** The names that weights are stored under at one level of a model. */
interface Level {
  readonly names: readonly string[];
  below(name: string): Level;
}

/**
 * The config with names for layers that it has none for: Keras 3 saves a class without `get_config` by the arguments
 * of its constructor alone, and a Sequential says no names of its own. The weights have them, and are found by them.
 * Where there are not as many as layers without a name, none is given.
 */
export function withStoredNames(config: JsonValue, stored: readonly StoredLayer[]): JsonValue {
  return isObject(config) ? named(config, levelOf(stored)) : config;
}

function levelOf(stored: readonly StoredLayer[]): Level {
  return {
    names: stored.map(({ name }) => name),
    below(name) {
      const layer = stored.find((each) => each.name === name);
      if (layer?.inner) return levelOf(layer.inner);
      return levelOfPaths((layer?.weights ?? []).map((weight) => weight.name.split("/").slice(0, -1)));
    },
  };
}

function levelOfPaths(paths: readonly (readonly string[])[]): Level {
  return {
    names: [...new Set(paths.flat())],
    below(name) {
      const own = paths.filter((path) => path.includes(name));
      return levelOfPaths(own.length > 0 ? own : paths);
    },
  };
}

function named(model: JsonObject, level: Level): JsonObject {
  const config = model["config"];
  if (Array.isArray(config)) return { ...model, config: namedLayers(config, level) };
  if (!isObject(config)) return model;
  const { layers, layer } = config;
  if (Array.isArray(layers)) return { ...model, config: { ...config, layers: namedLayers(layers, level) } };
  if (!isObject(layer)) return model;
  return { ...model, config: { ...config, layer: namedLayers([layer], level)[0]! } };
}

function namedLayers(layers: readonly JsonValue[], level: Level): JsonValue[] {
  const saved = layers.filter(isObject);
  const given = new Set(saved.map(nameOf));
  const free = new Map<string, string[]>();
  for (const base of new Set(saved.filter((layer) => nameOf(layer) === null).map(baseOf))) {
    const names = level.names.filter((name) => !given.has(name) && isOf(name, base));
    const nameless = saved.filter((layer) => nameOf(layer) === null && baseOf(layer) === base);
    if (base !== "" && names.length === nameless.length) free.set(base, names);
  }
  return layers.map((layer) => {
    if (!isObject(layer)) return layer;
    const name = nameOf(layer) ?? free.get(baseOf(layer))?.shift() ?? null;
    const inside = name === null ? layer : named(layer, level.below(name));
    return nameOf(layer) === null && name !== null ? { ...inside, name } : inside;
  });
}

function nameOf(layer: JsonObject): string | null {
  const config = layer["config"];
  return stringAt(layer, "name") ?? (isObject(config) ? stringAt(config, "name") : null);
}

function baseOf(layer: JsonObject): string {
  const name = stringAt(layer, "class_name") ?? "";
  return snakeCase(name.slice(name.lastIndexOf(">") + 1));
}

/** `mix`, `mix_3` of `mix`. */
function isOf(name: string, base: string): boolean {
  return name === base || (name.startsWith(`${base}_`) && /^\d+$/.test(name.slice(base.length + 1)));
}
