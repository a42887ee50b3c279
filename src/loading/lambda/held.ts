import type { Constant, Expression } from "./expression.js";
import type { CodeObject } from "./marshal.js";

/** Stands on the stack where Python has nothing: before a function that is no method, for a local that is not set. */
export class Empty {
  readonly empty = true;
}
export const NULL = new Empty();

/** What a local or the stack holds while a function's bytecode is followed: an expression, or what Python builds it with. */
export type Held =
  Expression | Cell | Items | Dictionary | InnerFunction | Method | Iteration | ContextExit | Empty;

/** A variable, which functions inside share. */
export class Cell {
  constructor(public value?: Held) {}
}

/** A list or a tuple whose items are known one by one. */
export class Items {
  constructor(
    readonly list: boolean,
    readonly items: Held[],
  ) {}
}

export class Dictionary {
  readonly entries = new Map<DictionaryKey, Held>();

  static of(entries: Iterable<readonly [DictionaryKey, Held]>): Dictionary {
    const made = new Dictionary();
    for (const [key, held] of entries) made.entries.set(key, held);
    return made;
  }
}

export type DictionaryKey = string | number | boolean | null;

export function isKey(value: Constant | undefined): value is DictionaryKey {
  return value !== undefined && !Array.isArray(value);
}

/** A function made inside the function, with what it takes from there. */
export class InnerFunction {
  /** Values of the last positional parameters. */
  defaults: readonly Held[] = [];
  keywordDefaults: ReadonlyMap<DictionaryKey, Held> = new Map();
  /** Variables of the function around it, in the order of its free names. */
  cells: readonly Cell[] = [];

  constructor(readonly code: CodeObject) {}
}

/** `out.append`, before it is called. */
export class Method {
  constructor(
    readonly of: Items | Dictionary,
    readonly name: string,
  ) {}
}

/** A loop over known items, on its way. */
export class Iteration {
  at = 0;

  constructor(readonly items: readonly Held[]) {}
}

/** The end of a `with` whose context changes no number. */
export class ContextExit {
  readonly ends = "with";
}

export function isExpression(held: Held | undefined): held is Expression {
  return typeof held === "object" && "kind" in held;
}
