import type { ModelFile } from "../../formats/model-file.js";

/**
 * The class of a Transformers model whose weights a file holds, from the names that `save_pretrained` gives them:
 * `tf_bert_for_sequence_classification/bert/...` to `TFBertForSequenceClassification`. Null for any other file.
 */
export function transformersClass({ layers }: ModelFile): string | null {
  for (const { weights } of layers)
    for (const { name } of weights) {
      const scope = /^(tf_\w+?(_model|_for_\w+))(_\d+)?\//.exec(name)?.[1];
      if (scope !== undefined) return className(scope);
    }
  return null;
}

function className(scope: string): string {
  const [, ...words] = scope.split("_");
  return `TF${words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("")}`;
}
