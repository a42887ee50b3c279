import { PREPARING } from "./effects.js";
import type { Decision, Problem } from "./problem.js";

/** The decisions that had something to do in a load that is done. */
export function withoutIdle(decisions: readonly Decision[], settled: readonly Problem[]): Decision[] {
  return decisions.filter(({ code, subject, remedy }) =>
    settled.some(
      (problem) => problem.subject === subject && (PREPARING.has(remedy) || problem.code === code),
    ),
  );
}

/** Which entries of a recipe have nothing to do. */
export function idleNotes(
  recipe: readonly Decision[],
  settled: readonly Problem[],
  isDone: boolean,
): string[] {
  const applied = new Set(
    settled.map(({ code, subject, applied: taken }) => `${code} ${subject} ${taken?.id}`),
  );
  const isIdle = (decision: Decision) =>
    PREPARING.has(decision.remedy)
      ? isDone && withoutIdle([decision], settled).length === 0
      : !applied.has(`${decision.code} ${decision.subject} ${decision.remedy}`);
  return recipe
    .filter(isIdle)
    .map(({ code, subject, remedy }) => `The recipe's ${code} ${subject} ${remedy} has nothing to do here.`);
}
