/**
 * A path with an epoch and its numbers in it, as Keras writes them: `best-{epoch:02d}-{val_loss:.2f}.keras`.
 * @throws RangeError for a name that the epoch has no number for, and for another form
 */
export function fileName(pattern: string, values: Readonly<Record<string, number>>): string {
  return pattern.replace(/\{([^{}:]+)(?::([^{}]*))?\}/g, (_, name: string, form: string | undefined) => {
    const value = values[name];
    if (value === undefined)
      throw new RangeError(
        `The path ${pattern} asks for ${name}, which this epoch has not: there are ${Object.keys(values).join(", ")}.`,
      );
    return formatted(value, form ?? "", pattern);
  });
}

function formatted(value: number, form: string, pattern: string): string {
  const [, zeros, width, places, kind] = /^(0?)(\d*)(?:\.(\d+))?([df]?)$/.exec(form) ?? [];
  if (zeros === undefined || (kind === "d" && places !== undefined))
    throw new RangeError(`The path ${pattern} has the form ${form}: give one such as 02d or .2f.`);
  const digits = kind === "f" || places !== undefined ? value.toFixed(Number(places ?? 6)) : String(value);
  return digits.padStart(Number(width || 0), zeros === "0" ? "0" : " ");
}
