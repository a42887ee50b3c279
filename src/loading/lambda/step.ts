import type { Instruction } from "./instructions.js";
import type { Machine } from "./machine.js";

/** Does what an instruction does. @returns the place to go on, if it is a number; else the next instruction follows */
export type Step = (this: Machine, argument: number, instruction: Instruction) => unknown;

/** Housekeeping of the interpreter. */
export function nothing(this: Machine): void {
  // No value changes.
}
