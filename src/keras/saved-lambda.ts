import { createHash } from "node:crypto";
import type { JsonValue } from "../formats/model-file.js";
import { isObject } from "./json.js";

/**
 * The saved form of a Python lambda that is an argument, as `[code, defaults, closure]`; null for another value.
 * Keras 2.12 and later write `{value: [...]}` (keras/src/saving/serialization_lib.py, `serialize_keras_object` of what
 * `func_dump` gives), a `__lambda__` object around it where the argument says what it is.
 */
export function lambdaCode(value: JsonValue | undefined): readonly JsonValue[] | null {
  if (!isObject(value)) return null;
  const inner = value["class_name"] === "__lambda__" && isObject(value["config"]) ? value["config"] : value;
  if (typeof inner["code"] === "string")
    return [inner["code"], inner["defaults"] ?? null, inner["closure"] ?? null];
  const list = inner["value"];
  return Array.isArray(list) && list.length === 3 && typeof list[0] === "string" ? list : null;
}

/** A name for it, by which a function is registered: the same for the same code, whatever model has it. */
export function lambdaName(value: JsonValue | undefined): string | null {
  const code = lambdaCode(value);
  return code && `lambda_${createHash("sha256").update(JSON.stringify(code)).digest("hex").slice(0, 8)}`;
}
