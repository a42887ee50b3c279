import {
  Cell,
  ContextExit,
  Dictionary,
  InnerFunction,
  isExpression,
  Items,
  Iteration,
  NULL,
  type Held,
} from "./held.js";
import type { Machine } from "./machine.js";
import { NotAnExpression } from "./not-an-expression.js";
import type { Step } from "./step.js";

/** Positional arguments, then those named by `keywords`; the function is below, with or without an empty slot. */
function call(machine: Machine, count: number, keywords: readonly string[]): void {
  const given = machine.popMany(count);
  const { stack } = machine;
  if (stack.at(-1) === NULL) stack.pop();
  const next = machine.popHeld();
  // A comprehension of Python 3.11 is called as a method of what it goes through.
  const [callee, all] = next instanceof Iteration ? [machine.popHeld(), [next, ...given]] : [next, given];
  if (stack.at(-1) === NULL) stack.pop();
  if (isExit(machine, callee)) return machine.push({ kind: "constant", value: null });
  const first = all.length - keywords.length;
  if (first < 0) throw new NotAnExpression("its stack does not work out");
  const named = keywords.map((name, i) => [name, all[first + i]!] as const);
  machine.call(callee, all.slice(0, first), named);
}

/** The end of a `with`; since 3.11 its first None stands where a method has its object. */
function isExit(machine: Machine, callee: Held): boolean {
  if (callee instanceof ContextExit) return true;
  const none = isExpression(callee) && callee.kind === "constant" && callee.value === null;
  if (!none || !(machine.stack.at(-1) instanceof ContextExit)) return false;
  machine.popHeld();
  return true;
}

/** Before 3.6: positional arguments, then pairs of keywords, counted in one byte each. */
function callByPairs(machine: Machine, argument: number): void {
  const pairs = machine.popMany(2 * (argument >> 8));
  const keys = new Items(
    false,
    pairs.filter((_, i) => i % 2 === 0),
  );
  const names = machine.namesOf(keys);
  const positional = machine.popMany(argument & 0xff);
  const named = names.map((name, i) => [name, pairs[2 * i + 1]!] as const);
  machine.call(machine.popHeld(), positional, named);
}

/** `f(*given, **named)` */
function callSpread(machine: Machine, argument: number): void {
  const keywords =
    !machine.python2 && (machine.minor >= 14 || (argument & 1) === 1) ? machine.popHeld() : NULL;
  const given = machine.itemsOf(machine.popHeld());
  if (machine.stack.at(-1) === NULL) machine.stack.pop();
  const callee = machine.popHeld();
  if (machine.stack.at(-1) === NULL) machine.stack.pop();
  const dictionary = keywords === NULL ? new Dictionary() : keywords;
  if (!given || !(dictionary instanceof Dictionary))
    throw new NotAnExpression("it calls with arguments that are not known");
  const named = [...dictionary.entries].map(([name, value]) => [String(name), value] as const);
  machine.call(callee, given, named);
}

function cellsOf(held: Held): Cell[] {
  const cells = held instanceof Items ? held.items : [];
  if (!cells.every((cell) => cell instanceof Cell)) throw new NotAnExpression("its stack does not work out");
  return cells;
}

function functionOn(machine: Machine): InnerFunction {
  const made = machine.popHeld();
  if (!(made instanceof InnerFunction)) throw new NotAnExpression("it defines a class");
  // The same code can be made into several functions.
  return new InnerFunction(made.code);
}

/** Parts of a function that the flags of MAKE_FUNCTION name: defaults, keyword defaults, cells. */
function give(machine: Machine, made: InnerFunction, flag: number, part: Held): void {
  if (flag === 1) made.defaults = machine.itemsOf(part) ?? [];
  else if (flag === 2 && part instanceof Dictionary) made.keywordDefaults = part.entries;
  else if (flag === 8) made.cells = cellsOf(part);
}

const ANNOTATIONS = 4;

function make(machine: Machine, flags: number): void {
  if (machine.minor < 11) machine.popHeld(); // its name
  const made = functionOn(machine);
  for (const flag of [8, ANNOTATIONS, 2, 1]) if (flags & flag) give(machine, made, flag, machine.popHeld());
  machine.push(made);
}

/** Before 3.6: code, then the cells, below them so many defaults; 3.5 has a name on top. */
function makeOlder(machine: Machine, count: number, closure: boolean): void {
  if (!machine.python2) machine.popHeld();
  const made = functionOn(machine);
  if (closure) made.cells = cellsOf(machine.popHeld());
  if (count > 0xff) throw new NotAnExpression("a function inside has keyword defaults");
  made.defaults = machine.popMany(count);
  machine.push(made);
}

/** Calls, and functions inside the function. */
export const FUNCTION_STEPS: Readonly<Record<string, Step>> = {
  CALL: function (argument) {
    const { keywords } = this;
    this.keywords = [];
    call(this, argument, keywords);
  },
  CALL_FUNCTION: function (argument) {
    if (!this.python2 && this.minor >= 6) call(this, argument, []);
    else callByPairs(this, argument);
  },
  CALL_METHOD: function (argument) {
    call(this, argument, []);
  },
  CALL_FUNCTION_KW: function (argument) {
    call(this, argument, this.namesOf(this.popHeld()));
  },
  CALL_KW: function (argument) {
    call(this, argument, this.namesOf(this.popHeld()));
  },
  KW_NAMES: function (argument) {
    this.keywords = this.namesOf(this.constant(argument));
  },
  CALL_FUNCTION_EX: function (argument) {
    callSpread(this, argument);
  },
  DICT_MERGE: function (argument) {
    const added = this.popHeld();
    const into = this.stack.at(-argument);
    if (!(added instanceof Dictionary) || !(into instanceof Dictionary))
      throw new NotAnExpression("it calls with arguments that are not known");
    for (const [key, value] of added.entries) into.entries.set(key, value);
  },
  MAKE_CELL: function (argument) {
    this.shared.add(argument);
  },
  COPY_FREE_VARS: function (argument) {
    const { length } = this.code.locals;
    for (let slot = length - argument; slot < length; slot++) this.shared.add(slot);
  },
  LOAD_CLOSURE: function (argument) {
    const { layout, locals, cells } = this.code;
    this.push(this.cell((layout === "3.11" ? locals : cells)[argument] ?? ""));
  },
  MAKE_FUNCTION: function (argument) {
    if (this.python2 || this.minor < 6) makeOlder(this, argument, false);
    else make(this, this.minor < 13 ? argument : 0);
  },
  MAKE_CLOSURE: function (argument) {
    makeOlder(this, argument, true);
  },
  SET_FUNCTION_ATTRIBUTE: function (argument) {
    const made = this.popHeld();
    if (!(made instanceof InnerFunction)) throw new NotAnExpression("its stack does not work out");
    give(this, made, argument, this.popHeld());
    this.push(made);
  },
};
