import { functionByName } from "../../ops/call-by-name.js";
import type { Expression } from "./expression.js";
import { functionNamed, isOfModule } from "./function-table.js";

/** Functions of Python that only compute, and what asks Keras for its settings. */
const PYTHON = new Set(
  "len range xrange isinstance int float bool abs min max sum round list tuple enumerate zip reversed sorted map str type".split(
    " ",
  ),
);
const ASKING = new Set(
  "int_shape ndim dtype get_shape as_list image_data_format backend floatx epsilon learning_phase".split(" "),
);

/** Whether a call leaves nothing behind but its result. */
export function isPure(call: Expression): boolean {
  if (call.kind !== "call") return false;
  const path = dotted(call.callee);
  const last = path?.at(-1) ?? (call.callee.kind === "attribute" ? call.callee.name : undefined);
  if (last === undefined) return false;
  if (path?.length === 1) return PYTHON.has(last);
  if (ASKING.has(last)) return true;
  if (!path || !isOfModule(path)) return false;
  return functionNamed(last) !== undefined || functionByName(path.join(".")) !== null;
}

/** `tf.math.abs` as its parts; null for what is no dotted name. */
export function dotted(expression: Expression): string[] | null {
  if (expression.kind === "global") return expression.name.split(".");
  if (expression.kind !== "attribute") return null;
  const path = dotted(expression.of);
  return path && [...path, expression.name];
}
