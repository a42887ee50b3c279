import type { JsonValue } from "../../formats/model-file.js";
import { isObject, stringAt, type JsonObject } from "../../keras/json.js";

/** How Keras 3 stores a quantised layer (keras/src/dtype_policies/dtype_policy.py). */
export const QUANTIZED_MODES = ["int8", "int4", "float8", "gptq", "awq", "ternary"] as const;
export type QuantizedMode = (typeof QUANTIZED_MODES)[number];

/** A layer's saved `dtype`, in any of the forms that Keras 1 to 3 write. */
export interface DtypePolicy {
  /** As Keras names it: `float32`, `mixed_float16`, `int8_from_float32`, `int4/128_from_mixed_bfloat16`. */
  readonly name: string;
  /** The dtype of Keras's arithmetic: `float16` of `mixed_float16`. */
  readonly computed: string;
  readonly quantized: QuantizedMode | null;
  /** What no Keras has: a class of the user's own, or a dtype that is none; null where all is known. */
  readonly unknown: string | null;
}

/**
 * The policy of a config's `dtype`: a string, `{"class_name": "Policy", "config": {"name": ...}}` of Keras 2,
 * `DTypePolicy`, `QuantizedDTypePolicy` and the like of Keras 3, or the default of a `DTypePolicyMap`.
 * @returns null where the config names none
 */
export function dtypePolicy(config: Readonly<Record<string, JsonValue>>): DtypePolicy | null {
  const saved = config["dtype"];
  const name = policyName(saved);
  return name === null ? null : read(name, unknownClass(saved));
}

/** Classes of policies that Keras 2 and 3 write. */
const CLASSES =
  /^(Policy(V1)?|AutoCastVariable|DTypePolicy(Map)?|(Float|Quantized(Float8)?|Int4|Int8|GPTQ|AWQ)DTypePolicy)$/;

function unknownClass(saved: JsonValue | undefined): string | null {
  const className = isObject(saved) ? stringAt(saved, "class_name") : null;
  return className === null || CLASSES.test(className) ? null : className;
}

function policyName(saved: JsonValue | undefined): string | null {
  if (typeof saved === "string") return saved;
  if (!isObject(saved)) return null;
  const config: JsonObject = isObject(saved["config"]) ? saved["config"] : {};
  const mode = stringAt(config, "mode");
  if (mode !== null) return `${mode}_from_${stringAt(config, "source_name") ?? "float32"}`;
  return stringAt(config, "name") ?? policyName(config["default_policy"]);
}

const DTYPES =
  /^(float|half|double|b?float16|float32|float64|float8_(e4m3fn|e5m2)|u?int(4|8|16|32|64)|bool|string|complex(64|128)|infer(_with_float32)?|_infer)$/;

function read(name: string, unknown: string | null): DtypePolicy {
  const [mode, source = mode] = name.split("_from_") as [string, string?];
  const quantized = QUANTIZED_MODES.find((known) => mode!.split("/")[0] === known) ?? null;
  const of = source ?? name;
  const computed = of.startsWith("mixed_") ? of.slice(6) : of;
  return { name, computed, quantized, unknown: unknown ?? (DTYPES.test(computed) ? null : name) };
}
