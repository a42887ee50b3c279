import type { Expression } from "./expression.js";
import { Dictionary, isKey, Items, type Held } from "./held.js";
import type { Machine } from "./machine.js";
import { NotAnExpression } from "./not-an-expression.js";
import type { Step } from "./step.js";
import { shownText } from "./texts.js";

function unpack(machine: Machine, count: number): void {
  const whole = machine.popHeld();
  const items = whole instanceof Items ? whole.items : undefined;
  if (items && items.length !== count) throw new NotAnExpression("it unpacks another number of values");
  const of = items ? undefined : machine.expressionOf(whole);
  for (let i = count - 1; i >= 0; i--) machine.push(items ? items[i]! : machine.indexed(of!, i));
}

/** `first, *rest = values` */
function unpackRest(machine: Machine, argument: number): void {
  const [before, after] = [argument & 0xff, argument >> 8];
  const items = machine.itemsOf(machine.popHeld());
  if (!items || items.length < before + after) throw new NotAnExpression("it unpacks what is not known");
  const rest = new Items(true, items.slice(before, items.length - after));
  const parts: Held[] = [...items.slice(0, before), rest, ...items.slice(items.length - after)];
  for (const part of parts.reverse()) machine.push(part);
}

/** `[a, b]` from a constant tuple, and `[*a, b]`: a list, then what it is extended by. */
function extend(machine: Machine, depth: number): void {
  const more = machine.popHeld();
  const added = machine.itemsOf(more);
  const list = machine.stack.at(-depth);
  if (list instanceof Items && added) list.items.push(...added);
  else joinAt(machine, depth, listOf(machine.expressionOf(more)));
}

function unpackInto(machine: Machine, count: number, list: boolean): void {
  const parts = machine.popMany(count);
  machine.push(new Items(list, []));
  for (const part of parts) {
    machine.push(part);
    extend(machine, 1);
  }
}

/** `[-1, *x.shape[2:]]`, whose items are known when it runs: `[-1] + list(x.shape[2:])`. */
function joinAt(machine: Machine, depth: number, added: Expression): void {
  const list = machine.stack.at(-depth);
  if (list === undefined) throw new NotAnExpression("its stack does not work out");
  const left = machine.expressionOf(list);
  const isEmpty = list instanceof Items && list.items.length === 0;
  machine.stack[machine.stack.length - depth] = isEmpty
    ? added
    : { kind: "binary", operator: "+", left, right: added };
}

function listOf(of: Expression): Expression {
  return { kind: "call", callee: { kind: "global", name: "list" }, positional: [of], named: [] };
}

function dictionary(machine: Machine, keys: readonly Held[], values: readonly Held[]): void {
  const made = new Dictionary();
  keys.forEach((key, i) => setEntry(machine, made, key, values[i]!));
  machine.push(made);
}

function setEntry(machine: Machine, of: Held | undefined, key: Held, value: Held): void {
  const known = machine.context.known.value(machine.expressionOf(key));
  if (of instanceof Dictionary && isKey(known)) of.entries.set(known, value);
  else if (of instanceof Items && of.list && typeof known === "number" && of.items.at(known) !== undefined)
    of.items[known < 0 ? known + of.items.length : known] = value;
  else throw new NotAnExpression("it changes a part of what it was given");
}

/** The text of a formatted string, which names an operation as a rule; unknown parts make it unknown. */
function formatted(machine: Machine, parts: readonly Held[]): void {
  const values = parts.map((part) => machine.context.known.value(machine.expressionOf(part)));
  machine.push({ kind: "constant", value: values.map(shownText).join("") });
}

const LIST_TO_TUPLE = 6;

/** Lists, tuples, dictionaries and texts: made, filled and taken apart. */
export const COLLECTION_STEPS: Readonly<Record<string, Step>> = {
  STORE_SUBSCR: function () {
    const [value, of, key] = this.popMany(3) as [Held, Held, Held];
    setEntry(this, of, key, value);
  },
  BUILD_TUPLE: function (argument) {
    this.push(new Items(false, this.popMany(argument)));
  },
  BUILD_LIST: function (argument) {
    this.push(new Items(true, this.popMany(argument)));
  },
  LIST_EXTEND: function (argument) {
    extend(this, argument);
  },
  LIST_APPEND: function (argument) {
    const item = this.popHeld();
    const list = this.stack.at(-argument);
    if (list instanceof Items) list.items.push(item);
    else joinAt(this, argument, { kind: "sequence", list: true, items: [this.expressionOf(item)] });
  },
  // Up to Python 3.8: all lists at once.
  BUILD_LIST_UNPACK: function (argument) {
    unpackInto(this, argument, true);
  },
  BUILD_TUPLE_UNPACK: function (argument) {
    unpackInto(this, argument, false);
  },
  LIST_TO_TUPLE: function () {
    const list = this.popHeld();
    this.push(list instanceof Items ? new Items(false, [...list.items]) : list);
  },
  CALL_INTRINSIC_1: function (argument) {
    const list = this.popHeld();
    if (argument !== LIST_TO_TUPLE) throw new NotAnExpression("it uses CALL_INTRINSIC_1");
    this.push(list instanceof Items ? new Items(false, [...list.items]) : list);
  },
  BUILD_MAP: function (argument) {
    // Python 2 says how many entries will follow.
    const pairs = this.python2 ? [] : this.popMany(2 * argument);
    dictionary(
      this,
      pairs.filter((_, i) => i % 2 === 0),
      pairs.filter((_, i) => i % 2 === 1),
    );
  },
  BUILD_CONST_KEY_MAP: function (argument) {
    const keys = this.itemsOf(this.popHeld()) ?? [];
    dictionary(this, keys, this.popMany(argument));
  },
  STORE_MAP: function () {
    const [value, key] = this.popMany(2) as [Held, Held];
    setEntry(this, this.stack.at(-1), key, value);
  },
  MAP_ADD: function (argument) {
    const [first, second] = this.popMany(2) as [Held, Held];
    const [key, value] = !this.python2 && this.minor >= 8 ? [first, second] : [second, first];
    setEntry(this, this.stack.at(-argument), key, value);
  },
  UNPACK_SEQUENCE: function (argument) {
    unpack(this, argument);
  },
  UNPACK_EX: function (argument) {
    unpackRest(this, argument);
  },
  FORMAT_VALUE: function (argument) {
    if (argument !== 0) throw new NotAnExpression("it formats a number");
    formatted(this, this.popMany(1));
  },
  FORMAT_SIMPLE: function () {
    formatted(this, this.popMany(1));
  },
  BUILD_STRING: function (argument) {
    formatted(this, this.popMany(argument));
  },
};
