import { Iteration, NULL } from "./held.js";
import type { Instruction } from "./instructions.js";
import type { Machine } from "./machine.js";
import { NotAnExpression } from "./not-an-expression.js";
import { nothing, type Step } from "./step.js";

/** Bytes that one step of a jump goes over: instructions since 3.10. */
function unit(machine: Machine): number {
  return !machine.python2 && machine.minor >= 10 ? 2 : 1;
}

/** Jumps by a condition were to a place in the code before 3.11, and forward from then on. */
function target(machine: Machine, { argument, next }: Instruction): number {
  return !machine.python2 && machine.minor >= 11 ? next + 2 * argument : unit(machine) * argument;
}

function forward(machine: Machine, { argument, next }: Instruction): number {
  return next + unit(machine) * argument;
}

function backward({ argument, next }: Instruction): number {
  return next - 2 * argument;
}

type Where = (machine: Machine, instruction: Instruction) => number;

const back: Where = (_, instruction) => backward(instruction);

function jumpIf(wanted: boolean, where: Where): Step {
  return function (_, instruction) {
    return this.truth(this.popHeld()) === wanted ? where(this, instruction) : undefined;
  };
}

function jumpIfNone(wanted: boolean, where: Where): Step {
  return function (_, instruction) {
    this.push({ kind: "constant", value: null });
    this.binary("is");
    return this.truth(this.popHeld()) === wanted ? where(this, instruction) : undefined;
  };
}

/** `a and b`: what decides stays as the value. */
function jumpOrPop(wanted: boolean): Step {
  return function (_, instruction) {
    const top = this.popHeld();
    if (this.truth(top) !== wanted) return undefined;
    this.push(top);
    return target(this, instruction);
  };
}

const jumpBackward: Step = (_, instruction) => backward(instruction);

/** Instructions behind the loop that the interpreter passes over with the iterator: 3.12 has one, 3.13 two. */
function afterLoop(machine: Machine): number {
  if (machine.python2) return 0;
  return machine.minor === 12 ? 2 : machine.minor === 13 ? 4 : 0;
}

function leaveBlock(machine: Machine): { readonly end: number; readonly height: number } {
  const block = machine.blocks.pop();
  if (!block) throw new NotAnExpression("it leaves a loop that it is not in");
  return block;
}

function enterBlock(this: Machine, argument: number, { next }: Instruction): void {
  this.blocks.push({ end: next + argument, height: this.stack.length });
}

/** Branches and loops. */
export const JUMP_STEPS: Readonly<Record<string, Step>> = {
  JUMP_FORWARD: function (_, instruction) {
    return forward(this, instruction);
  },
  JUMP_ABSOLUTE: function (argument) {
    return unit(this) * argument;
  },
  CONTINUE_LOOP: function (argument) {
    return argument;
  },
  JUMP_BACKWARD: jumpBackward,
  JUMP_BACKWARD_NO_INTERRUPT: jumpBackward,
  POP_JUMP_IF_FALSE: jumpIf(false, target),
  POP_JUMP_IF_TRUE: jumpIf(true, target),
  POP_JUMP_IF_NONE: jumpIfNone(true, target),
  POP_JUMP_IF_NOT_NONE: jumpIfNone(false, target),
  POP_JUMP_FORWARD_IF_FALSE: jumpIf(false, target),
  POP_JUMP_FORWARD_IF_TRUE: jumpIf(true, target),
  POP_JUMP_FORWARD_IF_NONE: jumpIfNone(true, target),
  POP_JUMP_FORWARD_IF_NOT_NONE: jumpIfNone(false, target),
  POP_JUMP_BACKWARD_IF_FALSE: jumpIf(false, back),
  POP_JUMP_BACKWARD_IF_TRUE: jumpIf(true, back),
  POP_JUMP_BACKWARD_IF_NONE: jumpIfNone(true, back),
  POP_JUMP_BACKWARD_IF_NOT_NONE: jumpIfNone(false, back),
  JUMP_IF_FALSE_OR_POP: jumpOrPop(false),
  JUMP_IF_TRUE_OR_POP: jumpOrPop(true),
  TO_BOOL: function () {
    this.push({ kind: "constant", value: this.truth(this.popHeld()) });
  },
  GET_ITER: function () {
    this.loop(this.popHeld());
  },
  FOR_ITER: function (_, instruction) {
    const loop = this.stack.at(-1);
    if (!(loop instanceof Iteration)) throw new NotAnExpression("its stack does not work out");
    const item = loop.items[loop.at++];
    if (item !== undefined) return this.push(item);
    // Since 3.14 an instruction behind the loop takes the iterator off.
    if (this.python2 || this.minor < 14) this.popHeld();
    return forward(this, instruction) + afterLoop(this);
  },
  // Passed over before 3.14.
  END_FOR: nothing,
  POP_ITER: function () {
    this.popHeld();
  },
  SETUP_LOOP: enterBlock,
  // A `try`, up to 3.10: followed as if nothing failed.
  SETUP_EXCEPT: enterBlock,
  SETUP_FINALLY: enterBlock,
  POP_BLOCK: function () {
    leaveBlock(this);
  },
  BREAK_LOOP: function () {
    const { end, height } = leaveBlock(this);
    this.stack.length = height;
    return end;
  },
  RETURN_GENERATOR: function () {
    this.push(NULL);
  },
  GEN_START: nothing,
  // A generator is run to its end at once: what it yields hangs on nothing else.
  YIELD_VALUE: function () {
    this.yielded.push(this.popHeld());
    this.push({ kind: "constant", value: null });
  },
};
