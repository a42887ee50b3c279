import type { Expression } from "./expression.js";
import { ContextExit, Dictionary, isExpression, isKey, Items, NULL, type Held } from "./held.js";
import type { Instruction } from "./instructions.js";
import { FUNCTION_STEPS } from "./function-steps.js";
import { JUMP_STEPS } from "./jump-steps.js";
import type { Machine } from "./machine.js";
import { NotAnExpression } from "./not-an-expression.js";
import { shownText } from "./texts.js";

/** Does what an instruction does. @returns the place to go on, if it is a number; else the next instruction follows */
export type Step = (this: Machine, argument: number, instruction: Instruction) => unknown;

/** A table that has nothing but its own entries. */
export function steps(entries: Record<string, Step>): Record<string, Step> {
  return Object.assign(Object.create(null) as Record<string, Step>, entries);
}

/** Housekeeping of the interpreter. */
export function nothing(this: Machine): void {
  // No value changes.
}

function loadLocal(machine: Machine, index: number): void {
  const name = machine.code.locals[index] ?? "";
  const cell = machine.cell(name);
  if (machine.shared.has(index)) return machine.push(cell);
  if (cell.value === undefined) throw new NotAnExpression("it reads a local before it is set");
  machine.push(cell.value);
}

function storeLocal(machine: Machine, index: number): void {
  const value = machine.popHeld();
  machine.cell(machine.code.locals[index] ?? "").value = value === NULL ? undefined : value;
}

function cellName(machine: Machine, index: number): string {
  return (machine.code.layout === "3.11" ? machine.code.locals : machine.code.cells)[index] ?? "";
}

function copy(machine: Machine, depth: number): void {
  const value = machine.stack.at(-depth);
  if (value === undefined) throw new NotAnExpression("its stack does not work out");
  machine.push(value);
}

function swap(machine: Machine, depth: number): void {
  const { stack } = machine;
  const [last, other] = [stack.length - 1, stack.length - depth];
  const [upper, lower] = [stack[last], stack[other]];
  if (upper === undefined || lower === undefined) throw new NotAnExpression("its stack does not work out");
  stack[last] = lower;
  stack[other] = upper;
}

/** Puts the top below the `depth` - 1 values under it. */
function rotate(machine: Machine, depth: number): void {
  const moved = machine.popMany(depth);
  machine.push(moved.at(-1)!);
  for (const held of moved.slice(0, -1)) machine.push(held);
}

/** Python 3.11 and later: one bit more, for the empty slot of a call. */
function loadGlobal(machine: Machine, argument: number): void {
  const modern = !machine.python2 && machine.minor >= 11;
  const empty = modern && (argument & 1) === 1;
  // 3.13 puts the empty slot behind the function; before it, a module that the program imports is on top of it and
  // its function is taken from it there (`K.mean` of a script, where a notebook's is a method).
  if (empty && machine.minor < 13) machine.push(NULL);
  machine.push({ kind: "global", name: machine.name(modern ? argument >> 1 : argument) });
  if (empty && machine.minor >= 13) machine.push(NULL);
}

function loadAttribute(machine: Machine, argument: number): void {
  const modern = !machine.python2 && machine.minor >= 12;
  machine.loadAttribute(machine.name(modern ? argument >> 1 : argument));
  if (modern && argument & 1) machine.push(NULL);
}

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
  const added = machine.itemsOf(machine.popHeld());
  const list = machine.stack.at(-depth);
  if (!(list instanceof Items) || !added) throw new NotAnExpression("it extends a list by what is not known");
  list.items.push(...added);
}

function slice(machine: Machine, count: number): void {
  machine.push({ kind: "slice", parts: machine.popMany(count).map((part) => machine.expressionOf(part)) });
}

/** Python 2's `x[a:b]`: which of its bounds are given is in the instruction. */
function sliceBetween(from: boolean, to: boolean): Step {
  return function () {
    const none: Expression = { kind: "constant", value: null };
    const stop = to ? this.pop() : none;
    const start = from ? this.pop() : none;
    this.push({ kind: "slice", parts: [start, stop] });
    this.binary("[]");
  };
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

function compare(machine: Machine, argument: number): void {
  const { python2, minor } = machine;
  const index = python2 || minor < 12 ? argument : minor === 12 ? argument >> 4 : argument >> 5;
  const operator = COMPARISONS[index];
  if (operator === undefined) throw new NotAnExpression("it compares exceptions");
  machine.binary(operator);
}

/** The text of a formatted string, which names an operation as a rule; unknown parts make it unknown. */
function formatted(machine: Machine, parts: readonly Held[]): void {
  const values = parts.map((part) => machine.context.known.value(machine.expressionOf(part)));
  machine.push({ kind: "constant", value: values.map(shownText).join("") });
}

/** Contexts that change no number. */
const CONTEXTS = /(^|\.)(name_scope|variable_scope|device|control_dependencies)$/;

function contextOf(machine: Machine): ContextExit {
  const manager = machine.pop();
  const name = manager.kind === "call" && manager.callee.kind === "attribute" ? manager.callee.name : "";
  if (!CONTEXTS.test(name)) throw new NotAnExpression("it works within a context that is not known");
  const { calls } = machine.context;
  const place = calls.lastIndexOf(manager);
  if (place >= 0) calls.splice(place, 1);
  return new ContextExit();
}

function enter(machine: Machine): void {
  machine.push(contextOf(machine));
  machine.push({ kind: "constant", value: null });
}

/** Leaves a context of Python up to 3.8: its exit lies below the value on top. */
function leave(this: Machine): void {
  if (!(this.stack.at(-2) instanceof ContextExit)) throw new NotAnExpression("it handles exceptions");
  this.stack.splice(-2, 1);
}

/** `_nb_ops` of CPython's `opcode.py`; the in-place ones follow in the same order. */
const BINARY_OPERATORS = ["+", "&", "//", "<<", "@", "*", "%", "|", "**", ">>", "-", "/", "^"];
const COMPARISONS = ["<", "<=", "==", "!=", ">", ">=", "in", "not in", "is", "is not"];

/** Instructions of one operator each, up to Python 3.10. */
const OLDER_OPERATORS: readonly (readonly [name: string, operator: string])[] = [
  ["ADD", "+"],
  ["SUBTRACT", "-"],
  ["MULTIPLY", "*"],
  ["TRUE_DIVIDE", "/"],
  ["FLOOR_DIVIDE", "//"],
  ["MODULO", "%"],
  ["POWER", "**"],
  ["MATRIX_MULTIPLY", "@"],
  ["AND", "&"],
  ["OR", "|"],
];

function olderOperators(): Record<string, Step> {
  return Object.fromEntries(
    OLDER_OPERATORS.flatMap(([name, operator]): [string, Step][] => [
      [
        `BINARY_${name}`,
        function () {
          this.binary(operator);
        },
      ],
      [
        `INPLACE_${name}`,
        function () {
          this.binary(operator, { inPlace: true });
        },
      ],
    ]),
  );
}

/** One entry for each instruction that is followed (CPython `Lib/dis.py`, `Doc/library/dis.rst`). */
export const STEPS: Readonly<Record<string, Step>> = steps({
  ...JUMP_STEPS,
  ...FUNCTION_STEPS,
  ...olderOperators(),
  RESUME: nothing,
  NOP: nothing,
  NOT_TAKEN: nothing,
  PRECALL: nothing,
  PUSH_NULL: function () {
    this.push(NULL);
  },
  LOAD_FAST: function (argument) {
    loadLocal(this, argument);
  },
  LOAD_FAST_BORROW: function (argument) {
    loadLocal(this, argument);
  },
  LOAD_FAST_BORROW_LOAD_FAST_BORROW: function (argument) {
    loadLocal(this, argument >> 4);
    loadLocal(this, argument & 15);
  },
  LOAD_FAST_CHECK: function (argument) {
    loadLocal(this, argument);
  },
  LOAD_FAST_LOAD_FAST: function (argument) {
    loadLocal(this, argument >> 4);
    loadLocal(this, argument & 15);
  },
  // A comprehension within the function, since 3.12: its variable may be one of the function's.
  LOAD_FAST_AND_CLEAR: function (argument) {
    const cell = this.cell(this.code.locals[argument] ?? "");
    this.push(cell.value ?? NULL);
    cell.value = undefined;
  },
  DELETE_FAST: function (argument) {
    this.cell(this.code.locals[argument] ?? "").value = undefined;
  },
  STORE_FAST: function (argument) {
    storeLocal(this, argument);
  },
  STORE_FAST_LOAD_FAST: function (argument) {
    storeLocal(this, argument >> 4);
    loadLocal(this, argument & 15);
  },
  STORE_FAST_STORE_FAST: function (argument) {
    storeLocal(this, argument >> 4);
    storeLocal(this, argument & 15);
  },
  LOAD_CONST: function (argument) {
    this.push(this.constant(argument));
  },
  LOAD_SMALL_INT: function (argument) {
    this.push({ kind: "constant", value: argument });
  },
  LOAD_DEREF: function (argument) {
    const name = cellName(this, argument);
    this.push(this.cell(name).value ?? { kind: "closure", name });
  },
  STORE_DEREF: function (argument) {
    this.cell(cellName(this, argument)).value = this.popHeld();
  },
  LOAD_GLOBAL: function (argument) {
    loadGlobal(this, argument);
  },
  LOAD_NAME: function (argument) {
    this.push({ kind: "global", name: this.name(argument) });
  },
  LOAD_ATTR: function (argument) {
    loadAttribute(this, argument);
  },
  LOAD_METHOD: function (argument) {
    this.loadAttribute(this.name(argument));
  },
  COMPARE_OP: function (argument) {
    compare(this, argument);
  },
  IS_OP: function (argument) {
    this.binary(argument === 0 ? "is" : "is not");
  },
  CONTAINS_OP: function (argument) {
    this.binary(argument === 0 ? "in" : "not in");
  },
  BINARY_OP: function (argument) {
    // 3.14 has indexing among the operators, behind those and their in-place forms.
    const operator = argument === 26 ? "[]" : BINARY_OPERATORS[argument % 13];
    if (operator === undefined) throw new NotAnExpression("it uses an unknown operator");
    this.binary(operator, { inPlace: argument >= 13 });
  },
  BINARY_DIVIDE: function () {
    this.binary("/", { classic: true });
  },
  INPLACE_DIVIDE: function () {
    this.binary("/", { classic: true });
  },
  BINARY_SUBSCR: function () {
    this.binary("[]");
  },
  BINARY_SLICE: function () {
    slice(this, 2);
    this.binary("[]");
  },
  "SLICE+0": sliceBetween(false, false),
  "SLICE+1": sliceBetween(true, false),
  "SLICE+2": sliceBetween(false, true),
  "SLICE+3": sliceBetween(true, true),
  STORE_SUBSCR: function () {
    const [value, of, key] = this.popMany(3) as [Held, Held, Held];
    setEntry(this, of, key, value);
  },
  BUILD_SLICE: function (argument) {
    slice(this, argument);
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
    if (!(list instanceof Items)) throw new NotAnExpression("its stack does not work out");
    list.items.push(item);
  },
  LIST_TO_TUPLE: function () {
    const list = this.popHeld();
    this.push(list instanceof Items ? new Items(false, [...list.items]) : list);
  },
  CALL_INTRINSIC_1: function (argument) {
    const list = this.popHeld();
    if (argument !== LIST_TO_TUPLE || !(list instanceof Items))
      throw new NotAnExpression("it uses CALL_INTRINSIC_1");
    this.push(new Items(false, [...list.items]));
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
  UNARY_NEGATIVE: function () {
    this.unary("-");
  },
  UNARY_POSITIVE: function () {
    this.unary("+");
  },
  UNARY_INVERT: function () {
    this.unary("~");
  },
  UNARY_NOT: function () {
    this.unary("not ");
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
  IMPORT_NAME: function (argument) {
    this.popMany(2); // level and list of names
    this.push({ kind: "global", name: this.name(argument) });
  },
  IMPORT_FROM: function (argument) {
    const module = this.stack.at(-1);
    if (!isExpression(module)) throw new NotAnExpression("its stack does not work out");
    this.push({ kind: "attribute", of: module, name: this.name(argument) });
  },
  POP_TOP: function () {
    this.popHeld();
  },
  DUP_TOP: function () {
    copy(this, 1);
  },
  DUP_TOP_TWO: function () {
    copy(this, 2);
    copy(this, 2);
  },
  COPY: function (argument) {
    copy(this, argument);
  },
  ROT_TWO: function () {
    rotate(this, 2);
  },
  ROT_THREE: function () {
    rotate(this, 3);
  },
  ROT_FOUR: function () {
    rotate(this, 4);
  },
  SWAP: function (argument) {
    swap(this, argument);
  },
  SETUP_WITH: function (argument, { next }) {
    enter(this);
    this.blocks.push({ end: next + argument, height: this.stack.length });
  },
  BEFORE_WITH: function () {
    enter(this);
  },
  // 3.14 asks for a context's exit and its entry one by one; calling either gives None here.
  LOAD_SPECIAL: function () {
    this.push(contextOf(this));
    this.push(NULL);
  },
  BEGIN_FINALLY: function () {
    this.push(NULL);
  },
  WITH_CLEANUP: leave,
  WITH_CLEANUP_START: leave,
  WITH_CLEANUP_FINISH: nothing,
  END_FINALLY: function () {
    this.popHeld();
  },
  POP_FINALLY: function () {
    this.popHeld();
  },
});

const LIST_TO_TUPLE = 6;
