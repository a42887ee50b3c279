import { childrenOf, type Constant, type Entries, type Expression } from "./expression.js";
import { Dictionary, InnerFunction } from "./held.js";
import { KnownValues, type Surroundings } from "./known-values.js";
import type { PythonVersion } from "./instructions.js";
import { Machine, type Run } from "./machine.js";
import type { CodeObject } from "./marshal.js";
import { NotAnExpression } from "./not-an-expression.js";
import { isPure } from "./pure-calls.js";

/** What a function computes. */
export interface Computed {
  readonly returned: Expression;
  /** Calls that do more than compute and are no part of what is returned, the outermost, in their order. */
  readonly besides: readonly Expression[];
  /** True where the way through it hangs on the shape of the input. */
  readonly byShape: boolean;
  /** The same of the type of its numbers. */
  readonly byType: boolean;
  /** The same of whether there is a mask. */
  readonly byMask: boolean;
}

/**
 * Turns bytecode into the expression that it returns, by following it with expressions in place of values. Branches are
 * taken and loops are run where what they go by is known (constants, arguments with a value, the input's rank); functions
 * inside are followed where they are called. Nothing else than the table of steps is ever run.
 * @throws NotAnExpression
 */
export function decompile(code: CodeObject, version: PythonVersion, around: Surroundings): Computed {
  const known = new KnownValues(around);
  const run: Run = { version, known, calls: [], steps: 0, depth: 0, loops: 0, depths: new WeakMap() };
  const machine = new Machine(new InnerFunction(code), run);
  for (const name of machine.parameters) machine.cell(name).value = { kind: "argument", name };
  for (const [name, entries] of around.dictionaries) machine.cell(name).value = dictionaryOf(entries);
  const returned = followed(machine);
  return {
    returned,
    besides: outermost(
      run.calls.filter((call) => !isPure(call)),
      returned,
    ),
    byShape: known.byShape,
    byType: known.byType,
    byMask: known.byMask,
  };
}

function dictionaryOf(entries: Entries): Dictionary {
  return Dictionary.of(
    [...entries].map(([key, value]) => [
      key,
      value instanceof Map ? dictionaryOf(value) : { kind: "constant", value: value as Constant },
    ]),
  );
}

function followed(machine: Machine): Expression {
  try {
    return machine.expressionOf(machine.run());
  } catch (error) {
    if (error instanceof NotAnExpression) error.steps = machine.context.steps;
    throw error;
  }
}

/** The calls that are part of no other and not of what is returned. */
function outermost(calls: readonly Expression[], returned: Expression): Expression[] {
  const within = new Set(partsOf(returned));
  for (const call of calls) for (const part of partsOf(call).slice(1)) within.add(part);
  return calls.filter((call) => !within.has(call));
}

/** The expression and all that it is made of. */
export function partsOf(expression: Expression): Expression[] {
  const parts = [expression];
  const seen = new Set(parts);
  for (const part of parts)
    for (const child of childrenOf(part)) {
      if (seen.has(child)) continue;
      seen.add(child);
      parts.push(child);
    }
  return parts;
}
