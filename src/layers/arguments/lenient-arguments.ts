import type { JsonValue } from "../../formats/model-file.js";
import type { LayerSpec } from "../../keras/graph.js";

/** Words that Keras reads in any case. */
const WORDS: ReadonlySet<string> = new Set(["padding", "data_format", "interpolation"]);

/** Flags that are true unless said otherwise: Python takes `None` for false. */
const FLAGS: ReadonlySet<string> = new Set(["use_bias", "center", "scale", "unit_forget_bias"]);

/** Layers whose `scale` is a number, not a flag. */
const WITH_FLAGS = /Normalization(V[12])?$|Conv|Dense|LSTM|GRU|RNN|Cell$|Attention$|^LocallyConnected/;

/** Layers with activations that are not linear unless said otherwise: `None` is linear. */
const RECURRENT = /LSTM|GRU|RNN|Cell$/;

/** A layer's arguments as Keras's own constructor reads them: `padding="SAME"`, `use_bias=None`. */
export function leniently(spec: LayerSpec): LayerSpec {
  const changed = Object.entries(spec.config).flatMap(([name, value]): [string, JsonValue][] => {
    // One layer of TensorFlow Addons takes TensorFlow's spelling, and no other.
    if (/Unpooling/.test(spec.className)) return [];
    if (WORDS.has(name) && typeof value === "string" && value !== value.toLowerCase())
      return [[name, value.toLowerCase()]];
    if (FLAGS.has(name) && value === null && WITH_FLAGS.test(spec.className)) return [[name, false]];
    if (/^(recurrent_)?activation$/.test(name) && value === null && RECURRENT.test(spec.className))
      return [[name, "linear"]];
    return [];
  });
  return changed.length === 0
    ? spec
    : { ...spec, config: { ...spec.config, ...Object.fromEntries(changed) } };
}
