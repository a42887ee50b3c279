import { whenCellEnds } from "../memory/current-cell.js";
import { whenFreed } from "../memory/tensor-ledger.js";

/** The functions of freed-memory.c. */
export interface FreedMemory {
  keepFreedMemory(bytes: number): void;
  returnFreedMemory(bytes: number): void;
}

/** Bytes: what a prediction by an image model frees and takes again, operation by operation. */
const KEPT = 256 * 2 ** 20;

/** Lets one operation's memory serve the next, and returns what is more than that when garbage was freed or a cell ends. */
export function keepFreedMemory(memory: FreedMemory): void {
  memory.keepFreedMemory(KEPT);
  const giveBack = () => memory.returnFreedMemory(KEPT);
  whenFreed(giveBack);
  whenCellEnds(giveBack);
}
