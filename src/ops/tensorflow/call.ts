import type * as tf from "@tensorflow/tfjs";
import type { JsonValue } from "../../formats/model-file.js";
import { brief } from "../../keras/json.js";
import type { CallValue } from "../../layers/computed-layer.js";
import { withComplex } from "../complex-call.js";
import type { Values } from "../operation.js";
import { OPERATIONS } from "../table.js";
import { TENSORFLOW_FUNCTIONS } from "./functions.js";
import { TENSORFLOW_SYMBOLS } from "./symbols.js";

/** A function with its positional arguments and those that a call names. */
export type NamedCall = (args: readonly CallValue[], named: Values) => tf.Tensor | tf.Tensor[];

/** A TensorFlow function by its public name, `linalg.band_part`; null where none is known. */
export function tensorFlowCall(symbol: string): NamedCall | null {
  const call = callOfReals(symbol);
  return call && withComplex(symbol, call);
}

function callOfReals(symbol: string): NamedCall | null {
  const own = TENSORFLOW_FUNCTIONS.get(symbol);
  if (own) {
    const parameters = parameterPairs(own.parameters);
    return (args, named) => own.compute(withStrings(calledWith(symbol, parameters, args, named)));
  }
  const entry = TENSORFLOW_SYMBOLS.get(symbol);
  const operation = entry && OPERATIONS.get(entry[0]);
  if (!entry || !operation) return null;
  const parameters = parameterPairs(entry[1]);
  // TensorFlow's gelu is exact unless told otherwise, Keras's the other way round.
  const defaults = operation.name === "Gelu" ? { approximate: false } : {};
  return (args, named) =>
    operation.compute(withStrings({ ...defaults, ...calledWith(symbol, parameters, args, named) }));
}

/** Arguments that change no number here: names, checks, and integers wider than those of tfjs. */
const WITHOUT_EFFECT: ReadonlySet<string> = new Set(
  "name num dtype dtype_hint out_type output_type stable validate_indices use_cudnn_on_gpu keep_dims".split(
    " ",
  ),
);

/** The arguments of a call under our names. One that is not known is refused, unless it asks for nothing. */
function calledWith(
  symbol: string,
  parameters: readonly (readonly [theirs: string, ours: string])[],
  args: readonly CallValue[],
  named: Values,
): Values {
  const values: Record<string, CallValue | undefined> = {};
  // Those beyond the names are further operands (einsum).
  args.forEach((value, i) => (values[parameters[i]?.[1] ?? `${i}`] = value));
  const names = new Map(parameters);
  for (const [key, value] of Object.entries(named)) {
    if (key === "name") continue;
    const asksNothing = [null, undefined, false, 0, ""].includes(value as null);
    if (!names.has(key) && !WITHOUT_EFFECT.has(key) && !asksNothing)
      throw new Error(
        `${key}=${brief(value as JsonValue)} of tf.${symbol} is not known here: it takes ${[...names.keys()].join(", ")}`,
      );
    values[names.get(key) ?? key] = value;
  }
  return values;
}

/** Modes and layouts in the spelling of Keras. */
export function withStrings(values: Values): Values {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => {
      if (key === "mode" && typeof value === "string") return [key, value.toLowerCase()];
      if (value === "NCHW") return [key, "channels_first"];
      return [key, value];
    }),
  );
}

/** TensorFlow's names of a function's arguments beside ours, in order. */
export function parameterPairs(parameters: string): [string, string][] {
  return parameters
    .split(" ")
    .filter((part) => part !== "")
    .map((part) => part.split(">") as [string, string?])
    .map(([theirs, ours = theirs]) => [theirs, ours]);
}
