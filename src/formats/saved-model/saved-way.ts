import type { JsonValue } from "../model-file.js";
import { dtypeName } from "../proto/data-type.js";
import { fields, items, pythonValue } from "../proto/structured-value.js";
import type { StructuredValue } from "../proto/tensorflow_pb.js";
import { NotTold, tensorLeaves, type Child, type SavedCall } from "./child-calls.js";

/**
 * How a layer was called: the one saved way that takes as many tensors. Two that differ in more than `training`
 * leave open which one was meant.
 */
export function theOneWay(ways: readonly SavedCall[], count: number, { name }: Child): SavedCall {
  const fitting = ways.filter(({ signature }) => tensorLeaves(signature).length === count);
  const [first, ...others] = fitting;
  if (first === undefined) throw new NotTold(`no saved call of ${name} takes ${count} tensors`);
  if (others.some((other) => constants(other) !== constants(first)))
    throw new NotTold(`${name} is called in several ways`);
  return first;
}

function constants({ signature, argumentNames }: SavedCall): string {
  const [args, kwargs] = items(signature);
  const shown = [
    ...items(args).map((value, i) => [argumentNames[i] ?? i, argument(value, null)]),
    ...[...fields(kwargs)].map(([key, value]) => [key, argument(value, null)]),
  ];
  return JSON.stringify(
    shown.filter(([key]) => key !== "training").map(([key, value]) => [key, alone(value!)]),
  );
}

/** Recurrent layers are saved as called on a tensor and on a list of one, which is the same call. */
function alone(value: JsonValue): JsonValue {
  return Array.isArray(value) && value.length === 1 ? value[0]! : value;
}

/** An argument with the next of the tensors wherever it holds one; without tensors, a mark in their places. */
export function argument(value: StructuredValue | undefined, tensors: JsonValue[] | null): JsonValue {
  const kind = value?.kind;
  switch (kind?.case) {
    case "tensorSpecValue":
    case "boundedTensorSpecValue":
      return tensors === null ? "tensor" : (tensors.shift() ?? null);
    case "listValue":
    case "tupleValue":
      return kind.value.values.map((inner) => argument(inner, tensors));
    case "dictValue":
    case "namedTupleValue":
      return Object.fromEntries([...fields(value)].map(([key, inner]) => [key, argument(inner, tensors)]));
    case "tensorDtypeValue":
      return dtypeName(kind.value);
    default:
      return pythonValue(value) ?? null;
  }
}
