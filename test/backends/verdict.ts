import type { BackendOutcomes, Outcome } from "./case.js";
import { difference } from "./outcome.js";

/** One kind of check on one back end. */
export interface Verdict {
  readonly right: number;
  /** `name: what is wrong`. */
  readonly wrong: readonly string[];
  /** Cases that throw here and not on the back end that is compared with, `name: message`. */
  readonly raised: readonly string[];
}

export interface Verdicts {
  readonly operations: Verdict;
  readonly gradients: Verdict;
  readonly layers: Verdict;
}

/** float32 slopes over a distance of 0.02 are no better than this. */
const SLOPE_TOLERANCE = 2e-2;
/** Of layers against Keras; sums run in another order. */
const LAYER_TOLERANCE = 1e-3;

/** Judges a back end: operations against the reference back end, gradients against differences, layers against Keras. */
export function judge(outcomes: BackendOutcomes, reference: BackendOutcomes): Verdicts {
  return {
    operations: compare(outcomes.operations, reference.operations),
    gradients: compare(outcomes.gradients, reference.differences, SLOPE_TOLERANCE),
    layers: againstKeras(outcomes.layers),
  };
}

function compare(got: Record<string, Outcome>, wanted: Record<string, Outcome>, tolerance?: number): Verdict {
  const wrong: string[] = [];
  const raised: string[] = [];
  let right = 0;
  for (const [name, expected] of Object.entries(wanted)) {
    const outcome = got[name];
    if (!outcome) wrong.push(`${name}: it did not run`);
    else if (outcome.status === "error") {
      if (expected.status !== "error") raised.push(`${name}: ${outcome.message}`);
    } else {
      const reason = difference(outcome, expected, tolerance);
      if (reason) wrong.push(`${name}: ${reason}`);
      else right += 1;
    }
  }
  return { right, wrong, raised };
}

function againstKeras(layers: Record<string, number | string>): Verdict {
  const wrong: string[] = [];
  const raised: string[] = [];
  let right = 0;
  for (const [name, result] of Object.entries(layers)) {
    if (typeof result === "string") raised.push(`${name}: ${result}`);
    else if (result < LAYER_TOLERANCE) right += 1;
    else wrong.push(`${name}: off by ${result}`);
  }
  return { right, wrong, raised };
}
