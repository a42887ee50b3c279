import { constantExpression } from "./code-constants.js";
import { childrenOf, itemConstant, type Constant, type Expression } from "./expression.js";
import { callHeld } from "./calls.js";
import {
  Cell,
  Dictionary,
  InnerFunction,
  isExpression,
  isKey,
  Items,
  Iteration,
  Method,
  NULL,
  type DictionaryKey,
  type Held,
} from "./held.js";
import { readInstructions, type Instruction, type PythonVersion } from "./instructions.js";
import { isTrue, type KnownValues } from "./known-values.js";
import { NotAnExpression } from "./not-an-expression.js";
import { filledByPercent, shownExpression } from "./texts.js";
import { STEPS } from "./steps.js";

/** What a function and those inside it have in common while they are followed. */
export interface Run {
  readonly version: PythonVersion;
  readonly known: KnownValues;
  /** All calls that stay calls, in the order in which they are made. */
  readonly calls: Expression[];
  /** Instructions so far. */
  steps: number;
  /** Functions that are being followed, one in the other. */
  depth: number;
  /** Loops over rows so far, by which their variables are named. */
  loops: number;
  /** How many expressions stand in one another. */
  readonly depths: WeakMap<Expression, number>;
}

/** A file can hold a loop that never ends. */
const MOST_STEPS = 20_000;
const MOST_CALLS_DEEP = 20;
const MOST_NESTED = 400;
const MOST_ITEMS = 4096;

const GENERATOR = 0x20;

/** Follows one function's bytecode with expressions in place of values (CPython `Doc/library/dis.rst`). */
export class Machine {
  readonly stack: Held[] = [];
  readonly code;
  /** Loops and `with`s of Python up to 3.10 that it is in: where each ends, and how high the stack was. */
  readonly blocks: { readonly end: number; readonly height: number }[] = [];
  /** Slots of Python 3.11 and later that hold a variable which functions inside share. */
  readonly shared = new Set<number>();
  readonly yielded: Held[] = [];
  /** Names of the keyword arguments of the next call, Python 3.11 and 3.12. */
  keywords: readonly string[] = [];
  readonly minor: number;
  readonly python2: boolean;
  private readonly cells = new Map<string, Cell>();

  constructor(
    readonly made: InnerFunction,
    readonly context: Run,
  ) {
    this.code = made.code;
    const [major, minor] = context.version.split(".");
    this.python2 = major === "2";
    this.minor = Number(minor);
    this.code.free.forEach((name, i) => {
      const cell = made.cells[i];
      if (cell) this.cells.set(name, cell);
    });
  }

  get parameters(): readonly string[] {
    return this.code.locals.slice(0, this.code.argumentCount + this.code.keywordOnlyCount);
  }

  /** The variable of a name, which is made where there is none. */
  cell(name: string): Cell {
    const known = this.cells.get(name);
    if (known) return known;
    const made = new Cell();
    this.cells.set(name, made);
    return made;
  }

  /** Runs to the end. @returns what the function returns */
  run(): Held {
    const instructions = readInstructions(this.code, this.context.version);
    if (!instructions) throw new NotAnExpression("a function inside is of another Python");
    const places = new Map(instructions.map(({ at }, i) => [at, i]));
    let next = 0;
    for (;;) {
      const instruction = instructions[next];
      if (!instruction) throw new NotAnExpression("it does not return");
      if (++this.context.steps > MOST_STEPS) throw new NotAnExpression("it takes too many steps to follow");
      if (instruction.name === "RETURN_VALUE") return this.returned(this.popHeld());
      if (instruction.name === "RETURN_CONST") return this.returned(this.constant(instruction.argument));
      const target = this.step(instruction);
      const place = target === undefined ? next + 1 : places.get(target);
      if (place === undefined) throw new NotAnExpression("it jumps to where no instruction begins");
      next = place;
    }
  }

  private returned(value: Held): Held {
    return (this.code.flags & GENERATOR) === 0 ? value : new Items(true, this.yielded);
  }

  /** @returns where to go on; undefined for the next instruction */
  private step(instruction: Instruction): number | undefined {
    const run = STEPS[instruction.name];
    if (!run) throw new NotAnExpression(unknownStep(instruction.name));
    const target = run.call(this, instruction.argument, instruction);
    return typeof target === "number" ? target : undefined;
  }

  push(held: Held): void {
    if (isExpression(held)) this.checkDepth(held);
    this.stack.push(held);
  }

  private checkDepth(expression: Expression): void {
    const { depths } = this.context;
    if (depths.has(expression)) return;
    const depth = 1 + Math.max(0, ...childrenOf(expression).map((child) => depths.get(child) ?? 0));
    if (depth > MOST_NESTED) throw new NotAnExpression("it nests too deeply to follow");
    depths.set(expression, depth);
  }

  popHeld(): Held {
    const top = this.stack.pop();
    if (top === undefined) throw new NotAnExpression("its stack does not work out");
    return top;
  }

  /** The top of the stack as an expression; a list is what it holds now. */
  pop(): Expression {
    return this.expressionOf(this.popHeld());
  }

  popMany(count: number): Held[] {
    if (count > this.stack.length) throw new NotAnExpression("its stack does not work out");
    return count === 0 ? [] : this.stack.splice(-count);
  }

  /** What an expression can hold of a value. */
  expressionOf(held: Held): Expression {
    if (isExpression(held)) return held;
    if (held === NULL) throw new NotAnExpression("its stack does not work out");
    if (held instanceof Items) {
      const items = held.items.map((item) => this.expressionOf(item));
      const sequence: Expression = { kind: "sequence", list: held.list, items };
      this.checkDepth(sequence);
      return sequence;
    }
    if (held instanceof InnerFunction) throw new NotAnExpression("it hands a function on");
    throw new NotAnExpression(
      held instanceof Dictionary ? "it hands a dictionary on" : "it hands on what is no value",
    );
  }

  constant(index: number): Held {
    const value = this.code.constants[index] ?? null;
    if (typeof value === "object" && value !== null && "kind" in value && value.kind === "code")
      return new InnerFunction(value);
    const expression = constantExpression(value);
    const tuple = expression.kind === "sequence" ? expression.items : null;
    return tuple && !tuple.some(({ kind }) => kind === "slice") ? new Items(false, [...tuple]) : expression;
  }

  name(index: number): string {
    const name = this.code.names[index];
    if (name === undefined) throw new NotAnExpression("it names what it does not have");
    return name;
  }

  binary(operator: string, { classic = false, inPlace = false } = {}): void {
    const [left, right] = this.popMany(2) as [Held, Held];
    if (operator === "[]") return this.push(this.item(left, right));
    const added = operator === "+" && left instanceof Items ? this.itemsOf(right) : undefined;
    if (added) return this.push(this.joined(left as Items, added, inPlace));
    if (operator === "%" && isExpression(left) && left.kind === "constant" && typeof left.value === "string")
      return this.push({ kind: "constant", value: filledByPercent(this, left.value, right) });
    const [a, b] = [this.expressionOf(left), this.expressionOf(right)];
    const whole: Expression = {
      kind: "binary",
      operator,
      left: a,
      right: b,
      ...(classic ? { classic } : {}),
    };
    // Counters of loops stay numbers.
    const counted = !classic && isNumber(a) && isNumber(b) ? this.context.known.value(whole) : undefined;
    this.push(typeof counted === "number" ? { kind: "constant", value: counted } : whole);
  }

  /** `list += more` changes the list itself, and all that hold it see that. */
  private joined(left: Items, added: readonly Held[], inPlace: boolean): Items {
    if (left.items.length + added.length > MOST_ITEMS)
      throw new NotAnExpression("it makes too long a list to follow");
    if (!inPlace || !left.list) return new Items(left.list, [...left.items, ...added]);
    left.items.push(...added);
    return left;
  }

  unary(operator: string): void {
    const held = this.popHeld();
    if (operator === "not ") return this.push({ kind: "constant", value: !this.truth(held) });
    const whole: Expression = { kind: "unary", operator, operand: this.expressionOf(held) };
    const value = this.context.known.value(whole);
    this.push(typeof value === "number" ? { kind: "constant", value } : whole);
  }

  /** Names in a constant tuple. */
  namesOf(held: Held): string[] {
    return (this.itemsOf(held) ?? []).map((item) => {
      const value = isExpression(item) ? this.context.known.value(item) : undefined;
      if (typeof value !== "string") throw new NotAnExpression("a keyword is computed");
      return value;
    });
  }

  private item(of: Held, index: Held): Held {
    const at = isExpression(index) ? this.context.known.value(index) : undefined;
    if (of instanceof Dictionary) {
      const found = isKey(at) ? of.entries.get(at) : undefined;
      if (!found) throw new NotAnExpression("it looks up a key that is not known");
      return found;
    }
    if (of instanceof Items) {
      const found = typeof at === "number" ? of.items.at(at) : undefined;
      if (found !== undefined) return found;
      const part = isExpression(index) && index.kind === "slice" ? this.partOf(of, index.parts) : undefined;
      if (part) return part;
    }
    const place = this.expressionOf(index);
    const whole = this.expressionOf(of);
    if (place.kind === "slice" && this.context.known.isInputList(whole)) {
      const part = this.partOf(new Items(true, [...this.itemsOf(whole)!]), place.parts);
      if (part) return part;
    }
    return { kind: "item", of: whole, index: place };
  }

  private partOf(of: Items, bounds: readonly Expression[]): Items | undefined {
    const [start, stop, step] = bounds.map((bound) => this.context.known.value(bound));
    if (![start, stop].every((bound) => bound === null || typeof bound === "number")) return undefined;
    const part = of.items.slice((start as number | null) ?? 0, (stop as number | null) ?? undefined);
    if (step === undefined || step === null || step === 1) return new Items(of.list, part);
    return step === -1 && start === null && stop === null ? new Items(of.list, part.reverse()) : undefined;
  }

  /** What a loop goes through, where that is known one by one. */
  itemsOf(held: Held): readonly Held[] | undefined {
    if (held instanceof Items) return held.items;
    if (held instanceof Iteration) return held.items.slice(held.at);
    if (held instanceof Dictionary) return [...held.entries.keys()].map(keyExpression);
    if (!isExpression(held)) return undefined;
    const range = this.rangeItems(held);
    if (range) return range;
    const value = this.context.known.value(held);
    if (Array.isArray(value)) {
      const floats = held.kind === "constant" ? held.floats : undefined;
      return (value as readonly Constant[]).map((item, i) => itemConstant(item, floats, i));
    }
    if (held.kind === "sequence") return held.items;
    const length = this.context.known.length(held);
    if (length === undefined) return undefined;
    if (length > MOST_ITEMS) throw new NotAnExpression("it loops too often to follow");
    return Array.from({ length }, (_, i) => this.indexed(held, i));
  }

  indexed(of: Expression, at: number): Expression {
    return { kind: "item", of, index: { kind: "constant", value: at } };
  }

  /** `range(n)` stays a call until something goes through it. */
  private rangeItems(expression: Expression): Expression[] | undefined {
    if (expression.kind !== "call" || expression.callee.kind !== "global") return undefined;
    if (expression.callee.name !== "range" && expression.callee.name !== "xrange") return undefined;
    const given = expression.positional.map((bound) => this.context.known.value(bound));
    if (!given.every((bound) => typeof bound === "number")) return undefined;
    const [first, last, step = 1] =
      given.length === 1 ? [0, given[0]!] : (given as [number, number, number?]);
    const length = Math.max(0, Math.ceil((last - first) / step));
    if (!(length <= MOST_ITEMS)) throw new NotAnExpression("it loops too often to follow");
    return Array.from({ length }, (_, i) => ({ kind: "constant", value: first + i * step }));
  }

  /** Whether a branch is taken. */
  truth(held: Held): boolean {
    if (held instanceof Items) return held.items.length > 0;
    if (held instanceof Dictionary) return held.entries.size > 0;
    if (held instanceof InnerFunction) return true;
    const expression = this.expressionOf(held);
    const value = this.context.known.value(expression);
    if (value === undefined)
      throw new NotAnExpression(
        `it branches by ${shownExpression(expression)}, which is known only when it runs`,
      );
    return isTrue(value);
  }

  loop(held: Held): void {
    const items = this.itemsOf(held);
    if (!items)
      throw new NotAnExpression(
        `it loops over ${shownExpression(this.expressionOf(held))}, whose length is known only when it runs`,
      );
    this.push(new Iteration(items));
  }

  loadAttribute(name: string): void {
    const of = this.popHeld();
    if (of instanceof Items || of instanceof Dictionary) this.push(new Method(of, name));
    else this.push({ kind: "attribute", of: this.expressionOf(of), name });
  }

  /** Calls what was made inside, what Python itself has, or leaves a call in the expression. */
  call(callee: Held, positional: readonly Held[], named: readonly (readonly [string, Held])[]): void {
    callHeld(this, callee, positional, named);
  }

  callInner(
    made: InnerFunction,
    positional: readonly Held[],
    named: readonly (readonly [string, Held])[],
  ): Held {
    const { context } = this;
    if (context.depth >= MOST_CALLS_DEEP)
      throw new NotAnExpression("its functions call one another too deeply");
    const machine = new Machine(made, context);
    machine.bind(positional, named);
    context.depth++;
    const returned = machine.run();
    context.depth--;
    return returned;
  }

  /** Puts arguments into the function's variables, as a call does. */
  private bind(positional: readonly Held[], named: readonly (readonly [string, Held])[]): void {
    const { argumentCount, flags, locals } = this.code;
    const { defaults, keywordDefaults } = this.made;
    const rest = positional.slice(argumentCount);
    if (rest.length > 0 && (flags & 4) === 0)
      throw new NotAnExpression("it gives a function too many arguments");
    if ((flags & 8) !== 0) throw new NotAnExpression("a function inside takes any keywords");
    const given = new Map(named);
    this.parameters.forEach((name, i) => {
      const value =
        (i < argumentCount ? positional[i] : undefined) ??
        given.get(name) ??
        (i < argumentCount ? defaults[defaults.length - argumentCount + i] : keywordDefaults.get(name));
      given.delete(name);
      if (!value) throw new NotAnExpression("it calls a function without all of its arguments");
      this.cell(name).value = value;
    });
    if (given.size > 0)
      throw new NotAnExpression("it names an argument that a function inside does not have");
    if ((flags & 4) !== 0) this.cell(locals[this.parameters.length]!).value = new Items(false, rest);
  }
}

function isNumber(expression: Expression): boolean {
  return expression.kind === "constant" && typeof expression.value === "number";
}

function keyExpression(value: DictionaryKey): Expression {
  return { kind: "constant", value };
}

function unknownStep(name: string): string {
  return name.startsWith("op ") ? "it does what no expression does" : `it uses ${name}`;
}
