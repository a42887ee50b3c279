import * as tf from "@tensorflow/tfjs";
import type { KernelTable, OpCall } from "../kernel.js";
import { retain, TensorList, type GraphValue } from "../value.js";
import { keepItem } from "./tensor-list.js";

/**
 * tensorflow/core/ops/optional_ops.cc: what the branch of a `tf.cond` that was taken hands to its gradient. An optional
 * is kept as the list of its components, one without a value as a list of none.
 */
export const optionals: KernelTable = {
  OptionalFromValue: { run: (call) => optional(call.inputs.map((_, i) => call.value(i))) },
  OptionalNone: { run: () => optional([]) },
  OptionalHasValue: { run: (call) => tf.scalar(call.list(0).items.length > 0, "bool") },
  OptionalGetValue: { run: components },
};

function optional(values: readonly GraphValue[]): TensorList {
  const items = values.map((value) => retain(value) as TensorList["items"][number]);
  items.forEach(keepItem);
  return new TensorList(items, null, "float32");
}

function components(call: OpCall): GraphValue[] {
  const items = call.list(0).items.filter((item) => item !== null);
  if (items.length === 0) throw call.error("G11", "it takes the value of an optional that has none");
  return items.map((item) => retain(item));
}
