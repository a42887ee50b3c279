/** What the language and Node.js gained after the oldest Node.js that runs cells, each with the first that has it. */
const STATIC: Readonly<Record<number, string>> = {
  21: "Object.groupBy Map.groupBy JSON.rawJSON JSON.isRawJSON",
  22: "Promise.withResolvers Array.fromAsync Iterator.from",
  24: "Promise.try RegExp.escape Error.isError Math.f16round Atomics.pause Intl.DurationFormat",
  25: "Uint8Array.fromBase64 Uint8Array.fromHex",
};

const GLOBAL: Readonly<Record<number, string>> = {
  21: "navigator Navigator",
  22: "Iterator WebSocket",
  24: "Float16Array URLPattern DisposableStack AsyncDisposableStack SuppressedError CloseEvent",
};

const METHOD: Readonly<Record<number, string>> = {
  21: "ArrayBuffer: transfer transferToFixedLength",
  22: "Set: union intersection difference symmetricDifference isSubsetOf isSupersetOf isDisjointFrom",
  24: "DataView: getFloat16 setFloat16",
  25: "Uint8Array: toBase64 toHex setFromBase64 setFromHex",
};

/** Of iterators from Node.js 22 on: `array.values().map(…)`; also names of other things' methods. */
const OF_ITERATORS = /^(?:map|filter|take|drop|flatMap|reduce|toArray|forEach|some|every|find)$/;
const ITERATOR = /\b(?:values|keys|entries|matchAll)\(\.\.\.\)$/;

/**
 * Which Node.js has what an error says is missing here; empty for other errors.
 * @param message of the error, about the user's names.
 * @param version of Node.js, as in `process.versions.node`.
 */
export function newerNodeAdvice(message: string, version = process.versions.node): string {
  const found = missing(message);
  if (!found || found.since <= Number.parseInt(version)) return "";
  const { name, since } = found;
  return `${name} from Node.js ${since} on, and this is ${version}. Install a newer Node.js, then "loadlab install" with it.`;
}

function missing(message: string): { name: string; since: number } | undefined {
  const global = /^([\w$]+) is not defined$/.exec(message)?.[1];
  if (global !== undefined) return entry(GLOBAL, global, () => `There is ${global}`);
  const called = /^(.+) is not a (?:function|constructor)$/s.exec(message)?.[1];
  if (called === undefined) return undefined;
  const dot = called.lastIndexOf(".");
  const method = called.slice(dot + 1);
  if (OF_ITERATORS.test(method) && ITERATOR.test(called.slice(0, dot)))
    return { name: `Iterators have ${method}`, since: 22 };
  return (
    entry(STATIC, called, () => `There is ${called}`) ??
    entry(METHOD, method, (line) => `A ${line.split(":")[0]} has ${method}`)
  );
}

function entry(
  table: Readonly<Record<number, string>>,
  name: string,
  say: (line: string) => string,
): { name: string; since: number } | undefined {
  for (const [since, line] of Object.entries(table))
    if (line.split(" ").includes(name)) return { name: say(line), since: Number(since) };
  return undefined;
}
