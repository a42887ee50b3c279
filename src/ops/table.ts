import { NUMPY } from "./numpy.js";
import type { Operation } from "./operation.js";

/** Operations of `keras.ops` by their class names. */
export const OPERATIONS: ReadonlyMap<string, Operation> = new Map([...NUMPY]);
