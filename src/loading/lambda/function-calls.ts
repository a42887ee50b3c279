import type { Expression } from "./expression.js";
import { isOfModule } from "./function-table.js";
import { bound, needed, type Arguments } from "./given-arguments.js";
import { isExpression, Items, type Held } from "./held.js";
import type { Machine } from "./machine.js";
import { NotAnExpression } from "./not-an-expression.js";
import { dotted } from "./pure-calls.js";

/**
 * Calls that take functions and call them again and again: `tf.map_fn`, `tf.scan`, `tf.foldl`, `tf.while_loop`,
 * `ops.fori_loop` and `functools.reduce`; undefined for any other.
 * @throws NotAnExpression where a loop ends by what is known only when it runs
 */
export function callWithFunction(
  machine: Machine,
  callee: Expression,
  positional: readonly Held[],
  named: readonly (readonly [string, Held])[],
): Held | undefined {
  const path = dotted(callee);
  if (path && /^(functools\.)?reduce$/.test(path.join("."))) return reduced(machine, positional);
  if (!path || path.length < 2 || !isOfModule(path)) return undefined;
  const name = path.at(-1)!;
  const ofOps = path.includes("ops");
  const given = (parameters: string): Arguments => bound(parameters, positional, named);
  if (/^(map_fn|vectorized_map)$/.test(name) || (ofOps && name === "map"))
    return each(machine, "map", callee, given("fn elems"));
  // `ops.scan` takes and gives pairs.
  if (name === "scan" && !ofOps) return each(machine, "scan", callee, given("fn elems initializer"));
  if (ofOps && name === "associative_scan")
    return associativeScan(machine, callee, given("fn elems reverse axis"));
  if (name === "foldl") return each(machine, "fold", callee, given("fn elems initializer"));
  if (name === "foldr") return each(machine, "fold", callee, given("fn elems initializer"), true);
  if (name === "while_loop") return whileLoop(machine, given("cond body loop_vars"));
  if (name === "fori_loop") return countedLoop(machine, given("lower upper body init"));
  return undefined;
}

/** Calls a function of the Lambda's own, or one by name as in `tf.map_fn(tf.square, x)`. */
function apply(machine: Machine, of: Held, given: readonly Held[]): Held {
  machine.call(of, given, []);
  return machine.popHeld();
}

/** What is done with each row stays one expression: how many rows there are is known only when it runs. */
function each(
  machine: Machine,
  way: "map" | "scan" | "fold",
  callee: Expression,
  given: Arguments,
  fromLast = isTold(machine, given.get("reverse")),
): Expression {
  const elements = machine.expressionOf(needed(given, "elems"));
  const of = fromLast ? turnedOver(elements) : elements;
  const count = of.kind === "sequence" ? of.items.length : machine.context.known.inputCount(of);
  const number = ++machine.context.loops;
  const row: Expression = { kind: "argument", name: `row_${number}` };
  const rows = Array.from({ length: count }, (_, i) => machine.indexed(row, i));
  const item: Held = count > 0 ? new Items(of.kind === "sequence" && of.list, rows) : row;
  const state: Expression = { kind: "argument", name: `state_${number}` };
  const first = given.get("initializer");
  const initial = first === undefined ? null : machine.expressionOf(first);
  const made = apply(machine, needed(given, "fn"), way === "map" ? [item] : [state, item]);
  const loop: Expression = {
    kind: "each",
    way,
    callee,
    row: row.name,
    state: state.name,
    several: count > 0,
    of,
    initial: initial?.kind === "constant" && initial.value === null ? null : initial,
    body: machine.expressionOf(made),
  };
  return fromLast && way === "scan" ? turnedOver(loop) : loop;
}

/** One of its many orders is from the first to the last. */
function associativeScan(machine: Machine, callee: Expression, given: Arguments): Held {
  const axis = given.get("axis");
  const along = axis === undefined ? 0 : machine.context.known.value(machine.expressionOf(axis));
  if (typeof along !== "number") throw new NotAnExpression("it goes along an axis that is not known");
  const elements = machine.expressionOf(needed(given, "elems"));
  const moved = along === 0 ? elements : moveAxis(callee, elements, along, 0);
  const scanned = each(machine, "scan", callee, new Map([...given, ["elems", moved]]));
  return along === 0 ? scanned : moveAxis(callee, scanned, 0, along);
}

/** `ops.moveaxis`, by the name that the call has for `ops`. */
function moveAxis(callee: Expression, of: Expression, from: number, to: number): Expression {
  const places = [from, to].map((value): Expression => ({ kind: "constant", value }));
  const ops = callee.kind === "attribute" ? callee.of : callee;
  return {
    kind: "call",
    callee: { kind: "attribute", of: ops, name: "moveaxis" },
    positional: [of, ...places],
    named: [],
  };
}

function isTold(machine: Machine, flag: Held | undefined): boolean {
  return flag !== undefined && machine.truth(flag);
}

/** Rows from the last to the first. */
function turnedOver(of: Expression): Expression {
  if (of.kind === "sequence")
    throw new NotAnExpression("it goes through rows of several tensors from the last");
  const callee: Expression = { kind: "attribute", of: { kind: "global", name: "tf" }, name: "reverse" };
  return { kind: "call", callee, positional: [of, { kind: "constant", value: [0] }], named: [] };
}

/** `functools.reduce(f, [a, b, c], first)` */
function reduced(machine: Machine, [joining, list, first]: readonly Held[]): Held | undefined {
  const items = list && machine.itemsOf(list);
  const all = items && (first ? [first, ...items] : items);
  if (!joining || !all?.[0]) return undefined;
  return all.slice(1).reduce((joined, item) => apply(machine, joining, [joined, item]), all[0]);
}

/** A loop that ends by counting is gone through here; TensorFlow gives back what the variables were given as. */
function whileLoop(machine: Machine, given: Arguments): Held {
  const start = needed(given, "loop_vars");
  const [condition, body] = [needed(given, "cond"), needed(given, "body")];
  const limit = given.get("maximum_iterations");
  const most = limit && isExpression(limit) ? machine.context.known.value(limit) : undefined;
  let state = start instanceof Items ? [...start.items] : [start];
  for (let count = 0; typeof most !== "number" || count < most; count++) {
    if (count > MOST_ROUNDS) throw new NotAnExpression("it loops too often to follow");
    if (!machine.truth(apply(machine, condition, state))) break;
    const next = apply(machine, body, state);
    const values = next instanceof Items ? [...next.items] : [next];
    if (values.length !== state.length)
      throw new NotAnExpression("its loop gives back other variables than it was given");
    state = values.map((value) => counted(machine, value));
  }
  return start instanceof Items ? new Items(start.list, state) : state[0]!;
}

/** `ops.fori_loop(lower, upper, body, init)`: `body` takes the number of the round and what the last one gave. */
function countedLoop(machine: Machine, given: Arguments): Held {
  const [lower, upper] = ["lower", "upper"].map((name) =>
    machine.context.known.value(machine.expressionOf(needed(given, name))),
  );
  if (typeof lower !== "number" || typeof upper !== "number")
    throw new NotAnExpression("it loops as often as is known only when it runs");
  if (upper - lower > MOST_ROUNDS) throw new NotAnExpression("it loops too often to follow");
  const body = needed(given, "body");
  let state = needed(given, "init");
  for (let i = lower; i < upper; i++)
    state = counted(machine, apply(machine, body, [{ kind: "constant", value: i }, state]));
  return state;
}

const MOST_ROUNDS = 4096;

/** Counters stay numbers, however they are written. */
function counted(machine: Machine, held: Held): Held {
  const value = isExpression(held) ? machine.context.known.value(held) : undefined;
  return typeof value === "number" ? { kind: "constant", value } : held;
}
