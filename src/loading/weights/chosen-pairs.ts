import type { AlignmentRow } from "../problem.js";

/**
 * Which stored layer each layer of the model takes, by their names; what is not named goes without. As the remedy
 * `align` is given it: `{"dense_1": "dense_4"}`.
 */
export type ChosenPairs = ReadonlyMap<string, string>;

/** @throws RangeError that says what is wrong */
export function parsePairs(text: string): ChosenPairs {
  const refuse = (why: string): never => {
    throw new RangeError(`align: ${why}; pairs are written as {"layer of the model": "layer of the file"}.`);
  };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return refuse("this is no JSON");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return refuse("this is no object");
  const pairs = new Map<string, string>();
  for (const [model, file] of Object.entries(value)) {
    if (file === null) continue;
    if (typeof file !== "string") return refuse(`${model} is given ${JSON.stringify(file)}`);
    if ([...pairs.values()].includes(file)) return refuse(`${file} is given to two layers`);
    pairs.set(model, file);
  }
  return pairs;
}

/**
 * Looks at pairs before they become a decision.
 * @throws RangeError where a side has no layer of a name, or nothing is paired
 */
export function checkPairs(text: string, alignment: readonly AlignmentRow[]): void {
  const pairs = parsePairs(text);
  const models = alignment.flatMap(({ model }) => (model ? [model.name] : []));
  const files = alignment.flatMap(({ file }) => (file ? [file.name] : []));
  for (const [model, file] of pairs) {
    if (!models.includes(model))
      throw new RangeError(`align: the model has no layer ${model} among those to be paired.`);
    if (!files.includes(file))
      throw new RangeError(`align: the file has no layer ${file} among those to be paired.`);
  }
  if (pairs.size === 0) throw new RangeError("align: nothing is paired.");
}
