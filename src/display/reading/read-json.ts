/**
 * Reads plain JSON of unknown origin, such as an output in a notebook that someone sent, as a type: a `Reader` gives
 * back the value with what the type has and nothing else, or throws NotThis.
 */
export type Reader<T> = (value: unknown) => T;

/** The value is not of the type that was to be read. */
export class NotThis extends Error {}

/** What `reader` makes of a value, or null where it is something else. */
export function readOrNull<T>(reader: Reader<T>, value: unknown): T | null {
  try {
    return reader(value);
  } catch (error) {
    if (error instanceof NotThis) return null;
    throw error;
  }
}

export const text: Reader<string> = (value) => (typeof value === "string" ? value : fail("a text", value));
/** Finite: JSON has no other numbers. */
export const number: Reader<number> = (value) =>
  typeof value === "number" && Number.isFinite(value) ? value : fail("a number", value);
export const flag: Reader<boolean> = (value) =>
  typeof value === "boolean" ? value : fail("true or false", value);

export function oneOf<const T extends string>(...words: readonly T[]): Reader<T> {
  return (value) => words.find((word) => word === value) ?? fail(words.join(" or "), value);
}

export function nullable<T>(reader: Reader<T>): Reader<T | null> {
  return (value) => (value === null ? null : reader(value));
}

export function list<T>(reader: Reader<T>): Reader<readonly T[]> {
  return (value) => (Array.isArray(value) ? value.map((item) => reader(item)) : fail("a list", value));
}

/** An object whose keys are data. */
export function record<T>(reader: Reader<T>): Reader<Readonly<Record<string, T>>> {
  return (value) =>
    Object.fromEntries(Object.entries(object(value)).map(([key, item]) => [key, reader(item)]));
}

type Fields<T> = { readonly [K in keyof T]-?: Reader<T[K]> | Optional<Exclude<T[K], undefined>> };

/** A field that may be absent. */
class Optional<T> {
  constructor(readonly reader: Reader<T>) {}
}

export function optional<T>(reader: Reader<T>): Optional<T> {
  return new Optional(reader);
}

/** An object with these fields; others are left out. */
export function fields<T extends object>(readers: Fields<T>): Reader<T> {
  const entries = Object.entries(readers) as [string, Reader<unknown> | Optional<unknown>][];
  return (value) => {
    const given = object(value);
    const read: [string, unknown][] = [];
    for (const [key, reader] of entries) {
      const own = Object.hasOwn(given, key) ? given[key] : undefined;
      if (!(reader instanceof Optional)) read.push([key, reader(own)]);
      else if (own !== undefined) read.push([key, reader.reader(own)]);
    }
    return Object.fromEntries(read) as T;
  };
}

function object(value: unknown): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return fail("an object", value);
  return value as Record<string, unknown>;
}

function fail(wanted: string, value: unknown): never {
  throw new NotThis(`${wanted} was expected, not ${JSON.stringify(value)?.slice(0, 60) ?? "nothing"}`);
}
