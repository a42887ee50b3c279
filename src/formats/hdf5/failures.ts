import { FormatError } from "../model-file.js";
import { OwnError } from "../../own-error.js";

/** A part of the file that cannot be made sense of; what is around it may still be whole. */
export class Damage extends OwnError {
  override readonly name = "Damage";
  constructor(
    readonly byte: number,
    readonly detail: string,
  ) {
    // Damage is found by the thousand and says by itself where it is; a stack costs more than all the reading.
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    super(`${detail} (byte ${byte})`);
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** Does what may meet damage, which is handed on; everything else is thrown. */
export function guarded(onDamage: (damage: Damage) => void, work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof Damage)) throw error;
    onDamage(error);
  }
}

/** A damage, and the object whose content it took away. */
export interface LostObject {
  /** Path in the container, e.g. `/model_weights/dense`. */
  readonly path: string;
  readonly byte: number;
  readonly detail: string;
}

/**
 * F18: legal HDF5 that reaches outside its own bytes, or a size that the file cannot mean.
 * Nothing of such a file is read further.
 */
export function refused(path: string, detail: string, advice: string): FormatError {
  return new FormatError({ code: "F18", title: "Refused HDF5 content", where: path, detail, advice });
}
