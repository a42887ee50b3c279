import { BUILTINS } from "./builtin-terms.js";
import { childrenOf, pythonText, type Expression } from "./expression.js";
import type { Surroundings } from "./known-values.js";
import { isOfModule } from "./function-table.js";
import { applicationOf } from "./preprocess-input.js";
import { dotted } from "./pure-calls.js";
import { usesOf } from "./translate.js";

/** The name that a written function gives its input. */
export const INPUT = "x";

/** Whose functions a written function may call, by how the program may have called the module. */
const MODULES: readonly (readonly [RegExp, string])[] = [
  [/^((tf|tensorflow)\.)?((keras|tf_keras|K)\.)?backend$|^\w+\.backend$|^K$/, "K"],
  [/^((tf|tensorflow)\.)?((keras|keras_core|K)\.)?ops(\.(numpy|nn|math|core))?$/, "ops"],
  [/^((tf|tensorflow)\.)?((keras|keras_core|K)\.)?ops\.image$/, "ops.image"],
  [/^((tf|tensorflow)\.)?((keras|keras_core|K)\.)?ops\.linalg$/, "ops.linalg"],
  [/^((tf|tensorflow)\.)?(keras|tf_keras|K)\.activations$/, "keras.activations"],
  [/^(np|numpy)$/, "np"],
  [/^(np|numpy)\.linalg$/, "np.linalg"],
  [/^math$/, "math"],
  [/^nn$/, "tf.nn"],
  [/^(tf|tensorflow)$/, "tf"],
  ...[
    "math",
    "nn",
    "linalg",
    "image",
    "signal",
    "random",
    "compat.v1",
    "compat.v1.image",
    "experimental.numpy",
  ].map((name) => [new RegExp(`^(tf|tensorflow)\\.${name.replaceAll(".", "\\.")}$`), `tf.${name}`] as const),
];

/** Functions of `keras.activations` that are the same in every Keras. */
const ACTIVATIONS = /^(relu|sigmoid|tanh|softmax|softplus|softsign|elu|selu|swish|silu|exponential|linear)$/;
const ATTRIBUTES = /^(shape|dtype|value|values|indices)$/;
const METHODS = /^(get_shape|as_list)$/;
const NAME = /^[A-Za-z]\w*$/;

/**
 * The lines of a Python function of `x` that computes what a translated Lambda computes. It is written from the
 * expression that was read and translated: nothing but operators, plain values and functions of the modules above by
 * plain names comes into it.
 * @returns null where a part cannot be written so
 */
export function pythonBody(returned: Expression, around: Surroundings): readonly string[] | null {
  try {
    return new Writer(returned, around).lines(returned);
  } catch (error) {
    if (error instanceof NotWritten) return null;
    throw error;
  }
}

class NotWritten extends Error {}

class Writer {
  private readonly written = new Map<Expression, Expression>();
  private readonly statements: string[] = [];
  private readonly uses: ReadonlyMap<Expression, number>;

  constructor(
    whole: Expression,
    private readonly around: Surroundings,
  ) {
    this.uses = usesOf(whole);
  }

  lines(whole: Expression): readonly string[] {
    const returned = this.write(whole);
    if (returned.kind === "constant") throw new NotWritten();
    return [...this.statements, `return ${textOf(returned)}`];
  }

  /** A part in plain names; what is used twice is computed once, as the random numbers in it have to be. */
  private write(part: Expression): Expression {
    const known = this.written.get(part);
    if (known) return known;
    const made = this.made(part);
    const often = (this.uses.get(part) ?? 1) > 1 && ["call", "binary", "item"].includes(made.kind);
    const expression = often ? this.named(made) : made;
    this.written.set(part, expression);
    return expression;
  }

  private named(made: Expression): Expression {
    const name = `v${this.statements.length + 1}`;
    this.statements.push(`${name} = ${textOf(made)}`);
    return { kind: "global", name };
  }

  private made(part: Expression): Expression {
    switch (part.kind) {
      case "constant":
        return part;
      case "argument":
      case "closure":
        return this.variable(part.name, part.kind);
      case "global":
        return this.global(part.name);
      case "attribute":
        return this.attribute(part);
      case "item":
        return { ...part, of: this.write(part.of), index: this.write(part.index) };
      case "slice":
        return { ...part, parts: part.parts.map((bound) => this.write(bound)) };
      case "sequence":
        return { ...part, items: part.items.map((item) => this.write(item)) };
      case "unary":
        return { ...part, operand: this.write(part.operand) };
      case "binary":
        return this.binary(part);
      case "call":
        return this.call(part);
      case "each":
        throw new NotWritten();
    }
  }

  private variable(name: string, kind: "argument" | "closure"): Expression {
    const { input, values } = this.around;
    if (kind === "argument" && name === input) return { kind: "argument", name: INPUT };
    const value = values.get(name);
    if (value === undefined) throw new NotWritten();
    return { kind: "constant", value };
  }

  private global(name: string): Expression {
    const value = this.around.variables.get(name);
    if (value !== undefined) return { kind: "constant", value };
    if (/^(True|False|None)$/.test(name)) return { kind: "global", name };
    throw new NotWritten();
  }

  private attribute(part: Extract<Expression, { kind: "attribute" }>): Expression {
    const path = dotted(part);
    if (path && isModule(path)) return function_(path);
    if (!ATTRIBUTES.test(part.name)) throw new NotWritten();
    return { ...part, of: this.write(part.of) };
  }

  /** Python 2's `/` of numbers drops the rest, which the numbers themselves do not say. */
  private binary(part: Extract<Expression, { kind: "binary" }>): Expression {
    if (part.classic && part.operator === "/" && !this.isTensor(part.left) && !this.isTensor(part.right))
      throw new NotWritten();
    return { ...part, left: this.write(part.left), right: this.write(part.right) };
  }

  /** Whether it surely is one: the input, or what functions and operators made of it. */
  private isTensor(part: Expression): boolean {
    if (part.kind === "argument") return part.name === this.around.input && this.around.several === 0;
    if (part.kind === "constant") return typeof part.value === "number" && part.value % 1 !== 0;
    if (part.kind === "item")
      return part.of.kind === "argument" ? part.of.name === this.around.input : this.isTensor(part.of);
    return (
      (part.kind === "binary" || part.kind === "unary") && childrenOf(part).some((c) => this.isTensor(c))
    );
  }

  private call(part: Extract<Expression, { kind: "call" }>): Expression {
    const choice = this.inPhase(part);
    if (choice) return this.write(choice);
    if (part.named.some(([name]) => !NAME.test(name))) throw new NotWritten();
    return {
      ...part,
      callee: this.callee(part.callee),
      positional: part.positional.map((argument) => this.write(argument)),
      named: part.named.map(([name, argument]) => [name, this.write(argument)] as const),
    };
  }

  private callee(callee: Expression): Expression {
    const path = dotted(callee);
    if (path?.length === 1 && (path[0] === "abs" || Object.hasOwn(BUILTINS, path[0]!)))
      return { kind: "global", name: path[0]! };
    if (path && isModule(path)) return function_(path);
    if (callee.kind !== "attribute" || !METHODS.test(callee.name)) throw new NotWritten();
    return { ...callee, of: this.write(callee.of) };
  }

  private inPhase({ callee, positional }: Extract<Expression, { kind: "call" }>): Expression | null {
    const name = dotted(callee)?.at(-1);
    if (name !== "in_train_phase" && name !== "in_test_phase") return null;
    const [first, second] = positional;
    if (!first || !second) throw new NotWritten();
    return (name === "in_train_phase") === this.around.training ? first : second;
  }
}

function textOf(part: Expression): string {
  const text = pythonText(part);
  if (text === null) throw new NotWritten();
  return text;
}

function isModule(path: readonly string[]): boolean {
  return path.length > 1 && isOfModule(path);
}

/** A function or a constant of a known module, by its plain name. */
function function_(path: readonly string[]): Expression {
  const [owner, name] = [path.slice(0, -1).join("."), path.at(-1)!];
  const application = applicationOf(path);
  if (application !== null) return { kind: "global", name: `keras.applications.${application}.${name}` };
  const module = MODULES.find(([pattern]) => pattern.test(owner))?.[1];
  if (module === undefined || !NAME.test(name)) throw new NotWritten();
  if (module === "keras.activations" && !ACTIVATIONS.test(name)) throw new NotWritten();
  return { kind: "global", name: `${module}.${name}` };
}
