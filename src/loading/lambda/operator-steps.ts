import type { Expression } from "./expression.js";
import type { Machine } from "./machine.js";
import { NotAnExpression } from "./not-an-expression.js";
import type { Step } from "./step.js";

function slice(machine: Machine, count: number): void {
  machine.push({ kind: "slice", parts: machine.popMany(count).map((part) => machine.expressionOf(part)) });
}

/** Python 2's `x[a:b]`: which of its bounds are given is in the instruction. */
function sliceBetween(from: boolean, to: boolean): Step {
  return function () {
    const none: Expression = { kind: "constant", value: null };
    const stop = to ? this.pop() : none;
    const start = from ? this.pop() : none;
    this.push({ kind: "slice", parts: [start, stop] });
    this.binary("[]");
  };
}

function compare(machine: Machine, argument: number): void {
  const { python2, minor } = machine;
  const index = python2 || minor < 12 ? argument : minor === 12 ? argument >> 4 : argument >> 5;
  const operator = COMPARISONS[index];
  if (operator === undefined) throw new NotAnExpression("it compares exceptions");
  machine.binary(operator);
}

/** `_nb_ops` of CPython's `opcode.py`; the in-place ones follow in the same order. */
const BINARY_OPERATORS = ["+", "&", "//", "<<", "@", "*", "%", "|", "**", ">>", "-", "/", "^"];

const COMPARISONS = ["<", "<=", "==", "!=", ">", ">=", "in", "not in", "is", "is not"];

/** Instructions of one operator each, up to Python 3.10. */
const OLDER_OPERATORS: readonly (readonly [name: string, operator: string])[] = [
  ["ADD", "+"],
  ["SUBTRACT", "-"],
  ["MULTIPLY", "*"],
  ["TRUE_DIVIDE", "/"],
  ["FLOOR_DIVIDE", "//"],
  ["MODULO", "%"],
  ["POWER", "**"],
  ["MATRIX_MULTIPLY", "@"],
  ["AND", "&"],
  ["OR", "|"],
];

function olderOperators(): Record<string, Step> {
  return Object.fromEntries(
    OLDER_OPERATORS.flatMap(([name, operator]): [string, Step][] => [
      [
        `BINARY_${name}`,
        function () {
          this.binary(operator);
        },
      ],
      [
        `INPLACE_${name}`,
        function () {
          this.binary(operator, { inPlace: true });
        },
      ],
    ]),
  );
}

/** Operators between values, comparisons and parts of them. */
export const OPERATOR_STEPS: Readonly<Record<string, Step>> = {
  ...olderOperators(),
  COMPARE_OP: function (argument) {
    compare(this, argument);
  },
  IS_OP: function (argument) {
    this.binary(argument === 0 ? "is" : "is not");
  },
  CONTAINS_OP: function (argument) {
    this.binary(argument === 0 ? "in" : "not in");
  },
  BINARY_OP: function (argument) {
    // 3.14 has indexing among the operators, behind those and their in-place forms.
    const operator = argument === 26 ? "[]" : BINARY_OPERATORS[argument % 13];
    if (operator === undefined) throw new NotAnExpression("it uses an unknown operator");
    this.binary(operator, { inPlace: argument >= 13 });
  },
  BINARY_DIVIDE: function () {
    this.binary("/", { classic: true });
  },
  INPLACE_DIVIDE: function () {
    this.binary("/", { classic: true });
  },
  BINARY_SUBSCR: function () {
    this.binary("[]");
  },
  BINARY_SLICE: function () {
    slice(this, 2);
    this.binary("[]");
  },
  "SLICE+0": sliceBetween(false, false),
  "SLICE+1": sliceBetween(true, false),
  "SLICE+2": sliceBetween(false, true),
  "SLICE+3": sliceBetween(true, true),
  BUILD_SLICE: function (argument) {
    slice(this, argument);
  },
  UNARY_NEGATIVE: function () {
    this.unary("-");
  },
  UNARY_POSITIVE: function () {
    this.unary("+");
  },
  UNARY_INVERT: function () {
    this.unary("~");
  },
  UNARY_NOT: function () {
    this.unary("not ");
  },
};
