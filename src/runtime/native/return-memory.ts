import * as tf from "@tensorflow/tfjs";
import { whenCellEnds } from "../memory/current-cell.js";
import { keepLedger } from "../memory/tensor-ledger.js";

/** What return-memory.c gives. */
export interface ReturnMemory {
  /** @returns how many bytes of freed tensors, at most `bytes`, went back to the system. */
  returnMemory(bytes: number): number;
}

/** Bytes that may stay for the tensors of the next cell. */
const KEPT = 256 * 2 ** 20;

/** Returns what TensorFlow keeps of freed tensors when a cell ends, so that a large cell does not stay large for good. */
export function returnMemoryAfterCells({ returnMemory }: ReturnMemory): void {
  // What the cell let go of is freed first.
  keepLedger();
  let least = besideTensors();
  whenCellEnds(() => {
    const more = besideTensors() - least;
    // What does not come back is something else's, which has grown.
    if (more > KEPT && returnMemory(more) < more / 2) least = besideTensors();
    least = Math.min(least, besideTensors());
  });
}

/** Bytes of this process that no tensor has. */
function besideTensors(): number {
  return process.memoryUsage.rss() - tf.memory().numBytes;
}
