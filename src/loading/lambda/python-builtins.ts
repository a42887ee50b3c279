import type { Constant, Expression } from "./expression.js";
import { Dictionary, isExpression, isKey, Items, type Held, type Method } from "./held.js";
import type { Machine } from "./machine.js";
import { NotAnExpression } from "./not-an-expression.js";

type Builtin = (machine: Machine, given: readonly Held[]) => Held | undefined;

/** Functions of Python itself on lists whose items are known; undefined leaves the call to the translation. */
export function callBuiltin(
  machine: Machine,
  callee: Expression,
  given: readonly Held[],
  named: readonly (readonly [string, Held])[],
): Held | undefined {
  if (callee.kind !== "global") return undefined;
  if (callee.name === "sorted") return sorted(machine, given[0], new Map(named));
  return named.length === 0 ? BUILTINS.get(callee.name)?.(machine, given) : undefined;
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
  ["filter", filtered],
  ["any", (machine, [of]) => decided(machine, of, (items) => items.some((item) => machine.truth(item)))],
  ["all", (machine, [of]) => decided(machine, of, (items) => items.every((item) => machine.truth(item)))],
  ["round", rounded],
  ["slice", sliced],
]);

/** `slice(stop)`, `slice(start, stop, step)`: what is written with colons. */
function sliced(machine: Machine, given: readonly Held[]): Held {
  const none: Expression = { kind: "constant", value: null };
  const parts = given.map((part) => machine.expressionOf(part));
  return { kind: "slice", parts: parts.length === 1 ? [none, ...parts] : parts };
}

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

/** `filter(f, values)`; without a function, what counts as true. */
function filtered(machine: Machine, [of, list]: readonly Held[]): Held | undefined {
  const items = list && machine.itemsOf(list);
  if (!of || !items) return undefined;
  const passes = isNone(of) ? items : items.map((item) => applied(machine, of, item));
  return new Items(
    true,
    items.filter((_, i) => machine.truth(passes[i]!)),
  );
}

function isNone(of: Held): boolean {
  return isExpression(of) && of.kind === "constant" && of.value === null;
}

function decided(
  machine: Machine,
  of: Held | undefined,
  decide: (items: readonly Held[]) => boolean,
): Held | undefined {
  const items = of && machine.itemsOf(of);
  return items && { kind: "constant", value: decide(items) };
}

/** By values that are known; undefined where one is not. */
function sorted(machine: Machine, of: Held | undefined, named: ReadonlyMap<string, Held>): Held | undefined {
  const items = of && machine.itemsOf(of);
  const key = named.get("key");
  const reverse = named.get("reverse");
  if (!items || [...named.keys()].some((name) => name !== "key" && name !== "reverse")) return undefined;
  const values = items.map((item) => {
    const by = key === undefined || isNone(key) ? item : applied(machine, key, item);
    return isExpression(by) ? machine.context.known.value(by) : undefined;
  });
  const type = typeof values[0];
  if (values.some((value) => typeof value !== type || (type !== "number" && type !== "string")))
    return items.length === 0 ? new Items(true, []) : undefined;
  const sign = reverse !== undefined && machine.truth(reverse) ? -1 : 1;
  const places = items.map((_, i) => i).sort((a, b) => sign * order(values[a]!, values[b]!));
  return new Items(
    true,
    places.map((place) => items[place]!),
  );
}

function order(a: Constant, b: Constant): number {
  return a! < b! ? -1 : a! > b! ? 1 : 0;
}

/** To so many decimals; halves go to the even number, in Python 2 away from 0. */
function rounded(machine: Machine, [of, decimals]: readonly Held[]): Held | undefined {
  const [value, places = 0] = [of, decimals].map((held) =>
    isExpression(held) ? machine.context.known.value(held) : undefined,
  );
  if (typeof value !== "number" || typeof places !== "number" || places < 0 || places > 20) return undefined;
  if (!Number.isFinite(value)) return undefined;
  const scaled = Math.abs(value) * 10 ** places;
  const half = scaled % 1 === 0.5 && scaled / 10 ** places === Math.abs(value);
  const nearest = Number(Math.abs(value).toFixed(places));
  const even = (2 * Math.round(scaled / 2)) / 10 ** places;
  return number(Math.sign(value) * (half && !machine.python2 ? even : nearest));
}

function applied(machine: Machine, of: Held, item: Held): Held {
  machine.call(of, [item], []);
  return machine.popHeld();
}

function mapped(machine: Machine, [of, ...lists]: readonly Held[]): Held | undefined {
  const [items] = lists.map((list) => machine.itemsOf(list));
  if (!of || lists.length !== 1 || !items) return undefined;
  return new Items(
    true,
    items.map((item) => applied(machine, of, item)),
  );
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
