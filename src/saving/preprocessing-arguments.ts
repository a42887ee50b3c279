import type { JsonValue } from "../formats/model-file.js";
import type { LayerSpec } from "../keras/graph.js";

/** Names before TensorFlow 2.6, when these layers were experimental, and what they are since. */
const RENAMED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  IntegerLookup: { mask_value: "mask_token", oov_value: "oov_token", max_values: "max_tokens" },
  Discretization: { bins: "bin_boundaries" },
  CategoryEncoding: { max_tokens: "num_tokens" },
};
const MODES: Readonly<Record<string, string>> = { binary: "multi_hot", "tf-idf": "tf_idf" };

/** Arguments of a preprocessing layer in the names of every Keras since: under the old ones they would be left out. */
export function preprocessingArguments({ className, config }: LayerSpec): LayerSpec["config"] {
  const names = Object.hasOwn(RENAMED, className) ? RENAMED[className]! : null;
  if (names === null && !("output_mode" in config)) return config;
  const written = new Map<string, JsonValue>(Object.entries(config));
  for (const [old, now] of Object.entries(names ?? {})) {
    const value = written.get(old);
    written.delete(old);
    if (value !== undefined && (written.get(now) ?? null) === null) written.set(now, value);
  }
  const mode = written.get("output_mode");
  if (typeof mode === "string" && Object.hasOwn(MODES, mode)) written.set("output_mode", MODES[mode]!);
  return Object.fromEntries(written);
}
