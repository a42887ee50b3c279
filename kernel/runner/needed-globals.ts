/** Global names without which the kernel cannot run, format or explain a cell. */
const NEEDED = `
  Object Function Array String Number Boolean Symbol BigInt Math JSON Date RegExp Reflect Proxy
  Promise Map Set WeakMap WeakSet WeakRef Intl Error TypeError RangeError ReferenceError
  SyntaxError EvalError AggregateError ArrayBuffer SharedArrayBuffer DataView Atomics WebAssembly
  FinalizationRegistry Uint8Array Uint8ClampedArray Uint16Array Uint32Array Int8Array Int16Array
  Int32Array Float32Array Float64Array BigInt64Array BigUint64Array isNaN isFinite parseInt
  parseFloat encodeURIComponent decodeURIComponent globalThis console process Buffer setTimeout
  clearTimeout setInterval clearInterval setImmediate clearImmediate queueMicrotask
  structuredClone performance URL TextDecoder TextEncoder
`
  .trim()
  .split(/\s+/);

type Members = Record<PropertyKey, unknown>;

interface Needed {
  /** As the user writes it: `Promise`, `Array.prototype.map`. */
  readonly name: string;
  readonly holder: Members;
  readonly key: PropertyKey;
  readonly value: unknown;
}

// Taken before a cell can change them.
const { getOwnPropertyDescriptor } = Object;
const { ownKeys, defineProperty } = Reflect;

/**
 * The global objects and methods that cells share with the kernel. A cell may put its own functions in their place,
 * as tests and polyfills do; what it deletes, or makes something that cannot be called, is put back.
 */
export class NeededGlobals {
  readonly #needed = NEEDED.flatMap(withMethods);

  /**
   * @param all also methods for which a cell has put functions of its own: after an error, which they may have caused.
   * @returns the names that had to be put back; cheap when there are none.
   */
  putBack(all = false): string[] {
    const names: string[] = [];
    const needed = this.#needed;
    for (let at = 0; at < needed.length; at++) {
      const { name, holder, key, value } = needed[at]!;
      if (all && holder !== globalThis ? holder[key] === value : isOfTheKind(holder, key, value)) continue;
      // What cannot be put back has been frozen by the user.
      const put = { value, writable: true, enumerable: false, configurable: true };
      if (defineProperty(holder, key, put)) names[names.length] = name;
    }
    return names;
  }
}

/** What the user is told of names that were put back. */
export function putBackNotice(names: readonly string[]): string {
  const [first] = names;
  const shown =
    names.length > 5 ? `${names.slice(0, 5).join(", ")} and ${names.length - 5} more` : names.join(", ");
  const own = /^\w+$/.test(first!)
    ? ` For a variable of your own, declare it: const ${first} = … is seen by the cells only.`
    : "";
  return `${shown}: the kernel itself runs on ${names.length === 1 ? "this" : "these"}, so what a cell put there was taken away again.${own}\n`;
}

function isOfTheKind(holder: Members, key: PropertyKey, value: unknown): boolean {
  try {
    const now = holder[key];
    return now === value || (typeof now === typeof value && now !== null);
  } catch {
    return false; // a getter that throws
  }
}

function withMethods(name: string): Needed[] {
  const value = (globalThis as Members)[name];
  const own = { name, holder: globalThis as Members, key: name, value };
  if (typeof value !== "function") return name === "globalThis" ? [own] : [own, ...methods(name, value)];
  const prototype = (value as unknown as { prototype?: unknown }).prototype;
  return [own, ...methods(name, value), ...methods(`${name}.prototype`, prototype)];
}

/** The functions of an object of the language; those of Node's own objects come and go. */
function methods(name: string, holder: unknown): Needed[] {
  if (holder === null || (typeof holder !== "object" && typeof holder !== "function")) return [];
  if (OF_NODE.has(name.split(".")[0]!)) return [];
  return ownKeys(holder).flatMap((key) => {
    const value = getOwnPropertyDescriptor(holder, key)?.value as unknown;
    if (typeof value !== "function" || key === "constructor" || name === "Error") return [];
    const member = typeof key === "symbol" ? `[${key.description}]` : `.${key}`;
    return [{ name: name + member, holder: holder as Members, key, value }];
  });
}

const OF_NODE: ReadonlySet<string> = new Set("console process Buffer URL TextDecoder TextEncoder".split(" "));
