import type { ByteSource } from "../byte-source.js";
import { layersUnderAnotherName, nameChanged, outsideVariables, unlisted } from "../changed-names.js";
import { type ConfigElsewhere, configElsewhere, groupOfModel } from "../config-elsewhere.js";
import { configText } from "../config-text.js";
import type { AttributeScalar, AttributeValue } from "../hdf5/attribute.js";
import type { Dataset } from "../hdf5/dataset.js";
import type { Hdf5File } from "../hdf5/file.js";
import { datasets, find, type Group } from "../hdf5/group.js";
import { damageFindings, openHdf5 } from "../hdf5/open-hdf5.js";
import { parseConfig } from "../cut-config.js";
import { JsonError, notQuiteJson } from "../json.js";
import { layerWeights, optimizerVariables } from "../keras-archive/layer-weights.js";
import { looksLikeWeightsTree, type WeightsNode, weightsTree } from "../keras-archive/weights-tree.js";
import type {
  FormatFinding,
  JsonValue,
  ModelFile,
  ModelFormat,
  StoredLayer,
  StoredWeight,
} from "../model-file.js";
import { inOtherForm, wholeConfig } from "../whole-config.js";
import { Attributes } from "./attributes.js";
import { GroupWeights } from "./group-weights.js";
import { LayerGroups } from "./layer-groups.js";

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

/** What an HDF5 file inside another model holds in the layout of a `.h5` file; null for another layout. */
export function layersOfH5(path: string, file: Hdf5File): ModelFile | null {
  const { root } = file;
  if (!root.attributes.has("layer_names") && find(root, "model_weights")?.kind !== "group") return null;
  return new KerasHdf5Reader(path, file, root, null).read();
}

function hasConfig({ attributes }: Group): boolean {
  return ["model_config", "model_config0"].some((name) => attributes.has(name));
}

class KerasHdf5Reader {
  private readonly attributes = new Attributes();
  private readonly weights: GroupWeights;
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
        ? weightsTree(root, (finding) => this.attributes.tell(finding))
        : null;
    this.weights = new GroupWeights(this.attributes, file.lost);
  }

  read(): ModelFile {
    const { source } = this.file;
    const config = this.config();
    const trainingConfig = this.json("training_config");
    const layers = this.layers();
    const optimizerWeights = this.optimizerWeights();
    this.tellUnlisted([...layers.flatMap(({ weights }) => weights), ...optimizerWeights]);
    const format: ModelFormat = this.hasConfig() ? "keras-hdf5" : "hdf5-weights";
    if (format === "hdf5-weights") this.attributes.findings.push(this.noConfig(layers));
    this.attributes.findings.unshift(
      ...damageFindings(
        this.file,
        [...layers.flatMap(({ weights }) => weights), ...optimizerWeights],
        this.weights.unreached,
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
      findings: this.attributes.findings,
      ...this.arrangement(),
      takeChanged: (yes) => this.file.takeChanged(yes),
      close: () => source.close(),
    };
  }

  /** What lies where the layers' weights do, or in a tree beside the lists of variables, and is no layer's. */
  private tellUnlisted(taken: readonly StoredWeight[]): void {
    const paths = new Set(taken.map(({ path }) => path));
    for (const finding of unlisted(this.beside().filter(({ path }) => !paths.has(path))))
      this.attributes.tell(finding);
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
    const value =
      this.attributes.attribute(this.root, name) ?? this.attributes.attribute(this.weightsGroup(), name);
    return typeof value === "string" ? value : null;
  }

  private weightsGroup(): Group {
    const group = find(this.root, "model_weights");
    if (group?.kind === "group") return group;
    const changed = layersUnderAnotherName(this.root);
    if (changed) this.attributes.tell(nameChanged("/", "model_weights", changed.name));
    return changed?.found ?? this.root;
  }

  /** The architecture, from wherever the file has it and in whatever form. */
  private config(): JsonValue {
    const { holder } = this.elsewhere ?? { holder: `attribute model_config of ${this.root.path}` };
    if (this.root !== this.file.root)
      this.attributes.tell(
        inOtherForm(this.root.path, "the model is in a group of the file, as model.save(group) has it"),
      );
    if (this.elsewhere)
      this.attributes.tell(
        inOtherForm(holder, "the model's config stands there and not in the attribute model_config"),
      );
    const value = this.json("model_config");
    const whole = wholeConfig(value);
    if (whole?.form) this.attributes.tell(inOtherForm(holder, whole.form));
    return whole?.config ?? value;
  }

  private json(name: string): JsonValue {
    const text = configText(this.inParts(name));
    if (text === null) return null;
    try {
      const notes: string[] = [];
      const json = parseConfig(text, (note) => notes.push(note));
      this.attributes.findings.push(...notQuiteJson(`attribute ${name} of /`, notes));
      return json;
    } catch (error) {
      if (!(error instanceof JsonError)) throw error;
      this.attributes.findings.push({
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
    if (!this.root.attributes.has(`${name}0`)) return this.attributes.attribute(this.root, name);
    const parts: AttributeScalar[] = [];
    for (let i = 0; this.root.attributes.has(`${name}${i}`); i++)
      parts.push(...[this.attributes.attribute(this.root, `${name}${i}`) ?? []].flat());
    return parts;
  }

  private hasConfig(): boolean {
    return this.elsewhere !== null || hasConfig(this.root);
  }

  private layers(): StoredLayer[] {
    const { file, root, tree, attributes, weights } = this;
    const architecture = () => configText(this.inParts("model_config"));
    const group = this.weightsGroup();
    return new LayerGroups(
      file,
      root,
      group,
      tree,
      attributes,
      weights,
      this.hasConfig(),
      architecture,
    ).read();
  }

  private optimizerWeights(): StoredWeight[] {
    if (this.tree) return [...optimizerVariables(this.tree)];
    const group = find(this.root, "optimizer_weights");
    if (group?.kind !== "group") return [];
    return [...this.weights.named(group, "optimizer_weights").weights];
  }

  private noConfig(layers: readonly StoredLayer[]): FormatFinding {
    const weights = layers.reduce((sum, layer) => sum + layer.weights.length, 0);
    if (weights === 0) return this.file.lost.length > 0 ? nothingLeft() : nothing();
    const models = [...this.root.children].filter(([, child]) => child.kind === "group" && hasConfig(child));
    if (models.length > 1) return severalModels(models.map(([, { path }]) => path));
    return {
      code: "F09",
      title: "Weights only, no model configuration",
      where: "/",
      detail: `the file has no model_config; it holds ${weights} tensors in ${layers.length} ${layers.length === 1 ? "group" : "groups"}`,
      advice: "Give the architecture: a JSON or YAML file from model.to_json(), another model file, or code.",
    };
  }
}

function severalModels(paths: readonly string[]): FormatFinding {
  const group = JSON.stringify(paths[0]);
  const copied = `one.attrs.update(all[${group}].attrs); [all[${group}].copy(name, one) for name in all[${group}]]`;
  return {
    code: "F09",
    title: "Several models in one file",
    where: "/",
    detail: `the groups ${paths.slice(0, 5).join(", ")}${paths.length > 5 ? ", ..." : ""} hold a model each, with a model_config of its own`,
    advice: `Copy the one that you want into a file of its own, in Python with h5py: \`with h5py.File("FILE.h5") as all, h5py.File("one.h5", "w") as one: ${copied}\``,
  };
}

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
