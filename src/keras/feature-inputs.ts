import type { JsonValue } from "../formats/model-file.js";
import type { LayerSpec } from "./graph.js";
import { isObject, stringAt, type JsonObject } from "./json.js";

/** One feature of a Sequential that begins with DenseFeatures: it is called on a dict of them. */
interface Feature {
  readonly key: string;
  readonly dtype: string;
  /** Numbers for a sample; null where the columns leave it open. */
  readonly length: number | null;
  /** A crossed column names its parts without a type, which other columns may know. */
  readonly guessed?: true;
}

/**
 * The inputs that a DenseFeatures at the beginning of a Sequential looks its columns up in, by their keys in order:
 * Keras 2 saves no input layers there, only the columns and, of a model that ran, `build_input_shape` by key.
 * Empty where the layer is another or names no feature.
 */
export function featureInputs(first: LayerSpec | undefined, model: JsonObject, scope: string): LayerSpec[] {
  if (first?.className !== "DenseFeatures") return [];
  const features = new Map<string, Feature>();
  for (const feature of featuresIn(first.config["feature_columns"])) {
    const known = features.get(feature.key);
    if (!known || known.guessed) features.set(feature.key, feature);
  }
  const built = isObject(model["build_input_shape"]) ? model["build_input_shape"] : {};
  return [...features.values()]
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map((feature) => inputLayer(feature, lengthIn(built[feature.key]) ?? feature.length, scope));
}

function* featuresIn(saved: JsonValue | undefined): Generator<Feature> {
  if (Array.isArray(saved)) for (const each of saved) yield* featuresIn(each);
  if (!isObject(saved) || !isObject(saved["config"])) return;
  const config = saved["config"];
  const className = stringAt(saved, "class_name") ?? "";
  const key = stringAt(config, "key");
  if (key !== null) yield leaf(className, key, config);
  const weight = stringAt(config, "weight_feature_key");
  if (weight !== null) yield { key: weight, dtype: stringAt(config, "dtype") ?? "float32", length: null };
  for (const name of ["categorical_column", "source_column"]) yield* featuresIn(config[name]);
  const crossed = config["keys"];
  if (!Array.isArray(crossed)) return;
  for (const part of crossed) {
    if (typeof part === "string") yield { key: part, dtype: "string", length: null, guessed: true };
    else yield* featuresIn(part);
  }
}

function leaf(className: string, key: string, config: JsonObject): Feature {
  const numeric = className === "NumericColumn";
  const identity = className.startsWith("Identity");
  const dtype = stringAt(config, "dtype") ?? (numeric ? "float32" : identity ? "int32" : "string");
  const shape = config["shape"];
  const sizes = Array.isArray(shape) ? shape.filter((n) => typeof n === "number") : [1];
  return { key, dtype, length: numeric ? sizes.reduce((a, b) => a * b, 1) : null };
}

/** A feature [batch] comes as [batch, 1]. */
function lengthIn(shape: JsonValue | undefined): number | null {
  if (!Array.isArray(shape)) return null;
  const lengths = shape.slice(1).filter((n) => typeof n === "number");
  return lengths.length === shape.length - 1 ? lengths.reduce((a, b) => a * b, 1) : null;
}

function inputLayer({ key, dtype }: Feature, length: number | null, scope: string): LayerSpec {
  return {
    className: "InputLayer",
    name: key,
    path: scope === "" ? key : `${scope}/${key}`,
    module: null,
    registeredName: null,
    config: { name: key, batch_shape: [null, length], dtype },
    buildConfig: null,
    model: null,
    inner: {},
  };
}
