import type { JsonValue } from "../formats/model-file.js";
import { activationNamed } from "../layers/activations.js";
import type { CallValue } from "../layers/computed-layer.js";
import type { Values } from "./operation.js";
import { byName } from "./operation-layer.js";
import { FUNCTION_PARAMETERS } from "./function-parameters.js";
import { KERAS_BACKEND } from "./keras-backend.js";
import { OPERATIONS } from "./table.js";
import { TENSORFLOW_FUNCTIONS } from "./tensorflow/functions.js";
import { parameterPairs, tensorFlowCall, type NamedCall } from "./tensorflow/call.js";
import { TENSORFLOW_SYMBOLS } from "./tensorflow/symbols.js";
import { tensor } from "./values.js";

/** A function that a Python program names, and what it may be given. */
export interface NamedFunction {
  /** Its positional parameters, in order. */
  readonly positional: readonly string[];
  /** Its other parameters; null where they are those that the operation was made with, in Keras's own names. */
  readonly named: readonly string[] | null;
  readonly call: NamedCall;
}

/**
 * A function as Python programs name it: `tf.linalg.band_part`, `keras.ops.tril`, `keras.activations.mish`. Null for one
 * that is not known; only names of our own tables are.
 */
export function functionByName(name: string): NamedFunction | null {
  const path = name.replace(/^(tf|tensorflow)\.keras\./, "keras.").split(".");
  const last = path.at(-1)!;
  if (path[0] === "keras" && path[1] === "activations" && path.length === 3) return activation(last);
  if (BACKEND.has(path.at(-2)!)) return ofBackend(last);
  if (path[0] === "ops" || (path[0] === "keras" && path[1] === "ops")) return operation(last);
  if (path[0] === "keras" && /^(losses|metrics)$/.test(path[1] ?? "")) return ofSymbol(path.join("."));
  if (path[0] !== "tf" && path[0] !== "tensorflow") return null;
  const symbol = path
    .slice(1)
    .join(".")
    .replace(/^compat\.v1\./, "")
    .replace(/^nn\.lrn$/, LRN);
  const places = path.length === 2 ? ["", "math.", "linalg.", "nn.", "dtypes."] : [""];
  for (const place of places) {
    const found = ofSymbol(place + symbol);
    if (found) return found;
  }
  return null;
}

function ofSymbol(symbol: string): NamedFunction | null {
  const call = tensorFlowCall(symbol);
  return call && { positional: parametersOf(symbol), named: [], call };
}

/** What Keras's backend is imported as. */
const BACKEND = new Set(["K", "backend"]);

function ofBackend(name: string): NamedFunction | null {
  const found = KERAS_BACKEND.get(name);
  if (!found) return null;
  const call: NamedCall = (args, named) => found.call({ ...byName(found.positional, args), ...named });
  return { positional: found.positional, named: [], call };
}

const LRN = "nn.local_response_normalization";

function parametersOf(symbol: string): string[] {
  const parameters =
    TENSORFLOW_FUNCTIONS.get(symbol)?.parameters ?? TENSORFLOW_SYMBOLS.get(symbol)?.[1] ?? "";
  return parameterPairs(parameters).map(([theirs]) => theirs);
}

const BY_FUNCTION_NAME: ReadonlyMap<string, string> = new Map([
  ...[...OPERATIONS.keys()].map((className) => [className.toLowerCase(), className] as const),
  ["hardswish", "HardSilu"],
  ["swish", "Silu"],
  ["layernormalization", "LayerNorm"],
  ["rmsnormalization", "RMSNorm"],
]);

/** `take_along_axis` is the function of the operation `TakeAlongAxis`. */
function operation(name: string): NamedFunction | null {
  const className = BY_FUNCTION_NAME.get(name.replaceAll("_", ""));
  const found = className === undefined ? undefined : OPERATIONS.get(className);
  if (!found) return null;
  const positional = FUNCTION_PARAMETERS.get(name) ?? found.parameters;
  const call: NamedCall = (args, named) => found.compute({ ...byName(positional, args), ...named });
  return { positional, named: null, call };
}

function activation(name: string): NamedFunction | null {
  const apply = activationNamed(name);
  if (!apply) return null;
  const call: NamedCall = ([x], named) => apply(tensor(x), named as Readonly<Record<string, JsonValue>>);
  return { positional: ["x"], named: ["approximate", "axis", "negative_slope"], call };
}

/**
 * Calls a function of TensorFlow, `keras.ops` or `keras.activations` by its Python name, with its arguments as there:
 * `operation("tf.linalg.band_part", [x, -1, 0])`, `operation("keras.ops.tril", [x], { k: 1 })`.
 * @throws Error for a name that is not known
 */
export function operationNamed(name: string, args: readonly CallValue[], named: Values = {}) {
  const found = functionByName(name);
  if (!found) throw new Error(`no function ${name} is known here`);
  return found.call(args, named);
}
