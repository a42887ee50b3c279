import { ALGEBRA } from "./algebra.js";
import { ARRAYS } from "./arrays.js";
import { ELEMENTWISE } from "./elementwise.js";
import { NEURAL } from "./neural.js";
import type { Operation } from "./operation.js";
import { REDUCTIONS } from "./reductions.js";

/** Operations of `keras.ops` by their class names. */
export const OPERATIONS: ReadonlyMap<string, Operation> = new Map(
  [...ELEMENTWISE, ...REDUCTIONS, ...ARRAYS, ...ALGEBRA, ...NEURAL].map((row) => [row.name, row]),
);
