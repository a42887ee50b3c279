import type { JsonValue } from "../../formats/model-file.js";
import { isObject, stringAt } from "../../keras/json.js";

type Config = { readonly [key: string]: JsonValue };

/** A layer that the config of another describes. */
export interface HeldConfig {
  /** The argument that it stands under and its own name: by one of them its weights are found. */
  readonly names: readonly string[];
  readonly config: Config;
}

/** The layers that a user's layer holds, as far as its config describes them, at any depth. */
export function heldConfigs(config: Config): HeldConfig[] {
  return Object.entries(config).flatMap(([key, value]) => held(value, key));
}

function held(value: JsonValue, key: string): HeldConfig[] {
  if (Array.isArray(value)) return value.flatMap((item) => held(item, key));
  if (!isObject(value)) return [];
  const config = value["config"];
  const below = Object.entries(value).flatMap(([name, item]) => held(item, name === "config" ? key : name));
  if (!("class_name" in value) || !isObject(config) || !("name" in config)) return below;
  const names = [key, stringAt(config, "name") ?? ""].filter((name) => name !== "");
  return [{ names, config }, ...below];
}
