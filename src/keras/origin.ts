import type { JsonValue } from "../formats/model-file.js";
import type { KerasOrigin } from "../layers/registry.js";

/**
 * What wrote a model: from the version string the file carries, or, where it carries none, from what only one
 * major writes into a config. A whole-model file without a version is Keras 1 (legacy_h5_format.py).
 */
export function kerasOrigin(
  version: string | null,
  backend: string | null,
  config: JsonValue | null,
): KerasOrigin {
  const digit = /^\s*(\d+)/.exec(version ?? "")?.[1];
  const major =
    digit === undefined ? majorOfConfig(config) : Number(digit) >= 3 ? 3 : Number(digit) === 2 ? 2 : 1;
  return { major, version, backend };
}

function majorOfConfig(config: JsonValue | null): 1 | 2 | 3 {
  const text = config === null ? "" : JSON.stringify(config);
  if (text.includes('"__keras_tensor__"') || text.includes('"batch_shape"')) return 3;
  // Not `output_dim`, which an Embedding has in every major.
  if (
    /"(nb_filter|border_mode|inner_activation|dim_ordering|W_regularizer|b_regularizer|init)":/.test(text)
  ) {
    return 1;
  }
  return config === null ? 1 : 2;
}
