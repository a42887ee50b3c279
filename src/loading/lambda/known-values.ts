import type { Constant, Entries, Expression } from "./expression.js";

/** What is known of a function's surroundings without running it. */
export interface Surroundings {
  /** The argument that takes the layer's input. */
  readonly input: string;
  /** Number of tensors that the input is a list of; 0 where it is one tensor. */
  readonly several: number;
  /** Other arguments and variables of the function around it, by name. */
  readonly values: ReadonlyMap<string, Constant>;
  /** Those of them that are dictionaries. */
  readonly dictionaries: ReadonlyMap<string, Entries>;
  /** Variables of the Python program around it, as far as the user said what they were. */
  readonly variables: ReadonlyMap<string, Constant>;
  /** Shapes of the input's tensors, where they are known; null for a length that is open. */
  readonly shapes: readonly (readonly (number | null)[])[];
  /** Version of the Keras that wrote the file, where it is known. */
  readonly major?: number;
  /** Whether the layer is trained. */
  readonly training: boolean;
  /** Whether the layer is given a mask. */
  readonly masked: boolean;
}

/** Keras hands the layer's mask to a parameter of this name. */
export const MASK = "mask";

type Length = number | null;

/**
 * Values that no tensor's numbers decide: constants, arguments with a value, ranks and lengths of the input. They are
 * what a function may branch and loop by; everything else is known only when it runs.
 */
export class KnownValues {
  /** True once an answer depends on the input's shape. */
  byShape = false;
  /** True once an answer depends on the type of the input's numbers. */
  byType = false;
  /** True once an answer depends on whether there is a mask. */
  byMask = false;

  constructor(private readonly around: Surroundings) {}

  /** The value; undefined where it is not known. */
  value(expression: Expression): Constant | undefined {
    switch (expression.kind) {
      case "constant":
        return expression.value;
      case "argument":
      case "closure":
        return this.around.values.get(expression.name);
      case "global":
        return PYTHON2_CONSTANTS.get(expression.name) ?? this.around.variables.get(expression.name);
      case "unary":
        return negated(expression.operator, this.value(expression.operand));
      case "binary":
        return this.binary(expression);
      case "item":
        return this.item(expression.of, this.value(expression.index));
      case "attribute":
        return this.attribute(expression.of, expression.name);
      case "call":
        return this.call(expression);
      case "sequence":
      case "slice":
      case "each":
        return undefined;
    }
  }

  /** Number of items of a list, a shape or the parts that a function splits a tensor into; undefined where open. */
  length(expression: Expression): number | undefined {
    if (expression.kind === "sequence") return expression.items.length;
    if (this.isInput(expression) && this.around.several > 0) return this.around.several;
    const value = this.value(expression);
    if (Array.isArray(value)) return (value as readonly Constant[]).length;
    return this.shapeValue(expression)?.length ?? this.partCount(expression);
  }

  /** `tf.split(x, 3)` and `tf.unstack(x, axis=1)` give lists of tensors. */
  private partCount(expression: Expression): number | undefined {
    if (expression.kind !== "call") return undefined;
    const name = lastName(expression.callee);
    const [of, second] = expression.positional;
    const named = new Map(expression.named);
    if (name === "split") {
      const parts = second ?? named.get("num_or_size_splits") ?? named.get("indices_or_sections");
      const value = parts && this.value(parts);
      return typeof value === "number" ? value : parts && this.length(parts);
    }
    if (name !== "unstack" || !of) return undefined;
    const axis = named.get("axis");
    const at = axis ? this.value(axis) : 0;
    const number = named.get("num") ?? second;
    const count = number && this.value(number);
    if (typeof count === "number") return count;
    return typeof at === "number" ? (this.shapeOf(of)?.at(at) ?? undefined) : undefined;
  }

  /** Number of the layer's inputs, where it is the list of them; 0 for anything else. */
  inputCount(expression: Expression): number {
    return this.isInputList(expression) ? this.around.several : 0;
  }

  /** Whether it is the list of the layer's inputs. */
  isInputList(expression: Expression): boolean {
    return this.around.several > 0 && this.isInput(expression);
  }

  private isInput(expression: Expression): boolean {
    return expression.kind === "argument" && expression.name === this.around.input;
  }

  /** The shape of the input, or of one of the inputs. */
  private shapeOf(tensor: Expression): readonly Length[] | undefined {
    const { shapes, several } = this.around;
    const index = tensor.kind === "item" && this.isInput(tensor.of) ? this.value(tensor.index) : undefined;
    const shape =
      several === 0
        ? this.isInput(tensor)
          ? shapes[0]
          : undefined
        : typeof index === "number"
          ? shapes.at(index)
          : undefined;
    this.byShape ||= shape !== undefined;
    return shape;
  }

  /** `x.shape`, `x.get_shape().as_list()`, `K.int_shape(x)`. */
  private shapeValue(expression: Expression): readonly Length[] | undefined {
    if (expression.kind === "attribute" && expression.name === "shape") return this.shapeOf(expression.of);
    if (expression.kind !== "call") return undefined;
    const { callee, positional } = expression;
    const name = lastName(callee);
    if (name === "int_shape" && positional[0]) return this.shapeOf(positional[0]);
    if (callee.kind !== "attribute") return undefined;
    if (name === "get_shape") return this.shapeOf(callee.of);
    return name === "as_list" ? this.shapeValue(callee.of) : undefined;
  }

  private attribute(of: Expression, name: string): Constant | undefined {
    if (name === "dtype") return this.typeOf(of);
    if (of.kind === "attribute" && of.name === "dtype" && name === "name") return this.typeOf(of.of);
    if (of.kind === "global" && ARRAY_MODULES.has(of.name) && DTYPES.test(name)) return name;
    if (name === "ndims" || name === "rank") return this.shapeValue(of)?.length;
    return name === "ndim" ? this.shapeOf(of)?.length : undefined;
  }

  /** What Keras hands a layer unless it is told otherwise. */
  private typeOf(tensor: Expression): Constant | undefined {
    const isGiven = this.isInput(tensor)
      ? this.around.several === 0
      : tensor.kind === "item" && this.isInputList(tensor.of);
    if (!isGiven) return undefined;
    this.byType = true;
    return "float32";
  }

  private item(of: Expression, index: Constant | undefined): Constant | undefined {
    if (typeof index !== "number") return undefined;
    const value = this.value(of);
    if (Array.isArray(value)) return (value as readonly Constant[]).at(index);
    return this.shapeValue(of)?.at(index) ?? undefined;
  }

  private binary({ operator, left, right }: Extract<Expression, { kind: "binary" }>): Constant | undefined {
    if (operator === "is" || operator === "is not") return this.identity(left, right, operator === "is");
    const [a, b] = [this.value(left), this.value(right)];
    if (a === undefined || b === undefined) return undefined;
    if (operator === "in" || operator === "not in") return membership(a, b, operator === "in");
    if (operator === "==") return same(a, b);
    if (operator === "!=") return negated("not ", same(a, b));
    return typeof a === "number" && typeof b === "number" ? ofNumbers(operator, a, b) : undefined;
  }

  /** `x is None`: a tensor never is. */
  private identity(left: Expression, right: Expression, wanted: boolean): boolean | undefined {
    const [a, b] = [this.value(left), this.value(right)];
    if (a !== undefined && b !== undefined)
      return Array.isArray(a) || Array.isArray(b) ? undefined : (a === b) === wanted;
    if (b === null && left.kind === "argument" && left.name === MASK && !this.isInput(left)) {
      this.byMask = true;
      return this.around.masked ? !wanted : wanted;
    }
    if (b === null && (this.isInput(left) || (left.kind === "item" && this.isInput(left.of)))) return !wanted;
    return undefined;
  }

  private call(call: Extract<Expression, { kind: "call" }>): Constant | undefined {
    const { callee, positional, named } = call;
    const name = lastName(callee);
    if (name === undefined) return undefined;
    if (callee.kind === "attribute" && /^(constant|convert_to_tensor)$/.test(name)) return this.scalar(call);
    if (named.length > 0) return undefined;
    if (positional.length === 0) return this.setting(name);
    const [first, second] = positional as [Expression, Expression | undefined];
    if (callee.kind === "global") {
      if (name === "len") return this.length(first);
      if (name === "isinstance" && second) return this.isInstance(first, second);
      const value = this.value(first);
      return typeof value === "number" || typeof value === "boolean"
        ? NUMBERS[name]?.(Number(value))
        : undefined;
    }
    if (name === "dtype") return this.typeOf(first);
    if (name === "ndim" || name === "rank") return this.shapeOf(first)?.length;
    const operator = OPERATORS.get(name);
    const [a, b] = operator && second ? [this.value(first), this.value(second)] : [];
    return operator && typeof a === "number" && typeof b === "number" ? ofNumbers(operator, a, b) : undefined;
  }

  /** `tf.constant(0)`: a number as a tensor without axes, as counters of loops are. */
  private scalar({
    positional: [first, , ...others],
    named,
  }: Extract<Expression, { kind: "call" }>): Constant | undefined {
    const plain = others.length === 0 && named.every(([key]) => key === "dtype" || key === "name");
    const value = plain && first ? this.value(first) : undefined;
    return typeof value === "number" ? value : undefined;
  }

  /** Settings of Keras that a model file with channels last, made by TensorFlow, was made under. */
  private setting(name: string): Constant | undefined {
    if (name === "learning_phase") return this.around.training ? 1 : 0;
    return SETTINGS.get(name);
  }

  /** `isinstance(x, list)`, or of both kinds of lists. */
  private isInstance(of: Expression, types: Expression): boolean | undefined {
    if (!this.isInput(of)) return undefined;
    const names = types.kind === "sequence" ? types.items.map(lastName) : [lastName(types)];
    if (!names.every((name) => name === "list" || name === "tuple")) return undefined;
    return this.around.several > 0 ? names.includes("list") || undefined : false;
  }
}

/** `K.int_shape` ends in `int_shape`. */
function lastName(expression: Expression): string | undefined {
  return expression.kind === "global" || expression.kind === "attribute" ? expression.name : undefined;
}

const PYTHON2_CONSTANTS: ReadonlyMap<string, Constant> = new Map<string, Constant>([
  ["True", true],
  ["False", false],
  ["None", null],
]);

const ARRAY_MODULES = new Set(["tf", "tensorflow", "np", "numpy"]);
const DTYPES = /^(u?int(8|16|32|64)|b?float16|float(32|64)|bool|string)$/;

const SETTINGS: ReadonlyMap<string, Constant> = new Map<string, Constant>([
  ["image_data_format", "channels_last"],
  ["backend", "tensorflow"],
  ["floatx", "float32"],
]);

/** Functions by which loops count. */
const OPERATORS: ReadonlyMap<string, string> = new Map([
  ["add", "+"],
  ["subtract", "-"],
  ["less", "<"],
  ["less_equal", "<="],
  ["greater", ">"],
  ["greater_equal", ">="],
]);

const NUMBERS: Readonly<Record<string, (value: number) => Constant>> = Object.assign(
  Object.create(null) as Record<string, (value: number) => Constant>,
  {
    int: Math.trunc,
    float: (value: number) => value,
    abs: Math.abs,
    bool: (value: number) => value !== 0,
  },
);

/** Whether Python takes a value for true. */
export function isTrue(value: Constant): boolean {
  if (Array.isArray(value)) return value.length > 0;
  return value !== null && value !== false && value !== 0 && value !== "";
}

function negated(operator: string, value: Constant | undefined): Constant | undefined {
  if (value === undefined) return undefined;
  if (operator === "not ") return !isTrue(value);
  if (typeof value !== "number") return undefined;
  return operator === "-" ? -value : operator === "+" ? value : undefined;
}

function same(a: Constant, b: Constant): boolean | undefined {
  if (!Array.isArray(a) && !Array.isArray(b))
    return typeof a === "boolean" || typeof b === "boolean" ? Number(a) === Number(b) : a === b;
  if (!Array.isArray(a) || !Array.isArray(b)) return false;
  return JSON.stringify(a) === JSON.stringify(b);
}

function membership(item: Constant, of: Constant, wanted: boolean): boolean | undefined {
  if (typeof of === "string" && typeof item === "string") return of.includes(item) === wanted;
  if (!Array.isArray(of)) return undefined;
  return (of as readonly Constant[]).some((other) => same(item, other) === true) === wanted;
}

/** Python's arithmetic and comparisons of numbers. */
export function ofNumbers(operator: string, a: number, b: number): number | boolean | undefined {
  switch (operator) {
    case "+":
      return a + b;
    case "-":
      return a - b;
    case "*":
      return a * b;
    case "/":
      return a / b;
    case "//":
      return Math.floor(a / b);
    case "%":
      return a - b * Math.floor(a / b);
    case "**":
      return a ** b;
    case "<":
      return a < b;
    case "<=":
      return a <= b;
    case ">":
      return a > b;
    case ">=":
      return a >= b;
    default:
      return undefined;
  }
}
