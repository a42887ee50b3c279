import type { JsonValue, StoredLayer, StoredWeight } from "../model-file.js";

/**
 * Weights of a tfjs layers model by the layers of its config. A weight's name begins with its layer's, or, inside
 * a nested model, with the inner layer's; a layer's name may hold slashes itself.
 */
export function groupByLayer(config: JsonValue, weights: readonly StoredWeight[]): StoredLayer[] {
  const owners = new Map<string, string>();
  const groups = new Map<string, StoredWeight[]>();
  for (const layer of layersOf(config)) {
    const name = nameOf(layer);
    groups.set(name, []);
    for (const inner of namesBelow(layer)) if (!owners.has(inner)) owners.set(inner, name);
  }
  for (const weight of weights) {
    const owner = ownerOf(weight.name, owners) ?? scopeOf(weight.name);
    groups.set(owner, [...(groups.get(owner) ?? []), weight]);
  }
  return [...groups].map(([name, found]) => ({ name, weights: found, missing: [] }));
}

function scopeOf(name: string): string {
  const cut = name.lastIndexOf("/");
  return cut < 0 ? name : name.slice(0, cut);
}

/** The longest beginning of a name that is a layer's, else the longest such part further in. */
function ownerOf(name: string, owners: ReadonlyMap<string, string>): string | undefined {
  const parts = name.split("/");
  for (let from = 0; from < parts.length - 1; from++) {
    for (let to = parts.length - 1; to > from; to--) {
      const owner = owners.get(parts.slice(from, to).join("/"));
      if (owner !== undefined) return owner;
    }
  }
  return undefined;
}

function layersOf(model: JsonValue): JsonValue[] {
  const config = field(model, "config") ?? model;
  const layers = Array.isArray(config) ? config : field(config, "layers");
  return Array.isArray(layers) ? layers : [];
}

/** A layer's own name and those of the layers of a nested model, at any depth. */
function* namesBelow(layer: JsonValue): Generator<string> {
  yield nameOf(layer);
  for (const inner of layersOf(field(layer, "config") ?? null)) yield* namesBelow(inner);
}

function nameOf(layer: JsonValue): string {
  const name = field(field(layer, "config") ?? null, "name") ?? field(layer, "name");
  return typeof name === "string" ? name : "";
}

function field(value: JsonValue, key: string): JsonValue | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value[key] : undefined;
}
