import * as tf from "@tensorflow/tfjs";
import { functionByName } from "../../ops/call-by-name.js";
import { childrenOf, type Expression } from "./expression.js";
import { MODULES } from "./function-table.js";
import { MODULE_CONSTANTS } from "./functions.js";
import { MASK, type Surroundings } from "./known-values.js";
import "./array-functions.js";
import "./filled-functions.js";
import "./image-functions.js";
import "./picking-functions.js";
import { operationTerm } from "./operation-terms.js";
import { binaryTerm, COMPLEX_OPERATORS } from "./operators.js";
import { callTerm, isNarrow } from "./call-terms.js";
import { itemTerm } from "./item-terms.js";
import { loopTerm, type Each } from "./loop-term.js";
import { dotted } from "./pure-calls.js";
import type { Body } from "./translation.js";
import {
  asNumber,
  asTensor,
  constantTerm,
  NotTranslated,
  numbersOf,
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
    run: (inputs, mask) => {
      const value = term.run(new Map([[around.input, inputs], ...(mask ? [[MASK, mask] as const] : [])]));
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

export class Translator {
  random = false;
  /** True where the text calls the layer's `operation`. */
  asksLayer = false;
  readonly statements: string[] = [];
  private readonly terms = new Map<Expression, Term>();
  private length = 0;

  constructor(
    private readonly whole: Expression,
    readonly around: Surroundings,
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
      numbers: numbersOf(term),
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
        return itemTerm(this, this.term(expression.of), expression.index);
      case "slice":
        throw new NotTranslated("a slice stands alone");
      case "sequence":
        return listTerm(expression.items.map((item) => this.term(item)));
      case "unary":
        return this.unary(expression.operator, this.term(expression.operand));
      case "binary": {
        const { operator, classic = false } = expression;
        const narrow = [expression.left, expression.right].some((part) => isNarrow(this, part));
        if (narrow && BEGINS_ANEW.has(operator))
          throw new NotTranslated(`\`${operator}\` of whole numbers of 8 or 16 bits, which begin anew`);
        const [left, right] = [this.term(expression.left), this.term(expression.right)];
        const ofComplex = [left, right].some((term) => numbersOf(term) === "complex");
        const name = ofComplex ? COMPLEX_OPERATORS.get(operator) : undefined;
        if (name)
          return operationTerm(this, name, functionByName(name)!, [expression.left, expression.right], []);
        return binaryTerm(operator, left, right, classic);
      }
      case "call":
        return callTerm(this, expression);
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
    if (name === MASK && this.around.masked) {
      this.asksLayer = true;
      return { kind: "tensor", text: "layer.mask", run: (inputs: Inputs) => inputs.get(name) };
    }
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
    if (/^(rank|ndims)$/.test(name) && owner.kind === "list")
      return {
        kind: "number",
        text: `${owner.text}.length`,
        run: (inputs) => (owner.run(inputs) as readonly Value[]).length,
      };
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

/** A value that takes work, and not a name of one. */
function isComputed({ kind, constant }: Term): boolean {
  return constant === undefined && (kind === "tensor" || kind === "tensors");
}

/** Operators whose result may be larger than the type holds. */
const BEGINS_ANEW = new Set(["+", "-", "*", "**"]);

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
