import * as tf from "@tensorflow/tfjs";
import { childrenOf, pythonText, type Constant, type Expression } from "./expression.js";
import {
  type Family,
  functionNamed,
  isOfModule,
  isPlainlyNamed,
  MODULES,
  PARAMETER_ALIASES,
  type TensorFunction,
} from "./function-table.js";
import { MODULE_CONSTANTS } from "./functions.js";
import type { CallValue } from "../../layers/computed-layer.js";
import { functionByName, type NamedFunction } from "../../ops/call-by-name.js";
import type { Surroundings } from "./known-values.js";
import "./array-functions.js";
import "./filled-functions.js";
import "./image-functions.js";
import "./picking-functions.js";
import { BUILTINS } from "./builtin-terms.js";
import { binaryTerm } from "./operators.js";
import { applicationOf, preprocessInput } from "./preprocess-input.js";
import { layerFunction } from "./layer-functions.js";
import { loopTerm, type Each } from "./loop-term.js";
import { dotted } from "./pure-calls.js";
import { indexText, runIndex, type IndexPart } from "./tensor-index.js";
import type { Body } from "./translation.js";
import {
  asNumber,
  asTensor,
  constantTerm,
  NotTranslated,
  type Inputs,
  type Kind,
  type Term,
  type Value,
} from "./value.js";

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

/** How often each part of an expression is used. */
export function usesOf(whole: Expression): ReadonlyMap<Expression, number> {
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
    /** Variables of the loops around it. */
    private readonly loops: ReadonlyMap<string, Kind> = new Map(),
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
        const narrow = [expression.left, expression.right].some((part) => this.isNarrow(part));
        if (narrow && BEGINS_ANEW.has(operator))
          throw new NotTranslated(`\`${operator}\` of whole numbers of 8 or 16 bits, which begin anew`);
        return binaryTerm(operator, this.term(expression.left), this.term(expression.right), classic);
      }
      case "call":
        return this.call(expression);
      case "each":
        return this.each(expression);
    }
  }

  private argument(name: string): Term {
    const kind = this.loops.get(name);
    if (kind) return { kind, text: name, run: (inputs: Inputs) => inputs.get(name) };
    if (name === this.around.input) {
      const kind = this.around.several > 0 ? "list" : "tensor";
      return { kind, text: name, run: (inputs: Inputs) => inputs.get(name) };
    }
    if (this.around.values.has(name)) return constantTerm(this.around.values.get(name));
    throw new NotTranslated(`the argument \`${name}\` has no value: Keras saves none of those behind \`*\``);
  }

  /** What a loop does with a row is translated by itself, as a function of that row. */
  private each(loop: Each): Term {
    const { around, loops } = this;
    for (const name of [loop.row, loop.state])
      if (name === around.input || around.values.has(name))
        throw new NotTranslated(`the argument \`${name}\` has a name that loops have here`);
    const [of, initial] = [this.term(loop.of), loop.initial && this.term(loop.initial)];
    const names = [[loop.row, loop.several ? "tensors" : "tensor"] as const, [loop.state, "tensor"] as const];
    const inner = new Translator(loop.body, around, usesOf(loop.body), new Map([...loops, ...names]));
    const body = inner.term(loop.body);
    if (inner.random) throw new NotTranslated("random numbers that are drawn for each row");
    this.asksLayer ||= inner.asksLayer;
    return loopTerm(loop, { of, initial, body, statements: inner.statements });
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
    if (name === "dtype" && owner.kind === "tensor")
      return { kind: "other", text: `${owner.text}.dtype`, run: (i) => asTensor(owner.run(i)).dtype };
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
    if (path && (isOfModule(path) || path.length === 1)) {
      return this.functionCall(path, positional, named);
    }
    if (callee.kind === "attribute") return this.methodCall(callee.of, callee.name, positional, named);
    if (callee.kind === "call") {
      const className = layerClass(callee.callee);
      if (className !== null && positional.length === 1 && named.length === 0)
        return this.layerCall(className, callee, positional[0]!);
    }
    throw new NotTranslated(
      path
        ? `\`${path.join(".")}\` is not known`
        : `it calls what \`${pythonText(callee) ?? "a long expression"}\` gives`,
    );
  }

  /** `tf.cast(x, tf.uint8)` */
  private isNarrow(part: Expression): boolean {
    if (part.kind !== "call" || dotted(part.callee)?.at(-1) !== "cast") return false;
    const dtype = part.positional[1] ?? new Map(part.named).get("dtype");
    const value = dtype && this.term(dtype).constant;
    return typeof value === "string" && /^u?int(8|16)$/.test(value);
  }

  /** `Flatten()(x)`: a layer that is made and called at once. */
  private layerCall(
    className: string,
    { positional, named }: Extract<Expression, { kind: "call" }>,
    input: Expression,
  ): Term {
    const [kind] = positional.length > 0 ? positional : named.map(([, value]) => value);
    if (className === "Activation" && kind?.kind === "constant" && typeof kind.value === "string")
      return this.functionCall(["keras", "activations", kind.value], [input], []);
    const known = layerFunction(className);
    if (!known) throw new NotTranslated(`it makes a layer ${className}, whose weights no file has`);
    const settings = known.parameters.slice(1);
    const otherLayout = named.some(([key, value]) => key === "data_format" && !isChannelsLast(value));
    if (otherLayout || !takes(settings, positional, named))
      throw new NotTranslated(`\`${className}\` with other arguments than are known`);
    return applied(known, [this.term(input), ...this.bind(className, settings, positional, named)]);
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
    const lengths = JOINS.has(name) && positional[0] ? joinedLengths(name, this.term(positional[0])) : null;
    if (lengths) return lengths;
    const application = applicationOf(path);
    if (application !== null) return this.preprocessing(application, positional, named);
    const plain = path.length > 1 ? isPlainlyNamed(path) : path[0] === "abs";
    const known = plain ? functionNamed(name, this.familyOf(path)) : undefined;
    const operation = functionByName(path.join("."));
    if (!known && !operation) throw new NotTranslated(`\`${path.join(".")}\` is not known`);
    if (!known || (operation && !takes(known.parameters, positional, named)))
      return this.operation(path.join("."), operation!, positional, named);
    this.random ||= known.random === true;
    const terms = this.bind(path.join("."), known.parameters, positional, named);
    try {
      return applied(known, terms);
    } catch (error) {
      // The table has the short form of a common use; the operation has the others.
      if (!operation || !(error instanceof NotTranslated)) throw error;
      return this.operation(path.join("."), operation, positional, named);
    }
  }

  /** `keras.applications.vgg16.preprocess_input(x)`, of pictures with channels last. */
  private preprocessing(
    application: string,
    [input, layout]: readonly Expression[],
    named: readonly (readonly [string, Expression])[],
  ): Term {
    const given = new Map(named.map(([key, argument]) => [key, this.term(argument)]));
    const format = layout ? this.term(layout) : given.get("data_format");
    const x = input ? this.term(input) : given.get("x");
    const others = [...given.keys()].filter((key) => !["x", "data_format", "mode"].includes(key));
    if (!x || others.length > 0)
      throw new NotTranslated("`preprocess_input` with arguments that are not known");
    if (format && format.constant !== null && format.constant !== "channels_last")
      throw new NotTranslated("`preprocess_input` of pictures with another layout");
    const made = preprocessInput(application, given.get("mode"));
    return { kind: made.result, text: made.text([x]), run: (inputs) => made.run([x.run(inputs)]) };
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
    const args = positional.map((argument) => this.term(maskOf(argument) ?? argument));
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
    // NumPy takes the lengths of a new shape one by one.
    const spread = name === "reshape" && positional.length > 1;
    const given: readonly Expression[] = spread
      ? [{ kind: "sequence", list: false, items: positional }]
      : positional;
    return applied(method, [owner, ...this.bind(name, method.parameters.slice(1), given, named)]);
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
      if (step?.constant === -1 && !start && !stop)
        return {
          kind: of.kind,
          text: `[...${of.text}].reverse()`,
          run: (inputs) => [...(of.run(inputs) as readonly Value[])].reverse(),
        };
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
    if (term.kind === "tensor")
      throw new NotTranslated(
        `\`[${pythonText(part) ?? "..."}]\` picks by the numbers of a tensor, and how many it picks is known only when it runs`,
      );
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
    if (operator === "~") {
      if (operand.kind !== "tensor") throw new NotTranslated("`~` of what is no tensor");
      const run = (i: Inputs) => tf.logicalNot(asTensor(operand.run(i)));
      return { kind: "tensor", text: `tf.logicalNot(${operand.text})`, run };
    }
    if (operator === "+") return operand;
    if (typeof operand.constant === "number") return constantTerm(-operand.constant);
    return operand.kind === "tensor"
      ? { kind: "tensor", text: `tf.neg(${operand.text})`, run: (i) => tf.neg(asTensor(operand.run(i))) }
      : { kind: "number", text: `-${operand.text}`, run: (i) => -asNumber(operand.run(i)) };
  }
}

function applied(known: TensorFunction, terms: readonly (Term | undefined)[]): Term {
  return {
    kind: known.result,
    text: known.text(terms),
    run: (inputs) => known.run(terms.map((term) => term?.run(inputs))),
  };
}

/** Functions that make one list of several, or of numbers. */
const JOINS = new Set(["concat", "concatenate", "stack"]);

/** `tf.concat([tf.shape(x)[:1], [4, 2]], 0)` and `tf.stack([n, 4])` are lists of lengths, as a new shape is. */
function joinedLengths(name: string, parts: Term): Term | null {
  const ofLists = name !== "stack";
  if (!parts.items?.length || parts.items.some(({ kind }) => kind !== (ofLists ? "list" : "number")))
    return null;
  if (parts.constant !== undefined) return null;
  if (!ofLists) return parts;
  return {
    kind: "list",
    text: `[${parts.items.map(({ text }) => `...${text}`).join(", ")}]`,
    run: (inputs) => (parts.run(inputs) as readonly Value[]).flat(),
  };
}

/** `x[a, b]`: the parts of a tuple, which are one constant where all of them are. */
function indexItems(index: Expression): readonly Expression[] {
  if (index.kind === "sequence") return index.items;
  if (index.kind === "constant" && Array.isArray(index.value))
    return (index.value as readonly Constant[]).map((value) => ({ kind: "constant", value }));
  return [index];
}

/** `tf.constant([True, False])`: its values, which may decide how much of a tensor is taken. */
function maskOf(expression: Expression): Expression | null {
  if (expression.kind !== "call" || expression.callee.kind !== "attribute") return null;
  if (!/^(constant|convert_to_tensor)$/.test(expression.callee.name)) return null;
  const [value] = expression.positional;
  if (value?.kind === "sequence") return value.items.every(isBoolean) ? value : null;
  const listed = value?.kind === "constant" && Array.isArray(value.value);
  return listed && value.value.flat().every((one) => typeof one === "boolean") ? value : null;
}

/** In Python 2 they are names. */
function isBoolean(expression: Expression): boolean {
  if (expression.kind === "global") return expression.name === "True" || expression.name === "False";
  return expression.kind === "constant" && typeof expression.value === "boolean";
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

/** Operators whose result may be larger than the type holds. */
const BEGINS_ANEW = new Set(["+", "-", "*", "**"]);

/** `tf.keras.layers.Flatten`, or `Flatten` as it was imported: its name; null for what names no layer. */
function layerClass(callee: Expression): string | null {
  const path = dotted(callee);
  const name = path?.at(-1) ?? "";
  const owner = path?.slice(0, -1).join(".") ?? "";
  return /^[A-Z]\w*$/.test(name) && /^$|(^|\.)(layers|KL|L)$/.test(owner) ? name : null;
}

const PHASE_CHOICES = new Set(["in_train_phase", "in_test_phase"]);

/** Functions that return a list of tensors. */
const SEVERAL_RESULTS =
  /\.(linalg\.normalize|moments|unstack|split|array_split|svd|qr|lu|lu_factor|eigh?|meshgrid|top_k|unique|slogdet|divmod|frexp|modf|rfft|fft2?|stft|nonzero|histogram)$/;

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
