import { pythonText, type Constant, type Expression } from "./expression.js";
import { isExpression, Items, type Held } from "./held.js";
import type { Machine } from "./machine.js";
import { NotAnExpression } from "./not-an-expression.js";

/** A value as Python writes it into a text. */
export function shownText(value: Constant | undefined): string {
  if (value === undefined || Array.isArray(value))
    throw new NotAnExpression("it writes into a text what is known only when it runs");
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  return String(value);
}

/** `"block%d_%s" % (n, name)`: plain places alone. */
export function filledByPercent(machine: Machine, pattern: string, given: Held): string {
  const isTuple = given instanceof Items || Array.isArray(known(machine, given));
  const values = (isTuple ? machine.itemsOf(given) : undefined) ?? [given];
  let at = 0;
  const text = pattern.replace(/%(.)/gs, (_, letter: string) => {
    if (letter === "%") return "%";
    const value = known(machine, values[at++]);
    const isWhole = typeof value === "number" && Number.isInteger(value);
    if (letter !== "s" && !(/[di]/.test(letter) && isWhole)) throw new NotAnExpression("it formats a number");
    return shownText(value);
  });
  if (at !== values.length)
    throw new NotAnExpression("it fills a text with more or fewer values than it takes");
  return text;
}

/** `"block{}".format(n)`: plain places alone; undefined for any other call. */
export function filledByBraces(
  machine: Machine,
  callee: Expression,
  given: readonly Held[],
): string | undefined {
  if (callee.kind !== "attribute" || callee.name !== "format") return undefined;
  const pattern = callee.of.kind === "constant" ? callee.of.value : undefined;
  if (typeof pattern !== "string") return undefined;
  let at = 0;
  return pattern.replace(/\{([^}]*)\}/g, (_, place: string) => {
    if (!/^\d*$/.test(place)) throw new NotAnExpression("it formats a number");
    return shownText(known(machine, given[place === "" ? at++ : Number(place)]));
  });
}

function known(machine: Machine, held: Held | undefined): Constant | undefined {
  // A whole float has a point in Python's text.
  if (isExpression(held) && held.kind === "constant" && held.floats === true) return undefined;
  return isExpression(held) ? machine.context.known.value(held) : undefined;
}

/** An expression within a message: not all of a long one. */
export function shownExpression(expression: Expression): string {
  const text = pythonText(expression);
  if (text === null) return "a long expression";
  return `\`${text.length > 80 ? `${text.slice(0, 79)}…` : text}\``;
}
