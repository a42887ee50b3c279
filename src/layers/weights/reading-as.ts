import type * as tf from "@tensorflow/tfjs";
import { withChange } from "../../with-change.js";

/** Runs while variables read as something else; what is saved or trained on stays what it is. */
export function readingAs<T>(reads: ReadonlyMap<tf.LayerVariable, () => tf.Tensor>, run: () => T): T {
  const change = () => {
    const own = [...reads.keys()].map((variable) => Object.getOwnPropertyDescriptor(variable, "read"));
    for (const [variable, read] of reads) variable.read = read as () => tf.Variable;
    return () =>
      [...reads.keys()].forEach((variable, i) => {
        if (own[i]) Object.defineProperty(variable, "read", own[i]);
        else delete (variable as { read?: unknown }).read;
      });
  };
  return withChange(change, run);
}
