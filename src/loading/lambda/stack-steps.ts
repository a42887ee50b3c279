import { NULL } from "./held.js";
import type { Machine } from "./machine.js";
import { NotAnExpression } from "./not-an-expression.js";
import type { Step } from "./step.js";

function copy(machine: Machine, depth: number): void {
  const value = machine.stack.at(-depth);
  if (value === undefined) throw new NotAnExpression("its stack does not work out");
  machine.push(value);
}

function swap(machine: Machine, depth: number): void {
  const { stack } = machine;
  const [last, other] = [stack.length - 1, stack.length - depth];
  const [upper, lower] = [stack[last], stack[other]];
  if (upper === undefined || lower === undefined) throw new NotAnExpression("its stack does not work out");
  stack[last] = lower;
  stack[other] = upper;
}

/** Puts the top below the `depth` - 1 values under it. */
function rotate(machine: Machine, depth: number): void {
  const moved = machine.popMany(depth);
  machine.push(moved.at(-1)!);
  for (const held of moved.slice(0, -1)) machine.push(held);
}

/** What only moves values about on the stack. */
export const STACK_STEPS: Readonly<Record<string, Step>> = {
  PUSH_NULL: function () {
    this.push(NULL);
  },
  POP_TOP: function () {
    this.popHeld();
  },
  DUP_TOP: function () {
    copy(this, 1);
  },
  DUP_TOP_TWO: function () {
    copy(this, 2);
    copy(this, 2);
  },
  COPY: function (argument) {
    copy(this, argument);
  },
  ROT_TWO: function () {
    rotate(this, 2);
  },
  ROT_THREE: function () {
    rotate(this, 3);
  },
  ROT_FOUR: function () {
    rotate(this, 4);
  },
  SWAP: function (argument) {
    swap(this, argument);
  },
};
