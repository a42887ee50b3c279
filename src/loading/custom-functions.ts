import type { LossValues } from "../training/losses/loss.js";

/** What a function stands in for, where it is no layer. */
export type FunctionKind = "activation" | "loss" | "metric" | "initializer" | "op";

export const FUNCTION_KINDS: readonly FunctionKind[] = ["activation", "loss", "metric", "initializer", "op"];

const registered = new Map<FunctionKind, Map<string, LossValues>>(
  FUNCTION_KINDS.map((kind) => [kind, new Map()]),
);

/** Functions of some kinds, by the names that files have for them; a later kind takes precedence. */
export function customFunctions(kinds: readonly FunctionKind[]): ReadonlyMap<string, LossValues> {
  return new Map(kinds.flatMap((kind) => [...registered.get(kind)!]));
}
