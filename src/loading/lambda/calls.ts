import { callBranch } from "./branch-calls.js";
import type { Expression } from "./expression.js";
import { callWithFunction } from "./function-calls.js";
import { Dictionary, InnerFunction, isExpression, Method, type Held } from "./held.js";
import { isTrue } from "./known-values.js";
import type { Machine } from "./machine.js";
import { NotAnExpression } from "./not-an-expression.js";
import { callBuiltin, callMethod } from "./python-builtins.js";
import { filledByBraces, shownExpression } from "./texts.js";

/** Calls what was made inside, what Python itself has, or leaves a call in the expression. */
export function callHeld(
  machine: Machine,
  callee: Held,
  positional: readonly Held[],
  named: readonly (readonly [string, Held])[],
): void {
  if (callee instanceof InnerFunction) return machine.push(machine.callInner(callee, positional, named));
  if (callee instanceof Method) return machine.push(callMethod(machine, callee, positional));
  const of = machine.expressionOf(callee);
  if (of.kind === "global" && of.name === "dict" && positional.length === 0)
    return machine.push(Dictionary.of(named));
  const text = named.length === 0 ? filledByBraces(machine, of, positional) : undefined;
  if (text !== undefined) return machine.push({ kind: "constant", value: text });
  const built = callBuiltin(machine, of, positional, named);
  if (built) return machine.push(built);
  if (choose(machine, of, positional, named)) return;
  const branch = callBranch(machine, of, positional, named);
  if (branch) return machine.push(branch);
  const looped = callWithFunction(machine, of, positional, named);
  if (looped) return machine.push(looped);
  if ([...positional, ...named.map(([, held]) => held)].some((held) => held instanceof InnerFunction))
    throw new NotAnExpression(`it hands a function to ${shownExpression(of)}, which has no translation`);
  const call: Expression = {
    kind: "call",
    callee: of,
    positional: positional.map((argument) => machine.expressionOf(argument)),
    named: named.map(([name, argument]) => [name, machine.expressionOf(argument)]),
  };
  machine.context.calls.push(call);
  machine.push(call);
}

/** `tf.cond(c, f, g)` and `K.switch(c, f, g)`: what both functions give stands in their place. */
function choose(
  machine: Machine,
  callee: Expression,
  positional: readonly Held[],
  named: readonly (readonly [string, Held])[],
): boolean {
  const name = callee.kind === "attribute" ? callee.name : "";
  const given = [...positional, ...named.map(([, held]) => held)];
  const branches = given.filter((held) => held instanceof InnerFunction);
  if (!/^(cond|switch|smart_cond)$/.test(name) || given.length !== 3 || branches.length !== 2) return false;
  const taken = decided(machine, positional);
  if (taken) {
    machine.push(taken instanceof InnerFunction ? machine.callInner(taken, [], []) : taken);
    return true;
  }
  const results = new Map(branches.map((made) => [made as Held, machine.callInner(made, [], [])]));
  const filled = (held: Held): Held => results.get(held) ?? held;
  machine.call(
    callee,
    positional.map(filled),
    named.map(([key, held]) => [key, filled(held)] as const),
  );
  return true;
}

/** The branch that is taken, where that is known: `tf.cond(x.shape[1] > 3, f, g)`. */
function decided(machine: Machine, [condition, yes, no]: readonly Held[]): Held | undefined {
  if (!condition || !yes || !no || !isExpression(condition)) return undefined;
  const value = machine.context.known.value(condition);
  return value === undefined ? undefined : isTrue(value) ? yes : no;
}
