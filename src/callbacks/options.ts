import { camelCase } from "../names/camel-case.js";

/** @throws RangeError for an argument that a callback has not, with the one that may be meant */
export function refuseUnknown(callback: string, given: object, known: readonly string[]): void {
  for (const name of Object.keys(given)) {
    if (known.includes(name)) continue;
    const meant = known.includes(camelCase(name)) ? ` Did you mean ${camelCase(name)}?` : "";
    throw new RangeError(`${callback} has no argument ${name}.${meant} It takes ${known.join(", ")}.`);
  }
}
