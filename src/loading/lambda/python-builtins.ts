import type { Expression } from "./expression.js";
import { Dictionary, isKey, Items, type Held, type Method } from "./held.js";
import type { Machine } from "./machine.js";
import { NotAnExpression } from "./not-an-expression.js";

type Builtin = (machine: Machine, given: readonly Held[]) => Held | undefined;

/** Functions of Python itself on lists whose items are known; undefined leaves the call to the translation. */
export function callBuiltin(machine: Machine, callee: Expression, given: readonly Held[]): Held | undefined {
  return callee.kind === "global" ? BUILTINS.get(callee.name)?.(machine, given) : undefined;
}

const BUILTINS: ReadonlyMap<string, Builtin> = new Map<string, Builtin>([
  ["len", (machine, [of]) => counted(machine, of)],
  ["list", (machine, [of]) => listed(machine, of, true)],
  ["tuple", (machine, [of]) => listed(machine, of, false)],
  ["reversed", (machine, [of]) => listed(machine, of, true, (items) => items.toReversed())],
  ["enumerate", (machine, [of, start]) => (start ? undefined : listed(machine, of, true, numbered))],
  ["zip", zipped],
  ["map", mapped],
  ["sum", summed],
]);

function counted(machine: Machine, of: Held | undefined): Held | undefined {
  if (of instanceof Items) return number(of.items.length);
  return of instanceof Dictionary ? number(of.entries.size) : undefined;
}

function listed(
  machine: Machine,
  of: Held | undefined,
  list: boolean,
  change: (items: readonly Held[]) => readonly Held[] = (items) => items,
): Held | undefined {
  if (!of) return new Items(list, []);
  const items = machine.itemsOf(of);
  return items && new Items(list, [...change(items)]);
}

function numbered(items: readonly Held[]): Held[] {
  return items.map((item, i) => new Items(false, [number(i), item]));
}

function zipped(machine: Machine, given: readonly Held[]): Held | undefined {
  const lists = given.map((of) => machine.itemsOf(of));
  if (!lists.every((items) => items !== undefined)) return undefined;
  const length = Math.min(...lists.map((items) => items.length));
  const rows = Array.from(
    { length },
    (_, i) =>
      new Items(
        false,
        lists.map((items) => items[i]!),
      ),
  );
  return new Items(true, rows);
}

function mapped(machine: Machine, [of, ...lists]: readonly Held[]): Held | undefined {
  const [items] = lists.map((list) => machine.itemsOf(list));
  if (!of || lists.length !== 1 || !items) return undefined;
  const results = items.map((item) => {
    machine.call(of, [item], []);
    return machine.popHeld();
  });
  return new Items(true, results);
}

/** `sum(...)` adds from the left. */
function summed(machine: Machine, [of, start]: readonly Held[]): Held | undefined {
  const items = of && machine.itemsOf(of);
  if (!items || items.length === 0) return undefined;
  const [first, ...rest] = start ? [start, ...items] : items;
  machine.push(first!);
  for (const item of rest) {
    machine.push(item);
    machine.binary("+");
  }
  return machine.popHeld();
}

function number(value: number): Expression {
  return { kind: "constant", value };
}

/** Methods of lists and dictionaries. */
export function callMethod(machine: Machine, { of, name }: Method, given: readonly Held[]): Held {
  const result =
    of instanceof Items ? listMethod(machine, of, name, given) : dictionaryMethod(machine, of, name, given);
  if (result === undefined) throw new NotAnExpression(`it calls the method \`${name}\` of what it made`);
  return result;
}

const NONE: Expression = { kind: "constant", value: null };

function listMethod(machine: Machine, of: Items, name: string, given: readonly Held[]): Held | undefined {
  const [first, second] = given;
  if (!of.list) return undefined;
  if (name === "append" && first) {
    of.items.push(first);
    return NONE;
  }
  if (name === "extend" && first) {
    const added = machine.itemsOf(first);
    if (!added) return undefined;
    of.items.push(...added);
    return NONE;
  }
  if (name === "insert" && first && second) {
    const at = machine.context.known.value(machine.expressionOf(first));
    if (typeof at !== "number") return undefined;
    of.items.splice(at, 0, second);
    return NONE;
  }
  if (name === "reverse" && given.length === 0) {
    of.items.reverse();
    return NONE;
  }
  return name === "pop" && given.length === 0 ? of.items.pop() : undefined;
}

function dictionaryMethod(
  machine: Machine,
  { entries }: Dictionary,
  name: string,
  [key, otherwise]: readonly Held[],
): Held | undefined {
  if (name === "get" && key) {
    const value = machine.context.known.value(machine.expressionOf(key));
    return isKey(value) ? (entries.get(value) ?? otherwise ?? NONE) : undefined;
  }
  if (key) return undefined;
  const keys = [...entries.keys()].map((value): Expression => ({ kind: "constant", value }));
  if (name === "keys") return new Items(true, keys);
  if (name === "values") return new Items(true, [...entries.values()]);
  const pairs = [...entries.values()].map((value, i) => new Items(false, [keys[i]!, value]));
  return name === "items" ? new Items(true, pairs) : undefined;
}
