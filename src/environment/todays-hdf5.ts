import type { JsonValue } from "../formats/model-file.js";
import { isObject, type JsonObject, stringAt } from "../keras/json.js";

/**
 * What Keras 3.15 stops at in the model config of a `.h5` beside arguments of layers, each in one line. Its reader of
 * this format keeps to the configs that Keras 2 wrote last; what follows is how older ones wrote them.
 * Source: keras/src/legacy/saving/saving_utils.py, `model_from_config`.
 */
export function configOfTodaysKeras(model: JsonValue): string[] {
  const layers = layersOf(model);
  const withDtype = layers.filter(({ config }) => Object.entries(config).some(isTyped)).length;
  return [
    ...layers.filter(startsByItself).map(({ config }) => firstShape(config)),
    ...layers
      .filter(namesFunction)
      .map(
        ({ config }) =>
          `take score_mode out of the config of ${stringAt(config, "name")}: Keras 3 reads "dot" as its function`,
      ),
    ...layers.flatMap(handsOnLists),
    ...[...new Set(layers.filter(holdsUnplaced).map(({ className }) => className))].map(
      (name) => `write "module": "keras.layers" beside the class name of what ${name} holds`,
    ),
    ...(withDtype > 0 ? [`take dtype out of the configs of initializers (layers: ${withDtype})`] : []),
  ];
}

interface SavedLayer {
  readonly className: string;
  readonly config: JsonObject;
}

/** A model, its layers, those of models in it, and those that wrappers hold. */
function layersOf(value: JsonValue): SavedLayer[] {
  if (!isObject(value) || !isObject(value["config"])) return [];
  const className = stringAt(value, "class_name");
  if (className === null) return [];
  const { config } = value;
  const held = [config["layers"], config["layer"], config["cell"], config["cells"]].flat();
  return [{ className, config }, ...held.flatMap((each) => layersOf(each ?? null))];
}

/** A Sequential whose first layer has the shape of the input: only an InputLayer's is not taken for one row's. */
function startsByItself({ className, config }: SavedLayer): boolean {
  const first = className === "Sequential" ? firstOf(config) : null;
  return first !== null && "batch_input_shape" in first && !("layers" in first);
}

function firstOf({ layers }: JsonObject): JsonObject | null {
  const first = Array.isArray(layers) ? layers[0] : null;
  const isInput = isObject(first) && first["class_name"] === "InputLayer";
  return isObject(first) && !isInput && !("module" in first) && isObject(first["config"])
    ? first["config"]
    : null;
}

function firstShape(sequential: JsonObject): string {
  const name = stringAt(firstOf(sequential)!, "name") ?? "the first layer";
  return `give the Sequential an InputLayer with the batch_input_shape of ${name}`;
}

/** The default, which it looks up among its functions. */
function namesFunction({ className, config }: SavedLayer): boolean {
  return /^(Additive)?Attention$/.test(className) && config["score_mode"] === "dot";
}

/** A model in a Sequential hands on a list where its outputs stand in one, as Keras before 3.10 wrote a single one. */
function handsOnLists({ className, config: { layers } }: SavedLayer): string[] {
  if (className !== "Sequential" || !Array.isArray(layers)) return [];
  return layers.flatMap((each) => {
    const config = isObject(each) ? each["config"] : null;
    const [only, ...more] =
      isObject(config) && Array.isArray(config["output_layers"]) ? config["output_layers"] : [];
    const name = isObject(config) ? stringAt(config, "name") : null;
    return Array.isArray(only) && more.length === 0
      ? [`write output_layers of ${name} without the outer list`]
      : [];
  });
}

/** Classes inside wrappers are looked up by their modules, which Keras before 2.13 did not write. */
function holdsUnplaced({ config }: SavedLayer): boolean {
  return [config["layer"], config["cell"], config["cells"]]
    .flat()
    .some((each) => isObject(each) && "class_name" in each && !("module" in each));
}

/** TensorFlow 1.13 to 2.0 wrote a dtype into initializers. */
function isTyped([key, value]: [string, JsonValue]): boolean {
  if (!key.endsWith("_initializer") || !isObject(value) || value["class_name"] === "Constant") return false;
  return isObject(value["config"]) && "dtype" in value["config"];
}
