import type { FormatFinding, JsonValue } from "./model-file.js";

/** A model's config as Keras writes it, and how it stood in the file. */
export interface WholeConfig {
  /** `{class_name, config}`, or a Sequential's list of layers. */
  readonly config: JsonValue;
  /** What other form it had; null where it had Keras's own. */
  readonly form: string | null;
}

/**
 * A model's config from what people keep in its place: what `model.get_config()` gave, without the class around it or
 * as a list, and an object that holds the config beside other things.
 * @returns null where there is no list of layers, or more than one such object
 */
export function wholeConfig(value: JsonValue): WholeConfig | null {
  if (isLayers(value)) return { config: value, form: null };
  if (!isObject(value)) return null;
  if (typeof value["class_name"] === "string" && "config" in value) return { config: value, form: null };
  if (isLayers(value["layers"])) {
    const isFunctional = "input_layers" in value || "output_layers" in value;
    return {
      config: { class_name: isFunctional ? "Functional" : "Sequential", config: value },
      form: "it is what model.get_config() gives, without the model's class around it",
    };
  }
  const inside = Object.values(value).flatMap((part) => (listsLayers(part) ? [wholeConfig(part)!] : []));
  return inside.length === 1
    ? { ...inside[0]!, form: "the model's class and config stand one level deeper than Keras writes them" }
    : null;
}

/** F08 for a config that is elsewhere or otherwise than Keras writes it, and was read all the same. */
export function inOtherForm(where: string, detail: string): FormatFinding {
  return {
    code: "F08",
    title: "The model's config in another form",
    where,
    detail,
    advice: "It was read from there; saving the model writes it as Keras does.",
  };
}

function listsLayers(value: JsonValue): boolean {
  if (!isObject(value)) return isLayers(value);
  const config = value["config"];
  return isLayers(value["layers"]) || isLayers(config) || (isObject(config) && isLayers(config["layers"]));
}

function isLayers(value: JsonValue | undefined): boolean {
  return Array.isArray(value) && value.length > 0 && value.every(isLayer);
}

function isLayer(value: JsonValue): boolean {
  return isObject(value) && typeof value["class_name"] === "string" && "config" in value;
}

function isObject(value: JsonValue | undefined): value is { [key: string]: JsonValue } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
