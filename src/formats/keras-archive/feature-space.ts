import type { JsonValue } from "../model-file.js";

type JsonObject = { [key: string]: JsonValue };

/**
 * A saved `keras.utils.FeatureSpace` as the functional model that it computes (feature_space.py): one input a feature,
 * its preprocessor, crosses of preprocessed features, a CategoryEncoding for what is to be one-hot, and all of it
 * joined in the order of the names. Any other config comes back as it is.
 */
export function featureSpaceAsModel(saved: JsonValue): JsonValue {
  if (!isObject(saved) || saved["class_name"] !== "FeatureSpace" || !isObject(saved["config"])) return saved;
  const config = saved["config"];
  const features = isObject(config["features"]) ? Object.entries(config["features"]) : [];
  const parts = features.map(([name, feature]) => featurePart(name, partConfig(feature)));
  const places = new Map(parts.map((part) => [part.name, part.output]));
  const crosses = Array.isArray(config["crosses"]) ? config["crosses"].map(partConfig) : [];
  const crossed = crosses.map((cross) => crossPart(cross, places));
  const byName = (a: Part, b: Part) => (a.name < b.name ? -1 : 1);
  const encoded = [...parts.sort(byName), ...crossed.sort(byName)].map(encodedPart);
  const joined = config["output_mode"] !== "dict";
  const layers = [...encoded.flatMap((part) => part.layers)];
  if (joined)
    layers.push(call("TFDConcat", "concat", { axis: -1 }, [encoded.map(({ output }) => tensor(output))]));
  return {
    ...saved,
    module: "keras",
    class_name: "Functional",
    config: {
      name: "feature_space",
      layers,
      input_layers: parts.map(({ name }) => [name, 0, 0]),
      output_layers: joined
        ? [["concat", 0, 0]]
        : Object.fromEntries(encoded.map(({ name, output }) => [name, [output, 0, 0]])),
    },
  };
}

interface Part {
  readonly name: string;
  readonly layers: readonly JsonObject[];
  /** The layer that gives the feature. */
  readonly output: string;
  /** Number of categories where the feature is to be one-hot. */
  readonly categories: number | null;
}

function featurePart(name: string, feature: JsonObject): Part {
  const preprocessor = isObject(feature["preprocessor"]) ? feature["preprocessor"] : {};
  const inner = partConfig(preprocessor);
  const output = typeof inner["name"] === "string" ? inner["name"] : `${name}_preprocessor`;
  const input = {
    module: "keras.layers",
    class_name: "InputLayer",
    config: { name, batch_shape: [null, 1], dtype: feature["dtype"] ?? "float32" },
    inbound_nodes: [],
  };
  const layer = { ...preprocessor, name: output, inbound_nodes: [{ args: [tensor(name)], kwargs: {} }] };
  const oneHot = feature["output_mode"] === "one_hot";
  return { name, layers: [input, layer], output, categories: oneHot ? categoriesOf(inner) : null };
}

function categoriesOf(preprocessor: JsonObject): number | null {
  const found = ["vocabulary_size", "num_tokens", "num_bins"]
    .map((key) => preprocessor[key])
    .find((value) => typeof value === "number");
  return typeof found === "number" ? found : null;
}

function crossPart(cross: JsonObject, places: ReadonlyMap<string, string>): Part {
  const names = Array.isArray(cross["feature_names"]) ? cross["feature_names"].map(String) : [];
  const name = typeof cross["name"] === "string" ? cross["name"] : names.join("_X_");
  const bins = typeof cross["crossing_dim"] === "number" ? cross["crossing_dim"] : 32;
  const inputs = names.map((feature) => tensor(places.get(feature) ?? feature));
  return {
    name,
    layers: [call("HashedCrossing", name, { num_bins: bins, output_mode: "int" }, [inputs])],
    output: name,
    categories: cross["output_mode"] === "one_hot" ? bins : null,
  };
}

function encodedPart(part: Part): Part {
  if (part.categories === null) return part;
  const output = `${part.name}_encoding`;
  const config = { num_tokens: part.categories, output_mode: "multi_hot" };
  return {
    ...part,
    output,
    layers: [...part.layers, call("CategoryEncoding", output, config, [tensor(part.output)])],
  };
}

function call(className: string, name: string, config: JsonObject, args: JsonValue[]): JsonObject {
  return {
    module: "keras.layers",
    class_name: className,
    name,
    config: { ...config, name },
    inbound_nodes: [{ args, kwargs: {} }],
  };
}

function tensor(layer: string): JsonObject {
  return { class_name: "__keras_tensor__", config: { keras_history: [layer, 0, 0] } };
}

function partConfig(saved: JsonValue): JsonObject {
  return isObject(saved) && isObject(saved["config"]) ? saved["config"] : {};
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
