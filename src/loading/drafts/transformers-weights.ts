import path from "node:path";
import { transformersClassIn } from "../../formats/transformers-config.js";
import type { ModelFile } from "../../formats/model-file.js";

export interface TransformersModel {
  /** `TFBertForSequenceClassification`. */
  readonly name: string;
  /** Whether all weights are its own, as `save_pretrained` writes them; else other layers are around it. */
  readonly isWhole: boolean;
}

/**
 * The Transformers model whose weights a file holds, from the names that TensorFlow gives them:
 * `tf_bert_for_sequence_classification/bert/...` are those of a `TFBertForSequenceClassification`. Else what the
 * `config.json` says that `save_pretrained` writes beside them. Null for any other file.
 */
export function transformersModel({ path: file, format, layers }: ModelFile): TransformersModel | null {
  const scopes = layers.flatMap(({ weights }) => weights.map(({ name }) => SCOPE.exec(name)?.[1]));
  const scope = scopes.find((one) => one !== undefined);
  if (scope !== undefined) return { name: className(scope), isWhole: scopes.every((one) => one === scope) };
  const name = format === "safetensors" ? transformersClassIn(path.dirname(file)) : null;
  return name === null ? null : { name, isWhole: true };
}

const SCOPE = /^(tf_?[a-z]\w*?(?:_model|_for_\w+?|heads_model))(?:_\d+)?\//;

/** Words that are written in capitals, as Keras runs them together and apart: `TFGPT2LMHeadModel`. */
const CAPITALS: readonly (readonly [RegExp, string])[] = [
  [/^gp_?t2_?lm(?=_)/, "GPT2LM"],
  [/^gp_?t2(?=_)/, "GPT2"],
  [/^gp_?t_?j(?=_)/, "GPTJ"],
  [/^m_?t5(?=_)/, "MT5"],
  [/^t5(?=_)/, "T5"],
  [/^xl_net_lm(?=_)/, "XLNetLM"],
  [/^(xlm|opt|clip|ctrl|xl|mp)(?=_)/, ""],
];

function className(scope: string): string {
  let rest = scope.replace(/^tf_?/, "");
  let start = "TF";
  for (const [pattern, text] of CAPITALS) {
    const [found] = pattern.exec(rest) ?? [];
    if (found === undefined) continue;
    start += text || found.toUpperCase();
    rest = rest.slice(found.length);
    break;
  }
  const words = rest.split("_").filter((word) => word !== "");
  return (
    start +
    words.map((word) => (word === "lm" ? "LM" : word.charAt(0).toUpperCase() + word.slice(1))).join("")
  );
}
