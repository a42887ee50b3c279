import { findChanged, nameChanged, otherNames, takenForMissing } from "../changed-names.js";
import type { Dataset } from "../hdf5/dataset.js";
import type { Hdf5File } from "../hdf5/file.js";
import { datasets, find, type Group } from "../hdf5/group.js";
import { layerWeights } from "../keras-archive/layer-weights.js";
import type { WeightsNode } from "../keras-archive/weights-tree.js";
import type { StoredLayer, StoredWeight } from "../model-file.js";
import { storedWeight } from "../stored-weight.js";
import type { Attributes } from "./attributes.js";
import { type GroupWeights, leads } from "./group-weights.js";

/** Finds the layers that an HDF5 file holds weights of, by its lists of them or without. */
export class LayerGroups {
  /** The text of the architecture, once names were looked for in it. */
  private text: string | null = null;

  constructor(
    private readonly file: Hdf5File,
    /** The group of the model. */
    private readonly root: Group,
    /** The group of the layers. */
    private readonly group: Group,
    /** The layout of Keras 3's `.weights.h5`; null for the older ones. */
    private readonly tree: WeightsNode | null,
    private readonly attributes: Attributes,
    private readonly weights: GroupWeights,
    /** Whether the file holds an architecture; and its text. */
    private readonly hasConfig: boolean,
    private readonly architecture: () => string | null,
  ) {}

  read(): StoredLayer[] {
    const named = this.listed();
    return this.lacksLayers() ? [...named, ...this.looseLayers()] : named;
  }

  private listed(): StoredLayer[] {
    const { group } = this;
    const listed = this.attributes.names(group, "layer_names");
    // A name twice is one group.
    const names = listed && [...new Set(listed)];
    if (names && !this.namesNothing(group, names)) return this.namedLayers(group, names);
    const count = this.attributes.attribute(group, this.attributes.attributeName(group, "nb_layers"));
    if (count === null && group.attributes.has("nb_layers")) this.attributes.noNumber(group, "nb_layers");
    if (typeof count === "number" || typeof count === "bigint")
      return this.numberedLayers(group, Number(count));
    if (this.tree) return layerWeights(null, this.tree);
    // In a whole model's file each group beside the list is a layer.
    const isWhole = group !== this.root && this.hasConfig;
    return isWhole || this.file.lost.length > 0 ? this.remainingLayers(group) : treeLayers(group);
  }

  /** Layers of a group whose list of them is lost. */
  private remainingLayers(group: Group): StoredLayer[] {
    const layers: StoredLayer[] = [];
    const others = new Map<string, Group | Dataset>();
    for (const [name, child] of group.children) {
      if (
        child.kind === "group" &&
        (this.attributes.names(child, "weight_names") !== null || this.isOfModel(name))
      )
        layers.push(this.weights.named(child, name));
      else others.set(name, child);
    }
    return [
      ...layers.filter(({ weights }) => weights.length > 0),
      ...treeLayers({ ...group, children: others }),
    ];
  }

  /**
   * Whether the file lists layers or weights that are not in it, or may have held more than it lists. Where it lacks
   * none, what has lost its name is the optimizer's.
   */
  private lacksLayers(): boolean {
    const { group } = this;
    const below = group.path === "/" ? "/" : `${group.path}/`;
    const isBelow = (path: string) => path === group.path || path.startsWith(below);
    return (
      this.attributes.names(group, "layer_names") === null ||
      this.weights.unreached.length > 0 ||
      this.attributes.findings.some(({ code }) => code === "W05") ||
      this.file.lost.some(({ path }) => isBelow(path) && !path.startsWith("/@"))
    );
  }

  /** What nothing in a damaged file leads to any more: each under the byte at which it is described. */
  private looseLayers(): StoredLayer[] {
    const { loose } = this.file;
    if (loose.length === 0) return [];
    const children = new Map(loose.map((object) => [object.path.slice(1), object]));
    return this.remainingLayers({ kind: "group", path: "/", attributes: new Map(), children });
  }

  private namedLayers(group: Group, names: readonly string[]): StoredLayer[] {
    const missing = names.filter((name) => !leads(group, name, names));
    const unlisted = this.unlistedLayers(group, names);
    const taken = takenForMissing(missing, unlisted);
    const layers = names.map((name) => {
      const other = taken.get(name);
      if (!other) return this.namedLayer(group, name, names);
      return this.weights.named(
        other.found,
        other.isAlike && !this.isOfModel(other.name) ? name : other.name,
      );
    });
    const used = new Set([...taken.values()].map(({ name }) => name));
    const beside = [...unlisted].filter(([name]) => !used.has(name) && this.isOfModel(name));
    layers.push(...beside.map(([name, found]) => this.weights.named(found, name)));
    const all = [...used, ...beside.map(([name]) => name)];
    if (all.length > 0) this.attributes.tell(otherNames(group.path, "layer_names", all));
    const own = group.children.get("top_level_model_weights");
    if (own?.kind === "group" && !names.includes("top_level_model_weights")) {
      const weights = this.weights.named(own, "top_level_model_weights");
      if (weights.weights.length) layers.push(weights);
    }
    return layers;
  }

  /** A list of layers of a sound file in which no name is that of a group, beside groups that are layers. */
  private namesNothing(group: Group, names: readonly string[]): boolean {
    if (names.some((name) => leads(group, name, names))) return false;
    const own = [...this.unlistedLayers(group, names)].filter(([name]) => this.isOfModel(name));
    if (own.length === 0) return false;
    const told = own.map(([name]) => name);
    this.attributes.tell(otherNames(group.path, "layer_names", told));
    return true;
  }

  /** Layers of a sound file beside its list of them. */
  private unlistedLayers(group: Group, names: readonly string[]): ReadonlyMap<string, Group> {
    if (this.file.lost.length > 0) return new Map();
    const listed = new Set(names.map((name) => name.split("/")[0]));
    const changed = new Set(names.map((name) => findChanged(group, name, names)?.name));
    return new Map(
      [...group.children].flatMap(([name, child]) =>
        child.kind === "group" &&
        !listed.has(name) &&
        !changed.has(name) &&
        !BESIDE_LAYERS.has(name) &&
        (child.attributes.has("weight_names") || datasets(child).next().done === false)
          ? [[name, child] as const]
          : [],
      ),
    );
  }

  private namedLayer(parent: Group, name: string, listed: readonly string[]): StoredLayer {
    const group = find(parent, name);
    if (group?.kind === "group") return this.weights.named(group, name);
    const changed = findChanged(parent, name, [...listed, "top_level_model_weights"]);
    if (changed?.found.kind === "group") {
      this.attributes.tell(nameChanged(parent.path, name, changed.name));
      return this.weights.named(changed.found, this.isOfModel(changed.name) ? changed.name : name);
    }
    this.weights.missing(
      `${parent.path === "/" ? "" : parent.path}/${name}`,
      `the layer ${JSON.stringify(name)}`,
    );
    return { name, weights: [], missing: [] };
  }

  /** Whether the architecture names a layer so. */
  private isOfModel(name: string): boolean {
    const text = (this.text ??= this.architecture() ?? "");
    return [": ", ":"].some((colon) => text.includes(`"name"${colon}${JSON.stringify(name)}`));
  }

  /** Keras 0.x: `layer_0`, `layer_1`, ... with `param_0`, `param_1`, ... */
  private numberedLayers(group: Group, count: number): StoredLayer[] {
    const layers: StoredLayer[] = [];
    for (let i = 0; i < count && i < 100_000; i++) {
      const layer = group.children.get(`layer_${i}`);
      if (layer?.kind !== "group") {
        this.weights.missing(`${group.path}layer_${i}`, `layer ${i} of ${count}`);
        continue;
      }
      layers.push(this.weights.numbered(layer, `layer_${i}`));
    }
    return layers;
  }
}

/** Groups among the layers that are none. */
const BESIDE_LAYERS = new Set(["top_level_model_weights", "optimizer_weights", "optimizer", "model_weights"]);

/** Any other tree: each group that holds arrays counts as a layer. */
function treeLayers(root: Group): StoredLayer[] {
  const layers = new Map<string, StoredWeight[]>();
  for (const dataset of datasets(root)) {
    const cut = dataset.path.lastIndexOf("/");
    const group = dataset.path.slice(1, Math.max(1, cut));
    if (group === "optimizer" || group.startsWith("optimizer/") || group.startsWith("optimizer_weights"))
      continue;
    if (dataset.dtype === null) continue;
    const weights = layers.get(group) ?? [];
    layers.set(group, weights);
    weights.push(storedWeight(dataset, dataset.path.slice(cut + 1)));
  }
  return [...layers].map(([name, weights]) => ({ name, weights, missing: [] }));
}
