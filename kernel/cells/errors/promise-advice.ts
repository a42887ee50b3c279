import { types } from "node:util";

const OF_CALL =
  /^([\p{ID_Start}$_][\p{ID_Continue}$]*)(\(\.\.\.\))?(?:\.([\p{ID_Continue}$]+))? is not (?:a function|iterable)/u;

/**
 * What to do where a promise was taken for what it gives; empty for other errors.
 * @param scope the notebook's variables.
 */
export function promiseAdvice(message: string, scope: Readonly<Record<string, unknown>>): string {
  const [, name, called, method] = OF_CALL.exec(message) ?? [];
  if (name === undefined) return "";
  const value = name in scope ? scope[name] : (globalThis as Record<string, unknown>)[name];
  const isPromise = called
    ? types.isAsyncFunction(value) || value === globalThis.fetch
    : types.isPromise(value);
  if (!isPromise) return "";
  const awaited = `await ${name}${called ? "(…)" : ""}`;
  const instead = method === undefined ? awaited : `(${awaited}).${method}(…)`;
  return `${name}${called ? "(…)" : ""} is a promise; what it gives comes with await: ${instead}`;
}
