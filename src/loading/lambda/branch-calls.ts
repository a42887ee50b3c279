import type { Expression } from "./expression.js";
import { isOfModule } from "./function-table.js";
import { bound, needed, type Arguments } from "./given-arguments.js";
import { Dictionary, Items, type Held } from "./held.js";
import type { Machine } from "./machine.js";
import { NotAnExpression } from "./not-an-expression.js";
import { dotted } from "./pure-calls.js";

/** One function of several, with the condition under which it is the one; null for what is left. */
type Branch = readonly [condition: Expression | null, of: Held];

/**
 * `tf.switch_case`, `tf.case` and `ops.switch`: the branch that is known to be taken, else a chain of conditions of what
 * all of them give; undefined for any other call.
 */
export function callBranch(
  machine: Machine,
  callee: Expression,
  positional: readonly Held[],
  named: readonly (readonly [string, Held])[],
): Held | undefined {
  const path = dotted(callee);
  if (!path || path.length < 2 || !isOfModule(path)) return undefined;
  const name = path.at(-1)!;
  const given = (parameters: string): Arguments => bound(parameters, positional, named);
  if (name === "switch_case") return switched(machine, given("branch_index branch_fns default"), []);
  if (name === "case" && path.length === 2) return cased(machine, given("pred_fn_pairs default"));
  if (name === "switch" && path.includes("ops"))
    return switched(machine, given("branch_index branch_fns"), positional.slice(2), true);
  return undefined;
}

/** @param clamped whether a number below 0 is the first branch; in TensorFlow any number beyond is the last */
function switched(machine: Machine, given: Arguments, operands: readonly Held[], clamped = false): Held {
  const index = machine.expressionOf(needed(given, "branch_index"));
  const numbered = numberedBranches(machine, needed(given, "branch_fns"));
  const rest = given.get("default") ?? numbered.at(-1)![1];
  const known = machine.context.known.value(index);
  if (typeof known === "number") {
    const place = clamped ? Math.max(0, known) : known;
    return called(machine, numbered.find(([number]) => number === place)?.[1] ?? rest, operands);
  }
  const branches = numbered.map(([number, of], i): Branch => {
    const operator = clamped && i === 0 ? "<=" : "==";
    const right: Expression = { kind: "constant", value: number };
    return [{ kind: "binary", operator, left: index, right }, of];
  });
  return chosen(machine, [...branches, [null, rest]], operands);
}

/** `[f, g]`, `[(0, f), (1, g)]` or `{0: f, 1: g}` */
function numberedBranches(machine: Machine, of: Held): (readonly [number, Held])[] {
  const items =
    of instanceof Dictionary
      ? [...of.entries].map(([key, held]) => new Items(false, [{ kind: "constant", value: key }, held]))
      : of instanceof Items
        ? of.items
        : [];
  const branches = items.map((item, i): readonly [number, Held] => {
    if (!(item instanceof Items)) return [i, item];
    const number = item.items[0] && machine.context.known.value(machine.expressionOf(item.items[0]));
    if (typeof number !== "number" || !item.items[1])
      throw new NotAnExpression("it numbers its branches by what is not known");
    return [number, item.items[1]];
  });
  if (branches.length === 0) throw new NotAnExpression("it chooses among branches that are not known");
  return branches;
}

/** The first whose condition holds. */
function cased(machine: Machine, given: Arguments): Held {
  const pairs = machine.itemsOf(needed(given, "pred_fn_pairs")) ?? [];
  const rest = given.get("default");
  // Where none holds and there is no default, TensorFlow stops.
  if (rest === undefined) throw new NotAnExpression("it chooses by conditions, and has no default");
  const branches: Branch[] = [];
  for (const pair of pairs) {
    const [condition, of] = pair instanceof Items ? pair.items : [];
    if (!condition || !of) throw new NotAnExpression("it chooses among branches that are not known");
    const expression = machine.expressionOf(condition);
    const known = machine.context.known.value(expression);
    if (known === undefined) branches.push([expression, of]);
    else if (machine.truth(condition)) return chosen(machine, [...branches, [null, of]], []);
  }
  return chosen(machine, [...branches, [null, rest]], []);
}

function chosen(machine: Machine, branches: readonly Branch[], operands: readonly Held[]): Held {
  const callee: Expression = { kind: "attribute", of: { kind: "global", name: "tf" }, name: "cond" };
  const results = branches.map(([condition, of]) => [condition, called(machine, of, operands)] as const);
  return results.reduceRight<Held>(
    (rest, [condition, result]) =>
      condition === null
        ? result
        : {
            kind: "call",
            callee,
            positional: [condition, machine.expressionOf(result), machine.expressionOf(rest)],
            named: [],
          },
    results.at(-1)![1],
  );
}

function called(machine: Machine, of: Held, operands: readonly Held[]): Held {
  machine.call(of, operands, []);
  return machine.popHeld();
}
