import * as tf from "@tensorflow/tfjs";
import { childrenOf, type Constant, type Expression } from "./expression.js";
import { type Family, functionNamed, MODULES, PARAMETER_ALIASES } from "./function-table.js";
import { MODULE_CONSTANTS } from "./functions.js";
import type { CallValue } from "../../layers/computed-layer.js";
import { functionByName, type NamedFunction } from "../../ops/call-by-name.js";
import { ofNumbers, type Surroundings } from "./known-values.js";
import "./array-functions.js";
import "./image-functions.js";
import "./picking-functions.js";
import { dotted } from "./pure-calls.js";
import { indexText, runIndex, type IndexPart } from "./tensor-index.js";
import {
  asNumber,
  asTensor,
  constantTerm,
  NotTranslated,
  type Inputs,
  type Term,
  type Value,
} from "./value.js";

export interface Translation {
  /** `(x) => tf.sub(tf.div(x, 127.5), 1)` */
  readonly text: string;
  /** True where the Python function draws random numbers, so that no two runs agree. */
  readonly random: boolean;
  run(inputs: Value, call?: { readonly training: boolean }): Value;
}

/** A translation in parts: what is used more than once is computed once, before what is returned. */
export interface Body {
  readonly statements: readonly string[];
  readonly returned: string;
  readonly random: boolean;
  /** True where the text calls the layer's `operation`. */
  readonly asksLayer: boolean;
  run(inputs: Value): Value;
}

/**
 * Translates an expression over tensors into TypeScript, and into the same computation ready to run. The file's text is
 * never evaluated: every call is one of the functions of `functions.ts`.
 * @throws NotTranslated that names the part that has no translation
 */
export function translate(expression: Expression, around: Surroundings): Body {
  const translator = new Translator(expression, around, usesOf(expression));
  const term = translator.term(expression);
  return {
    statements: translator.statements,
    returned: term.text,
    random: translator.random,
    asksLayer: translator.asksLayer,
    run: (inputs) => {
      const value = term.run(new Map([[around.input, inputs]]));
      return term.kind === "number" ? asTensor(value) : value;
    },
  };
}

function arrow(given: string, { statements, returned }: Body): string {
  return statements.length === 0
    ? `(${given}) => ${returned}`
    : `(${given}) => { ${statements.join(" ")} return ${returned}; }`;
}

export function inOneMode(input: string, body: Body): Translation {
  return {
    text: arrow(body.asksLayer ? `${input}, layer` : input, body),
    random: body.random,
    run: body.run,
  };
}

/** What is computed in prediction, and what in training, where that is something else. */
export function inBothModes(input: string, predicting: Body, training: Body): Translation {
  if (arrow(input, predicting) === arrow(input, training)) return inOneMode(input, predicting);
  const [there, here] = [training, predicting].map((body) => arrow("", body));
  return {
    text: `(${input}, layer) => layer.training ? (${there})() : (${here})()`,
    random: predicting.random,
    run: (inputs, layer) => (layer?.training ? training : predicting).run(inputs),
  };
}

/** A translation that went by the shape of its inputs, for inputs of that shape alone. */
export function guarded(
  translation: Translation,
  shapes: readonly (readonly (number | null)[])[],
): Translation {
  return {
    ...translation,
    run: (inputs, layer) => {
      const given = Array.isArray(inputs) ? (inputs as readonly Value[]) : [inputs];
      shapes.forEach((shape, i) => checkShape(asTensor(given[i]), shape));
      return translation.run(inputs, layer);
    },
  };
}

function checkShape({ shape }: tf.Tensor, wanted: readonly (number | null)[]): void {
  const same =
    shape.length === wanted.length && wanted.every((length, i) => length === null || length === shape[i]);
  if (!same)
    throw new Error(
      `The function was translated for inputs of shape [${wanted.map((length) => length ?? "any").join(", ")}], ` +
        `by which it branches; this one is [${shape.join(", ")}]. Register a function for both.`,
    );
}

/** How often each part of an expression is used. */
function usesOf(whole: Expression): ReadonlyMap<Expression, number> {
  const uses = new Map<Expression, number>([[whole, 1]]);
  const parts = [whole];
  for (const part of parts)
    for (const child of childrenOf(part)) {
      if (!uses.has(child)) parts.push(child);
      uses.set(child, (uses.get(child) ?? 0) + 1);
    }
  return uses;
}

/** A text that is longer is given a name, so that what repeats it stays short. */
const LONG_TEXT = 400;
const MOST_TEXT = 20_000;

class Translator {
  random = false;
  /** True where the text calls the layer's `operation`. */
  asksLayer = false;
  readonly statements: string[] = [];
  private readonly terms = new Map<Expression, Term>();
  private length = 0;

  constructor(
    private readonly whole: Expression,
    private readonly around: Surroundings,
    private readonly uses: ReadonlyMap<Expression, number>,
  ) {}

  /** The translation of a part; of one that is used twice, a name for it. */
  term(expression: Expression): Term {
    const known = this.terms.get(expression);
    if (known) return known;
    const made = this.made(expression);
    const often = (this.uses.get(expression) ?? 1) > 1 && /[(]/.test(made.text);
    const isLong = made.text.length > LONG_TEXT && expression !== this.whole;
    const term = isComputed(made) && (often || isLong) ? this.named(made) : made;
    this.terms.set(expression, term);
    return term;
  }

  /** Computed once in a run, so that random numbers are drawn once too. */
  private named(term: Term): Term {
    let name = `v${this.statements.length + 1}`;
    if (name === this.around.input) name = `_${name}`;
    this.length += term.text.length;
    if (this.length > MOST_TEXT) throw new NotTranslated("it would be too long");
    this.statements.push(`const ${name} = ${term.text};`);
    const results = new WeakMap<Inputs, { readonly value: Value }>();
    return {
      ...term,
      text: name,
      run: (inputs) => {
        const result = results.get(inputs) ?? { value: term.run(inputs) };
        results.set(inputs, result);
        return result.value;
      },
    };
  }

  private made(expression: Expression): Term {
    switch (expression.kind) {
      case "constant":
        return constantTerm(expression.value);
      case "argument":
        return this.argument(expression.name);
      case "global":
        return this.global(expression.name);
      case "closure":
        return this.closure(expression.name);
      case "attribute":
        return this.attribute(expression.of, expression.name);
      case "item":
        return this.item(this.term(expression.of), expression.index);
      case "slice":
        throw new NotTranslated("a slice stands alone");
      case "sequence":
        return listTerm(expression.items.map((item) => this.term(item)));
      case "unary":
        return this.unary(expression.operator, this.term(expression.operand));
      case "binary": {
        const { operator, classic = false } = expression;
        return binaryTerm(operator, this.term(expression.left), this.term(expression.right), classic);
      }
      case "call":
        return this.call(expression);
    }
  }

  private argument(name: string): Term {
    if (name === this.around.input) {
      const kind = this.around.several > 0 ? "list" : "tensor";
      return { kind, text: name, run: (inputs: Inputs) => inputs.get(name) };
    }
    if (this.around.values.has(name)) return constantTerm(this.around.values.get(name));
    throw new NotTranslated(`the argument \`${name}\` has no value`);
  }

  private global(name: string): Term {
    // Python 2 has its constants as names.
    if (name === "True" || name === "False") return constantTerm(name === "True");
    if (name === "None") return constantTerm(null);
    if (this.around.variables.has(name)) return constantTerm(this.around.variables.get(name));
    throw new NotTranslated(`\`${name}\` is a variable of the Python program`);
  }

  private closure(name: string): Term {
    if (this.around.values.has(name)) return constantTerm(this.around.values.get(name));
    throw new NotTranslated(`\`${name}\` is a variable of the function around it`);
  }

  private attribute(of: Expression, name: string): Term {
    const path = dotted(of);
    if (path && MODULES.has(path[0]!)) {
      const constant = MODULE_CONSTANTS.get(name);
      if (constant) return constant;
      throw new NotTranslated(`\`${[...path, name].join(".")}\` is not known`);
    }
    const owner = this.term(of);
    if (name === "shape")
      return { kind: "list", text: `${owner.text}.shape`, run: (i) => asTensor(owner.run(i)).shape };
    if (name === "value" && owner.kind === "number") return owner;
    // `tf.math.top_k(x, 3).values`
    const part = owner.kind === "tensors" ? ["values", "indices"].indexOf(name) : -1;
    if (part >= 0)
      return {
        kind: "tensor",
        text: `${owner.text}[${part}]`,
        run: (inputs) => (owner.run(inputs) as readonly Value[])[part],
      };
    throw new NotTranslated(`\`.${name}\` is not known`);
  }

  private call({ callee, positional, named }: Extract<Expression, { kind: "call" }>): Term {
    const path = dotted(callee);
    if (path && (MODULES.has(path[0]!) || path.length === 1)) {
      return this.functionCall(path, positional, named);
    }
    if (callee.kind === "attribute") return this.methodCall(callee.of, callee.name, positional, named);
    throw new NotTranslated("what it calls is computed");
  }

  private functionCall(
    path: readonly string[],
    positional: readonly Expression[],
    named: readonly (readonly [string, Expression])[],
  ): Term {
    const name = path.at(-1)!;
    const builtin = path.length === 1 ? BUILTINS[name] : undefined;
    if (builtin) return builtin(positional.map((argument) => this.term(argument)));
    if (PHASE_CHOICES.has(name)) return this.inPhase(name, positional);
    const known = path.length > 1 || path[0] === "abs" ? functionNamed(name, this.familyOf(path)) : undefined;
    const operation = functionByName(path.join("."));
    if (!known && !operation) throw new NotTranslated(`\`${path.join(".")}\` is not known`);
    if (!known || (operation && !takes(known.parameters, positional, named)))
      return this.operation(path.join("."), operation!, positional, named);
    this.random ||= known.random === true;
    const given = this.bind(path.join("."), known.parameters, positional, named);
    const terms = given.map((term) => term);
    return {
      kind: known.result,
      text: known.text(terms),
      run: (inputs) => known.run(terms.map((term) => term?.run(inputs))),
    };
  }

  /** An activation's formula is that of the Keras that wrote the file. */
  private familyOf(path: readonly string[]): Family {
    if (!path.includes("activations")) return familyOf(path);
    const { major = 0 } = this.around;
    // Beside a later Keras 2, `tf.keras` is Keras 3.
    const unknown = major === 0 || (major < 3 && path[0] !== "keras");
    if (path.at(-1) === "hard_sigmoid" && unknown)
      throw new NotTranslated("Keras 2 and 3 have different functions `hard_sigmoid`");
    return major >= 3 ? "ops" : "K";
  }

  /** A function that has no one counterpart in TensorFlow.js: the operation that computes it in saved graphs. */
  private operation(
    name: string,
    { positional: parameters, named: settings, call }: NamedFunction,
    positional: readonly Expression[],
    named: readonly (readonly [string, Expression])[],
  ): Term {
    const unknown = named.find(
      ([key]) =>
        settings !== null && !IGNORED.has(key) && !parameters.includes(key) && !settings.includes(key),
    );
    if (unknown) throw new NotTranslated(`\`${name}\` with \`${unknown[0]}=\` is not known`);
    if (positional.length > parameters.length)
      throw new NotTranslated(`\`${name}\` has more arguments than are known`);
    const args = positional.map((argument) => this.term(argument));
    const rest = named
      .filter(([key]) => !IGNORED.has(key))
      .map(([key, argument]) => [key, this.term(argument)] as const);
    const texts = [`[${args.map(({ text }) => text).join(", ")}]`];
    if (rest.length > 0) texts.push(`{ ${rest.map(([key, { text }]) => `${key}: ${text}`).join(", ")} }`);
    this.asksLayer = true;
    return {
      kind: SEVERAL_RESULTS.test(name) ? "tensors" : "tensor",
      text: `layer.operation("${name}", ${texts.join(", ")})`,
      run: (inputs) =>
        call(
          args.map((term) => term.run(inputs) as CallValue),
          Object.fromEntries(rest.map(([key, term]) => [key, term.run(inputs) as CallValue])),
        ),
    };
  }

  /** `K.in_train_phase(noisy, x)`: the first in training, the second in prediction. */
  private inPhase(name: string, [first, second]: readonly Expression[]): Term {
    if (!first || !second) throw new NotTranslated(`\`${name}\` of fewer than two values`);
    return this.term((name === "in_train_phase") === this.around.training ? first : second);
  }

  /** Puts keyword arguments where their parameters stand. */
  private bind(
    name: string,
    parameters: readonly string[],
    positional: readonly Expression[],
    named: readonly (readonly [string, Expression])[],
  ): (Term | undefined)[] {
    if (positional.length > parameters.length)
      throw new NotTranslated(`\`${name}\` has more arguments than are known`);
    const given: (Term | undefined)[] = parameters.map((_, i) => positional[i] && this.term(positional[i]));
    for (const [key, argument] of named) {
      const wanted = PARAMETER_ALIASES.get(key) ?? key;
      if (IGNORED.has(wanted) || (wanted === "data_format" && isChannelsLast(argument))) continue;
      const found = parameters.indexOf(wanted);
      const index = found >= 0 ? found : given[0] === undefined && positional.length === 0 ? 0 : -1;
      if (index < 0 || given[index]) throw new NotTranslated(`\`${name}\` with \`${key}=\` is not known`);
      given[index] = this.term(argument);
    }
    return given;
  }

  private methodCall(
    of: Expression,
    name: string,
    positional: readonly Expression[],
    named: readonly (readonly [string, Expression])[],
  ): Term {
    const owner = this.term(of);
    if (name === "get_shape") {
      return { kind: "list", text: `${owner.text}.shape`, run: (i) => asTensor(owner.run(i)).shape };
    }
    if (name === "as_list" && owner.kind === "list") return owner;
    const method = owner.kind === "tensor" ? functionNamed(name) : undefined;
    if (!method) throw new NotTranslated(`the method \`.${name}()\` is not known`);
    const rest = this.bind(name, method.parameters.slice(1), positional, named);
    const terms = [owner, ...rest];
    return {
      kind: method.result,
      text: method.text(terms),
      run: (inputs) => method.run(terms.map((term) => term?.run(inputs))),
    };
  }

  private item(of: Term, index: Expression): Term {
    if (of.kind === "list" || of.kind === "tensors") return this.listItem(of, index);
    if (of.kind !== "tensor") throw new NotTranslated("an item of what is no tensor and no list");
    const parts = indexItems(index).map((part) => this.indexPart(part));
    return {
      kind: "tensor",
      text: indexText(of.text, parts),
      run: (inputs) => runIndex(asTensor(of.run(inputs)), parts, inputs),
    };
  }

  private listItem(of: Term, index: Expression): Term {
    if (index.kind === "slice") {
      const [start, stop, step] = index.parts.map((part) => this.bound(part));
      if (step && step.constant !== 1) throw new NotTranslated("a list by steps");
      const given = [start?.text ?? "0", ...(stop ? [stop.text] : [])];
      return {
        kind: of.kind,
        text: `${of.text}.slice(${given.join(", ")})`,
        run: (inputs) => {
          const [from, to] = [start, stop].map((bound) => (bound ? asNumber(bound.run(inputs)) : undefined));
          return (of.run(inputs) as readonly Value[]).slice(from, to);
        },
      };
    }
    const at = this.term(index);
    if (typeof at.constant === "number" && of.items) {
      const item = of.items.at(at.constant);
      if (item) return item;
    }
    // A list is the inputs of the layer, or a shape.
    const kind = of.kind === "tensors" || of.text === this.around.input ? "tensor" : "number";
    const negative = typeof at.constant === "number" && at.constant < 0;
    return {
      kind,
      text: negative ? `${of.text}.at(${at.text})` : `${of.text}[${at.text}]`,
      run: (inputs) => (of.run(inputs) as readonly Value[]).at(asNumber(at.run(inputs))),
    };
  }

  private indexPart(part: Expression): IndexPart {
    if (part.kind === "slice") {
      const [start, stop, step] = part.parts.map((bound) => this.bound(bound));
      return { kind: "slice", start: start ?? null, stop: stop ?? null, step: step ?? null };
    }
    const term = this.term(part);
    if (term.constant === null) return { kind: "new" };
    if (term.constant === "...") return { kind: "rest" };
    if (term.kind !== "number") throw new NotTranslated("an index that is no number");
    return { kind: "one", at: term };
  }

  private bound(expression: Expression): Term | null {
    const term = this.term(expression);
    if (term.constant === null) return null;
    if (term.kind !== "number") throw new NotTranslated("a bound that is no number");
    return term;
  }

  private unary(operator: string, operand: Term): Term {
    if (operator === "+") return operand;
    if (typeof operand.constant === "number") return constantTerm(-operand.constant);
    return operand.kind === "tensor"
      ? { kind: "tensor", text: `tf.neg(${operand.text})`, run: (i) => tf.neg(asTensor(operand.run(i))) }
      : { kind: "number", text: `-${operand.text}`, run: (i) => -asNumber(operand.run(i)) };
  }
}

/** `x[a, b]`: the parts of a tuple, which are one constant where all of them are. */
function indexItems(index: Expression): readonly Expression[] {
  if (index.kind === "sequence") return index.items;
  if (index.kind === "constant" && Array.isArray(index.value))
    return (index.value as readonly Constant[]).map((value) => ({ kind: "constant", value }));
  return [index];
}

/** A value that takes work, and not a name of one. */
function isComputed({ kind, constant }: Term): boolean {
  return constant === undefined && (kind === "tensor" || kind === "tensors");
}

/** Whose function a dotted name is: their defaults differ. */
function familyOf(path: readonly string[]): Family {
  if (path.includes("K") || path.includes("backend")) return "K";
  if (path.includes("ops")) return "ops";
  return path[0] === "np" || path[0] === "numpy" ? "np" : "tf";
}

const PHASE_CHOICES = new Set(["in_train_phase", "in_test_phase"]);

/** Functions that return a list of tensors. */
const SEVERAL_RESULTS =
  /\.(moments|unstack|split|array_split|svd|qr|lu|lu_factor|eigh?|meshgrid|top_k|unique|slogdet|divmod|frexp|modf|rfft|fft2?|stft|nonzero|histogram)$/;

/** Whether a function of the table has parameters for all that it is given. */
function takes(
  parameters: readonly string[],
  positional: readonly Expression[],
  named: readonly (readonly [string, Expression])[],
): boolean {
  const names = named.map(([key]) => PARAMETER_ALIASES.get(key) ?? key);
  return (
    positional.length <= parameters.length &&
    names.every((key) => IGNORED.has(key) || key === "data_format" || parameters.includes(key))
  );
}

/** Names and seeds change no number. */
const IGNORED = new Set(["name", "seed"]);

/** The layout in which everything is here; another one would change the numbers. */
function isChannelsLast(layout: Expression): boolean {
  const value = layout.kind === "constant" ? layout.value : undefined;
  return (
    value === null || value === "channels_last" || (typeof value === "string" && /^N[DHW]+C$/.test(value))
  );
}

function listTerm(items: readonly Term[]): Term {
  const constants = items.every((item) => item.constant !== undefined);
  return {
    kind: "list",
    text: `[${items.map(({ text }) => text).join(", ")}]`,
    items,
    ...(constants ? { constant: items.map((item) => item.constant) } : {}),
    run: (inputs) => items.map((item) => item.run(inputs)),
  };
}

type TensorOperator = readonly [name: string, run: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor];

const TENSOR_OPERATORS: ReadonlyMap<string, TensorOperator> = new Map<string, TensorOperator>([
  ["+", ["add", tf.add]],
  ["-", ["sub", tf.sub]],
  ["*", ["mul", tf.mul]],
  ["/", ["div", tf.div]],
  ["//", ["floorDiv", tf.floorDiv]],
  ["%", ["mod", tf.mod]],
  ["**", ["pow", tf.pow]],
  ["@", ["matMul", (a, b) => tf.matMul(a, b)]],
  ["<", ["less", tf.less]],
  ["<=", ["lessEqual", tf.lessEqual]],
  [">", ["greater", tf.greater]],
  [">=", ["greaterEqual", tf.greaterEqual]],
  ["==", ["equal", tf.equal]],
  ["!=", ["notEqual", tf.notEqual]],
]);

function binaryTerm(operator: string, left: Term, right: Term, classic: boolean): Term {
  if (left.kind === "list" && right.kind === "list" && operator === "+") return joined(left, right);
  if (left.kind === "number" && right.kind === "number") {
    // A number with a fraction is no whole one; whether 2 was 2.0, its value does not say.
    const fractions = [left, right].some(
      ({ constant }) => typeof constant === "number" && constant % 1 !== 0,
    );
    if (classic && !fractions)
      throw new NotTranslated("Python 2 divides numbers, which drops the rest of whole ones");
    return numberTerm(operator, left, right);
  }
  const known = TENSOR_OPERATORS.get(operator);
  if (!known || left.kind === "other" || right.kind === "other") {
    throw new NotTranslated(`\`${operator}\` between these is not known`);
  }
  const [name, run] = known;
  const text =
    name === "pow" && right.constant === 2
      ? `tf.square(${left.text})`
      : `tf.${name}(${left.text}, ${right.text})`;
  return {
    kind: "tensor",
    text,
    run: (inputs) => run(asTensor(left.run(inputs)), asTensor(right.run(inputs))),
  };
}

/** Operators between two numbers that give a number. */
const ARITHMETIC = new Set(["+", "-", "*", "/", "//", "%", "**"]);

function numberTerm(operator: string, left: Term, right: Term): Term {
  if (!ARITHMETIC.has(operator)) throw new NotTranslated(`\`${operator}\` between numbers is not known`);
  const run = (a: number, b: number) => ofNumbers(operator, a, b) as number;
  if (typeof left.constant === "number" && typeof right.constant === "number") {
    return constantTerm(run(left.constant, right.constant));
  }
  const text =
    operator === "//"
      ? `Math.floor(${left.text} / ${right.text})`
      : `(${left.text} ${operator} ${right.text})`;
  return {
    kind: "number",
    text,
    run: (inputs) => run(asNumber(left.run(inputs)), asNumber(right.run(inputs))),
  };
}

function joined(left: Term, right: Term): Term {
  return {
    kind: "list",
    text: `[...${left.text}, ...${right.text}]`,
    run: (inputs) => [...(left.run(inputs) as readonly Value[]), ...(right.run(inputs) as readonly Value[])],
  };
}

const BUILTINS: Readonly<Record<string, (given: readonly Term[]) => Term>> = Object.assign(
  Object.create(null) as Record<string, (given: readonly Term[]) => Term>,
  {
    int: ([x]: readonly Term[]) => numeric(x, "Math.trunc", Math.trunc),
    float: ([x]: readonly Term[]) => numeric(x, "", (value) => value),
    len: ([x]: readonly Term[]): Term => ({
      kind: "number",
      text: `${x!.text}.length`,
      run: (inputs) => (x!.run(inputs) as readonly Value[]).length,
    }),
    max: (given: readonly Term[]) => extreme("max", Math.max, given),
    min: (given: readonly Term[]) => extreme("min", Math.min, given),
    sum: ([x]: readonly Term[]) => total(x),
    range: (given: readonly Term[]) => rangeTerm(given),
    tuple: ([x]: readonly Term[]) => x!,
    list: ([x]: readonly Term[]) => x!,
  },
);

/** `max(2, x.shape[1])`: of numbers alone. */
function extreme(name: string, run: (...values: number[]) => number, given: readonly Term[]): Term {
  if (given.length < 2 || given.some(({ kind }) => kind !== "number"))
    throw new NotTranslated(`\`${name}\` of what are no numbers`);
  return {
    kind: "number",
    text: `Math.${name}(${given.map(({ text }) => text).join(", ")})`,
    run: (inputs) => run(...given.map((term) => asNumber(term.run(inputs)))),
  };
}

/** `sum([a, b])` of tensors. */
function total(list: Term | undefined): Term {
  if (!list || (list.kind !== "list" && list.kind !== "tensors"))
    throw new NotTranslated("a sum of what is no list");
  return {
    kind: "tensor",
    text: `tf.addN(${list.text})`,
    run: (inputs) => tf.addN((list.run(inputs) as readonly Value[]).map(asTensor)),
  };
}

function rangeTerm(given: readonly Term[]): Term {
  const [start, stop, step] = given.length === 1 ? [undefined, given[0], undefined] : given;
  if (!stop || given.some(({ kind }) => kind !== "number"))
    throw new NotTranslated("a range of what is no number");
  if (step && step.constant !== 1) throw new NotTranslated("a range by steps");
  const from = start?.text ?? "0";
  return {
    kind: "list",
    text: `Array.from({ length: ${from === "0" ? stop.text : `${stop.text} - ${from}`} }, (_, i) => ${from === "0" ? "i" : `i + ${from}`})`,
    run: (inputs) => {
      const [first, end] = [start ? asNumber(start.run(inputs)) : 0, asNumber(stop.run(inputs))];
      if (end - first > MOST_ITEMS) throw new NotTranslated(`a range of ${end - first} numbers`);
      return Array.from({ length: Math.max(0, end - first) }, (_, i) => first + i);
    },
  };
}

/** No tensor has as many axes. */
const MOST_ITEMS = 1 << 12;

function numeric(term: Term | undefined, name: string, run: (value: number) => number): Term {
  if (!term || term.kind !== "number") throw new NotTranslated("a number made of what is none");
  if (typeof term.constant === "number") return constantTerm(run(term.constant));
  return {
    kind: "number",
    text: name === "" ? term.text : `${name}(${term.text})`,
    run: (i) => run(asNumber(term.run(i))),
  };
}
