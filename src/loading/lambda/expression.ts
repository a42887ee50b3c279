/** A Python expression, as a tree. */
export type Expression =
  | { readonly kind: "constant"; readonly value: Constant; readonly floats?: Floats }
  /** An argument of the function. */
  | { readonly kind: "argument"; readonly name: string }
  /** A name of the module around it: `K`, `tf`, `scale`. */
  | { readonly kind: "global"; readonly name: string }
  /** A variable of the function around it. */
  | { readonly kind: "closure"; readonly name: string }
  | { readonly kind: "attribute"; readonly of: Expression; readonly name: string }
  | { readonly kind: "item"; readonly of: Expression; readonly index: Expression }
  | { readonly kind: "slice"; readonly parts: readonly Expression[] }
  | { readonly kind: "sequence"; readonly list: boolean; readonly items: readonly Expression[] }
  | { readonly kind: "unary"; readonly operator: string; readonly operand: Expression }
  | {
      readonly kind: "binary";
      readonly operator: string;
      /** Python 2's `/`, which has no rest between whole numbers. */
      readonly classic?: boolean;
      readonly left: Expression;
      readonly right: Expression;
    }
  | {
      readonly kind: "call";
      readonly callee: Expression;
      readonly positional: readonly Expression[];
      readonly named: readonly (readonly [string, Expression])[];
    }
  /** `tf.map_fn`, `tf.scan`, `tf.foldl`: what is computed of each row of a tensor, or of several in step. */
  | {
      readonly kind: "each";
      readonly way: "map" | "scan" | "fold";
      readonly callee: Expression;
      /** Names of the arguments that hold a row, and what came of the rows before. */
      readonly row: string;
      readonly state: string;
      readonly several: boolean;
      readonly of: Expression;
      /** What the first row is joined to; null where that is the first row itself. */
      readonly initial: Expression | null;
      readonly body: Expression;
    };

/** Which whole numbers of a constant are Python floats: `2.0` and not `2`. */
export type Floats = boolean | readonly Floats[];

/** An item of a constant list, as a constant. */
export function itemConstant(value: Constant, floats: Floats | undefined, i: number): Expression {
  const own = Array.isArray(floats) ? (floats as readonly Floats[])[i] : undefined;
  return { kind: "constant", value, ...(own === undefined || own === false ? {} : { floats: own }) };
}

export type Constant = null | boolean | number | string | "..." | readonly Constant[];

/** A dictionary of constants. */
export type Entries = ReadonlyMap<string, Constant | Entries>;

/** What it is made of. */
export function childrenOf(expression: Expression): readonly Expression[] {
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
    case "each":
      return [expression.of, ...(expression.initial ? [expression.initial] : []), expression.body];
    default:
      return [];
  }
}

/** The expression as Python writes it: `x / 127.5 - 1.0`; null where that is too long to be read. */
export function pythonText(expression: Expression): string | null {
  return sizeOf(expression, new Map()) > MOST_PARTS ? null : text(expression, 0);
}

const MOST_PARTS = 400;

/** Number of parts as they are written: what is used twice counts twice. */
function sizeOf(expression: Expression, known: Map<Expression, number>): number {
  const size =
    known.get(expression) ?? childrenOf(expression).reduce((sum, child) => sum + sizeOf(child, known), 1);
  known.set(expression, size);
  return size;
}

/** How tightly operators bind, as in the Python language reference, section 6.17. */
const BINDING: Readonly<Record<string, number>> = {
  in: 4,
  "not in": 4,
  is: 4,
  "is not": 4,
  "<": 4,
  "<=": 4,
  "==": 4,
  "!=": 4,
  ">": 4,
  ">=": 4,
  "|": 5,
  "^": 6,
  "&": 7,
  "<<": 8,
  ">>": 8,
  "+": 9,
  "-": 9,
  "*": 10,
  "/": 10,
  "//": 10,
  "%": 10,
  "@": 10,
  "**": 12,
};
const UNARY = 11;
const NOT = 3;
const ATOM = 14;

function text(expression: Expression, outer: number): string {
  switch (expression.kind) {
    case "constant":
      return constantText(expression.value, expression.floats);
    case "argument":
    case "global":
    case "closure":
      return expression.name;
    case "attribute":
      return `${text(expression.of, ATOM)}.${expression.name}`;
    case "item":
      return `${text(expression.of, ATOM)}[${indexText(expression.index)}]`;
    case "slice":
      return sliceText(expression.parts);
    case "sequence": {
      const items = expression.items.map((item) => text(item, 0)).join(", ");
      if (expression.list) return `[${items}]`;
      return expression.items.length === 1 ? `(${items},)` : `(${items})`;
    }
    case "unary": {
      const binding = expression.operator === "not " ? NOT : UNARY;
      return wrapped(`${expression.operator}${text(expression.operand, binding)}`, binding, outer);
    }
    case "binary": {
      const binding = BINDING[expression.operator] ?? 0;
      const [left, right] = expression.operator === "**" ? [binding + 1, binding] : [binding, binding + 1];
      const whole = `${text(expression.left, left)} ${expression.operator} ${text(expression.right, right)}`;
      return wrapped(whole, binding, outer);
    }
    case "call": {
      const branch = (argument: Expression): string => `lambda: ${text(argument, 0)}`;
      const chooses =
        expression.callee.kind === "attribute" && /^(smart_)?cond$/.test(expression.callee.name);
      const positional = expression.positional.map((argument, i) =>
        chooses && i > 0 ? branch(argument) : text(argument, 0),
      );
      const named = expression.named.map(
        ([name, argument]) =>
          `${name}=${chooses && name.endsWith("_fn") ? branch(argument) : text(argument, 0)}`,
      );
      return `${text(expression.callee, ATOM)}(${[...positional, ...named].join(", ")})`;
    }
    case "each": {
      const { way, callee, row, state, of, initial, body } = expression;
      const given = [way === "map" ? row : `${state}, ${row}`, text(body, 0)].join(": ");
      const rest = [of, ...(initial ? [initial] : [])].map((part) => text(part, 0));
      return `${text(callee, ATOM)}(${[`lambda ${given}`, ...rest].join(", ")})`;
    }
  }
}

function wrapped(whole: string, binding: number, outer: number): string {
  return binding < outer ? `(${whole})` : whole;
}

function indexText(index: Expression): string {
  return index.kind === "sequence" && !index.list && index.items.length > 0
    ? index.items.map((item) => text(item, 0)).join(", ")
    : text(index, 0);
}

function sliceText(parts: readonly Expression[]): string {
  const [start, stop, step] = parts.map((part) =>
    part.kind === "constant" && part.value === null ? "" : text(part, 0),
  );
  return `${start}:${stop}${step === undefined || step === "" ? "" : `:${step}`}`;
}

function constantText(value: Constant, floats: Floats = false): string {
  if (value === null) return "None";
  if (value === "...") return "...";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "number") return numberText(value, floats === true);
  if (typeof value === "string") return JSON.stringify(value);
  const items = value
    .map((item, i) => constantText(item, Array.isArray(floats) ? (floats as readonly Floats[])[i] : floats))
    .join(", ");
  return value.length === 1 ? `(${items},)` : `(${items})`;
}

function numberText(value: number, float: boolean): string {
  if (!Number.isFinite(value)) return `float("${value}")`;
  const text = String(value);
  return float && /^-?\d+$/.test(text) ? `${text}.0` : text;
}
