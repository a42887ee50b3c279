import { types } from "node:util";

/** What a value is at run time, for completion where its declared type says nothing. */
export interface LiveValue {
  /** A TypeScript type. */
  readonly type: string;
  /** Names of the layers of a model. */
  readonly layers?: readonly string[];
  /** What a load waits for, in the order of its card. */
  readonly questions?: readonly Question[];
}

/** A problem that waits for the user, as far as completion needs it. */
export interface Question {
  /** As its card has it. */
  readonly number: number;
  /** The unknown class, the layer's path. */
  readonly subject: string;
  /** Whether a class or function may be registered for it. */
  readonly registers: boolean;
  /** What the user can take, with the argument that is suggested. */
  readonly remedies: readonly { readonly id: string; readonly suggestion?: string }[];
}

const MOST_MEMBERS = 60;
const MOST_LAYERS = 2000;
const DEEPEST = 4;
/** Values that are looked at for one type. */
const MOST_VALUES = 300;

/** Built-in classes whose instances TypeScript knows. */
const KNOWN = new Set(
  "Date RegExp URL URLSearchParams ArrayBuffer SharedArrayBuffer DataView Buffer Error TypeError RangeError WeakMap WeakSet Int8Array Uint8Array Uint8ClampedArray Int16Array Uint16Array Int32Array Uint32Array Float32Array Float64Array BigInt64Array BigUint64Array AbortController Headers Request Response".split(
    " ",
  ),
);

/** Looks at a value; runs no getter and no trap of a proxy. Null where there is nothing to say. */
export function liveValue(value: unknown): LiveValue | null {
  const type = new Describer().describe(value, 0);
  if (type === "any") return null;
  const layers = isModel(value) ? layerNames(value as object) : [];
  if (layers.length > 0) return { type, layers };
  const questions = typeof value === "object" && isLoadSession(value!) ? questionsOf(value!) : [];
  return questions.length > 0 ? { type, questions } : { type };
}

function questionsOf(session: object): Question[] {
  const { waiting } = session as { readonly waiting?: unknown };
  if (!Array.isArray(waiting)) return [];
  return (waiting as readonly Omit<Question, "registers">[]).map(({ number, subject, remedies }) => ({
    number,
    subject,
    registers: remedies.some(({ id }) => id === "register"),
    remedies: remedies
      .filter(({ id }) => id !== "register" && id !== "skeleton")
      .map(({ id, suggestion }) => (suggestion === undefined ? { id } : { id, suggestion })),
  }));
}

function isLoadSession(value: object): boolean {
  const { name } = (dataOf(value, "constructor") ?? {}) as { name?: unknown };
  return name === "LoadSession";
}

class Describer {
  #left = MOST_VALUES;
  readonly #inside = new Set<object>();

  describe(value: unknown, depth: number): string {
    if (this.#left-- <= 0 || value === null || value === undefined) return "any";
    if (typeof value === "function") return "((...args: any[]) => any)";
    if (typeof value !== "object") return typeof value;
    if (types.isProxy(value) || this.#inside.has(value)) return "any";
    this.#inside.add(value);
    const type = this.#describeObject(value, depth);
    this.#inside.delete(value);
    return type;
  }

  #describeObject(value: object, depth: number): string {
    if (isModel(value)) return 'import("@tensorflow/tfjs").LayersModel';
    if (isLoadSession(value)) return 'import("loadlab").LoadSession';
    if (isTensor(value)) return 'import("@tensorflow/tfjs").Tensor';
    if (types.isPromise(value)) return "Promise<any>";
    if (depth >= DEEPEST) return "any";
    if (Array.isArray(value)) return `Array<${this.#common(value.slice(0, 3), depth)}>`;
    if (types.isSet(value)) return `Set<${this.#common(firstOf(value), depth)}>`;
    if (types.isMap(value)) {
      const some = firstOf(value);
      const keys = some.map(([key]) => key);
      const values = some.map(([, held]) => held);
      return `Map<${this.#common(keys, depth)}, ${this.#common(values, depth)}>`;
    }
    const { name } = (dataOf(value, "constructor") ?? {}) as { name?: unknown };
    if (typeof name === "string" && KNOWN.has(name)) return name;
    return this.#members(value, depth);
  }

  /** The type of all, or any where they differ. */
  #common(values: readonly unknown[], depth: number): string {
    const found = new Set(values.map((value) => this.describe(value, depth + 1)));
    return found.size === 1 ? [...found][0]! : "any";
  }

  #members(value: object, depth: number): string {
    const members = new Map<string, string>();
    for (let at: object | null = value; at && !isObjectPrototype(at); at = prototypeOf(at))
      for (const name of Object.getOwnPropertyNames(at)) {
        if (members.size >= MOST_MEMBERS) break;
        if (members.has(name) || name === "constructor") continue;
        const property = Object.getOwnPropertyDescriptor(at, name)!;
        const isData = at === value && !property.get;
        members.set(name, isData ? this.describe(property.value, depth + 1) : memberType(property));
      }
    const lines = [...members].map(([name, type]) => `${JSON.stringify(name)}: ${type}`);
    if (members.size >= MOST_MEMBERS) lines.push("[name: string]: any");
    return `{ ${lines.join("; ")} }`;
  }
}

function memberType({ value }: PropertyDescriptor): string {
  return typeof value === "function" ? "((...args: any[]) => any)" : "any";
}

function prototypeOf(value: object): Record<string, unknown> | null {
  return Object.getPrototypeOf(value) as Record<string, unknown> | null;
}

/** Of any realm. */
function isObjectPrototype(value: object): boolean {
  return prototypeOf(value) === null && Object.hasOwn(value, "hasOwnProperty");
}

function isTensor(value: object): boolean {
  return ["dataId", "shape", "dtype"].every((name) => Object.hasOwn(value, name));
}

/** Layers and a method to find one: told by its members, for it may come from another copy of the library. */
function isModel(value: unknown): boolean {
  if (typeof value !== "object" || value === null || types.isProxy(value)) return false;
  return Array.isArray(dataOf(value, "layers")) && typeof dataOf(value, "getLayer") === "function";
}

function layerNames(model: object): string[] {
  return (dataOf(model, "layers") as readonly unknown[])
    .slice(0, MOST_LAYERS)
    .map((layer) => (typeof layer === "object" && layer !== null ? dataOf(layer, "name") : null))
    .filter((name) => typeof name === "string");
}

/** A property that is no getter, also an inherited one. */
function dataOf(value: object, name: string): unknown {
  for (let at: object | null = value; at; at = prototypeOf(at)) {
    const property = Object.getOwnPropertyDescriptor(at, name);
    if (property) return property.value as unknown;
  }
  return undefined;
}

function firstOf<T>(values: Iterable<T>, count = 3): T[] {
  const found: T[] = [];
  for (const value of values) if (found.push(value) === count) break;
  return found;
}
