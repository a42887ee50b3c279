import type { Expression } from "./expression.js";
import { PARAMETER_ALIASES } from "./function-table.js";
import type { Translator } from "./translate.js";
import { NotTranslated, type Term } from "./value.js";

/** Puts keyword arguments where their parameters stand. */
export function boundArguments(
  translator: Translator,
  name: string,
  parameters: readonly string[],
  positional: readonly Expression[],
  named: readonly (readonly [string, Expression])[],
): (Term | undefined)[] {
  if (positional.length > parameters.length)
    throw new NotTranslated(`\`${name}\` has more arguments than are known`);
  const given: (Term | undefined)[] = parameters.map(
    (_, i) => positional[i] && translator.term(positional[i]),
  );
  for (const [key, argument] of named) {
    const wanted = PARAMETER_ALIASES.get(key) ?? key;
    if (IGNORED.has(wanted) || (wanted === "data_format" && isChannelsLast(argument))) continue;
    const found = parameters.indexOf(wanted);
    const index = found >= 0 ? found : given[0] === undefined && positional.length === 0 ? 0 : -1;
    if (index < 0 || given[index]) throw new NotTranslated(`\`${name}\` with \`${key}=\` is not known`);
    given[index] = translator.term(argument);
  }
  return given;
}

/** Whether a function of the table has parameters for all that it is given. */
export function takes(
  parameters: readonly string[],
  positional: readonly Expression[],
  named: readonly (readonly [string, Expression])[],
): boolean {
  const names = named.map(([key]) => PARAMETER_ALIASES.get(key) ?? key);
  return (
    positional.length <= parameters.length &&
    names.every((key) => IGNORED.has(key) || key === "data_format" || parameters.includes(key))
  );
}

/** Names and seeds change no number. */
export const IGNORED = new Set(["name", "seed"]);

/** The layout in which everything is here; another one would change the numbers. */
export function isChannelsLast(layout: Expression): boolean {
  const value = layout.kind === "constant" ? layout.value : undefined;
  return (
    value === null || value === "channels_last" || (typeof value === "string" && /^N[DHW]+C$/.test(value))
  );
}
