import type { Held } from "./held.js";
import { NotAnExpression } from "./not-an-expression.js";

/** What a call gives to a function that takes functions, by TensorFlow's names of its parameters. */
export type Arguments = ReadonlyMap<string, Held>;

/** `keras.ops` and Keras's backend have other names for the same. */
const ALIASES: ReadonlyMap<string, string> = new Map([
  ["f", "fn"],
  ["function", "fn"],
  ["xs", "elems"],
  ["elements", "elems"],
  ["body_fun", "body"],
  ["init_val", "init"],
  ["index", "branch_index"],
  ["branches", "branch_fns"],
]);

/** @param parameters in their order, with blanks between */
export function bound(
  parameters: string,
  positional: readonly Held[],
  named: readonly (readonly [string, Held])[],
): Arguments {
  const names = parameters.split(" ");
  const given = new Map<string, Held>();
  positional.slice(0, names.length).forEach((held, i) => given.set(names[i]!, held));
  for (const [name, held] of named) given.set(ALIASES.get(name) ?? name, held);
  return given;
}

/** @throws NotAnExpression where the call lacks it */
export function needed(given: Arguments, name: string): Held {
  const held = given.get(name);
  if (held === undefined) throw new NotAnExpression(`it calls a function without its \`${name}\``);
  return held;
}
