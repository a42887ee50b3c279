import { totalmem } from "node:os";
import process from "node:process";
import * as tf from "@tensorflow/tfjs";
import { freeUnreachable } from "./tensor-ledger.js";

interface State {
  readonly numBytes: number;
  readonly kernelDepth: number;
  readonly gradientDepth: number;
}

/** Bytes of tensors more than at the last look, from which it is worth asking the system. */
const WORTH_A_LOOK = 2 ** 28;

/** Bytes of tensors at the last look, or the least since. */
let least = 0;

/**
 * Whether the machine, or the container, has as much memory left as tensors took since the last look. The system ends a
 * process that takes the last of it, and all variables with it: a back end's own limit, where it has one, counts neither
 * what is not yet moved to it nor what others take.
 */
export function isRoomLeft(): boolean {
  const { numBytes, kernelDepth, gradientDepth } = tf.engine().state as unknown as State;
  if (numBytes < least) least = numBytes;
  const made = numBytes - least;
  if (made < WORTH_A_LOOK) return true;
  least = numBytes;
  if (leavesRoom(made, process.availableMemory())) return true;
  if (kernelDepth > 0 || gradientDepth > 0) return false;
  freeUnreachable();
  return leavesRoom(made, process.availableMemory());
}

/** Whether there is room for what is about to be made. @param bytes that it will take */
export function isRoomFor(bytes: number): boolean {
  if (bytes < WORTH_A_LOOK || leavesRoom(bytes, process.availableMemory())) return true;
  const { kernelDepth, gradientDepth } = tf.engine().state as unknown as State;
  if (kernelDepth > 0 || gradientDepth > 0) return false;
  freeUnreachable();
  return leavesRoom(bytes, process.availableMemory());
}

/** For as much again, and a fiftieth of the machine's for everything else. */
export function leavesRoom(made: number, left: number, total = machineBytes()): boolean {
  return left - made >= total / 50;
}

function machineBytes(): number {
  const limit = process.constrainedMemory();
  return limit > 0 && limit < totalmem() ? limit : totalmem();
}
