import { printable, shapeText } from "../notation.js";
import type { TensorSpec } from "./signature.js";

/** Node's `util.inspect.custom`: how `console.log` and the result of a cell write a value. */
const INSPECT = Symbol.for("nodejs.util.inspect.custom");
/** Tensors that are named before the rest is counted. */
const MOST_NAMED = 6;

/** Makes a value say what it is where a cell prints it, in place of its members: a graph has thousands. */
export function sayAs<T extends object>(value: T, text: () => string): T {
  return Object.defineProperty(value, INSPECT, { value: text });
}

/** `serving_default(x float32 (None, 4)) → y float32 (None, 2)` */
export function callText(
  name: string,
  inputs: readonly TensorSpec[],
  outputs: readonly TensorSpec[],
): string {
  return `${printable(name, 80)}(${listed(inputs)}) → ${listed(outputs)}`;
}

function listed(specs: readonly TensorSpec[]): string {
  const named = specs
    .slice(0, MOST_NAMED)
    .map(({ name, dtype, shape }) =>
      [printable(name, 60), dtype, shape === null ? "(…)" : shapeText(shape)].join(" "),
    );
  const more = specs.length - named.length;
  return [...named, ...(more > 0 ? [`${more} more`] : [])].join(", ");
}
