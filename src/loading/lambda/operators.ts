import * as tf from "@tensorflow/tfjs";
import { ofNumbers } from "./known-values.js";
import { callText } from "./function-table.js";
import { ofOneType, typedAlike } from "./number-types.js";
import { quotient, quotientText } from "./true-division.js";
import { asNumber, constantTerm, NotTranslated, type Term, type Value } from "./value.js";

type TensorOperator = readonly [name: string, run: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor];

const TENSOR_OPERATORS: ReadonlyMap<string, TensorOperator> = new Map<string, TensorOperator>([
  ["+", ["add", tf.add]],
  ["-", ["sub", tf.sub]],
  ["*", ["mul", tf.mul]],
  ["/", ["div", quotient]],
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
  // Of truths alone: tfjs refuses numbers.
  ["&", ["logicalAnd", tf.logicalAnd]],
  ["|", ["logicalOr", tf.logicalOr]],
  ["^", ["logicalXor", tf.logicalXor]],
]);

/** Operators of complex numbers, which most functions of TensorFlow.js do not take. */
export const COMPLEX_OPERATORS: ReadonlyMap<string, string> = new Map([
  ["+", "tf.math.add"],
  ["-", "tf.math.subtract"],
  ["*", "tf.math.multiply"],
  ["/", "tf.math.divide"],
  ["**", "tf.math.pow"],
]);

/** `a + b` and the like: of numbers, of lists, else of tensors. @param classic whether `/` is that of Python 2 */
export function binaryTerm(operator: string, left: Term, right: Term, classic: boolean): Term {
  if (isListed(left) && isListed(right) && operator === "+") return joined(left, right);
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
  if (/[&|^]/.test(operator) && [left, right].some(({ kind }) => kind !== "tensor"))
    throw new NotTranslated(`\`${operator}\` between these is not known`);
  const [name, run] = known;
  return {
    kind: "tensor",
    text: operationText(name, left, right),
    run: (inputs) => run(...ofOneType(left.run(inputs), right.run(inputs))),
  };
}

function operationText(name: string, left: Term, right: Term): string {
  if (name === "div") return quotientText(left, right);
  return name === "pow" && right.constant === 2
    ? `tf.square(${left.text})`
    : callText(name, typedAlike(left, right));
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
      : operator === "%"
        ? `(${left.text} - ${right.text} * Math.floor(${left.text} / ${right.text}))`
        : `(${left.text} ${operator} ${right.text})`;
  return {
    kind: "number",
    text,
    run: (inputs) => run(asNumber(left.run(inputs)), asNumber(right.run(inputs))),
  };
}

function isListed({ kind }: Term): boolean {
  return kind === "list" || kind === "tensors";
}

function joined(left: Term, right: Term): Term {
  return {
    kind: left.kind === "list" && right.kind === "list" ? "list" : "tensors",
    text: `[...${left.text}, ...${right.text}]`,
    run: (inputs) => [...(left.run(inputs) as readonly Value[]), ...(right.run(inputs) as readonly Value[])],
  };
}
