import type { Constant, Expression } from "./expression.js";
import type { Instruction } from "./instructions.js";
import { ELLIPSIS, type CodeObject, type MarshalValue } from "./marshal.js";

/** Bytecode that is more than one expression, said by what it is that stops. */
export class NotAnExpression extends Error {
  override readonly name = "NotAnExpression";
}

/** What a function computes. */
export interface Computed {
  readonly returned: Expression;
  /** Calls that are made on the way and whose results are not returned, the outermost, in their order: side effects. */
  readonly besides: readonly Expression[];
}

/**
 * Turns straight-line bytecode into the expression that it returns, by running it on expressions in place of values.
 * Assignments to locals are followed; a branch, a loop or a function inside ends it.
 * @throws NotAnExpression
 */
export function decompile(code: CodeObject, instructions: readonly Instruction[], version: string): Computed {
  const machine = new Machine(code, version);
  for (const instruction of instructions) {
    const returned = machine.step(instruction);
    if (returned) return { returned, besides: outermost(machine.calls, returned) };
  }
  throw new NotAnExpression("it does not return");
}

/** The calls that are part of no other and not of what is returned. */
function outermost(calls: readonly Expression[], returned: Expression): Expression[] {
  const within = new Set(partsOf(returned));
  for (const call of calls) for (const part of partsOf(call).slice(1)) within.add(part);
  return calls.filter((call) => !within.has(call));
}

/** The expression and all that it is made of. */
function partsOf(expression: Expression): Expression[] {
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

function childrenOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case "attribute":
      return [expression.of];
    case "item":
      return [expression.of, expression.index];
    case "slice":
      return expression.parts;
    case "sequence":
      return expression.items;
    case "unary":
      return [expression.operand];
    case "binary":
      return [expression.left, expression.right];
    case "call":
      return [expression.callee, ...expression.positional, ...expression.named.map(([, value]) => value)];
    default:
      return [];
  }
}

/** Stands on the stack where Python puts nothing, before a function that is no method. */
const NULL: unique symbol = Symbol("null");
type Slot = Expression | typeof NULL;

class Machine {
  private readonly stack: Slot[] = [];
  /** All calls, in the order in which they are made. */
  readonly calls: Expression[] = [];
  private readonly locals = new Map<string, Expression>();
  /** Names of the keyword arguments of the next call, Python 3.11 and 3.12. */
  private keywords: readonly string[] = [];
  private readonly minor: number;
  private readonly python2: boolean;

  constructor(
    private readonly code: CodeObject,
    version: string,
  ) {
    const [major, minor] = version.split(".");
    this.python2 = major === "2";
    this.minor = Number(minor);
    const given = code.argumentCount + code.keywordOnlyCount;
    for (const name of code.locals.slice(0, given)) this.locals.set(name, { kind: "argument", name });
  }

  /** Runs one instruction. @returns what the function returns, at its end */
  step({ name, argument }: Instruction): Expression | null {
    if (name === "RETURN_VALUE") return this.pop();
    if (name === "RETURN_CONST") return this.constant(argument);
    const operator = BINARY[name];
    if (operator !== undefined) {
      this.binary(operator);
      return null;
    }
    const run = STEPS[name];
    if (!run) throw new NotAnExpression(describe(name));
    run.call(this, argument);
    return null;
  }

  push(slot: Slot): void {
    this.stack.push(slot);
  }

  pop(): Expression {
    const top = this.stack.pop();
    if (top === undefined || top === NULL) throw new NotAnExpression("its stack does not work out");
    return top;
  }

  popMany(count: number): Expression[] {
    if (count > this.stack.length) throw new NotAnExpression("its stack does not work out");
    return Array.from({ length: count }, () => this.pop()).reverse();
  }

  binary(operator: string): void {
    const right = this.pop();
    const left = this.pop();
    if (operator === "[]") this.push({ kind: "item", of: left, index: right });
    else this.push({ kind: "binary", operator, left, right });
  }

  constant(index: number): Expression {
    return expressionOf(this.code.constants[index] ?? null);
  }

  name(index: number): string {
    const name = this.code.names[index];
    if (name === undefined) throw new NotAnExpression("it names what it does not have");
    return name;
  }

  loadLocal(index: number): void {
    const name = this.code.locals[index];
    const value = name === undefined ? undefined : this.locals.get(name);
    if (!value) throw new NotAnExpression("it reads a local before it is set");
    this.push(value);
  }

  storeLocal(index: number): void {
    this.locals.set(this.code.locals[index] ?? "", this.pop());
  }

  loadCell(index: number): void {
    const name = (this.code.layout === "3.11" ? this.code.locals : this.code.cells)[index] ?? "";
    this.push(this.locals.get(name) ?? { kind: "closure", name });
  }

  /** Python 3.11 and later: one bit more, for the empty slot of a call. */
  loadGlobal(argument: number): void {
    const modern = !this.python2 && this.minor >= 11;
    const empty = modern && (argument & 1) === 1;
    // 3.13 puts the empty slot behind the function; before it, a module that the program imports is on top of it and
    // its function is taken from it there (`K.mean` of a script, where a notebook's is a method).
    if (empty && this.minor < 13) this.push(NULL);
    this.push({ kind: "global", name: this.name(modern ? argument >> 1 : argument) });
    if (empty && this.minor >= 13) this.push(NULL);
  }

  loadAttribute(argument: number): void {
    const modern = !this.python2 && this.minor >= 12;
    const of = this.pop();
    this.push({ kind: "attribute", of, name: this.name(modern ? argument >> 1 : argument) });
    if (modern && argument & 1) this.push(NULL);
  }

  /** Positional arguments, then those named by `keywords`; the function is below, with or without an empty slot. */
  call(count: number, keywords: readonly string[]): void {
    const all = this.popMany(count);
    if (this.stack.at(-1) === NULL) this.stack.pop();
    const callee = this.pop();
    if (this.stack.at(-1) === NULL) this.stack.pop();
    const first = all.length - keywords.length;
    if (first < 0) throw new NotAnExpression("its stack does not work out");
    const named = keywords.map((name, i) => [name, all[first + i]!] as const);
    this.pushCall({ kind: "call", callee, positional: all.slice(0, first), named });
  }

  private pushCall(call: Expression): void {
    this.calls.push(call);
    this.push(call);
  }

  callFunction(argument: number): void {
    if (!this.python2 && this.minor >= 6) return this.call(argument, []);
    const pairs = this.popMany(2 * (argument >> 8));
    const named = Array.from({ length: argument >> 8 }, (_, i) => {
      const key = pairs[2 * i]!;
      if (key.kind !== "constant" || typeof key.value !== "string")
        throw new NotAnExpression("a keyword is computed");
      return [key.value, pairs[2 * i + 1]!] as const;
    });
    const positional = this.popMany(argument & 0xff);
    this.pushCall({ kind: "call", callee: this.pop(), positional, named });
  }

  /** The names stand on top of the arguments, in a constant. */
  callWithNames(count: number): void {
    this.call(count, this.keywordNames(this.pop()));
  }

  keywordNames(names: Expression): string[] {
    const value =
      names.kind === "constant" && Array.isArray(names.value) ? (names.value as readonly Constant[]) : [];
    return value.map(String);
  }

  takeKeywords(): readonly string[] {
    const taken = this.keywords;
    this.keywords = [];
    return taken;
  }

  setKeywords(index: number): void {
    this.keywords = this.keywordNames(this.constant(index));
  }

  compare(argument: number): void {
    const index =
      this.python2 || this.minor < 12 ? argument : this.minor === 12 ? argument >> 4 : argument >> 5;
    const operator = COMPARISONS[index];
    if (operator === undefined) throw new NotAnExpression("it compares by identity or membership");
    this.binary(operator);
  }

  /** `[a, b]` from a constant tuple: an empty list, then the constant to extend it by. */
  listExtend(depth: number): void {
    const added = this.pop();
    const list = this.stack.at(-depth);
    const items = itemsOf(added);
    if (list === undefined || list === NULL || list.kind !== "sequence" || !items) {
      throw new NotAnExpression("it extends a list");
    }
    this.stack[this.stack.length - depth] = { ...list, items: [...list.items, ...items] };
  }

  copy(depth: number): void {
    const value = this.stack.at(-depth);
    if (value === undefined) throw new NotAnExpression("its stack does not work out");
    this.push(value);
  }

  swap(depth: number): void {
    const last = this.stack.length - 1;
    const other = this.stack.length - depth;
    const upper: Slot | undefined = this.stack[last];
    const lower: Slot | undefined = this.stack[other];
    if (upper === undefined || lower === undefined) throw new NotAnExpression("its stack does not work out");
    this.stack[last] = lower;
    this.stack[other] = upper;
  }

  unpack(count: number): void {
    const whole = this.pop();
    const items = whole.kind === "sequence" ? whole.items : null;
    if (items && items.length !== count) throw new NotAnExpression("it unpacks another number of values");
    for (let i = count - 1; i >= 0; i--) {
      const index: Expression = { kind: "constant", value: i };
      this.push(items ? items[i]! : { kind: "item", of: whole, index });
    }
  }

  importModule(index: number): void {
    this.popMany(2); // level and list of names
    this.push({ kind: "global", name: this.name(index) });
  }

  importFrom(index: number): void {
    this.copy(1);
    this.push({ kind: "attribute", of: this.pop(), name: this.name(index) });
  }
}

type Step = (this: Machine, argument: number) => void;

/** One line for each instruction that an expression can have (CPython `Lib/dis.py`, `Doc/library/dis.rst`). */
const STEPS: Readonly<Record<string, Step>> = Object.assign(Object.create(null) as Record<string, Step>, {
  RESUME: nothing,
  NOP: nothing,
  NOT_TAKEN: nothing,
  PRECALL: nothing,
  MAKE_CELL: nothing,
  COPY_FREE_VARS: nothing,
  PUSH_NULL: function () {
    this.push(NULL);
  },
  LOAD_FAST: function (argument) {
    this.loadLocal(argument);
  },
  LOAD_FAST_BORROW: function (argument) {
    this.loadLocal(argument);
  },
  LOAD_FAST_BORROW_LOAD_FAST_BORROW: function (argument) {
    this.loadLocal(argument >> 4);
    this.loadLocal(argument & 15);
  },
  LOAD_SMALL_INT: function (argument) {
    this.push({ kind: "constant", value: argument });
  },
  LOAD_FAST_CHECK: function (argument) {
    this.loadLocal(argument);
  },
  LOAD_FAST_LOAD_FAST: function (argument) {
    this.loadLocal(argument >> 4);
    this.loadLocal(argument & 15);
  },
  STORE_FAST: function (argument) {
    this.storeLocal(argument);
  },
  STORE_FAST_LOAD_FAST: function (argument) {
    this.storeLocal(argument >> 4);
    this.loadLocal(argument & 15);
  },
  STORE_FAST_STORE_FAST: function (argument) {
    this.storeLocal(argument >> 4);
    this.storeLocal(argument & 15);
  },
  LOAD_CONST: function (argument) {
    this.push(this.constant(argument));
  },
  LOAD_DEREF: function (argument) {
    this.loadCell(argument);
  },
  LOAD_GLOBAL: function (argument) {
    this.loadGlobal(argument);
  },
  LOAD_NAME: function (argument) {
    this.push({ kind: "global", name: this.name(argument) });
  },
  LOAD_ATTR: function (argument) {
    this.loadAttribute(argument);
  },
  LOAD_METHOD: function (argument) {
    this.push({ kind: "attribute", of: this.pop(), name: this.name(argument) });
  },
  CALL: function (argument) {
    this.call(argument, this.takeKeywords());
  },
  CALL_FUNCTION: function (argument) {
    this.callFunction(argument);
  },
  CALL_METHOD: function (argument) {
    this.call(argument, []);
  },
  CALL_FUNCTION_KW: function (argument) {
    this.callWithNames(argument);
  },
  CALL_KW: function (argument) {
    this.callWithNames(argument);
  },
  KW_NAMES: function (argument) {
    this.setKeywords(argument);
  },
  COMPARE_OP: function (argument) {
    this.compare(argument);
  },
  BINARY_OP: function (argument) {
    // 3.14 has indexing among the operators, behind those and their in-place forms.
    const operator = argument === 26 ? "[]" : BINARY_OPERATORS[argument % 13];
    if (operator === undefined) throw new NotAnExpression("it uses an unknown operator");
    this.binary(operator);
  },
  BINARY_SUBSCR: function () {
    this.binary("[]");
  },
  BINARY_SLICE: function () {
    const parts = this.popMany(2);
    this.push({ kind: "item", of: this.pop(), index: { kind: "slice", parts } });
  },
  BUILD_SLICE: function (argument) {
    this.push({ kind: "slice", parts: this.popMany(argument) });
  },
  BUILD_TUPLE: function (argument) {
    this.push({ kind: "sequence", list: false, items: this.popMany(argument) });
  },
  BUILD_LIST: function (argument) {
    this.push({ kind: "sequence", list: true, items: this.popMany(argument) });
  },
  LIST_EXTEND: function (argument) {
    this.listExtend(argument);
  },
  LIST_TO_TUPLE: function () {
    const list = this.pop();
    this.push(list.kind === "sequence" ? { ...list, list: false } : list);
  },
  UNARY_NEGATIVE: function () {
    this.push({ kind: "unary", operator: "-", operand: this.pop() });
  },
  UNARY_POSITIVE: function () {
    this.push({ kind: "unary", operator: "+", operand: this.pop() });
  },
  UNPACK_SEQUENCE: function (argument) {
    this.unpack(argument);
  },
  IMPORT_NAME: function (argument) {
    this.importModule(argument);
  },
  IMPORT_FROM: function (argument) {
    this.importFrom(argument);
  },
  POP_TOP: function () {
    this.pop();
  },
  DUP_TOP: function () {
    this.copy(1);
  },
  COPY: function (argument) {
    this.copy(argument);
  },
  ROT_TWO: function () {
    this.swap(2);
  },
  ROT_THREE: function () {
    this.swap(2);
    this.swap(3);
  },
  SWAP: function (argument) {
    this.swap(argument);
  },
} satisfies Record<string, Step>);

function nothing(this: Machine): void {
  // Housekeeping of the interpreter.
}

const BINARY: Readonly<Record<string, string>> = Object.assign(
  Object.create(null) as Record<string, string>,
  {
    BINARY_ADD: "+",
    BINARY_SUBTRACT: "-",
    BINARY_MULTIPLY: "*",
    BINARY_DIVIDE: "/",
    BINARY_TRUE_DIVIDE: "/",
    BINARY_FLOOR_DIVIDE: "//",
    BINARY_MODULO: "%",
    BINARY_POWER: "**",
    BINARY_MATRIX_MULTIPLY: "@",
    INPLACE_ADD: "+",
    INPLACE_SUBTRACT: "-",
    INPLACE_MULTIPLY: "*",
    INPLACE_DIVIDE: "/",
    INPLACE_TRUE_DIVIDE: "/",
    INPLACE_FLOOR_DIVIDE: "//",
    INPLACE_MODULO: "%",
    INPLACE_POWER: "**",
  },
);

/** `_nb_ops` of CPython's `opcode.py`; the in-place ones follow in the same order. */
const BINARY_OPERATORS = ["+", "&", "//", "<<", "@", "*", "%", "|", "**", ">>", "-", "/", "^"];
const COMPARISONS = ["<", "<=", "==", "!=", ">", ">="];

function describe(name: string): string {
  if (name.startsWith("op ") || /JUMP|FOR_ITER|SETUP/.test(name))
    return "it branches, loops or defines a function";
  return `it uses ${name}`;
}

function itemsOf(expression: Expression): readonly Expression[] | null {
  if (expression.kind === "sequence") return expression.items;
  if (expression.kind !== "constant" || !Array.isArray(expression.value)) return null;
  return (expression.value as readonly Constant[]).map((value) => ({ kind: "constant", value }));
}

/** A constant; since 3.14 slices are constants too, alone and in tuples. */
function expressionOf(value: MarshalValue): Expression {
  if (isSlice(value)) {
    const parts = value.items.map(expressionOf);
    const [, , step] = value.items;
    return { kind: "slice", parts: step === null ? parts.slice(0, 2) : parts };
  }
  const tuple = typeof value === "object" && value !== null && "kind" in value && value.kind === "tuple";
  return tuple && value.items.some(isSlice)
    ? { kind: "sequence", list: false, items: value.items.map(expressionOf) }
    : { kind: "constant", value: constantOf(value) };
}

function isSlice(value: MarshalValue | undefined): value is Extract<MarshalValue, { kind: "slice" }> {
  return typeof value === "object" && value !== null && "kind" in value && value.kind === "slice";
}

function constantOf(value: MarshalValue): Constant {
  if (
    value === null ||
    typeof value === "boolean" ||
    typeof value === "number" ||
    typeof value === "string"
  ) {
    return value;
  }
  if (value === ELLIPSIS) return "...";
  if (value instanceof Uint8Array) return new TextDecoder("latin1").decode(value);
  if (typeof value === "object" && (value.kind === "tuple" || value.kind === "list")) {
    return value.items.map(constantOf);
  }
  if (typeof value === "object" && value.kind === "code")
    throw new NotAnExpression("it defines a function inside");
  throw new NotAnExpression("it has a constant that is no number, string or tuple");
}
