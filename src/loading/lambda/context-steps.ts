import { ContextExit, NULL } from "./held.js";
import type { Machine } from "./machine.js";
import { NotAnExpression } from "./not-an-expression.js";
import { nothing, type Step } from "./step.js";

/** Contexts that change no number. */
const CONTEXTS = /(^|\.)(name_scope|variable_scope|device|control_dependencies)$/;

function contextOf(machine: Machine): ContextExit {
  const manager = machine.pop();
  const name = manager.kind === "call" && manager.callee.kind === "attribute" ? manager.callee.name : "";
  if (!CONTEXTS.test(name)) throw new NotAnExpression("it works within a context that is not known");
  const { calls } = machine.context;
  const place = calls.lastIndexOf(manager);
  if (place >= 0) calls.splice(place, 1);
  return new ContextExit();
}

function enter(machine: Machine): void {
  machine.push(contextOf(machine));
  machine.push({ kind: "constant", value: null });
}

/** Leaves a context of Python up to 3.8: its exit lies below the value on top. */
function leave(this: Machine): void {
  if (!(this.stack.at(-2) instanceof ContextExit)) throw new NotAnExpression("it handles exceptions");
  this.stack.splice(-2, 1);
}

/** `with` and `finally`. */
export const CONTEXT_STEPS: Readonly<Record<string, Step>> = {
  SETUP_WITH: function (argument, { next }) {
    enter(this);
    this.blocks.push({ end: next + argument, height: this.stack.length });
  },
  BEFORE_WITH: function () {
    enter(this);
  },
  // 3.14 asks for a context's exit and its entry one by one; calling either gives None here.
  LOAD_SPECIAL: function () {
    this.push(contextOf(this));
    this.push(NULL);
  },
  BEGIN_FINALLY: function () {
    this.push(NULL);
  },
  WITH_CLEANUP: leave,
  WITH_CLEANUP_START: leave,
  WITH_CLEANUP_FINISH: nothing,
  END_FINALLY: function () {
    this.popHeld();
  },
  POP_FINALLY: function () {
    this.popHeld();
  },
};
