import type { Problem } from "../problem.js";

/**
 * What files of a major have by their nature: the Keras that wrote them reads it as it stands, and only other majors
 * stumble. By code, the majors.
 */
const ORDINARY: Readonly<Record<string, readonly number[]>> = {
  A01: [1, 2],
  A02: [1, 2],
  A03: [3],
  A04: [1, 2],
  A05: [1, 2],
  A06: [1, 2, 3],
  A08: [1, 2, 3],
  A10: [1, 2],
  A11: [1, 2],
  A13: [3],
  A19: [3],
  C03: [1, 2],
  C04: [3],
  C05: [1, 2],
  C06: [1, 2],
  C07: [3],
  C08: [3],
  G08: [1, 2],
  O03: [2, 3],
  O08: [1, 2],
};

/** Marks a settled problem that is none where the file was written. @param major of the Keras that wrote it */
export function markOrdinary(problem: Problem, major: number | undefined): Problem {
  const exact = problem.applied?.fidelity === "exact";
  const ordinary = exact && major !== undefined && ORDINARY[problem.code]?.includes(major);
  return ordinary ? { ...problem, ordinary } : problem;
}
