import type { JsonValue } from "../../formats/model-file.js";
import { LayerError } from "../../keras/finding.js";
import type { LayerSpec } from "../../keras/graph.js";
import { brief, isObject } from "../../keras/json.js";

/** The largest int32: what Keras's shapes go up to. */
const MOST = 2 ** 31 - 1;

/** A table of words or numbers has no more entries than a JavaScript map. */
export const MOST_ENTRIES = 2 ** 24;

/**
 * A layer's saved arguments, read by type. Each reader throws a `LayerError` (A24) that names the argument, what
 * the file has there and what is allowed.
 */
export class Arguments {
  constructor(private readonly spec: Pick<LayerSpec, "config">) {}

  /** The value as saved; undefined where the file has none. */
  raw(name: string): JsonValue | undefined {
    return Object.hasOwn(this.spec.config, name) ? this.spec.config[name] : undefined;
  }

  has(name: string): boolean {
    return this.raw(name) !== undefined && this.raw(name) !== null;
  }

  /** A finite number, the default where the file has none or null. */
  number(name: string, otherwise?: number): number {
    const value = this.raw(name);
    if (typeof value === "number" && Number.isFinite(value)) return value;
    if (value === undefined || value === null) return this.otherwise(name, otherwise, "a number");
    if (typeof value === "boolean") return Number(value);
    // Keras 1 and NumPy scalars were saved as one-element lists or `{"class_name": "__float__"}`-like objects.
    if (Array.isArray(value) && value.length === 1 && typeof value[0] === "number") return value[0];
    if (isObject(value) && typeof value["value"] === "number") return value["value"];
    throw this.wrong(name, "a number");
  }

  integer(name: string, otherwise?: number, least = -Infinity, most = Infinity): number {
    const value = this.number(name, otherwise);
    if (!Number.isSafeInteger(value) || value < least) {
      throw this.wrong(name, least === -Infinity ? "an integer" : `an integer of at least ${least}`);
    }
    if (value > most) throw this.wrong(name, `an integer of at most ${most}`);
    return value;
  }

  flag(name: string, otherwise: boolean): boolean {
    const value = this.raw(name);
    if (typeof value === "boolean") return value;
    if (typeof value === "number") return value !== 0;
    if (value === undefined || value === null) return otherwise;
    throw this.wrong(name, "true or false");
  }

  choice<T extends string>(name: string, allowed: readonly T[], otherwise?: T): T {
    const value = this.raw(name);
    if (value === undefined || value === null) return this.otherwise(name, otherwise, allowed.join(" or "));
    const match = allowed.find((choice) => choice === value);
    if (match === undefined) throw this.wrong(name, allowed.map((choice) => `"${choice}"`).join(" or "));
    return match;
  }

  text(name: string, otherwise?: string): string {
    const value = this.raw(name);
    if (typeof value === "string") return value;
    if (value === undefined || value === null) return this.otherwise(name, otherwise, "a string");
    throw this.wrong(name, "a string");
  }

  /** A list of integers of a fixed length; one number stands for all of them, as in Keras. */
  integers(name: string, length: number, otherwise?: number | readonly number[], least = 1): number[] {
    const saved = this.raw(name);
    const value = saved === undefined || saved === null ? otherwise : saved;
    const list = Array.isArray(value)
      ? (value as JsonValue[])
      : Array.from({ length }, () => value as JsonValue);
    const whole = list.every(
      (item): item is number => Number.isSafeInteger(item) && (item as number) >= least,
    );
    if (list.length !== length || !whole) {
      const what = length === 1 ? "one integer" : `${length} integers`;
      throw this.wrong(name, `${what} of at least ${least}`);
    }
    if (list.some((item) => (item as number) > MOST)) throw this.wrong(name, `at most ${MOST}`);
    return list as number[];
  }

  /** A list of numbers of any length, or one number. */
  numbers(name: string, otherwise?: readonly number[]): number[] {
    const value = this.raw(name);
    if (value === undefined || value === null)
      return [...this.otherwise(name, otherwise, "a list of numbers")];
    const list = (Array.isArray(value) ? value : [value]).flat(8) as JsonValue[];
    if (!list.every((item): item is number => typeof item === "number")) throw this.wrong(name, "numbers");
    return list;
  }

  private otherwise<T>(name: string, value: T | undefined, allowed: string): T {
    if (value === undefined) throw this.wrong(name, allowed);
    return value;
  }

  wrong(name: string, allowed: string): LayerError {
    const saved = this.raw(name);
    return new LayerError(
      "A24",
      name,
      saved === undefined ? `${name} is missing` : `${name} = ${brief(saved)}`,
      `the argument must be ${allowed}`,
      `Correct ${name} in the layer's config.`,
    );
  }
}
