import type { ByteSource } from "./byte-source.js";
import {
  attributeLike,
  findChanged,
  layersUnderAnotherName,
  nameChanged,
  otherNames,
  outsideVariables,
  takenForMissing,
  unlisted,
} from "./changed-names.js";
import { type ConfigElsewhere, configElsewhere, groupOfModel } from "./config-elsewhere.js";
import { configText } from "./config-text.js";
import type { AttributeScalar, AttributeValue } from "./hdf5/attribute.js";
import type { Dataset } from "./hdf5/dataset.js";
import { Damage } from "./hdf5/failures.js";
import type { Hdf5File } from "./hdf5/file.js";
import { datasets, find, type Group } from "./hdf5/group.js";
import { damageFindings, openHdf5 } from "./hdf5/open-hdf5.js";
import { parseConfig } from "./cut-config.js";
import { JsonError, notQuiteJson } from "./json.js";
import { layerWeights, optimizerVariables } from "./keras-archive/layer-weights.js";
import { looksLikeWeightsTree, type WeightsNode, weightsTree } from "./keras-archive/weights-tree.js";
import type {
  FormatFinding,
  JsonValue,
  ModelFile,
  ModelFormat,
  StoredLayer,
  StoredWeight,
} from "./model-file.js";
import { storedWeight } from "./stored-weight.js";
import { inOtherForm, wholeConfig } from "./whole-config.js";

/**
 * Opens an HDF5 file that Keras wrote: a whole model or weights alone, of any major (Keras 0.x to 3.x).
 * Layouts: Keras `legacy_h5_format.py` and, for Keras 0.x, `engine/topology.py` of 1.2.2.
 *
 * @throws FormatError F03 when the file ends before its structure begins, F18 when it is refused
 */
export async function openKerasHdf5(path: string, source: ByteSource): Promise<ModelFile> {
  const file = openHdf5(path, source);
  const root = groupOfModel(file.root);
  const elsewhere = hasConfig(root) ? null : await configElsewhere(root);
  return new KerasHdf5Reader(path, file, root, elsewhere).read();
}

function hasConfig({ attributes }: Group): boolean {
  return ["model_config", "model_config0"].some((name) => attributes.has(name));
}

class KerasHdf5Reader {
  private readonly findings: FormatFinding[] = [];
  /** What the lists of a damaged file name and nothing leads to any more. */
  private readonly unreached: string[] = [];
  /** The text of the architecture, once names were looked for in it. */
  private architecture: string | null = null;
  /** The layout of Keras 3's `.weights.h5`; null for the older ones. */
  private readonly tree: WeightsNode | null;

  constructor(
    private readonly path: string,
    private readonly file: Hdf5File,
    /** The group of the model. */
    private readonly root: Group,
    /** The text of the architecture, where it is not in the attribute that Keras gives it; else null. */
    private readonly elsewhere: ConfigElsewhere | null,
  ) {
    this.tree =
      looksLikeWeightsTree(root) && !root.attributes.has("layer_names")
        ? weightsTree(root, (finding) => this.tell(finding))
        : null;
  }

  read(): ModelFile {
    const { source } = this.file;
    const config = this.config();
    const trainingConfig = this.json("training_config");
    const named = this.layers();
    const layers = this.lacksLayers() ? [...named, ...this.looseLayers()] : named;
    const optimizerWeights = this.optimizerWeights();
    this.tellUnlisted([...layers.flatMap(({ weights }) => weights), ...optimizerWeights]);
    const format: ModelFormat = this.hasConfig() ? "keras-hdf5" : "hdf5-weights";
    if (format === "hdf5-weights") this.findings.push(this.noConfig(layers));
    this.findings.unshift(
      ...damageFindings(
        this.file,
        [...layers.flatMap(({ weights }) => weights), ...optimizerWeights],
        this.unreached,
      ),
    );
    return {
      path: this.path,
      format,
      size: source.size,
      kerasVersion: this.says("keras_version"),
      backend: this.says("backend"),
      config,
      trainingConfig,
      layers,
      optimizerWeights,
      findings: this.findings,
      ...this.arrangement(),
      takeChanged: (yes) => this.file.takeChanged(yes),
      close: () => source.close(),
    };
  }

  /** What lies where the layers' weights do, or in a tree beside the lists of variables, and is no layer's. */
  private tellUnlisted(taken: readonly StoredWeight[]): void {
    const paths = new Set(taken.map(({ path }) => path));
    for (const finding of unlisted(this.beside().filter(({ path }) => !paths.has(path)))) this.tell(finding);
  }

  private beside(): Dataset[] {
    if (this.tree) return outsideVariables(this.root);
    return [...datasets(this.weightsGroup())].filter(
      ({ dtype, byteLength, path }) =>
        dtype !== null && byteLength > 0 && !/^\/optimizer(_weights)?\//.test(path),
    );
  }

  /** Weights of a tree can be arranged by a config from elsewhere. */
  private arrangement(): Pick<ModelFile, "layersFor"> {
    const { tree } = this;
    return tree ? { layersFor: (config) => layerWeights(config, tree, this.file.lost.length === 0) } : {};
  }

  /** An attribute of the root, or of the group of weights. */
  private says(name: string): string | null {
    const value = this.attribute(this.root, name) ?? this.attribute(this.weightsGroup(), name);
    return typeof value === "string" ? value : null;
  }

  private weightsGroup(): Group {
    const group = find(this.root, "model_weights");
    if (group?.kind === "group") return group;
    const changed = layersUnderAnotherName(this.root);
    if (changed) this.tell(nameChanged("/", "model_weights", changed.name));
    return changed?.found ?? this.root;
  }

  private tell(finding: FormatFinding): void {
    const same = ({ title, where, detail }: FormatFinding) =>
      title === finding.title && where === finding.where && detail === finding.detail;
    if (!this.findings.some(same)) this.findings.push(finding);
  }

  private attribute(object: Group | Dataset, name: string): AttributeValue {
    const attribute = object.attributes.get(name);
    if (!attribute) return null;
    try {
      return attribute.value();
    } catch (error) {
      if (!(error instanceof Damage)) throw error;
      const title = `Attribute ${name} is lost`;
      const where = `${object.path}, byte ${error.byte}`;
      if (this.findings.some((told) => told.title === title && told.where === where)) return null;
      this.findings.push({
        code: "F03",
        title,
        where,
        detail: error.detail,
        advice: "Get the file again from where it was made.",
      });
      return null;
    }
  }

  /** The architecture, from wherever the file has it and in whatever form. */
  private config(): JsonValue {
    const { holder } = this.elsewhere ?? { holder: `attribute model_config of ${this.root.path}` };
    if (this.root !== this.file.root)
      this.tell(
        inOtherForm(this.root.path, "the model is in a group of the file, as model.save(group) has it"),
      );
    if (this.elsewhere)
      this.tell(inOtherForm(holder, "the model's config stands there and not in the attribute model_config"));
    const value = this.json("model_config");
    const whole = wholeConfig(value);
    if (whole?.form) this.tell(inOtherForm(holder, whole.form));
    return whole?.config ?? value;
  }

  private json(name: string): JsonValue {
    const text = configText(this.inParts(name));
    if (text === null) return null;
    try {
      const notes: string[] = [];
      const json = parseConfig(text, (note) => notes.push(note));
      this.findings.push(...notQuiteJson(`attribute ${name} of /`, notes));
      return json;
    } catch (error) {
      if (!(error instanceof JsonError)) throw error;
      this.findings.push({
        code: "F08",
        title: `${name} is not JSON`,
        where: `attribute ${name} of /, line ${error.line}, column ${error.column}`,
        detail: error.detail,
        advice: "The weights can still be used with an architecture from elsewhere.",
      });
      return null;
    }
  }

  /** An attribute of the root, or what `name0`, `name1`, ... hold together: HDF5 limits the length of one. */
  private inParts(name: string): AttributeValue {
    if (name === "model_config" && this.elsewhere) return this.elsewhere.text;
    if (!this.root.attributes.has(`${name}0`)) return this.attribute(this.root, name);
    const parts: AttributeScalar[] = [];
    for (let i = 0; this.root.attributes.has(`${name}${i}`); i++)
      parts.push(...[this.attribute(this.root, `${name}${i}`) ?? []].flat());
    return parts;
  }

  private hasConfig(): boolean {
    return this.elsewhere !== null || hasConfig(this.root);
  }

  /** A list of names, which Keras splits into `name0`, `name1`, ... when it is long; an empty one is an array of floats. */
  private names(group: Group, name: string): string[] | null {
    const parts: string[][] = [];
    const known = this.attributeName(group, name);
    if (group.attributes.has(known)) parts.push(this.texts(group, known));
    else
      for (let i = 0; group.attributes.has(`${name}${i}`); i++) parts.push(this.texts(group, `${name}${i}`));
    return parts.length === 0 ? null : parts.flat();
  }

  /** The name under which a group has an attribute: its own, or one that differs by a letter. */
  private attributeName(group: Group, name: string): string {
    if (group.attributes.has(name) || group.attributes.has(`${name}0`)) return name;
    const changed = attributeLike(group, name);
    if (changed === null) return name;
    this.tell(nameChanged(group.path, name, changed.name));
    return changed.name;
  }

  /** Those of a list of names; anything else in it is damage. */
  private texts(group: Group, name: string): string[] {
    const value = this.attribute(group, name);
    const values = Array.isArray(value) ? value : value === null ? [] : [value];
    const texts = values.filter((item) => typeof item === "string");
    const shape = group.attributes.get(name)?.shape;
    const empty = shape === null || shape?.includes(0);
    if (texts.length < values.length || (value === null && !empty)) this.noNames(group, name);
    return texts;
  }

  private noNames(group: Group, name: string): void {
    const title = `Attribute ${name} is lost`;
    if (this.findings.some((told) => told.title === title && told.where.startsWith(`${group.path}, `)))
      return;
    this.tell({
      code: "F03",
      title,
      where: group.path,
      detail: "it is a list of names, and holds something else",
      advice: "Get the file again from where it was made.",
    });
  }

  private layers(): StoredLayer[] {
    const group = this.weightsGroup();
    const listed = this.names(group, "layer_names");
    // A name twice is one group.
    const names = listed && [...new Set(listed)];
    if (names && !this.namesNothing(group, names)) return this.namedLayers(group, names);
    const count = this.attribute(group, this.attributeName(group, "nb_layers"));
    if (count === null && group.attributes.has("nb_layers")) this.noNumber(group, "nb_layers");
    if (typeof count === "number" || typeof count === "bigint")
      return this.numberedLayers(group, Number(count));
    if (this.tree) return layerWeights(null, this.tree);
    // In a whole model's file each group beside the list is a layer.
    const isWhole = group !== this.root && this.hasConfig();
    return isWhole || this.file.lost.length > 0 ? this.remainingLayers(group) : treeLayers(group);
  }

  private noNumber(group: Group, name: string): void {
    this.tell({
      code: "F03",
      title: `Attribute ${name} is lost`,
      where: group.path,
      detail: "it is a number, and holds something else",
      advice: "Get the file again from where it was made.",
    });
  }

  /** Layers of a group whose list of them is lost. */
  private remainingLayers(group: Group): StoredLayer[] {
    const layers: StoredLayer[] = [];
    const others = new Map<string, Group | Dataset>();
    for (const [name, child] of group.children) {
      if (child.kind === "group" && (this.names(child, "weight_names") !== null || this.isOfModel(name)))
        layers.push(this.namedWeights(child, name));
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
    const group = this.weightsGroup();
    const below = group.path === "/" ? "/" : `${group.path}/`;
    const isBelow = (path: string) => path === group.path || path.startsWith(below);
    return (
      this.names(group, "layer_names") === null ||
      this.unreached.length > 0 ||
      this.findings.some(({ code }) => code === "W05") ||
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
    const missing = names.filter((name) => !this.leads(group, name, names));
    const unlisted = this.unlistedLayers(group, names);
    const taken = takenForMissing(missing, unlisted);
    const layers = names.map((name) => {
      const other = taken.get(name);
      if (!other) return this.namedLayer(group, name, names);
      return this.namedWeights(other.found, other.isAlike && !this.isOfModel(other.name) ? name : other.name);
    });
    const used = new Set([...taken.values()].map(({ name }) => name));
    const beside = [...unlisted].filter(([name]) => !used.has(name) && this.isOfModel(name));
    layers.push(...beside.map(([name, found]) => this.namedWeights(found, name)));
    const all = [...used, ...beside.map(([name]) => name)];
    if (all.length > 0) this.tell(otherNames(group.path, "layer_names", all));
    const own = group.children.get("top_level_model_weights");
    if (own?.kind === "group" && !names.includes("top_level_model_weights")) {
      const weights = this.namedWeights(own, "top_level_model_weights");
      if (weights.weights.length) layers.push(weights);
    }
    return layers;
  }

  /** Whether a name of a list leads to something, maybe under one that differs by a letter. */
  private leads(group: Group, name: string, listed: readonly string[]): boolean {
    return Boolean(find(group, name) ?? findChanged(group, name, listed));
  }

  /** A list of layers of a sound file in which no name is that of a group, beside groups that are layers. */
  private namesNothing(group: Group, names: readonly string[]): boolean {
    if (names.some((name) => this.leads(group, name, names))) return false;
    const own = [...this.unlistedLayers(group, names)].filter(([name]) => this.isOfModel(name));
    if (own.length === 0) return false;
    const told = own.map(([name]) => name);
    this.tell(otherNames(group.path, "layer_names", told));
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
    if (group?.kind === "group") return this.namedWeights(group, name);
    const changed = findChanged(parent, name, [...listed, "top_level_model_weights"]);
    if (changed?.found.kind === "group") {
      this.tell(nameChanged(parent.path, name, changed.name));
      return this.namedWeights(changed.found, this.isOfModel(changed.name) ? changed.name : name);
    }
    this.missing(`${parent.path === "/" ? "" : parent.path}/${name}`, `the layer ${JSON.stringify(name)}`);
    return { name, weights: [], missing: [] };
  }

  /** Whether the architecture names a layer so. */
  private isOfModel(name: string): boolean {
    this.architecture ??= configText(this.inParts("model_config")) ?? "";
    const text = this.architecture;
    return [": ", ":"].some((colon) => text.includes(`"name"${colon}${JSON.stringify(name)}`));
  }

  private namedWeights(group: Group, layer: string): StoredLayer {
    const there = new Map(
      [...datasets(group)].map((dataset) => [dataset.path.slice(group.path.length + 1), dataset] as const),
    );
    const listed = this.names(group, "weight_names");
    const isLost = this.file.lost.length > 0;
    const names = listed === null || (listed.length === 0 && !isLost) ? [...there.keys()] : listed;
    if (listed?.length === 0 && names.length > 0) this.tell(otherNames(group.path, "weight_names", names));
    const unlisted = new Map([...there].filter(([name]) => !names.includes(name)));
    const taken = takenForMissing(
      isLost ? [] : names.filter((name) => !this.leads(group, name, names)),
      unlisted,
    );
    const used = [...taken.values()].map(({ name }) => name);
    if (used.length > 0) this.tell(otherNames(group.path, "weight_names", used));
    const weights: StoredWeight[] = [];
    const missing: { name: string; index: number }[] = [];
    names.forEach((name, index) => {
      const other = taken.get(name);
      const dataset = other?.found ?? find(group, name) ?? this.changedWeight(group, name, names);
      if (dataset?.kind === "dataset") weights.push(storedWeight(dataset, other?.name ?? name));
      else {
        missing.push({ name, index });
        this.missing(
          `${group.path}/${name}`,
          `the weight ${JSON.stringify(name)} of layer ${JSON.stringify(layer)}`,
        );
      }
    });
    return { name: layer, weights: weights.filter((weight) => weight !== null), missing };
  }

  private changedWeight(group: Group, name: string, listed: readonly string[]): Group | Dataset | undefined {
    const changed = findChanged(group, name, listed);
    if (changed?.found.kind !== "dataset") return undefined;
    this.tell(nameChanged(group.path, name, changed.name));
    return changed.found;
  }

  /** Keras 0.x: `layer_0`, `layer_1`, ... with `param_0`, `param_1`, ... */
  private numberedLayers(group: Group, count: number): StoredLayer[] {
    const layers: StoredLayer[] = [];
    for (let i = 0; i < count && i < 100_000; i++) {
      const layer = group.children.get(`layer_${i}`);
      if (layer?.kind !== "group") {
        this.missing(`${group.path}layer_${i}`, `layer ${i} of ${count}`);
        continue;
      }
      layers.push(this.numberedWeights(layer, `layer_${i}`));
    }
    return layers;
  }

  private numberedWeights(group: Group, name: string): StoredLayer {
    const said = this.attribute(group, "nb_params");
    const count = Math.min(said === null ? group.children.size : Number(said), 10_000);
    const weights: StoredWeight[] = [];
    const missing: { name: string; index: number }[] = [];
    for (let index = 0; index < count; index++) {
      const param = `param_${index}`;
      const dataset = group.children.get(param);
      if (dataset?.kind === "dataset") weights.push(storedWeight(dataset, param));
      else {
        missing.push({ name: param, index });
        this.missing(
          `${group.path}/${param}`,
          `the weight ${JSON.stringify(param)} of layer ${JSON.stringify(name)}`,
        );
      }
    }
    return { name, weights, missing };
  }

  private optimizerWeights(): StoredWeight[] {
    if (this.tree) return [...optimizerVariables(this.tree)];
    const group = find(this.root, "optimizer_weights");
    if (group?.kind !== "group") return [];
    return [...this.namedWeights(group, "optimizer_weights").weights];
  }

  private missing(where: string, what: string): void {
    const lost = this.file.lost.some(
      ({ path }) => path === "/" || where === path || where.startsWith(`${path}/`),
    );
    if (lost) {
      this.unreached.push(where);
      return;
    }
    this.findings.push({
      code: "W05",
      title: "Weights are missing",
      where,
      detail: `the file names ${what} but does not hold it`,
      advice: "Look for another copy of the file, or give initial values in its place.",
    });
  }

  private noConfig(layers: readonly StoredLayer[]): FormatFinding {
    const weights = layers.reduce((sum, layer) => sum + layer.weights.length, 0);
    if (weights === 0) return this.file.lost.length > 0 ? nothingLeft() : nothing();
    return {
      code: "F09",
      title: "Weights only, no model configuration",
      where: "/",
      detail: `the file has no model_config; it holds ${weights} tensors in ${layers.length} ${layers.length === 1 ? "group" : "groups"}`,
      advice: "Give the architecture: a JSON or YAML file from model.to_json(), another model file, or code.",
    };
  }
}

/** Groups among the layers that are none. */
const BESIDE_LAYERS = new Set(["top_level_model_weights", "optimizer_weights", "optimizer", "model_weights"]);

/** Title of the finding on a whole file that holds no model and no part of one. */
export const NOTHING = "Neither weights nor a model configuration";

function nothing(): FormatFinding {
  return {
    code: "F09",
    title: NOTHING,
    where: "/",
    detail: "the HDF5 file holds no tensors and no model_config",
    advice:
      "Saving it was not finished, or it is no model's: save the model again, or look for another copy.",
  };
}

function nothingLeft(): FormatFinding {
  return {
    code: "F09",
    title: "No weights and no model configuration are left",
    where: "/",
    detail: "the part of the file that is there holds neither",
    advice: "Get the file again from where it was made.",
  };
}

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
