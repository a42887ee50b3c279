/** `{name}` and what belongs to it, `{files[0].path}`; `${NAME}` is the shell's, as are braces with blanks. */
const PLACE = /(?<!\$)\{([A-Za-z_$][\w$]*)((?:\.[A-Za-z_$][\w$]*|\[\d+\])*)\}/g;

const TEXTS: ReadonlySet<string> = new Set(["string", "number", "bigint", "boolean"]);

/**
 * Puts variables of the notebook into a command, as IPython does: `!wc -l {path}`. Names that no cell declared, and
 * functions, stay as they stand.
 * @throws TypeError for a variable that holds no text, number or boolean.
 */
export function insertVariables(command: string, variables: Readonly<Record<string, unknown>>): string {
  const names = new Set(Object.keys(variables));
  return command.replace(PLACE, (place: string, name: string, members: string) => {
    const value = names.has(name) ? memberOf(variables[name], members) : place;
    if (typeof value === "function") return place;
    if (TEXTS.has(typeof value)) return String(value);
    const kind =
      value == null ? String(value) : Array.isArray(value) ? "an array" : `of type ${typeof value}`;
    throw new TypeError(
      `${place} in a command is a variable of the notebook, and is ${kind} here, not text. ` +
        `Put in what the command is to read; with blanks inside, braces are the shell's own: ${place.replace(/[{}]/g, " $& ").trim()}.`,
    );
  });
}

function memberOf(value: unknown, members: string): unknown {
  return [...members.matchAll(/[\w$]+/g)].reduce<unknown>(
    (held, [key]) => (held == null ? undefined : (held as Readonly<Record<string, unknown>>)[key]),
    value,
  );
}
