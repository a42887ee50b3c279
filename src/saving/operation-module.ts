import { OPERATION_MODULES } from "./keras-arguments.js";

/** The module of `keras.src.ops` that has an operation: `nn`, `math`, else `numpy`. */
export function operationModule(className: string): string {
  const other = Object.entries(OPERATION_MODULES).find(([, names]) => names.split(" ").includes(className));
  return other?.[0] ?? "numpy";
}
