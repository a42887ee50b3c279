import { COLLECTION_STEPS } from "./collection-steps.js";
import { CONTEXT_STEPS } from "./context-steps.js";
import { FUNCTION_STEPS } from "./function-steps.js";
import { JUMP_STEPS } from "./jump-steps.js";
import { OPERATOR_STEPS } from "./operator-steps.js";
import { STACK_STEPS } from "./stack-steps.js";
import { nothing, type Step } from "./step.js";
import { VARIABLE_STEPS } from "./variable-steps.js";

/**
 * One entry for each instruction that is followed (CPython `Lib/dis.py`, `Doc/library/dis.rst`); the table has nothing
 * but its own entries.
 */
export const STEPS: Readonly<Record<string, Step>> = Object.assign(
  Object.create(null) as Record<string, Step>,
  VARIABLE_STEPS,
  STACK_STEPS,
  OPERATOR_STEPS,
  COLLECTION_STEPS,
  CONTEXT_STEPS,
  JUMP_STEPS,
  FUNCTION_STEPS,
  {
    RESUME: nothing,
    NOP: nothing,
    NOT_TAKEN: nothing,
    PRECALL: nothing,
  },
);
