import { ALGEBRA } from "./algebra.js";
import { ARRAYS } from "./arrays.js";
import { COUNTING } from "./counting.js";
import { CROSSENTROPY } from "./crossentropy.js";
import { CTC_DECODE } from "./ctc/decoding.js";
import { ELEMENTWISE } from "./elementwise.js";
import { IMAGES } from "./images/images.js";
import { LINEAR } from "./linear.js";
import { NEURAL } from "./neural.js";
import type { Operation } from "./operation.js";
import { REARRANGE } from "./rearrange.js";
import { REDUCTIONS } from "./reductions.js";
import { REFUSED } from "./refused.js";
import { SIGNALS } from "./signals.js";

/** Operations of `keras.ops` by their class names. */
export const OPERATIONS: ReadonlyMap<string, Operation> = new Map(
  [
    ...ELEMENTWISE,
    ...REDUCTIONS,
    ...ARRAYS,
    ...ALGEBRA,
    ...NEURAL,
    ...COUNTING,
    ...CROSSENTROPY,
    ...LINEAR,
    ...SIGNALS,
    ...IMAGES,
    REARRANGE,
    CTC_DECODE,
    ...REFUSED,
  ].map((row) => [row.name, row]),
);
